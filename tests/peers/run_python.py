"""Runs exported scripts of PyTorch or Keras: python3 run_python.py JOBS torch|keras. See arrays.mjs.

A model is a script with load(). Keras is not a package of Debian: where it cannot be imported, the folder numpy_keras
stands in for it, which computes the same layers with NumPy.
"""
import importlib.util
import json
import os
import sys
import traceback

import numpy as np

jobs, kind = sys.argv[1:3]
if kind == "keras" and importlib.util.find_spec("keras") is None:
    sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "numpy_keras"))


def run(job):
    spec = importlib.util.spec_from_file_location("exported", job["model"])
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    model = script.load()
    inputs = [np.load(path) for path in job["inputs"].values()]
    if kind == "torch":
        import torch

        torch.set_num_threads(1)
        with torch.no_grad():
            given = model(*[torch.from_numpy(values) for values in inputs]).numpy()
    else:
        given = np.asarray(model.predict(inputs if len(inputs) > 1 else inputs[0]))
    [(_, path)] = job["outputs"].items()
    np.save(path, np.ascontiguousarray(given, dtype=np.float32))


with open(jobs) as file:
    for each in json.load(file):
        try:
            run(each)
        except Exception:
            with open(each["error"], "w") as out:
                out.write(traceback.format_exc())
