// Dense autoencoders of PyTorch and ONNX as models of Hourglass: `hourglass import`.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { pythonWith } from '../peers/parity.mjs';
import { hourglass, npy, readNpy, readSafetensors, refused, small, train } from './support.mjs';

let folder;
const at = (name) => path.join(folder, name);

// A safetensors file as PyTorch's library writes one.
function safetensors(tensors, metadata = { format: 'pt' }) {
  const header = { __metadata__: metadata },
    pieces = [];
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const bytes = Buffer.from(Float32Array.from(values).buffer);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes.length] };
    pieces.push(bytes);
    offset += bytes.length;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...pieces]);
}

let seed = 1;
const draw = () => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5;
const array = (...shape) => ({ shape, values: Array.from({ length: shape.reduce((a, b) => a * b) }, draw) });
const linear = (outputs, inputs, { weight, bias }) => ({ [weight]: array(outputs, inputs), [bias]: array(outputs) });
const layer = (name, outputs, inputs) => linear(outputs, inputs, { weight: `${name}.weight`, bias: `${name}.bias` });

// What the layers compute, by plain loops.
const RELU = (z) => Math.max(0, z),
  SIGMOID = (z) => 1 / (1 + Math.exp(-z));
function byHand(x, tensors, names, activations) {
  return names.reduce((values, name, i) => {
    const { shape, values: w } = tensors[`${name}.weight`];
    const bias = tensors[`${name}.bias`]?.values ?? new Array(shape[0]).fill(0);
    return Array.from({ length: shape[0] }, (_, o) =>
      activations[i](values.reduce((sum, value, k) => sum + value * w[o * shape[1] + k], bias[o])),
    );
  }, x);
}

before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hourglass-import-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

// A file with one sample of six numbers.
function oneRow() {
  writeFileSync(at('row.npy'), npy(1, 6, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]));
  return at('row.npy');
}

function imported(file, ...flags) {
  const done = hourglass(['import', file, '--out', at('model.safetensors'), '--json', ...flags]);
  assert.equal(done.code, 0, done.stderr);
  return JSON.parse(done.stdout);
}

function reconstructed(x) {
  writeFileSync(at('x.npy'), npy(1, x.length, x));
  const done = hourglass([
    'reconstruct',
    '--model',
    at('model.safetensors'),
    '--in',
    at('x.npy'),
    '--out',
    at('y.npy'),
  ]);
  assert.equal(done.code, 0, done.stderr);
  return readNpy(at('y.npy')).values;
}

function assertNear(actual, expected, tolerance = 1e-5) {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => assert.ok(Math.abs(value - actual[i]) <= tolerance, `${i}: ${value} ${actual[i]}`));
}

test("PyTorch's names: an encoder and a decoder, each numbered", () => {
  const tensors = {
    ...layer('decoder.0', 5, 2),
    ...layer('decoder.2', 9, 5),
    ...layer('encoder.0', 4, 9),
    ...layer('encoder.2', 2, 4),
  };
  writeFileSync(at('net.safetensors'), safetensors(tensors));
  const { layers, code_size: size } = imported(at('net.safetensors'));
  assert.equal(size, 2);
  assert.deepEqual(
    layers.map(({ from, to, activation, activation_known: known }) => [from, to, activation, known]),
    [
      ['encoder.0', 'encoder.0', 'relu', false],
      ['encoder.2', 'encoder.1', 'relu', false],
      ['decoder.0', 'decoder.0', 'relu', false],
      ['decoder.2', 'decoder.1', 'sigmoid', false],
    ],
  );
  const x = Array.from({ length: 9 }, draw);
  const names = ['encoder.0', 'encoder.2', 'decoder.0', 'decoder.2'];
  assertNear(reconstructed(x), byHand(x, tensors, names, [RELU, RELU, RELU, SIGMOID]));
  imported(at('net.safetensors'), '--activation', 'tanh', '--output-activation', 'linear');
  assertNear(reconstructed(x), byHand(x, tensors, names, [Math.tanh, Math.tanh, Math.tanh, (z) => z]));
});

test('a name in front of encoder and decoder changes nothing', () => {
  const layers = { encoder: [3, 6], decoder: [6, 3] };
  for (const prefix of ['', 'ae.', 'model.module.']) {
    const tensors = Object.assign(
      {},
      ...Object.entries(layers).map(([name, [outputs, inputs]]) => layer(`${prefix}${name}.0`, outputs, inputs)),
    );
    writeFileSync(at('prefixed.safetensors'), safetensors(tensors));
    imported(at('prefixed.safetensors'));
    const { tensors: saved } = readSafetensors(at('model.safetensors'));
    assert.deepEqual(
      saved.get('decoder.0.weight').values,
      Float32Array.from(tensors[`${prefix}decoder.0.weight`].values),
    );
    const code = hourglass(['encode', '--model', at('model.safetensors'), '--in', oneRow(), '--out', at('code.npy')]);
    assert.equal(code.code, 0, code.stderr);
    assert.deepEqual(readNpy(at('code.npy')).shape, [1, 3]);
  }
});

