// `hourglass train`: what it writes, what it prints, and what its results may depend on.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

import {
  essence,
  hourglass,
  idx,
  readHistory,
  readPng,
  readSafetensors,
  small,
  temporaryFolder,
  train,
  withoutTimes,
} from './support.mjs';

const COLUMNS = [
  'epoch',
  'train_loss',
  'train_penalty',
  'test_loss',
  'test_penalty',
  'test_mse',
  'rounded_accuracy',
  'code_mean',
  'code_zero',
  'seconds',
  'images_per_second',
];

test('train writes its four files, and they hold what they should', (t) => {
  const out = path.join(temporaryFolder(t), 'deep/er');
  const summary = train(out, '--preset', 'vanilla', '--epochs', '3', '--seed', '7', '--threads', '2', ...small);
  assert.deepEqual(readdirSync(out).sort(), ['history.csv', 'latent.png', 'model.safetensors', 'reconstructions.png']);

  const history = readHistory(out);
  assert.deepEqual(Object.keys(history[0]), COLUMNS);
  assert.deepEqual(
    history.map((row) => row.epoch),
    [1, 2, 3],
  );
  assert.ok(history[2].test_loss < history[0].test_loss, 'the loss falls');
  assert.ok(history.every((row) => Object.values(row).every(Number.isFinite)));

  const { tensors, metadata } = readSafetensors(path.join(out, 'model.safetensors'));
  const shapes = Object.fromEntries([...tensors].map(([name, tensor]) => [name, tensor.shape]));
  assert.deepEqual(shapes['encoder.0.weight'], [32, 784], 'as PyTorch has it');
  assert.deepEqual(shapes['encoder.0.bias'], [32]);
  assert.deepEqual(shapes['decoder.0.weight'], [784, 32]);
  assert.deepEqual(shapes['decoder.0.bias'], [784]);
  assert.ok([...tensors.values()].every((tensor) => tensor.dtype === 'F32' && tensor.values.every(Number.isFinite)));
  assert.equal(JSON.parse(metadata['hourglass.settings']).train.seed, 7);

  // 20 originals in two lines of ten, each with its reconstructions below: squares of 28 pixels enlarged.
  const pictures = readPng(path.join(out, 'reconstructions.png'));
  assert.equal(pictures.width, (10 * 29 + 1) * 3);
  assert.equal(pictures.height, (4 * 29 + 1) * 3);
  assert.ok(new Set(pictures.pixels).size > 50, 'shades of grey');

  const map = readPng(path.join(out, 'latent.png'));
  assert.equal(map.channels, 3);
  const colors = new Map();
  for (let i = 0; i < map.pixels.length; i += 3) {
    const color = map.pixels.readUIntBE(i, 3);
    colors.set(color, (colors.get(color) ?? 0) + 1);
  }
  for (const color of [
    0x3f90da, 0xffa90e, 0xbd1f01, 0x94a4a2, 0x832db6, 0xa96b59, 0xe76300, 0xb9ac70, 0x717581, 0x92dadd,
  ]) {
    assert.ok((colors.get(color) ?? 0) > 50, `the class colour ${color.toString(16)} is drawn`);
  }
  assert.ok(colors.get(0xffffff) > (map.width * map.height) / 3, 'on white');

  const last = history.at(-1);
  for (const column of COLUMNS) assert.equal(summary[column], last[column], column);
  const { preset, dataset, epochs, seed, threads, parameters, model, ended } = summary;
  assert.deepEqual(
    { preset, dataset, epochs, seed, threads, parameters, model, ended },
    {
      preset: 'vanilla',
      dataset: 'strokes',
      epochs: 3,
      seed: 7,
      threads: 2,
      parameters: 50992,
      model: path.join(out, 'model.safetensors'),
      ended: 'complete',
    },
  );
});

test('without --json the epochs are lines of stdout; with it they go to stderr and stdout has one line', (t) => {
  const folder = temporaryFolder(t);
  const flags = ['train', '--preset', 'vanilla', '--epochs', '2', '--out', 'a', ...small];
  const plain = hourglass(flags, { cwd: folder });
  assert.equal(plain.code, 0);
  assert.equal(plain.stdout.match(/^epoch \d\/2 /gm).length, 2);
  assert.ok(!/[\r\x1b]/.test(plain.stdout), 'no drawing where there is no terminal');
  assert.equal(plain.stderr, '');
  const json = hourglass([...flags, '--json'], { cwd: folder });
  assert.equal(json.stdout.trim().split('\n').length, 1);
  assert.equal(json.stderr.match(/^epoch \d\/2 /gm).length, 2);
});

