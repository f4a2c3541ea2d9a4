#!/usr/bin/env python3
"""Writes optimizers.json: ten steps of PyTorch's optimizers on two tensors, in double precision.

Needs PyTorch (Debian: python3-torch). The gradients are made up, the same for all optimizers, and large
and small by turns. Run from this folder: python3 make_optimizers.py
"""
import json

import torch

torch.manual_seed(0)
SHAPES = [(3, 5), (7,)]
STEPS = 10
START = [torch.randn(shape, dtype=torch.float64) for shape in SHAPES]
GRADIENTS = [[torch.randn(shape, dtype=torch.float64) * 10 ** (step % 4 - 2) for shape in SHAPES]
             for step in range(STEPS)]

CASES = [
    ("sgd", {"learning_rate": 0.1}, lambda p: torch.optim.SGD(p, lr=0.1)),
    ("sgd", {"learning_rate": 0.05, "momentum": 0.9}, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
    ("rmsprop", {"learning_rate": 0.01, "rho": 0.9, "epsilon": 1e-7},
     lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-7)),
    ("rmsprop", {"learning_rate": 0.01, "rho": 0.95, "epsilon": 1e-6, "momentum": 0.5},
     lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.95, eps=1e-6, momentum=0.5)),
    ("adadelta", {"learning_rate": 1.0, "rho": 0.95, "epsilon": 1e-7},
     lambda p: torch.optim.Adadelta(p, lr=1.0, rho=0.95, eps=1e-7)),
    ("adam", {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7},
     lambda p: torch.optim.Adam(p, lr=0.001, betas=(0.9, 0.999), eps=1e-7)),
    ("adam", {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3},
     lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.5, 0.9), eps=1e-3)),
    # Decoupled decay. PyTorch's SGD has the coupled one, which is the same without momentum.
    ("sgd", {"learning_rate": 0.1, "weight_decay": 0.3}, lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.3)),
    ("adam", {"learning_rate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7, "weight_decay": 0.5},
     lambda p: torch.optim.AdamW(p, lr=0.01, betas=(0.9, 0.999), eps=1e-7, weight_decay=0.5)),
]


def flat(tensors):
    return [value for tensor in tensors for value in tensor.reshape(-1).tolist()]


def run(make):
    parameters = [tensor.clone().requires_grad_() for tensor in START]
    optimizer = make(parameters)
    after = []
    for gradients in GRADIENTS:
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient.clone()
        optimizer.step()
        after.append(flat([parameter.detach() for parameter in parameters]))
    return after


with open("optimizers.json", "w", encoding="utf-8") as out:
    json.dump({
        "torch": torch.__version__,
        "sizes": [tensor.numel() for tensor in START],
        "start": flat(START),
        "gradients": [flat(step) for step in GRADIENTS],
        "cases": [{"kind": kind, "settings": settings, "after": run(make)} for kind, settings, make in CASES],
    }, out, indent=None, separators=(",", ":"))
    out.write("\n")