test('one row of numbers, of which 10 comes after 2, and a layer without a bias', () => {
  const tensors = { ...layer('10', 9, 3), ...layer('2', 3, 9) };
  delete tensors['2.bias'];
  writeFileSync(at('row.safetensors'), safetensors(tensors));
  const { layers } = imported(at('row.safetensors'));
  assert.deepEqual(
    layers.map(({ from, bias }) => [from, bias]),
    [
      ['2', false],
      ['10', true],
    ],
  );
  const x = Array.from({ length: 9 }, draw);
  assertNear(reconstructed(x), byHand(x, tensors, ['2', '10'], [RELU, SIGMOID]));
  const said = hourglass(['import', at('row.safetensors'), '--out', at('model.safetensors')]).stdout;
  assert.match(said, /2 +-> encoder\.0 +3 x 9, relu \(the file does not say\), without a bias/);
});

test('an ONNX file of ours comes back with the same numbers', () => {
  train(at('run'), '--preset', 'deep', '--epochs', '1', ...small);
  const model = at('run/model.safetensors');
  assert.equal(hourglass(['export', '--model', model, '--to', 'onnx', '--out', at('net.onnx')]).code, 0);
  const { layers } = imported(at('net.onnx'), '--code', '3');
  assert.ok(layers.every(({ activation_known: known }) => known));
  const ours = readSafetensors(model),
    theirs = readSafetensors(at('model.safetensors'));
  for (const name of [...theirs.tensors.keys()]) {
    assert.deepEqual(theirs.tensors.get(name).bytes, ours.tensors.get(name).bytes, name);
  }
  const layersOf = ({ metadata }) => JSON.parse(metadata['hourglass.settings']).model;
  assert.deepEqual(layersOf(theirs).encoder, layersOf(ours).encoder);
  assert.equal(JSON.parse(hourglass(['info', at('model.safetensors'), '--json']).stdout).input.image[1], 28);
});

const torch = pythonWith('torch', 'onnx');
test("what PyTorch's own exporter writes is read", { skip: torch ? false : 'no python3 has torch and onnx' }, () => {
  const script = `
import torch
from torch import nn
net = nn.Sequential(nn.Flatten(), nn.Linear(9, 4), nn.LeakyReLU(0.01), nn.Linear(4, 2, bias=False), nn.ELU(), nn.Linear(2, 9), nn.Tanh())
torch.onnx.export(net, torch.zeros(1, 3, 3), "torch.onnx", opset_version=13)
x = torch.linspace(-1, 1, 9)
print(*net(x.view(1, 3, 3)).view(-1).tolist())
`;
  const done = spawnSync(torch, ['-c', script], { cwd: folder, encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  const { layers } = imported(at('torch.onnx'));
  assert.deepEqual(
    layers.map(({ activation }) => activation),
    ['leaky-relu', 'elu', 'tanh'],
  );
  const x = Array.from({ length: 9 }, (_, i) => Math.fround(-1 + i / 4));
  assertNear(reconstructed(x), done.stdout.trim().split('\n').at(-1).split(' ').map(Number));
});

test('the first layer that does not fit is named, and nothing is written', () => {
  const out = at('never.safetensors');
  const no = (tensors, sentence) => {
    writeFileSync(at('bad.safetensors'), safetensors(tensors));
    refused(sentence, 'import', at('bad.safetensors'), '--out', out);
  };
  no({ ...layer('0', 4, 9), 'conv.weight': array(8, 1, 3, 3) }, /'conv\.weight'.*8 x 1 x 3 x 3.*dense layers alone/);
  no({ ...layer('0', 4, 9), 'norm.running_mean': array(4) }, /'norm\.running_mean'/);
  no({ ...layer('0', 4, 9), ...layer('1', 9, 5) }, /Layer '1'.*takes 5 numbers, and '0' before it gives 4/);
  no({ ...layer('0', 4, 9), ...layer('1', 8, 4) }, /gives 8 numbers, and the first takes 9.*no autoencoder/);
  no(layer('0', 9, 9), /has 1 dense layers/);
  no({ ...layer('0', 4, 9), ...layer('1', 9, 4), '1.bias': array(3) }, /bias of '1'.*3 numbers.*9 rows/);
  const bad = { ...layer('0', 4, 9), ...layer('1', 9, 4) };
  bad['0.weight'].values[3] = NaN;
  no(bad, /not finite in '0\.weight'/);
  train(at('conv'), '--preset', 'convolutional', '--epochs', '1', ...small);
  hourglass(['export', '--model', at('conv/model.safetensors'), '--to', 'onnx', '--out', at('conv.onnx')]);
  refused(/node 'encoder\.0\.linear' of .* is a Conv;/, 'import', at('conv.onnx'), '--out', out);
  refused(/already/, 'import', at('conv/model.safetensors'), '--out', out);
  refused(/neither a safetensors file nor an ONNX file/, 'import', at('x.npy'), '--out', out);
  refused(/ends in \.safetensors/, 'import', at('net.onnx'), '--out', at('never.onnx'));
  refused(/names the file that is imported/, 'import', at('net.safetensors'), '--out', at('net.safetensors'));
  refused(/import needs a file/, 'import');
  refused(/--out FILE/, 'import', at('net.onnx'));
  refused(/--activation and --output-activation/, 'import', at('net.onnx'), '--out', out, '--activation', 'relu');
  refused(/--code.*1 to 5/, 'import', at('net.onnx'), '--out', out, '--code', '6');
  assert.ok(!existsSync(out));
  assert.ok(readFileSync(at('net.safetensors')).length > 0);
});
