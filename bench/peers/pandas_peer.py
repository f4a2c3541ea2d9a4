#!/usr/bin/env python3
"""A table read by pandas, on one thread: pandas_peer.py FILE.csv -> {"version", "seconds", "rows", "columns"}.

The median of three readings after one that warms up.
"""
import json
import sys
import time

import pandas

seconds = []
for _ in range(4):
    began = time.perf_counter()
    table = pandas.read_csv(sys.argv[1])
    seconds.append(time.perf_counter() - began)
print(json.dumps({
    "version": pandas.__version__,
    "seconds": sorted(seconds[1:])[1],
    "rows": table.shape[0],
    "columns": table.shape[1],
}))
