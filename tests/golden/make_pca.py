#!/usr/bin/env python3
"""Writes pca.json: scikit-learn's PCA of data that core/analysis/pca_exact is given too.

Needs scikit-learn (Debian: python3-sklearn). Run from this folder: python3 make_pca.py
"""
import json

import numpy as np
from sklearn.decomposition import PCA

from generator import uniforms

TEST = 9  # RandomStream
FEATURES, TRAIN, HELD_OUT, HIDDEN, COMPONENTS, SHOWN = 200, 700, 100, 150, 20, 4

# Mixtures of hidden directions, each narrower than the one before, about a mean that is far from 0.
directions = np.stack([uniforms(7, TEST, 2, j, FEATURES) - 0.5 for j in range(HIDDEN)])
widths = 1 / np.arange(1, HIDDEN + 1)
mixtures = np.stack([uniforms(7, TEST, 3, i, HIDDEN) - 0.5 for i in range(TRAIN + HELD_OUT)])
samples = (3 + (mixtures * widths) @ directions).astype(np.float32).astype(np.float64)
train, held_out = samples[:TRAIN], samples[TRAIN:]

pca = PCA(n_components=COMPONENTS, svd_solver="full").fit(train)
errors = []
for count in range(COMPONENTS + 1):
    kept = pca.components_[:count]
    centred = held_out - pca.mean_
    errors.append(np.mean((centred - centred @ kept.T @ kept) ** 2))
components = pca.components_[:SHOWN]
largest = np.abs(components).argmax(axis=1)
components = components * np.sign(components[np.arange(SHOWN), largest])[:, None]

with open("pca.json", "w") as file:
    json.dump({"features": FEATURES, "train": TRAIN, "held_out": HELD_OUT, "hidden": HIDDEN,
               "mean": pca.mean_.tolist(),
               "variances": pca.explained_variance_.tolist(),
               "total_variance": float(np.var(train, axis=0, ddof=1).sum()),
               "components": [[float(f"{v:.8g}") for v in row] for row in components],
               "test_mse": errors}, file)
    file.write("\n")
