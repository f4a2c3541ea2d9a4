#!/usr/bin/env python3
"""Writes angles.json: SciPy's angles between subspaces that core/analysis/principal_angles is given too.

Needs SciPy (Debian: python3-scipy). Run from this folder: python3 make_angles.py
"""
import json

import numpy as np
from scipy.linalg import subspace_angles

from generator import uniforms

TEST = 9  # RandomStream
# Rows, columns of a and of b, and how far b is from a; 0 where they have nothing in common.
CASES = [(40, 5, 5, 0), (40, 7, 3, 0), (12, 2, 6, 0), (60, 8, 8, 1e-2), (60, 4, 4, 1e-6), (9, 6, 6, 0)]

found = []
for rows, p, q, noise in CASES:
    a = np.stack([uniforms(7, TEST, 4, j, rows) - 0.5 for j in range(p)], axis=1)
    b = np.stack([uniforms(7, TEST, 5, j, rows) - 0.5 for j in range(q)], axis=1)
    if noise > 0:
        b = a + 0.5 * np.roll(a, -1, axis=1) + noise * b
    found.append({"rows": rows, "p": p, "q": q, "noise": noise,
                  "degrees": np.sort(np.degrees(subspace_angles(a, b))).tolist()})

with open("angles.json", "w") as file:
    json.dump(found, file)
    file.write("\n")
