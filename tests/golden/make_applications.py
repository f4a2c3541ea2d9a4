#!/usr/bin/env python3
"""Writes applications.json: what scikit-learn makes of small data, for the applications of a code.

Needs scikit-learn and NumPy (Debian: python3-sklearn); made with scikit-learn 1.2.1. Inputs are multiples of 1/64,
which a float holds exactly. Run from this folder: python3 make_applications.py
"""
import json

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import NearestNeighbors

rng = np.random.default_rng(1)


def exact(values):
    return np.round(np.asarray(values, dtype=np.float64) * 64) / 64


def roc_case(count, levels, shift):
    """Scores with ties, where `levels` is small."""
    labels = (rng.random(count) < 0.3).astype(int)
    labels[:2] = [0, 1]
    scores = np.round((rng.normal(size=count) + shift * labels) * levels) / levels
    fpr, tpr, _ = roc_curve(labels, scores, drop_intermediate=False)
    return {
        "scores": scores.tolist(),
        "labels": labels.tolist(),
        "roc_auc": roc_auc_score(labels, scores),
        "average_precision": average_precision_score(labels, scores),
        "false_positive_rate": fpr.tolist(),
        "true_positive_rate": tpr.tolist(),
    }


def mixture_case(kind):
    """Log-likelihoods at given parameters."""
    size, components = 3, 2
    weights = np.array([0.375, 0.625])
    means = exact(rng.normal(size=(components, size)))
    if kind == "full":
        roots = exact(rng.normal(size=(components, size, size)))
        covariances = np.array([r @ r.T + 0.25 * np.eye(size) for r in roots])
        precisions = np.array([np.linalg.inv(np.linalg.cholesky(c)).T for c in covariances])
    else:
        covariances = exact(0.25 + rng.random((components, size)))
        precisions = 1 / np.sqrt(covariances)
    mixture = GaussianMixture(components, covariance_type=kind)
    mixture.weights_, mixture.means_, mixture.covariances_ = weights, means, covariances
    mixture.precisions_cholesky_ = precisions
    codes = exact(2 * rng.normal(size=(12, size)))
    return {
        "kind": kind,
        "weights": weights.tolist(),
        "means": means.tolist(),
        "covariances": covariances.tolist(),
        "codes": codes.tolist(),
        "log_likelihood": mixture.score_samples(codes).tolist(),
    }


def fit_case(kind):
    """Groups far apart: every start comes to the same maximum."""
    centres = np.array([[-4.0, 0.0], [4.0, 1.0], [0.0, 6.0]])
    codes = exact(np.concatenate([c + rng.normal(size=(40, 2)) * [1.0, 0.5] for c in centres]))
    mixture = GaussianMixture(3, covariance_type=kind, tol=1e-10, max_iter=1000, n_init=5, random_state=1).fit(codes)
    order = np.argsort(mixture.weights_)
    return {
        "kind": kind,
        "codes": codes.tolist(),
        "weights": mixture.weights_[order].tolist(),
        "mean_log_likelihood": mixture.score(codes),
    }


def pca_case():
    train = exact(rng.normal(size=(40, 6)) @ rng.normal(size=(6, 6)))
    test = exact(rng.normal(size=(15, 6)))
    pca = PCA(2, svd_solver="full").fit(train)
    back = pca.inverse_transform(pca.transform(test))
    return {
        "train": train.tolist(),
        "test": test.tolist(),
        "explained_variance_ratio": pca.explained_variance_ratio_.tolist(),
        "test_mse": float(np.mean((back - test) ** 2)),
        "mean_mse": float(np.mean((test - train.mean(axis=0)) ** 2)),
    }


def search_case():
    labels = rng.integers(0, 3, size=60)
    codes = exact(rng.normal(size=(60, 4)) + labels[:, None])
    found = NearestNeighbors(n_neighbors=11).fit(codes).kneighbors(codes, return_distance=False)
    # Each sample is its own nearest, unless another one equals it, which these do not.
    assert np.all(found[:, 0] == np.arange(60))
    return {
        "codes": codes.tolist(),
        "labels": labels.tolist(),
        "precision_at_10": float(np.mean(labels[found[:, 1:]] == labels[:, None])),
    }


def directions_case():
    factors = exact(rng.normal(size=(50, 2)) * [3.0, 0.5])
    codes = exact(factors @ rng.normal(size=(2, 4)) + 0.3 * rng.normal(size=(50, 4)))
    readers = LinearRegression().fit(codes, factors)
    return {
        "codes": codes.tolist(),
        "factors": factors.tolist(),
        "readers": readers.coef_.tolist(),
        "r_squared": [
            float(LinearRegression().fit(codes, factors[:, f]).score(codes, factors[:, f])) for f in range(2)
        ],
        "directions": LinearRegression().fit(factors, codes).coef_.T.tolist(),
    }


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return value


with open("applications.json", "w", encoding="utf-8") as file:
    cases = {
        "scikit_learn": sklearn.__version__,
        "roc": [roc_case(40, 2, 1.0), roc_case(60, 64, 0.5), roc_case(30, 1, 3.0)],
        "mixture": [mixture_case("full"), mixture_case("diag")],
        "fit": [fit_case("full"), fit_case("diag")],
        "pca": pca_case(),
        "search": search_case(),
        "directions": directions_case(),
    }
    json.dump(rounded(cases), file, separators=(",", ":"))
    file.write("\n")
