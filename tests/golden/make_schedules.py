#!/usr/bin/env python3
"""Writes schedules.json: the first 40 learning rates of PyTorch's schedulers.

Needs PyTorch (Debian: python3-torch). Run from this folder: python3 make_schedules.py
"""
import json

import torch
from torch.optim import lr_scheduler as schedulers

STEPS = 40


# Ours are functions of the step, PyTorch's go from one rate to the next; each case has both.
def step(decay, decay_steps):
    return ({"schedule": "stepped", "decay": decay, "decay_steps": decay_steps},
            lambda optimizer: schedulers.StepLR(optimizer, decay_steps, gamma=decay))


def exponential(decay, decay_steps):
    return ({"schedule": "exponential", "decay": decay, "decay_steps": decay_steps},
            lambda optimizer: schedulers.ExponentialLR(optimizer, gamma=decay ** (1 / decay_steps)))


def cosine(decay_steps):
    # PyTorch's rises again after T_max, ours stays at 0: the cases end there.
    assert decay_steps >= STEPS - 1
    return ({"schedule": "cosine", "decay_steps": decay_steps},
            lambda optimizer: schedulers.CosineAnnealingLR(optimizer, T_max=decay_steps))


def constant():
    return {"schedule": "constant"}, None


def case(rate, schedule, warmup_steps=0):
    settings, make = schedule
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=rate)
    parts = [make(optimizer)] if make else []
    if warmup_steps:
        # LambdaLR sets the rate, whatever it was, so it stands alone. LinearLR multiplies it, from 1 / n at the first
        # step to 1 at the n-th; it counts the steps between.
        parts.append(schedulers.LinearLR(optimizer, start_factor=1 / warmup_steps, total_iters=warmup_steps - 1)
                     if parts else schedulers.LambdaLR(optimizer, lambda t: min(1, (t + 1) / warmup_steps)))
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        for part in parts:
            part.step()
    return {"learning_rate": rate, **settings, "warmup_steps": warmup_steps, "rates": rates}


cases = [
    case(0.1, constant()),
    case(0.1, step(0.9, 5)),
    case(0.9999, step(0.5, 7)),
    case(0.01, exponential(0.9, 10)),
    case(1.0, exponential(0.1, 3)),
    case(0.1, cosine(40)),
    case(0.003, cosine(100)),
    case(0.1, constant(), warmup_steps=10),
    case(0.1, constant(), warmup_steps=60),
    case(0.2, step(0.9, 5), warmup_steps=7),
    case(0.2, exponential(0.5, 8), warmup_steps=15),
    case(0.2, cosine(39), warmup_steps=9),
]
with open("schedules.json", "w", encoding="utf-8") as out:
    json.dump({"torch": torch.__version__, "cases": cases}, out, separators=(",", ":"))
    out.write("\n")
