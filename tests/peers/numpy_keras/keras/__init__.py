"""The layers of Keras that exported scripts use, computed with NumPy by the formulas of Keras's documentation.

For a machine without Keras. A layer knows the shapes of its weights from its arguments and its input alone, so that a
script whose weights are in another order or arrangement than Keras's is noticed.
"""
import numpy as np

from . import layers, ops  # noqa: F401
from .layers import Layer, Value


def Input(shape, name):
    return Value((None, *shape), None, [], name)


class Model:
    def __init__(self, inputs, outputs, name):
        self.inputs = inputs if isinstance(inputs, list) else [inputs]
        self.output, self.name = outputs, name
        self.layers = []
        self._collect(outputs)

    def _collect(self, value):
        for source in value.sources:
            self._collect(source)
        if value.layer is not None and value.layer not in self.layers:
            self.layers.append(value.layer)

    def predict(self, inputs):
        inputs = inputs if isinstance(inputs, list) else [inputs]
        known = {id(value): array.astype(np.float64) for value, array in zip(self.inputs, inputs)}

        def compute(value):
            if id(value) not in known:
                given = [compute(source) for source in value.sources]
                made = value.layer.call(given if len(given) > 1 else given[0])
                made = made.array if isinstance(made, ops.Array) else made
                assert made.shape[1:] == tuple(value.shape[1:]), (value.layer.name, made.shape)
                known[id(value)] = made
            return known[id(value)]

        return compute(self.output)
