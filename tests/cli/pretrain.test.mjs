// `hourglass pretrain`: layers trained one by one, then classifiers from few labels.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { hourglass, npy, readPng, refused, start, temporaryFolder } from './support.mjs';

const few = ['--data', 'strokes', '--set', 'data.strokes_train=600', 'data.strokes_test=150'];
const quick = ['pretrain', '--preset', 'pretrained-quick', '--epochs', '1', '--steps', '12', ...few];

// The last line of stdout; throws unless it went well.
function pretrain(...args) {
  const { code, stdout, stderr } = hourglass([...quick, ...args, '--json']);
  assert.equal(code, 0, stderr);
  return { ...JSON.parse(stdout.trim().split('\n').at(-1)), said: stderr };
}

const lines = (file) => readFileSync(file, 'utf8').trim().split('\n');

test('pretrain trains layers of any sizes, then classifiers from few labels, the same on any number of threads', (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  const flags = ['--layers', '24,8', '--labels', '40,10,10', '--seeds', '2', '--seed', '3'];
  const { said, seconds, ...found } = pretrain(...flags, '--threads', '1', '--out', out);
  assert.equal(said, '');
  assert.ok(seconds > 0);
  assert.deepEqual(found.seeds, [3, 4]);
  assert.equal(found.samples, 600);
  assert.equal(found.classes, 10);
  assert.deepEqual(
    found.layers.map(({ layer, inputs, units }) => [layer, inputs, units]),
    [
      ['encoder.0', 784, 24],
      ['encoder.1', 24, 8],
    ],
  );
  for (const { train_loss: losses } of found.layers) assert.equal(losses.length, 1);
  assert.equal(found.points.length, 2 * 2 * 4);
  assert.deepEqual(
    found.curve.map(({ start, labels, seeds }) => `${start} ${labels} ${seeds}`),
    ['pretrained', 'scaled', 'small', 'linear'].flatMap((name) => [`${name} 10 2`, `${name} 40 2`]),
  );
  for (const { start, labels, accuracy, low, high, deviation } of found.curve) {
    const own = found.points.filter((point) => point.start === start && point.labels === labels);
    const mean = (own[0].accuracy + own[1].accuracy) / 2;
    assert.ok(Math.abs(accuracy - mean) < 1e-12 && low <= mean && mean <= high);
    assert.ok(Math.abs(deviation - (high - low) / Math.SQRT2) < 1e-9);
  }
  const table = lines(path.join(out, 'accuracy.csv'));
  assert.equal(table[0], 'start,labels,seed,accuracy');
  assert.equal(table.length, 1 + 16);
  assert.equal(lines(path.join(out, 'losses.csv')).length, 3);
  assert.ok(readPng(path.join(out, 'accuracy.png')).width > 400);
  const { said: _, seconds: again, ...second } = pretrain(...flags, '--threads', '2');
  assert.ok(again > 0);
  assert.deepEqual(second, found);
});

test('pretrain warns of layers that can copy, and its text has a row for each start', () => {
  const flags = ['--layers', '800,8', '--labels', '10', '--seeds', '1'];
  const { code, stdout, stderr } = hourglass([...quick, ...flags]);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, ''); // the preset has noise
  assert.match(stdout, /pretrained .*\n.*scaled by fan .*\n.*N\(0, 0\.01\) .*\n.*linear/);
  const without = hourglass([...quick, 'noise.kind=none', ...flags]);
  assert.equal(without.code, 0, without.stderr);
  assert.match(without.stderr, /encoder\.0 has 800 units for 784 inputs and can learn to copy.*noise\.kind=masking/);
  assert.doesNotMatch(without.stderr, /encoder\.1/);
  const sparse = hourglass([...quick, 'noise.kind=none', 'penalty.activity_l1=0.001', ...flags]);
  assert.equal(sparse.stderr, '');
});

test('pretrain that is asked to stop keeps what it has', async (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  const { child, until, ended } = start([...quick, '--layers', '16', '--labels', '10', '--seeds', '900', '--out', out]);
  const table = path.join(out, 'accuracy.csv');
  const there = () => {
    try {
      return lines(table).length > 4;
    } catch {
      return false;
    }
  };
  await until(there);
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  assert.equal(code, 130);
  assert.match(stderr, /Stopped after \d+ classifiers/);
  assert.ok(lines(table).length > 4);
});

test('pretrain refuses labels and layers that will not do', (t) => {
  refused(/10 classes need at least 10 labels/, ...quick, '--labels', '5');
  refused(/600 training samples with a label, and not 5000/, ...quick, '--labels', '10,5000');
  refused(/--labels takes .*'10,many'/, ...quick, '--labels', '10,many');
  refused(/0 labels/, ...quick, '--labels', '0');
  refused(/1 to 65536 units, and not 0/, ...quick, '--layers', '20,0');
  refused(/1 to 65536 units, and not 70000/, ...quick, '--layers', '70000');
  refused(/--layers takes .*'20,,5'/, ...quick, '--layers', '20,,5');
  refused(/--seeds/, ...quick, '--seeds', '0');
  refused(/No training sample of 'strokes' has the label/, ...quick, '--samples', '5', '--labels', '10');
  refused(/encoder\.0 is a convolution layer/, 'pretrain', '--preset', 'convolutional', ...few);
  const one = 'model.decoder=[{"units":"input","activation":"sigmoid"}]';
  refused(/3 dense layers and the decoder 1/, ...quick, one);
  const file = path.join(temporaryFolder(t), 'plain.npy');
  const values = Array.from({ length: 40 * 784 }, (_, i) => (i % 7) / 7);
  writeFileSync(file, npy(40, 784, values));
  refused(/has no labels to learn from/, 'pretrain', '--preset', 'pretrained-quick', '--data', file, '--labels', '10');
});
