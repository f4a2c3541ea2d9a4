// `hourglass eval`, `encode`, `decode` and `reconstruct`, through every kind of file.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { before, after } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';

import {
  hourglass,
  idx,
  npy,
  readHistory,
  readIdx,
  readNpy,
  readPng,
  readSafetensors,
  small,
  temporaryFolder,
  train,
} from './support.mjs';

let folder, model;
const at = (name) => path.join(folder, name);

// Pictures of a kind: a bright bar at another place in each.
const SAMPLES = 6;
const pixels = Array.from({ length: SAMPLES * 784 }, (_, i) => {
  const sample = Math.floor(i / 784),
    row = Math.floor((i % 784) / 28),
    column = i % 28;
  return row > 4 && row < 23 && Math.abs(column - 6 - 3 * sample) < 2 ? 255 - row : 0;
});
const images = pixels.map((value) => Math.fround(value / 255));

function apply(command, ...flags) {
  const run = hourglass([command, '--model', model, ...flags]);
  assert.equal(run.code, 0, run.stderr);
  return run.stdout;
}

before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hourglass-cli-test-'));
  train(
    at('run'),
    '--preset',
    'vanilla',
    '--epochs',
    '5',
    ...small,
    'train.optimizer=adam',
    'train.learning_rate=0.003',
  );
  model = at('run/model.safetensors');
  writeFileSync(at('images.npy'), npy(SAMPLES, 784, images));
  writeFileSync(at('images.idx'), idx([SAMPLES, 28, 28], pixels));
});

after(() => rmSync(folder, { recursive: true, force: true }));

// What the network computes, by plain loops on the file's tensors: PyTorch's Linear, relu, Linear, sigmoid.
function byHand(values) {
  const { tensors } = readSafetensors(model);
  const linear = (x, name) => {
    const {
      shape: [outputs, inputs],
      values: w,
    } = tensors.get(`${name}.weight`);
    const b = tensors.get(`${name}.bias`).values;
    return Array.from({ length: outputs }, (_, o) => x.reduce((sum, v, i) => sum + v * w[o * inputs + i], b[o]));
  };
  const codes = [],
    outputs = [];
  for (let sample = 0; sample * 784 < values.length; ++sample) {
    const code = linear(values.slice(sample * 784, (sample + 1) * 784), 'encoder.0').map((z) => Math.max(0, z));
    codes.push(...code);
    outputs.push(...linear(code, 'decoder.0').map((z) => 1 / (1 + Math.exp(-z))));
  }
  return { codes, outputs };
}

function assertNear(actual, expected, tolerance) {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; ++i) {
    assert.ok(
      Math.abs(actual[i] - expected[i]) <= tolerance * (1 + Math.abs(expected[i])),
      `${i}: ${actual[i]} is not ${expected[i]}`,
    );
  }
}

test('encode, decode and reconstruct compute what the tensors of the file say', () => {
  const expected = byHand(images);
  apply('encode', '--in', at('images.npy'), '--out', at('codes.npy'));
  const codes = readNpy(at('codes.npy'));
  assert.equal(codes.type, '<f4');
  assert.deepEqual(codes.shape, [SAMPLES, 32]);
  assertNear(codes.values, expected.codes, 1e-4);
  apply('reconstruct', '--in', at('images.npy'), '--out', at('whole.npy'));
  assert.deepEqual(readNpy(at('whole.npy')).shape, [SAMPLES, 784]);
  assertNear(readNpy(at('whole.npy')).values, expected.outputs, 1e-4);
  apply('decode', '--in', at('codes.npy'), '--out', at('decoded.npy'));
  assert.deepEqual(
    readFileSync(at('decoded.npy')),
    readFileSync(at('whole.npy')),
    'decode after encode is reconstruct',
  );
});

test('the same images give the same codes from .npy, .idx, .idx.gz, .npy.gz and .png', () => {
  apply('encode', '--in', at('images.npy'), '--out', at('expected.npy'));
  const expected = readNpy(at('expected.npy')).values;
  apply('encode', '--in', at('images.idx'), '--out', at('from-idx.npy'));
  assertNear(readNpy(at('from-idx.npy')).values, expected, 1e-6);

  // Every other kind is written by the program itself and read again.
  for (const name of ['again.idx', 'again.idx.gz', 'again.npy.gz', 'again.npy']) {
    apply('reconstruct', '--in', at('images.npy'), '--out', at(name));
    apply('encode', '--in', at(name), '--out', at('codes-a.npy'));
    apply('reconstruct', '--in', at('images.npy'), '--out', at('plain.npy'));
    apply('encode', '--in', at('plain.npy'), '--out', at('codes-b.npy'));
    assert.deepEqual(readNpy(at('codes-a.npy')).values, readNpy(at('codes-b.npy')).values, name);
  }
  const packed = readIdx(at('again.idx.gz'));
  assert.deepEqual(packed.shape, [SAMPLES, 28, 28]);
  assertNear(packed.values, readNpy(at('plain.npy')).values, 0);
});

