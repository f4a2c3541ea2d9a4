"""A checkpoint of Hourglass as a PyTorch module. Needs PyTorch and NumPy only.

    model = load("runs/deep/model.safetensors")
    codes = model.encode(images)      # (samples, features) -> (samples, code)
    images = model.decode(codes)      # (samples, code) -> (samples, features)

    classifier = load("shoes.safetensors")   # that `hourglass probe --save` has written
    shares = classifier(images)              # (samples, features) -> (samples, classes), each row adds up to 1
    names = [classifier.classes[i] for i in shares.argmax(1)]

Images lie flat, channel by channel and row by row, in the units of the data ([0, 1] for pixels): data.scaling is done
and undone here. model.encoder, model.decoder and classifier.head are plain nn.Sequential and work on scaled values.
"""
import json
import math
from collections import OrderedDict

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

ACTIVATIONS = {"relu": nn.ReLU, "leaky-relu": nn.LeakyReLU, "elu": nn.ELU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid,
               "softmax": lambda: nn.Softmax(dim=1)}
IMAGE_LAYERS = ("convolution", "transposed-convolution", "max-pool", "average-pool", "unpool")


def read_safetensors(path):
    """The file's arrays by name, and its metadata: 8 bytes of length, a JSON header of that length, raw arrays."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    metadata, arrays = header.pop("__metadata__", {}), {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], {"F32": "<f4", "F64": "<f8"}[entry["dtype"]])
        arrays[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return arrays, metadata


def load(path):
    arrays, metadata = read_safetensors(path)
    settings = json.loads(metadata["hourglass.settings"])["model"]
    shape = json.loads(metadata["hourglass.input"])
    if "hourglass.classifier" in metadata:
        model = Classifier(settings["encoder"], json.loads(metadata["hourglass.classifier"])["classes"], shape)
    else:
        model = Autoencoder(settings["encoder"], settings["decoder"], shape)
    model.load_state_dict({name: arrays[name] for name in model.state_dict()})  # the others are the optimizer's
    if "hourglass.scaling" in metadata:
        scaling = json.loads(metadata["hourglass.scaling"])
        model.scale, model.offset = torch.tensor(scaling["scale"]), torch.tensor(scaling["offset"])
    return model.eval()


class Tied(nn.Module):
    """Another layer's weight, read the other way round, with a bias of its own."""

    def __init__(self, other, outputs, function):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.forward = lambda x: function(x, other.weight, self.bias)


class Apply(nn.Module):
    """A function without parameters."""

    def __init__(self, function):
        super().__init__()
        self.forward = function


class MaxPool(nn.MaxPool2d):
    """Keeps the places of the maxima, for one unpooling."""

    def forward(self, x):
        y, self.places = F.max_pool2d(x, self.kernel_size, return_indices=True)
        return y


def unpool(x, pool, rows, columns):
    """Back to the places that the pooling has just found; to the first of each window if it has not run."""
    row, column = torch.meshgrid(torch.arange(x.shape[2]), torch.arange(x.shape[3]), indexing="ij")
    first = (row * columns + column) * pool.kernel_size
    places, pool.places = first.expand(x.shape) if pool.places is None else pool.places, None
    return F.max_unpool2d(x, places, pool.kernel_size, output_size=(rows, columns))


def keep_largest(x, k):
    kept = x.topk(k, dim=1).indices
    return torch.zeros_like(x).scatter(1, kept, x.gather(1, kept))