test('1, 2 and 8 threads give the same model, bit for bit', (t) => {
  const folder = temporaryFolder(t);
  // 1000 is no multiple of 96: the last mini-batch is a short one.
  const flags = ['--preset', 'deep', '--epochs', '3', ...small, 'train.batch_size=96', 'noise.kind=gaussian'];
  const [one, ...others] = [1, 2, 8].map((threads) => {
    const out = path.join(folder, String(threads));
    train(out, '--threads', String(threads), ...flags);
    return essence(path.join(out, 'model.safetensors'));
  });
  for (const other of others) assert.deepEqual(other, one);
});

test('the same seed gives the same run, another seed another', (t) => {
  const folder = temporaryFolder(t);
  const [a, b, c] = ['1', '1', '2'].map((seed, i) => {
    const out = path.join(folder, String(i));
    train(out, '--preset', 'vanilla', '--epochs', '1', '--seed', seed, ...small);
    return essence(path.join(out, 'model.safetensors')).tensors;
  });
  assert.deepEqual(a, b);
  assert.notDeepEqual(a, c);
});

test('--set reaches the model, the optimizer and the checkpoint', (t) => {
  const out = temporaryFolder(t);
  const summary = train(
    out,
    '--preset',
    'vanilla',
    '--epochs',
    '1',
    ...small,
    'train.optimizer=adam',
    'train.learning_rate=0.002',
    'model.encoder=[{"type":"dense","units":5,"activation":"tanh"}]',
  );
  assert.equal(summary.parameters, 784 * 5 + 5 + 5 * 784 + 784);
  const { tensors, metadata } = readSafetensors(path.join(out, 'model.safetensors'));
  assert.deepEqual(tensors.get('encoder.0.weight').shape, [5, 784]);
  assert.equal([...tensors.keys()].filter((name) => name.startsWith('optimizer.')).length, 8, 'two moments of Adam');
  assert.equal(JSON.parse(metadata['hourglass.settings']).train.learning_rate, 0.002);
});

test('a preset whose data are not there trains on Strokes and says so; asked for, they must be there', (t) => {
  const folder = temporaryFolder(t);
  const flags = [
    'train',
    '--preset',
    'vanilla',
    '--epochs',
    '1',
    '--set',
    'data.strokes_train=500',
    'data.strokes_test=100',
  ];
  const run = hourglass([...flags, '--json'], { cwd: folder });
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stderr, /'mnist' is not in .*Strokes/);
  const summary = JSON.parse(run.stdout);
  assert.equal(summary.dataset, 'strokes');
  assert.equal(summary.model, 'runs/vanilla/model.safetensors', 'the folder if none is said');
  const asked = hourglass([...flags, '--data', 'mnist'], { cwd: folder });
  assert.equal(asked.code, 2);
  assert.match(asked.stderr, /\.\/dev data/);
  assert.ok(!existsSync(path.join(folder, 'runs/vanilla-2')), 'nothing is made for a run that cannot be');
  hourglass(flags, { cwd: folder });
  assert.ok(existsSync(path.join(folder, 'runs/vanilla-2/model.safetensors')), 'the first run is not overwritten');
});

// A data set in MNIST's layout: bright left halves against bright right halves, 6 x 4 pixels.
function writeFolder(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, count, pack] of [
    ['train', 300, gzipSync],
    ['t10k', 40, (bytes) => bytes],
  ]) {
    const pixels = [],
      labels = [];
    for (let i = 0; i < count; ++i) {
      labels.push(i % 2);
      for (let p = 0; p < 24; ++p) pixels.push(p % 4 < 2 === (i % 2 === 0) ? 200 + ((i * 7 + p) % 50) : (i + p) % 40);
    }
    const ending = pack === gzipSync ? '.gz' : '';
    writeFileSync(path.join(folder, `${name}-images-idx3-ubyte${ending}`), pack(idx([count, 6, 4], pixels)));
    writeFileSync(path.join(folder, `${name}-labels-idx1-ubyte${ending}`), pack(idx([count], labels)));
  }
}

