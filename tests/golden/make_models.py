#!/usr/bin/env python3
"""Writes models.json: outputs, losses and gradients of small models, by PyTorch in double precision.

Needs PyTorch and NumPy (Debian: python3-torch). Every kind of layer and every penalty is in some case, with odd
shapes, where a transposed picture or a swapped index would show. Inputs are multiples of 1/256, which a float holds
exactly. Dropout masks and the draws of a variational code come from our own counter-based generator (generator.py),
as training step 0 of seed 1 draws them for the columns of a mini-batch.
Run from this folder: python3 make_models.py
"""
import json
import math
import sys

import torch
from torch.nn import functional as F

from generator import DROPOUT, SAMPLING, normals, uniforms

sys.path.insert(0, "../../docs")
import hourglass_model  # noqa: E402: what readers load checkpoints with is held against the plain functions below

SEED, STEP = 1, 0

dense = lambda units, activation="linear": {"type": "dense", "units": units, "activation": activation}
tied = lambda name, activation="linear": {"type": "dense", "tied": name, "activation": activation}
conv = lambda channels, kernel, activation="linear", **more: {
    "type": "convolution", "channels": channels, "kernel": kernel, **more, "activation": activation}
transposed = lambda channels, kernel, activation="linear", **more: {
    "type": "transposed-convolution", "channels": channels, "kernel": kernel, **more, "activation": activation}
tied_transposed = lambda name, activation="linear": {
    "type": "transposed-convolution", "tied": name, "activation": activation}
max_pool, average_pool = {"type": "max-pool", "size": 2}, {"type": "average-pool", "size": 2}
copy = {"type": "unpool", "mode": "copy", "size": 2}
remembered = lambda name: {"type": "unpool", "mode": "remembered", "pool": name}
dropout = lambda rate: {"type": "dropout", "rate": rate}
gaussian = lambda units: {"type": "gaussian", "units": units}
layer_norm = {"type": "layer-norm"}
k_sparse = lambda k: {"type": "k-sparse", "k": k}

ODD, EVEN, VECTOR = (2, 7, 5), (2, 8, 6), (1, 1, 9)

