#!/usr/bin/env python3
"""Writes tsne.json: scikit-learn's neighbours, affinities and trustworthiness of a few codes and a map of them.

Needs scikit-learn (Debian: python3-sklearn, 1.2.1). The codes are three loose groups; the map is their first two
numbers, with some noise. Run from this folder: python3 make_tsne.py
"""
import json

import numpy as np
import sklearn
from sklearn.manifold import trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities_nn
from sklearn.manifold._utils import _binary_search_perplexity
from sklearn.neighbors import NearestNeighbors

CODES, SIZE, PERPLEXITY = 60, 5, 8
random = np.random.default_rng(0)
codes = random.normal(size=(CODES, SIZE)) + 3 * random.normal(size=(3, SIZE))[np.arange(CODES) % 3]
codes = np.round(codes, 3).astype(np.float32)
points = np.round(codes[:, :2] + random.normal(size=(CODES, 2)), 3).astype(np.float32)

# As TSNE.fit() does it, which changes the graph.
k = min(CODES - 1, int(3 * PERPLEXITY + 1))
graph = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(codes.astype(np.float64)).kneighbors_graph(
    mode="distance")
neighbors, distances = graph.indices.copy(), graph.data.reshape(CODES, k).copy()
graph.data **= 2
conditional = _binary_search_perplexity(graph.data.reshape(CODES, k).astype(np.float32), PERPLEXITY, 0)
joint = _joint_probabilities_nn(graph, PERPLEXITY, 0).tocoo()


def flat(array):
    return [float(f"{value:.9g}") for value in np.asarray(array, dtype=np.float64).reshape(-1)]


with open("tsne.json", "w", encoding="utf-8") as out:
    json.dump({
        "sklearn": sklearn.__version__,
        "size": SIZE,
        "codes": flat(codes),
        "points": flat(points),
        "perplexity": PERPLEXITY,
        "k": k,
        "neighbors": neighbors.tolist(),
        "distances": flat(distances),
        "conditional": flat(conditional),
        "joint": {"rows": joint.row.tolist(), "columns": joint.col.tolist(), "values": flat(joint.data)},
        "trustworthiness": {str(near): trustworthiness(codes, points, n_neighbors=near) for near in (1, 5, 12)},
    }, out, indent=None, separators=(",", ":"))
    out.write("\n")