test("--data PATH trains on a folder in MNIST's layout, and goes on with it", (t) => {
  const folder = temporaryFolder(t),
    data = path.join(folder, 'halves'),
    out = path.join(folder, 'out');
  writeFolder(data);
  const summary = train(out, '--preset', 'vanilla', '--data', data, '--epochs', '4');
  assert.equal(summary.dataset, 'halves');
  assert.deepEqual(readSafetensors(summary.model).tensors.get('encoder.0.weight').shape, [32, 24]);
  assert.equal(readPng(path.join(out, 'reconstructions.png')).width, (10 * 5 + 1) * 3);

  const lost = hourglass(['train', '--resume', summary.model, '--epochs', '6']);
  assert.equal(lost.code, 2);
  assert.match(lost.stderr, /'halves'.*--data PATH/);
  const whole = path.join(folder, 'whole');
  train(whole, '--preset', 'vanilla', '--data', data, '--epochs', '6');
  train(out, '--resume', summary.model, '--epochs', '6', '--data', data);
  assert.deepEqual(essence(summary.model), essence(path.join(whole, 'model.safetensors')));
  assert.deepEqual(readHistory(out).map(withoutTimes), readHistory(whole).map(withoutTimes));
});

test('a folder that is called like a known data set is not taken for it', (t) => {
  const folder = temporaryFolder(t),
    data = path.join(folder, 'mnist');
  writeFolder(data);
  const summary = train(path.join(folder, 'out'), '--preset', 'vanilla', '--data', data, '--epochs', '1');
  assert.equal(summary.dataset, 'folder mnist');
});

test('a damaged data folder is one sentence, and leaves nothing behind', (t) => {
  const folder = temporaryFolder(t),
    data = path.join(folder, 'data'),
    out = path.join(folder, 'out');
  writeFolder(data);
  const file = path.join(data, 't10k-images-idx3-ubyte');
  writeFileSync(file, readFileSync(file).subarray(0, 500));
  const run = hourglass(['train', '--preset', 'vanilla', '--data', data, '--epochs', '1', '--out', out]);
  assert.equal(run.code, 2);
  assert.equal(run.stderr.trim().split('\n').length, 1);
  assert.match(run.stderr, /t10k-images-idx3-ubyte/);
  assert.ok(!existsSync(out));
});

test('--keep-every keeps the model and the pictures of every so many epochs', (t) => {
  const out = path.join(temporaryFolder(t), 'kept');
  train(out, '--preset', 'vanilla', '--epochs', '5', '--keep-every', '2', ...small);
  assert.deepEqual(
    readdirSync(out)
      .filter((name) => /\d/.test(name))
      .sort(),
    ['model-0002.safetensors', 'model-0004.safetensors', 'reconstructions-0002.png', 'reconstructions-0004.png'],
  );
  // The kept model is that epoch's: going on from it gives the same end.
  const again = path.join(out, 'again');
  train(again, '--resume', path.join(out, 'model-0004.safetensors'));
  assert.deepEqual(essence(path.join(again, 'model.safetensors')), essence(path.join(out, 'model.safetensors')));
  const refused = hourglass(['train', '--preset', 'vanilla', '--keep-every', '0']);
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /--keep-every.*at least 1/);
});

test('training stops early where it is told to, and says why', (t) => {
  const folder = temporaryFolder(t);
  const stopped = (...set) => {
    const out = path.join(folder, String(readdirSync(folder).length));
    const run = hourglass(['train', '--preset', 'quick', '--epochs', '9', '--out', out, ...small, ...set]);
    assert.equal(run.code, 0, run.stderr);
    return { epochs: readHistory(out).map((row) => row.epoch), said: run.stdout };
  };
  const steps = stopped('train.steps=3', 'train.batch_size=150');
  assert.match(steps.said, /Stopped after 3 mini-batches\./);
  assert.ok(!Number.isInteger(steps.epochs.at(-1)), 'measured inside an epoch');
  const loss = stopped('train.stop_loss=5');
  assert.match(loss.said, /held-out loss is at most 5/);
  assert.deepEqual(loss.epochs, [1]);
  const plateau = stopped(
    'train.patience=1',
    'train.learning_rate=1e-6',
    'train.schedule=cosine',
    'train.decay_steps=1',
  );
  assert.match(plateau.said, /has not fallen for 1 epoch\./);
});