# name, input shape, samples, encoder, decoder, loss, penalties
CASES = [
    ("dense", VECTOR, 5, [dense(6, "leaky-relu"), dense(3, "elu")], [dense(5, "tanh"), dense("input", "sigmoid")],
     "bce", {}),
    ("convolutional preset in small", ODD, 4,
     [conv(3, 3, "relu"), max_pool, conv(4, 3, "relu", stride=2), dense(5, "tanh")],
     [dense([3, 4, 3], "relu"), copy, transposed(2, 4, "sigmoid", padding=2)], "bce", {}),
    ("strided convolutions with output padding", EVEN, 3,
     [conv(3, 3, "elu", stride=2), conv(2, 2, "tanh", stride=2, padding=1)],
     [transposed(3, 2, "leaky-relu"), conv(4, 3, "tanh"),
      transposed(2, 3, "sigmoid", stride=2, output_padding=1)], "mse", {}),
    ("average pooling", ODD, 3, [conv(3, 3, "tanh"), average_pool, dense(4)], [dense("input", "sigmoid")], "bce", {}),
    ("remembered unpooling", ODD, 4, [conv(3, 3, "elu"), max_pool, dense(4, "tanh")],
     [dense([3, 3, 2], "elu"), remembered("encoder.1"), transposed(2, 3, "sigmoid")], "bce", {}),
    ("two remembered unpoolings", EVEN, 3, [conv(2, 3, "tanh"), max_pool, conv(3, 3, "tanh"), max_pool],
     [remembered("encoder.3"), transposed(2, 3, "tanh"), remembered("encoder.1"), transposed(2, 3)], "mse", {}),
    ("tied dense layers", VECTOR, 5, [dense(7, "relu"), dense(5, "tanh"), dense(3)],
     [tied("encoder.2", "relu"), tied("encoder.1", "tanh"), tied("encoder.0", "sigmoid")], "bce",
     {"penalty.weight_l2": 0.01}),
    ("tied convolutions", ODD, 3, [conv(3, 3, "tanh", stride=2), conv(2, 3, "tanh", stride=2)],
     [tied_transposed("encoder.1", "tanh"), tied_transposed("encoder.0", "sigmoid")], "bce", {}),
    ("k-sparse", VECTOR, 5, [dense(8), k_sparse(3)], [dense("input", "sigmoid")], "mse", {}),
    ("dropout", VECTOR, 5, [dropout(0.5), dense(7, "tanh"), dropout(0.25), dense(3, "tanh")],
     [dense(6, "tanh"), dropout(0.125), dense("input", "sigmoid")], "bce", {}),
    ("dropout of images", ODD, 3, [conv(3, 3, "tanh"), dropout(0.25), dense(4, "tanh")],
     [dense([2, 7, 5], "tanh"), dropout(0.5), transposed(2, 3, "sigmoid")], "sse", {}),
    ("variational", VECTOR, 4, [dense(6, "tanh"), gaussian(2)], [dense(5, "tanh"), dense("input", "sigmoid")],
     "bce", {}),
    ("variational with beta 4 and dropout behind the code", VECTOR, 4, [gaussian(3)],
     [dropout(0.25), dense("input", "sigmoid")], "sse", {"penalty.kl": 4}),
    ("convolutional variational, beta 0", ODD, 3, [conv(3, 3, "tanh", stride=2), gaussian(2)],
     [dense([3, 4, 3], "tanh"), transposed(2, 3, "sigmoid", stride=2)], "bce", {"penalty.kl": 0}),
    ("activity L1", VECTOR, 5, [dense(6, "tanh"), dense(4, "tanh")], [dense("input", "sigmoid")], "bce",
     {"penalty.activity_l1": 0.03}),
    ("KL sparsity", VECTOR, 5, [dense(6, "sigmoid")], [dense("input", "sigmoid")], "mse",
     {"penalty.sparsity": 0.2, "penalty.sparsity_target": 0.1}),
    ("KL sparsity behind a hidden layer, with L1 and L2", VECTOR, 4, [dense(5, "tanh"), dense(4, "sigmoid")],
     [dense("input", "sigmoid")], "sse",
     {"penalty.sparsity": 0.5, "penalty.sparsity_target": 0.05, "penalty.activity_l1": 0.01,
      "penalty.weight_l2": 0.002}),
    ("weight L2 of convolutions", ODD, 3, [conv(2, 3, "tanh", stride=2), dense(3)],
     [dense([2, 4, 3], "tanh"), transposed(2, 3, "sigmoid", stride=2)], "bce", {"penalty.weight_l2": 0.05}),
    ("contractive, sigmoid", VECTOR, 5, [dense(4, "sigmoid")], [dense("input", "sigmoid")], "bce",
     {"penalty.contractive": 0.3}),
    ("contractive, tanh and tied", VECTOR, 5, [dense(4, "tanh")], [tied("encoder.0", "sigmoid")], "mse",
     {"penalty.contractive": 0.1}),
    ("layer normalisation", VECTOR, 5, [dense(8, "tanh"), layer_norm, dense(4), layer_norm],
     [dense(6, "relu"), layer_norm, dense("input", "sigmoid")], "bce", {}),
    ("layer normalisation of images, with L2", ODD, 3, [conv(3, 3, "tanh"), layer_norm, dense(4, "tanh")],
     [dense([2, 7, 5], "tanh"), layer_norm, transposed(2, 3, "sigmoid")], "mse", {"penalty.weight_l2": 0.01}),
    ("softmax", VECTOR, 5, [dense(6, "tanh"), dense(3)], [dense(5, "relu"), dense("input", "softmax")], "cce", {}),
    ("softmax of a tied layer, with L2", VECTOR, 4, [dense(6, "sigmoid")], [tied("encoder.0", "softmax")], "cce",
     {"penalty.weight_l2": 0.01}),
]

# Cases whose gradients are also written after clipping to a norm: one below theirs, one above.
CLIPPED = {"dropout of images": 0.5, "weight L2 of convolutions": 10.0}

ACTIVATIONS = {"linear": lambda z: z, "relu": torch.relu, "leaky-relu": lambda z: F.leaky_relu(z, 0.01),
               "elu": F.elu, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
               "softmax": lambda z: torch.softmax(z.flatten(1), dim=1).view_as(z)}