test('a .png is a sheet of images, in and out', () => {
  apply('reconstruct', '--in', at('images.npy'), '--out', at('plain.npy'));
  apply('reconstruct', '--in', at('images.npy'), '--out', at('sheet.png'));
  const sheet = readPng(at('sheet.png')),
    { values } = readNpy(at('plain.npy'));
  assert.equal(sheet.channels, 1);
  assert.equal((sheet.width % 28) + (sheet.height % 28), 0);
  const across = sheet.width / 28;
  for (let i = 0; i < values.length; ++i) {
    const sample = Math.floor(i / 784),
      row = Math.floor((i % 784) / 28),
      column = i % 28;
    const x = (sample % across) * 28 + column,
      y = Math.floor(sample / across) * 28 + row;
    assert.ok(Math.abs(sheet.pixels[y * sheet.width + x] - values[i] * 255) < 0.6);
  }
  // Read back, the sheet's images (rounded to bytes) have nearly the same codes.
  apply('encode', '--in', at('plain.npy'), '--out', at('codes-a.npy'));
  apply('encode', '--in', at('sheet.png'), '--out', at('codes-b.npy'));
  const a = readNpy(at('codes-a.npy')),
    b = readNpy(at('codes-b.npy'));
  assert.equal(b.shape[1], 32);
  assertNear(b.values.slice(0, a.values.length), a.values, 0.05);
});

test('eval measures what history.csv says, and reports it in every form', () => {
  const last = readHistory(at('run')).at(-1);
  const json = JSON.parse(apply('eval', '--json', '--threads', '1'));
  for (const key of ['test_loss', 'test_mse', 'rounded_accuracy', 'code_mean', 'code_zero'])
    assert.equal(json[key], last[key], key);
  assert.equal(json.samples, 200);
  assert.match(apply('eval'), /test loss +\d\.\d{4}/);
  apply('eval', '--out', at('figures.json'));
  assert.equal(JSON.parse(readFileSync(at('figures.json'))).test_loss, last.test_loss);
  apply('eval', '--out', at('figures.csv'));
  assert.equal(Number(readFileSync(at('figures.csv'), 'utf8').split('\n')[1].split(',')[0]), last.test_loss);
});

test('eval of an array is the mean over its pixels', () => {
  const { codes, outputs } = byHand(images);
  const json = JSON.parse(apply('eval', '--in', at('images.npy'), '--json'));
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  assertNear([json.test_mse], [mean(outputs.map((y, i) => (y - images[i]) ** 2))], 1e-4);
  const bce = (y, x) => -(x * Math.log(Math.max(y, 1e-7)) + (1 - x) * Math.log(Math.max(1 - y, 1e-7)));
  assertNear([json.test_loss], [mean(outputs.map((y, i) => bce(y, images[i])))], 1e-3);
  assertNear([json.code_mean, json.code_zero], [mean(codes), mean(codes.map((c) => Number(c === 0)))], 1e-4);
  assertNear(
    [json.rounded_accuracy],
    [mean(outputs.map((y, i) => Number(Math.round(y) === Math.round(images[i]))))],
    2 / outputs.length,
  );
  assert.equal(json.samples, SAMPLES);
});

test('pixels from 0 to 255 as floats are noticed', () => {
  writeFileSync(at('bytes.npy'), npy(SAMPLES, 784, pixels));
  const run = hourglass(['encode', '--model', model, '--in', at('bytes.npy'), '--out', at('x.npy')]);
  assert.equal(run.code, 0);
  assert.match(run.stderr, /, 0 to 250, are taken as 0 for black and 255 for white/);
  apply('encode', '--in', at('images.npy'), '--out', at('codes.npy'));
  assertNear(readNpy(at('x.npy')).values, readNpy(at('codes.npy')).values, 1e-4);
});

