#!/usr/bin/env python3
"""t-SNE of codes by scikit-learn, on one thread: tsne_peer.py CODES.npy PERPLEXITY ITERATIONS -> one JSON object.

{"version": "1.2.1", "seconds": ..., "kl_divergence": ..., "trustworthiness": ..., "nearest_kept": ...}; the last two are
measured after the time has been taken. Trustworthiness counts 12 neighbours, as Hourglass does.
"""
import json
import sys
import time

import numpy as np
import sklearn
from sklearn.manifold import TSNE, trustworthiness
from sklearn.neighbors import NearestNeighbors


def nearest(points):
    return NearestNeighbors(n_neighbors=2).fit(points).kneighbors(return_distance=False)[:, 0]


codes = np.load(sys.argv[1])
tsne = TSNE(perplexity=float(sys.argv[2]), n_iter=int(sys.argv[3]), n_jobs=1, random_state=0)
began = time.perf_counter()
points = tsne.fit_transform(codes)
seconds = time.perf_counter() - began
print(json.dumps({
    "version": sklearn.__version__,
    "seconds": seconds,
    "kl_divergence": float(tsne.kl_divergence_),
    "trustworthiness": float(trustworthiness(codes, points, n_neighbors=12)),
    "nearest_kept": float(np.mean(nearest(codes) == nearest(points))),
}))