class Pass:
    """One pass of a batch through a model; what training and the penalties need besides the output stays in it."""

    def __init__(self, case, parameters, training):
        self.shape, self.encoder, self.decoder = case[1], case[3], case[4]
        self.parameters, self.training = parameters, training
        self.inputs, self.places, self.eps = {}, {}, None
        self.mean = self.log_variance = None

    def encode(self, x):
        return self.run("encoder", self.encoder, x.reshape(-1, *self.shape), 0)

    def decode(self, h):
        # A gaussian layer is two for the engine, its linear part and its draws.
        first = len(self.encoder) + sum(layer["type"] == "gaussian" for layer in self.encoder)
        return self.run("decoder", self.decoder, h, first)

    def run(self, part, layers, h, first):
        for index, layer in enumerate(layers):
            name = f"{part}.{index}"
            self.inputs[name] = h
            h = ACTIVATIONS[layer.get("activation", "linear")](self.layer(name, layer, h, first + index))
        return h

    def parameter(self, name, shape):
        """Made up when it is first asked for, so that the shapes need not be known in advance."""
        if name not in self.parameters:
            size = 0.8 / math.sqrt(math.prod(shape[1:])) if len(shape) > 1 else 0.2
            values = torch.randn(shape, dtype=torch.float64) * size
            # Short decimals keep the file small.
            self.parameters[name] = (torch.round(values * 1e5) / 1e5).requires_grad_()
        return self.parameters[name]

    def layer(self, name, layer, h, index):
        kind = layer["type"]
        weight, bias = name + ".weight", name + ".bias"
        if kind == "dense":
            h = h.flatten(1)
            if "tied" in layer:
                w = self.parameters[layer["tied"] + ".weight"].t()
                shape = self.inputs[layer["tied"]].shape[1:]
            else:
                units = layer["units"]
                shape = self.shape if units == "input" else units if isinstance(units, list) else [units]
                w = self.parameter(weight, (math.prod(shape), h.shape[1]))
            return F.linear(h, w, self.parameter(bias, (len(w),))).reshape(-1, *shape)
        if kind == "gaussian":
            k = layer["units"]
            z = F.linear(h.flatten(1), self.parameter(weight, (2 * k, h[0].numel())), self.parameter(bias, (2 * k,)))
            self.mean, self.log_variance = z[:, :k], z[:, k:]
            if not self.training:
                return self.mean
            self.eps = torch.stack([torch.from_numpy(normals(SEED, SAMPLING, STEP, column, k))
                                    for column in range(len(h))])
            return self.mean + torch.exp(self.log_variance / 2) * self.eps
        if kind == "convolution":
            k = layer["kernel"]
            return F.conv2d(h, self.parameter(weight, (layer["channels"], h.shape[1], k, k)),
                            self.parameter(bias, (layer["channels"],)), layer.get("stride", 1),
                            layer.get("padding", (k - 1) // 2))
        if kind == "transposed-convolution" and "tied" in layer:
            part, number = layer["tied"].split(".")
            other = getattr(self, part)[int(number)]
            k, stride = other["kernel"], other.get("stride", 1)
            padding, target = other.get("padding", (k - 1) // 2), self.inputs[layer["tied"]].shape
            extra = [target[axis] - ((h.shape[axis] - 1) * stride - 2 * padding + k) for axis in (2, 3)]
            return F.conv_transpose2d(h, self.parameters[layer["tied"] + ".weight"],
                                      self.parameter(bias, (target[1],)), stride, padding, extra)
        if kind == "transposed-convolution":
            k = layer["kernel"]
            return F.conv_transpose2d(h, self.parameter(weight, (h.shape[1], layer["channels"], k, k)),
                                      self.parameter(bias, (layer["channels"],)), layer.get("stride", 1),
                                      layer.get("padding", (k - 1) // 2), layer.get("output_padding", 0))
        if kind == "max-pool":
            h, self.places[name] = F.max_pool2d(h, layer["size"], return_indices=True)
            return h
        if kind == "average-pool":
            return F.avg_pool2d(h, layer["size"])
        if kind == "unpool" and layer["mode"] == "copy":
            return F.interpolate(h, scale_factor=layer["size"], mode="nearest")
        if kind == "unpool":
            return F.max_unpool2d(h, self.places[layer["pool"]], 2, output_size=self.inputs[layer["pool"]].shape[2:])
        if kind == "k-sparse":
            flat = h.flatten(1)
            kept = torch.topk(flat, layer["k"], dim=1).indices
            return torch.zeros_like(flat).scatter(1, kept, flat.gather(1, kept)).reshape(h.shape)
        if kind == "layer-norm":
            shape = h.shape[1:]
            w, b = self.parameter(weight, (math.prod(shape),)), self.parameter(bias, (math.prod(shape),))
            return F.layer_norm(h, shape, w.reshape(shape), b.reshape(shape))
        if kind == "dropout":
            if not self.training:
                return h
            drawn = torch.stack([torch.from_numpy(uniforms(SEED, DROPOUT, STEP, column | index << 16, h[0].numel()))
                                 for column in range(len(h))]).reshape(h.shape)
            return torch.where(drawn < layer["rate"], torch.zeros_like(h), h / (1 - layer["rate"]))
        raise ValueError(kind)


def reconstruction_loss(kind, y, x):
    if kind == "bce":
        return F.binary_cross_entropy(y.clamp(1e-7, 1 - 1e-7), x)
    if kind == "cce":
        return -(x * y.log()).sum(1).mean()
    return ((y - x) ** 2).sum(1).mean() if kind == "sse" else F.mse_loss(y, x)


def penalty(settings, run, code, x):
    """Everything that is minimised besides the reconstruction's loss."""
    total = torch.zeros((), dtype=torch.float64)
    if run.mean is not None:
        kl = 0.5 * (run.mean ** 2 + run.log_variance.exp() - 1 - run.log_variance).sum(1).mean()
        total = total + settings.get("penalty.kl", 1) * kl
    total = total + settings.get("penalty.activity_l1", 0) * code.abs().sum(1).mean()
    if "penalty.sparsity" in settings:
        target, mean = settings["penalty.sparsity_target"], code.mean(0)
        kl = target * torch.log(target / mean) + (1 - target) * torch.log((1 - target) / (1 - mean))
        total = total + settings["penalty.sparsity"] * kl.sum()
    for name, value in run.parameters.items():
        if value.dim() > 1:
            total = total + settings.get("penalty.weight_l2", 0) * (value ** 2).sum()
    if "penalty.contractive" in settings:
        jacobians = [torch.autograd.functional.jacobian(lambda one: run.encode(one).flatten(), sample[None],
                                                        create_graph=True) for sample in x]
        total = total + settings["penalty.contractive"] * sum((j ** 2).sum() for j in jacobians) / len(x)
    return total


def short(tensor):
    return [float(f"{value:.12g}") for value in tensor.detach().reshape(-1).tolist()]


def solve(case):
    name, shape, samples, encoder, decoder, loss, settings = case
    torch.manual_seed(CASES.index(case))
    x = torch.randint(0, 257, (samples, math.prod(shape)), dtype=torch.float64) / 256
    parameters = {}
    evaluated = Pass(case, parameters, training=False)
    code = evaluated.encode(x)
    outputs = evaluated.decode(code).flatten(1)
    assert outputs.shape == x.shape, (name, evaluated.decode(code).shape)

    shipped = hourglass_model.Autoencoder(encoder, decoder, shape).double().eval()
    shipped.load_state_dict({key: value.detach() for key, value in parameters.items()})
    assert torch.allclose(shipped.encode(x), code.flatten(1), rtol=0, atol=1e-12), name
    assert torch.allclose(shipped.decode(shipped.encode(x)), outputs, rtol=0, atol=1e-12), name
    # Without an encoder's pass before it, remembered unpooling takes the first place of each window.
    decoded = shipped.decode(code.flatten(1))

    training = Pass(case, parameters, training=True)
    trained_code = training.encode(x)
    reconstructed = training.decode(trained_code).flatten(1)
    besides = penalty(settings, training, trained_code.flatten(1), x)
    total = reconstruction_loss(loss, reconstructed, x) + besides
    total.backward()
    for key, value in parameters.items():
        assert value.grad is not None and value.grad.abs().max() > 1e-5, f"{name}: {key} has no gradient"
    result = {
        "name": name, "encoder": encoder, "decoder": decoder, "loss": loss, "penalties": settings,
        "input": shape, "samples": samples, "x": short(x),
        "parameters": {key: short(value) for key, value in parameters.items()},
        "code": short(code), "outputs": short(outputs),
        "total": float(total), "penalty": float(besides),
        "gradients": {key: short(value.grad) for key, value in parameters.items()},
    }
    if name in CLIPPED:
        norm = float(torch.nn.utils.clip_grad_norm_(list(parameters.values()), CLIPPED[name]))
        result["clipped"] = {"clip_norm": CLIPPED[name], "norm": norm,
                             "gradients": {key: short(value.grad) for key, value in parameters.items()}}
    if not torch.allclose(decoded, outputs):
        result["decoded"] = short(decoded)
    if training.eps is not None:
        result["eps"] = short(training.eps)
    return result


with open("models.json", "w", encoding="utf-8") as out:
    out.write('{"torch":"%s","seed":%d,"step":%d,"cases":[\n' % (torch.__version__, SEED, STEP))
    out.write(",\n".join(json.dumps(solve(case), separators=(",", ":")) for case in CASES))
    out.write("\n]}\n")
