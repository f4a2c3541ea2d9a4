#!/usr/bin/env python3
"""The benchmark's nets in PyTorch. Reads one JSON command a line, answers with one JSON line each.

  {"do": "versions"}                                  -> {"torch": "1.13.1"}
  {"do": "check", "net": NET, "model": FILE, "input": [...], "count": 3}
                                                      -> {"output": [...]}: what the checkpoint's weights make of images
  {"do": "train", "net": NET, "batch": 256, "threads": 1, "seconds": 2}
                                                      -> {"images_per_second": ..., "loss_first": ..., "loss_last": ...}

NET is a list of widths, for a net that is relu but for a sigmoid at the end, or "convolutional", for the preset of that
name. Trained with binary cross-entropy and Adam on random images held in memory. A net that was trained before goes on
where it was, so that only the first round warms up.
"""
import json
import struct
import sys
import time

import numpy as np
import torch
from torch import nn


def build(description):
    if description == "convolutional":
        return nn.Sequential(
            nn.Unflatten(1, (1, 28, 28)),
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(784, 32), nn.ReLU(),
            nn.Linear(32, 784), nn.ReLU(),
            nn.Unflatten(1, (16, 7, 7)),
            nn.Upsample(scale_factor=2), nn.ConvTranspose2d(16, 16, 3, padding=1), nn.ReLU(),
            nn.Upsample(scale_factor=2), nn.ConvTranspose2d(16, 1, 3, padding=1), nn.Sigmoid(),
            nn.Flatten())
    layers = []
    for inputs, outputs in zip(description[:-1], description[1:]):
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


def check(description, model, images):
    tensors = read_safetensors(model)
    names = [name[:-len(".weight")] for name in tensors
             if name.endswith(".weight") and not name.startswith("optimizer.")]
    names.sort(key=lambda name: (name.startswith("decoder."), int(name.split(".")[1])))
    net = build(description)
    layers = [layer for layer in net if hasattr(layer, "weight")]
    assert len(layers) == len(names)
    for layer, name in zip(layers, names):
        layer.load_state_dict({"weight": tensors[name + ".weight"], "bias": tensors[name + ".bias"]})
    with torch.no_grad():
        return net(images).reshape(-1).tolist()


class Run:
    def __init__(self, description, batch):
        torch.manual_seed(0)
        self.net = build(description)
        self.batch = batch
        self.optimizer = torch.optim.Adam(self.net.parameters())
        self.loss = nn.BCELoss()
        self.data = torch.rand(64 * batch, 784)
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
            last = self.steps(5)
            images += 5 * self.batch
        return {"images_per_second": images / (time.perf_counter() - began), "loss_first": first, "loss_last": last}


RUNS = {}


def answer(command):
    if command["do"] == "versions":
        return {"torch": torch.__version__}
    if command["do"] == "check":
        images = torch.tensor(command["input"]).reshape(command["count"], -1)
        return {"output": check(command["net"], command["model"], images)}
    torch.set_num_threads(command["threads"])
    # Numbers too small to be normal are as slow here as anywhere.
    torch.set_flush_denormal(True)
    key = (str(command["net"]), command["batch"])
    if key not in RUNS:
        RUNS[key] = Run(command["net"], command["batch"])
    return RUNS[key].train(command["seconds"])


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
