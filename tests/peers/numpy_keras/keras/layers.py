"""Keras's layers, images as [rows, columns, channels]; see https://keras.io/api/layers/."""
import math

import numpy as np

from .ops import Array


def softmax(powers):
    return powers / powers.sum(-1, keepdims=True)


ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "exponential": np.exp,
    "softmax": lambda x: softmax(np.exp(x - x.max(-1, keepdims=True))),
}


class Value:
    def __init__(self, shape, layer, sources, name):
        self.shape, self.layer, self.sources, self.name = shape, layer, sources, name


class Layer:
    def __init__(self, name):
        self.name, self.weights = name, []

    def __call__(self, given):
        sources = given if isinstance(given, list) else [given]
        shapes = [source.shape for source in sources]
        self.shapes = self.weight_shapes(shapes[0])
        self.weights = [np.zeros(shape) for shape in self.shapes]
        # One sample of zeros tells the shape of the output.
        blanks = [np.zeros((1, *shape[1:])) for shape in shapes]
        if type(self).__module__ != __name__:  # a layer of the script, which works on tensors
            call = self.call
            self.call = lambda x: call([Array(each) for each in x] if isinstance(x, list) else Array(x))
        made = self.call(blanks if len(blanks) > 1 else blanks[0])
        return Value((None, *made.shape[1:]), self, sources, self.name)

    def weight_shapes(self, shape):
        return []

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        assert [w.shape for w in weights] == [tuple(shape) for shape in self.shapes], (self.name, self.shapes)
        self.weights = [np.asarray(w, dtype=np.float64) for w in weights]


class Dense(Layer):
    def __init__(self, units, activation, name):
        super().__init__(name)
        self.units, self.activation = units, ACTIVATIONS[activation]

    def weight_shapes(self, shape):
        return [(shape[-1], self.units), (self.units,)]

    def call(self, x):
        return self.activation(x @ self.weights[0] + self.weights[1])


class Activation(Layer):
    def __init__(self, activation, name):
        super().__init__(name)
        self.call = ACTIVATIONS[activation]


class ReLU(Layer):
    def __init__(self, negative_slope, name):
        super().__init__(name)
        self.call = lambda x: np.where(x > 0, x, negative_slope * x)


class LayerNormalization(Layer):
    def __init__(self, axis, epsilon, name):
        super().__init__(name)
        assert axis == -1
        self.epsilon = epsilon

    def weight_shapes(self, shape):
        return [(shape[-1],), (shape[-1],)]

    def call(self, x):
        h = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + self.epsilon)
        return h * self.weights[0] + self.weights[1]


class Reshape(Layer):
    def __init__(self, target_shape, name):
        super().__init__(name)
        self.call = lambda x: x.reshape(-1, *target_shape)


class Permute(Layer):
    def __init__(self, dims, name):
        super().__init__(name)
        self.call = lambda x: x.transpose(0, *dims)


class ZeroPadding2D(Layer):
    def __init__(self, padding, name):
        super().__init__(name)
        self.call = lambda x: np.pad(x, [(0, 0), *padding, (0, 0)])


class Cropping2D(Layer):
    def __init__(self, cropping, name):
        super().__init__(name)
        (top, bottom), (left, right) = cropping
        self.call = lambda x: x[:, top : x.shape[1] - bottom, left : x.shape[2] - right]


class UpSampling2D(Layer):
    def __init__(self, size, name):
        super().__init__(name)
        self.call = lambda x: x.repeat(size[0], axis=1).repeat(size[1], axis=2)


class MaxPooling2D(Layer):
    reduce = staticmethod(np.max)

    def __init__(self, pool_size, strides, padding, name):
        super().__init__(name)
        assert padding == "valid" and pool_size == strides and pool_size[0] == pool_size[1]
        self.size = pool_size[0]

    def call(self, x):
        s, rows, columns = self.size, x.shape[1] // self.size, x.shape[2] // self.size
        x = x[:, : rows * s, : columns * s].reshape(-1, rows, s, columns, s, x.shape[3])
        return self.reduce(x, axis=(2, 4))


class AveragePooling2D(MaxPooling2D):
    reduce = staticmethod(np.mean)


class Conv2D(Layer):
    def __init__(self, filters, kernel_size, strides, padding, activation, name):
        super().__init__(name)
        self.filters, self.size, self.stride = filters, kernel_size[0], strides[0]
        self.padding, self.activation = padding, ACTIVATIONS[activation]

    def weight_shapes(self, shape):
        return [(self.size, self.size, shape[-1], self.filters), (self.filters,)]

    def call(self, x):
        k, s = self.size, self.stride
        if self.padding == "same":
            sides = []
            for side in x.shape[1:3]:
                more = max((math.ceil(side / s) - 1) * s + k - side, 0)
                sides.append((more // 2, more - more // 2))
            x = np.pad(x, [(0, 0), *sides, (0, 0)])
        rows, columns = (x.shape[1] - k) // s + 1, (x.shape[2] - k) // s + 1
        y = np.zeros((x.shape[0], rows, columns, self.filters)) + self.weights[1]
        for i in range(k):
            for j in range(k):
                y += x[:, i : i + s * rows : s, j : j + s * columns : s][:, :rows, :columns] @ self.weights[0][i, j]
        return self.activation(y)


class Conv2DTranspose(Layer):
    def __init__(self, filters, kernel_size, strides, padding, name, activation="linear", use_bias=True):
        super().__init__(name)
        assert padding == "valid"
        self.filters, self.size, self.stride = filters, kernel_size[0], strides[0]
        self.activation, self.use_bias = ACTIVATIONS[activation], use_bias

    def weight_shapes(self, shape):
        return [(self.size, self.size, self.filters, shape[-1])] + [(self.filters,)] * self.use_bias

    def call(self, x):
        k, s = self.size, self.stride
        rows, columns = (side * s + max(k - s, 0) for side in x.shape[1:3])
        y = np.zeros((x.shape[0], rows, columns, self.filters))
        for i in range(k):
            for j in range(k):
                y[:, i : i + s * x.shape[1] : s, j : j + s * x.shape[2] : s] += x @ self.weights[0][i, j].T
        return self.activation(y + self.weights[1] if self.use_bias else y)


class Multiply(Layer):
    def call(self, x):
        return x[0] * x[1]


class Add(Layer):
    def call(self, x):
        return x[0] + x[1]