test('files and shapes that do not fit are one sentence each, and nothing is written', () => {
  writeFileSync(at('narrow.npy'), npy(3, 100, new Array(300).fill(0)));
  writeFileSync(at('nan.npy'), npy(1, 784, new Array(784).fill(NaN)));
  writeFileSync(at('text.npy'), 'no array');
  const out = at('never.npy');
  for (const [flags, expected] of [
    [
      ['encode', '--model', model, '--in', at('narrow.npy'), '--out', out],
      /holds samples of 1\d.*, and the model takes 28 x 28 pixels/,
    ],
    [['decode', '--model', model, '--in', at('images.npy'), '--out', out], /784.*32/],
    [['encode', '--model', model, '--in', at('nan.npy'), '--out', out], /no finite number/],
    [['encode', '--model', model, '--in', at('text.npy'), '--out', out], /text\.npy/],
    [['encode', '--model', model, '--in', at('absent.npy'), '--out', out], /absent\.npy/],
    [['encode', '--model', at('absent.safetensors'), '--in', at('images.npy'), '--out', out], /absent\.safetensors/],
    [['encode', '--model', at('images.npy'), '--in', at('images.npy'), '--out', out], /images\.npy/],
    [['encode', '--model', model, '--in', at('images.npy'), '--out', at('codes.png')], /\.npy/],
    [['encode', '--model', model, '--in', at('images.npy'), '--out', at('codes.jpg')], /\.npy, \.idx.*\.png/],
    [['encode', '--model', model, '--in', at('images.npy'), '--out', at('no/folder/codes.npy')], /no\/folder/],
    [['encode', '--model', model, '--in', at('images.npy')], /--out FILE/],
    [['encode', '--in', at('images.npy'), '--out', out], /--model FILE/],
    [['reconstruct', '--model', model, '--out', out], /--in FILE/],
    [
      ['encode', '--model', model, '--in', at('images.npy'), '--out', out, '--threads', 'many'],
      /--threads.*whole number/,
    ],
    [['eval', '--model', model, '--in', at('images.npy'), '--data', 'strokes'], /not both/],
    [['eval', '--model', model, '--data', 'mnist'], /mnist.*\.\/dev data/],
    [['eval', '--model', model, '--data', 'minst'], /'mnist'/],
    [['eval', '--model', model, '--out', at('figures.txt')], /\.json or \.csv/],
  ]) {
    const run = hourglass(flags);
    assert.equal(run.code, 2, `${flags.join(' ')}: ${run.stderr}`);
    assert.match(run.stderr, expected);
    assert.equal(run.stderr.trim().split('\n').length, 1, run.stderr);
    assert.equal(run.stdout, '');
  }
  for (const name of ['never.npy', 'codes.png', 'codes.jpg', 'no', 'figures.txt'])
    assert.ok(!existsSync(at(name)), name);
});

test('eval --noise measures how far damaged images are from the clean ones, before and after the model', () => {
  const json = (...flags) => JSON.parse(apply('eval', '--in', at('images.npy'), '--json', ...flags));
  const mask = json('--noise', 'masking:1');
  const square = images.reduce((sum, value) => sum + value * value, 0) / images.length;
  assertNear([mask.corrupted_mse], [square], 1e-6); // all black
  const none = json('--noise', 'gaussian:0');
  assertNear([none.corrupted_mse, none.restored_mse], [0, none.test_mse], 1e-6);
  assert.equal(json().corrupted_mse, undefined);
  for (const [flag, says] of [
    ['gaussian', /gaussian:0\.5/],
    ['gaussian:2', /from 0 to 1/],
    ['fog:0.5', /fog.*masking/],
  ]) {
    const run = hourglass(['eval', '--model', model, '--in', at('images.npy'), '--noise', flag]);
    assert.notEqual(run.code, 0);
    assert.match(run.stderr, says);
  }
});

test('sample draws images from the prior of a variational model, and refuses others', (t) => {
  const out = path.join(temporaryFolder(t), 'vae');
  train(out, '--preset', 'vae', '--epochs', '1', ...small);
  const vae = path.join(out, 'model.safetensors');
  const drawn = (name, ...flags) => {
    const run = hourglass(['sample', '--model', vae, '--out', path.join(out, name), ...flags]);
    assert.equal(run.code, 0, run.stderr);
    return readNpy(path.join(out, name));
  };
  const one = drawn('one.npy', '--count', '7');
  assert.deepEqual(one.shape, [7, 784]);
  assert.ok(one.values.every((value) => value >= 0 && value <= 1));
  assert.notDeepEqual(one.values.slice(0, 784), one.values.slice(784, 1568));
  assert.deepEqual(drawn('again.npy', '--count', '7', '--threads', '1').values, one.values);
  assert.notDeepEqual(drawn('other.npy', '--count', '7', '--seed', '2').values, one.values);
  const refused = hourglass(['sample', '--model', model, '--out', path.join(out, 'x.npy')]);
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /does not end in a gaussian layer/);
});
