// A checkpoint of every preset, loaded into PyTorch with docs/hourglass_model.py, computes what the engine computes.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { PATIENCE_MS } from '../support/waiting.mjs';
import { hourglass, idx, npy, readNpy, readSafetensors, repository, train } from './support.mjs';

const presets = readdirSync(path.join(repository, 'assets/presets'))
  .map((file) => path.basename(file, '.json'))
  .sort();
// What no preset has: each name stands for vanilla with these settings.
const everyOtherLayer = [
  'data.scaling=standardised',
  'model.loss=mse',
  `model.encoder=${JSON.stringify([
    { type: 'convolution', channels: 3, kernel: 3, stride: 2, activation: 'elu' },
    { type: 'max-pool', size: 2 },
    { type: 'convolution', channels: 4, kernel: 3, activation: 'leaky-relu' },
  ])}`,
  `model.decoder=${JSON.stringify([
    { type: 'transposed-convolution', tied: 'encoder.2', activation: 'tanh' },
    { type: 'unpool', mode: 'remembered', pool: 'encoder.1' },
    { type: 'transposed-convolution', tied: 'encoder.0' },
    { type: 'average-pool' },
    { type: 'dropout', rate: 0.1 },
    { type: 'unpool' },
  ])}`,
];
const extras = {
  'vanilla with every other layer': everyOtherLayer,
  'vanilla with a distribution as its output': [
    'model.loss=cce',
    'model.decoder=[{"type":"dense","units":"input","activation":"softmax"}]',
  ],
};
const models = [...presets, ...Object.keys(extras)];
const TOLERANCE = 1e-5;
const SAMPLES = 12;

// Runs Python with docs/ on its path, and leaves no __pycache__ in the tree.
function python(args, cwd, program = interpreter) {
  return spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    maxBuffer: 1 << 26,
    env: { ...process.env, PYTHONPATH: path.join(repository, 'docs'), PYTHONDONTWRITEBYTECODE: '1' },
  });
}

// Debian's PyTorch belongs to Debian's Python, which need not be the first on the PATH.
const interpreter = ['python3', '/usr/bin/python3'].find(
  (program) => python(['-c', 'import torch, numpy'], undefined, program).status === 0,
);
const skip = interpreter ? false : 'no python3 has torch and numpy (Debian: python3-torch)';

// All models in one Python, since starting PyTorch takes seconds. What cannot be loaded is told and left out.
const applyAll = `
import sys, traceback
import numpy as np, torch
from hourglass_model import load
torch.set_num_threads(2)
x = torch.from_numpy(np.load("images.npy"))
for folder in sys.argv[1:]:
    try:
        model = load(folder + "/model.safetensors")
        with torch.no_grad():
            codes = model.encode(x)
            np.save(folder + "/torch-copies.npy", model.decode(codes).numpy())
            np.save(folder + "/torch-codes.npy", codes.numpy())
            np.save(folder + "/torch-decoded.npy", model.decode(codes).numpy())
            classifier = load(folder + "/classifier.safetensors")
            shares = classifier(x)
            assert classifier.classes == [str(i) for i in range(10)]
            assert torch.allclose(shares.sum(1), torch.ones(len(x)), atol=1e-5)
            np.save(folder + "/torch-shares.npy", shares.numpy())
    except Exception:
        open(folder + "/torch-error.txt", "w").write(traceback.format_exc())
`;

let folder;
const at = (...names) => path.join(folder, ...names);

// Images of something else than the models have seen, so that no output is near 0 or 1 for want of surprise.
function images(samples = SAMPLES, first = 0) {
  return Array.from({ length: samples * 784 }, (_, i) => {
    const sample = first + Math.floor(i / 784),
      row = Math.floor((i % 784) / 28),
      column = i % 28;
    const wave = Math.sin((row * (sample + 2)) / 9) * Math.cos((column * (sample + 3)) / 11);
    return Math.fround(Math.max(0, Math.round(wave * 255)) / 255);
  });
}

// The same as files of MNIST: held out, and others to learn ten labels from.
function writeMnist() {
  mkdirSync(at('data/mnist'), { recursive: true });
  const write = (name, samples, first) => {
    const pixels = images(samples, first).map((value) => Math.round(value * 255));
    const labels = Array.from({ length: samples }, (_, i) => i % 10);
    writeFileSync(at('data/mnist', `${name}-images-idx3-ubyte`), idx([samples, 28, 28], pixels));
    writeFileSync(at('data/mnist', `${name}-labels-idx1-ubyte`), idx([samples], labels));
  };
  write('t10k', SAMPLES, 0);
  write('train', 60, SAMPLES);
}

function run(...args) {
  const result = hourglass(args, { env: { HOURGLASS_DATA_DIR: at('data') } });
  assert.equal(result.code, 0, `${args.join(' ')}: ${result.stderr}`);
}

before(() => {
  if (skip) return;
  folder = mkdtempSync(path.join(os.tmpdir(), 'hourglass-cli-test-'));
  writeFileSync(at('images.npy'), npy(SAMPLES, 784, images()));
  writeMnist();
  for (const name of models) {
    const out = at(name);
    mkdirSync(out);
    try {
      train(
        out,
        '--preset',
        extras[name] ? 'vanilla' : name,
        '--data',
        'strokes',
        '--epochs',
        '1',
        '--set',
        'data.strokes_train=200',
        'data.strokes_test=100',
        ...(extras[name] ?? []),
      );
      const model = path.join(out, 'model.safetensors');
      run('encode', '--model', model, '--in', at('images.npy'), '--out', path.join(out, 'codes.npy'));
      run('reconstruct', '--model', model, '--in', at('images.npy'), '--out', path.join(out, 'copies.npy'));
      run('decode', '--model', model, '--in', path.join(out, 'codes.npy'), '--out', path.join(out, 'decoded.npy'));
      const classifier = path.join(out, 'classifier.safetensors');
      const tuned = ['--data', 'mnist', '--labels', '50', '--fine-tune', '--epochs', '2'];
      run('probe', '--model', model, '--save', classifier, '--out', path.join(out, 'probe'), ...tuned);
    } catch (error) {
      writeFileSync(path.join(out, 'error.txt'), error.message);
    }
  }
  const result = python(['-c', applyAll, ...models], folder);
  assert.equal(result.status, 0, result.stderr);
});