class Encoder(nn.Module):
    def __init__(self, encoder, input_shape):
        super().__init__()
        self.input_shape, self.made = tuple(input_shape), {}  # made: name -> (module, shape of its input)
        self.scale, self.offset = torch.ones(1), torch.zeros(1)  # of the values that the network sees
        self.encoder, self.code_shape = self.build("encoder", encoder, self.input_shape)

    def encode(self, x):
        return self.encoder(x.flatten(1) * self.scale + self.offset)

    def build(self, part, layers, shape):
        modules = OrderedDict()
        for index, layer in enumerate(layers):  # samples are flat between the layers; an image layer unfolds them
            layer = {"type": "dense", "kernel": 3, "stride": 1, "size": 2, "mode": "copy", **layer}
            if layer["type"] in IMAGE_LAYERS:
                modules[f"{index}_image"] = nn.Unflatten(1, shape)
            module, output = self.make(layer, shape)
            modules[f"{index}"], self.made[f"{part}.{index}"] = module, (module, shape)
            if layer["type"] == "gaussian":  # of means and log-variances the code is the means
                modules[f"{index}_mean"] = Apply(lambda x: x.chunk(2, dim=1)[0])
            if layer.get("activation", "linear") != "linear":
                modules[f"{index}_activation"] = ACTIVATIONS[layer["activation"]]()
            if layer["type"] in IMAGE_LAYERS:
                modules[f"{index}_flat"] = nn.Flatten()
            shape = tuple(output)
        return nn.Sequential(modules), shape

    def make(self, layer, shape):
        """One layer's module, and the shape of its output."""
        kind, features = layer["type"], math.prod(shape)
        if "tied" in layer:
            other, target = self.made[layer["tied"]]
            if kind == "dense":
                return Tied(other, math.prod(target), lambda x, w, b: F.linear(x, w.t(), b)), target
            s, p, k = other.stride, other.padding, other.kernel_size
            extra = [target[i + 1] - ((shape[i + 1] - 1) * s[i] - 2 * p[i] + k[i]) for i in (0, 1)]
            return Tied(other, target[0], lambda x, w, b: F.conv_transpose2d(x, w, b, s, p, extra)), target
        if kind == "dense":
            units = self.input_shape if layer["units"] == "input" else layer["units"]
            output = (1, 1, units) if isinstance(units, int) else units
            return nn.Linear(features, math.prod(output)), output
        if kind == "gaussian":
            return nn.Linear(features, 2 * layer["units"]), (1, 1, layer["units"])
        if kind == "k-sparse":
            return Apply(lambda x: keep_largest(x, layer["k"])), shape
        if kind == "layer-norm":
            return nn.LayerNorm(features), shape
        if kind == "dropout":
            return nn.Dropout(layer["rate"]), shape
        if kind == "unpool" and layer["mode"] == "remembered":
            pool, target = self.made[layer["pool"]]
            return Apply(lambda x: unpool(x, pool, *target[1:])), target
        if "channels" in layer:
            sides = {"stride": layer["stride"], "padding": layer.get("padding", (layer["kernel"] - 1) // 2)}
            if kind == "transposed-convolution":
                sides["output_padding"] = layer.get("output_padding", 0)
            make = nn.Conv2d if kind == "convolution" else nn.ConvTranspose2d
            module = make(shape[0], layer["channels"], layer["kernel"], **sides)
        else:
            make = {"max-pool": MaxPool, "average-pool": nn.AvgPool2d, "unpool": lambda n: nn.Upsample(scale_factor=n)}
            module = make[kind](layer["size"])
        output = module(torch.zeros(1, *shape)).shape[1:]  # a blank image tells the shape
        module.places = None
        return module, output


class Autoencoder(Encoder):
    def __init__(self, encoder, decoder, input_shape):
        super().__init__(encoder, input_shape)
        self.decoder, _ = self.build("decoder", decoder, self.code_shape)

    def decode(self, code):
        return (self.decoder(code) - self.offset) / self.scale

    def forward(self, x):
        return self.decode(self.encode(x))


class Classifier(Encoder):
    def __init__(self, encoder, classes, input_shape):
        super().__init__(encoder, input_shape)
        self.classes = classes
        self.head, _ = self.build("head", [{"units": len(classes), "activation": "softmax"}], self.code_shape)

    def forward(self, x):
        return self.head(self.encode(x))
