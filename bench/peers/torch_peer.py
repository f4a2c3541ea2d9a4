#!/usr/bin/env python3
"""The benchmark's net in PyTorch. Reads one JSON command a line, answers with one JSON line each.

  {"do": "versions"}                                  -> {"torch": "1.13.1"}
  {"do": "check", "model": FILE, "input": FILE.npy}   -> {"output": [...]}: what the checkpoint's weights make of it
  {"do": "train", "net": [784, ...], "batch": 256, "threads": 1, "seconds": 2}
                                                      -> {"images_per_second": ..., "loss_first": ..., "loss_last": ...}

The net is relu but for a sigmoid at the end, trained with binary cross-entropy and Adam on random images held in memory.
A net that was trained before goes on where it was, so that only the first round warms up.
"""
import json
import struct
import sys
import time

import numpy as np
import torch
from torch import nn


def build(sizes):
    layers = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    layers[-1] = nn.Sigmoid()
    return nn.Sequential(*layers)


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    return {name: torch.from_numpy(
        np.frombuffer(data, np.float32, offset=entry["data_offsets"][0],
                      count=int(np.prod(entry["shape"]))).reshape(entry["shape"]).copy())
        for name, entry in header.items()}


def check(model, images):
    tensors = read_safetensors(model)
    names = [name[:-len(".weight")] for name in tensors
             if name.endswith(".weight") and not name.startswith("optimizer.")]
    names.sort(key=lambda name: (name.startswith("decoder."), int(name.split(".")[1])))
    weights = [tensors[name + ".weight"] for name in names]
    net = build([weights[0].shape[1]] + [weight.shape[0] for weight in weights])
    for layer, name in zip([layer for layer in net if isinstance(layer, nn.Linear)], names):
        layer.load_state_dict({"weight": tensors[name + ".weight"], "bias": tensors[name + ".bias"]})
    with torch.no_grad():
        return net(torch.from_numpy(np.load(images))).reshape(-1).tolist()


class Run:
    def __init__(self, sizes, batch):
        torch.manual_seed(0)
        self.net = build(sizes)
        self.batch = batch
        self.optimizer = torch.optim.Adam(self.net.parameters())
        self.loss = nn.BCELoss()
        self.data = torch.rand(64 * batch, sizes[0])
        self.position = 0
        self.steps(20)

    def steps(self, count):
        loss = None
        for _ in range(count):
            x = self.data[self.position:self.position + self.batch]
            self.position = (self.position + self.batch) % len(self.data)
            self.optimizer.zero_grad(set_to_none=True)
            loss = self.loss(self.net(x), x)
            loss.backward()
            self.optimizer.step()
        return loss.item()

    def train(self, seconds):
        first = self.steps(1)
        images, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            last = self.steps(10)
            images += 10 * self.batch
        return {"images_per_second": images / (time.perf_counter() - began), "loss_first": first, "loss_last": last}


RUNS = {}


def answer(command):
    if command["do"] == "versions":
        return {"torch": torch.__version__}
    if command["do"] == "check":
        return {"output": check(command["model"], command["input"])}
    torch.set_num_threads(command["threads"])
    # Numbers too small to be normal are as slow here as anywhere.
    torch.set_flush_denormal(True)
    key = (tuple(command["net"]), command["batch"])
    if key not in RUNS:
        RUNS[key] = Run(*key)
    return RUNS[key].train(command["seconds"])


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
