#!/usr/bin/env python3
"""Training on documents, beside PyTorch: documents/s of the net of text-2d (2000-500-250-125-2 and its mirror, batch 100,
Adam, softmax with categorical cross-entropy), one thread each, in turns within one run; medians.

    python3 bench/peers/text_torch.py PROGRAM [ROUNDS]     # PROGRAM: build/native/hourglass; needs PyTorch and Reuters

PyTorch gets dense input, which is what its layers take; it is told to keep memory, or it would be twice as slow.
"""
import json
import os
import statistics
import subprocess
import sys
import time

KEEP = {"MALLOC_TRIM_THRESHOLD_": "2147483648", "MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TOP_PAD_": "67108864"}
if any(os.environ.get(name) != value for name, value in KEEP.items()):
    # These two choose slower loops than the processor has.
    environment = {name: value for name, value in os.environ.items() if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    os.execve(sys.executable, [sys.executable, *sys.argv], {**environment, **KEEP, "OMP_NUM_THREADS": "1"})

import torch  # noqa: E402

torch.set_num_threads(1)
torch.manual_seed(1)
WORDS, BATCH, STEPS, ENTRIES = 2000, 100, 20, 42
WIDTHS = [WORDS, 500, 250, 125, 2, 125, 250, 500, WORDS]
layers = []
for i, (a, b) in enumerate(zip(WIDTHS, WIDTHS[1:])):
    layers.append(torch.nn.Linear(a, b))
    if i not in (3, len(WIDTHS) - 2):
        layers.append(torch.nn.LeakyReLU(0.01))
net = torch.nn.Sequential(*layers)
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
x = torch.zeros(BATCH, WORDS)
for row in x:
    row[torch.randperm(WORDS)[:ENTRIES]] = 5 / ENTRIES ** 0.5


def torch_speed():
    began = time.perf_counter()
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = -(x * torch.log_softmax(net(x), 1)).sum(1).mean()
        loss.backward()
        optimizer.step()
    return BATCH * STEPS / (time.perf_counter() - began)


def our_speed(program):
    command = [program, "text", "eval", "--preset", "text-2d", "--data", "reuters-21578", "--epochs", "1", "--threads", "1",
               "--json"]  # fmt: skip
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split("\n")
    return json.loads(lines[-1])["documents_per_second"]


torch_speed()
ours, theirs = [], []
for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 5):
    theirs.append(torch_speed())
    ours.append(our_speed(sys.argv[1]))
ratio = statistics.median(a / b for a, b in zip(ours, theirs))
print(f"PyTorch {torch.__version__}: {statistics.median(theirs):.0f} documents/s; Hourglass: {statistics.median(ours):.0f}; "
      f"ratio {ratio:.1f} (from {min(a / b for a, b in zip(ours, theirs)):.1f} to "
      f"{max(a / b for a, b in zip(ours, theirs)):.1f})")