after(() => {
  if (folder) rmSync(folder, { recursive: true, force: true });
});

// Differences count in parts of the values' own size where that is above 1, as a linear code's may be.
function assertEqualArrays(name, ours, theirs) {
  const a = readNpy(at(name, ours)),
    b = readNpy(at(name, theirs));
  assert.deepEqual(b.shape, a.shape);
  const size = a.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = a.values.reduce((most, value, i) => Math.max(most, Math.abs(value - b.values[i])), 0);
  assert.ok(worst <= TOLERANCE * size, `${ours} and ${theirs} differ by ${worst}`);
}

for (const name of models) {
  test(`${name}: PyTorch's decode(encode(x)) is hourglass reconstruct`, { skip }, () => {
    for (const file of ['error.txt', 'torch-error.txt']) {
      if (existsSync(at(name, file))) assert.fail(readFileSync(at(name, file), 'utf8'));
    }
    assertEqualArrays(name, 'codes.npy', 'torch-codes.npy');
    assertEqualArrays(name, 'copies.npy', 'torch-copies.npy');
    // Without the encoder before it, as the program does in a process of its own.
    assertEqualArrays(name, 'decoded.npy', 'torch-decoded.npy');
    const { values } = readNpy(at(name, 'copies.npy'));
    assert.ok(new Set(values.map((value) => Math.round(value * 1e4))).size > 1, 'not one value everywhere');
  });
}

for (const name of models) {
  test(`${name}: PyTorch's classifier says what hourglass probe does`, { skip }, () => {
    assert.ok(!existsSync(at(name, 'error.txt')) && !existsSync(at(name, 'torch-error.txt')));
    const { shape, values } = readNpy(at(name, 'torch-shares.npy'));
    assert.deepEqual(shape, [SAMPLES, 10]);
    const rows = readFileSync(at(name, 'probe/predictions.csv'), 'utf8').trim().split('\n').slice(1);
    assert.equal(rows.length, SAMPLES);
    // A head on codes that hardly vary has large weights, by which the last digits of these codes count.
    const { tensors } = readSafetensors(at(name, 'classifier.safetensors'));
    const largest = [...tensors].filter(([tensor]) => /^head\.\d+\.weight$/.test(tensor));
    assert.ok(largest.length > 0);
    const size = largest.reduce((most, [, { values: w }]) => w.reduce((a, b) => Math.max(a, Math.abs(b)), most), 1);
    rows.forEach((row, i) => {
      const [index, , predicted, probability] = row.split(',').map(Number);
      assert.equal(index, i);
      const shares = [...values.subarray(10 * i, 10 * i + 10)];
      assert.ok(Math.abs(shares[predicted] - probability) <= TOLERANCE * size, `${shares[predicted]} ${probability}`);
      assert.ok(Math.max(...shares) - shares[predicted] <= TOLERANCE * size);
    });
  });
}

// The names that the program lists where it is given one that there is not.
function namesListed(layer, sentence) {
  const { code, stderr } = hourglass([
    'train',
    '--preset',
    'vanilla',
    '--data',
    'strokes',
    '--set',
    `model.encoder=[${JSON.stringify(layer)}]`,
  ]);
  assert.equal(code, 2);
  const names = sentence.exec(stderr);
  assert.ok(names, stderr);
  return names[1].split(/, | and /).sort();
}

test('what is compared with PyTorch has every layer and every activation that there is', { skip }, () => {
  const layers = models.flatMap((name) => {
    const { metadata } = readSafetensors(at(name, 'model.safetensors'));
    const { encoder, decoder } = JSON.parse(metadata['hourglass.settings']).model;
    return [...encoder, ...decoder];
  });
  const types = new Set(layers.map(({ type = 'dense' }) => type));
  const activations = new Set(layers.map(({ activation = 'linear' }) => activation));
  assert.deepEqual([...types].sort(), namesListed({ type: 'none' }, /There are (.*)\.\n/));
  const none = { type: 'dense', units: 4, activation: 'none' };
  assert.deepEqual([...activations].sort(), namesListed(none, /there are (.*)\.\n/));
});

test('the ten lines that the documentation shows do what they say', { skip }, () => {
  const source = ['README.md']
    .map((name) => path.join(repository, name))
    .map((file) => readFileSync(file, 'utf8'))
    .find((text) => text.includes('from hourglass_model import'));
  const script = /(^ {4}import numpy[^]*?)\n(?! {4}|\n)/m.exec(source)[1].replace(/^ {4}/gm, '');
  assert.ok(script.trim().split('\n').length <= 11, script);
  const cwd = at('script');
  mkdirSync(cwd);
  copyFileSync(at('images.npy'), path.join(cwd, 'images.npy'));
  copyFileSync(at('vanilla/model.safetensors'), path.join(cwd, 'model.safetensors'));
  const result = python(['-c', script], cwd);
  assert.equal(result.status, 0, result.stderr);
  assert.match(result.stdout, /Linear.*784.*32[^]*mean squared error 0\.\d/);
  assertEqualArrays('vanilla', 'copies.npy', '../script/copies.npy');
});
