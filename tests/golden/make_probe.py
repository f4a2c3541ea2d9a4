#!/usr/bin/env python3
"""Writes probe.json: what scikit-learn makes of small data with labels, for linear probes.

Needs scikit-learn and NumPy (Debian: python3-sklearn); made with scikit-learn 1.2.1. Inputs are multiples of 1/64,
which a float holds exactly. Run from this folder: python3 make_probe.py
"""
import json

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(2)


def exact(values):
    return np.round(np.asarray(values, dtype=np.float64) * 64) / 64


def case(count, features, classes, l2, standardise):
    """Clusters that overlap, with features of very different sizes."""
    sizes = 2.0 ** np.arange(features) / 4
    centres = rng.normal(size=(classes, features)) * 1.2
    labels = rng.integers(classes, size=count)
    labels[:classes] = np.arange(classes)
    x = exact((centres[labels] + rng.normal(size=(count, features))) * sizes + 3)
    regression = LogisticRegression(C=1 / l2, solver="newton-cg", tol=1e-7, max_iter=100000)
    model = make_pipeline(StandardScaler(), regression) if standardise else make_pipeline(regression)
    model.fit(x, labels)
    weights, bias = regression.coef_, regression.intercept_
    if standardise:
        scaler = model[0]
        weights = weights / scaler.scale_
        bias = bias - weights @ scaler.mean_
    predicted = model.predict(x)
    return {
        "l2": l2,
        "standardise": standardise,
        "x": x.tolist(),
        "labels": labels.tolist(),
        "weights": weights.tolist(),
        "bias": (bias - bias.mean()).tolist(),
        "probabilities": model.predict_proba(x[:20]).tolist(),
        "accuracy": model.score(x, labels),
        "confusion": confusion_matrix(labels, predicted, labels=range(classes)).tolist(),
    }


result = {
    "scikit-learn": sklearn.__version__,
    "cases": [
        case(300, 5, 4, 1.0, True),
        case(150, 4, 3, 0.1, True),
        case(400, 3, 5, 2.0, False),
    ],
}
with open("probe.json", "w", encoding="utf-8") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")
