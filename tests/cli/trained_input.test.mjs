// Files of one's own for a trained model: read as those that it was trained on.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { hourglass, idx, npy, png, readNpy, refused, train } from './support.mjs';

let folder;
const at = (name) => path.join(folder, name);

// Rings of changing size, 8 x 8 pixels from 0 to 1.
const COUNT = 36,
  SIDE = 8;
const ring = (i, place) => {
  const y = Math.floor(place / SIDE) - 3.2,
    x = (place % SIDE) - 3.7;
  return Math.max(0, Math.min(1, 1.6 - Math.abs(Math.hypot(x, 2 * y) - 1 - (i % 7) / 2)));
};
const images = Array.from({ length: COUNT * SIDE * SIDE }, (_, k) =>
  ring(Math.floor(k / (SIDE * SIDE)), k % (SIDE * SIDE)),
);
const rowsOf = (values) =>
  Array.from({ length: values.length / (SIDE * SIDE) }, (_, i) => values.slice(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));

function codes(model, input, ...flags) {
  const run = hourglass(['encode', '--model', model, '--in', input, '--out', at('codes.npy'), ...flags]);
  assert.equal(run.code, 0, run.stderr);
  return { ...readNpy(at('codes.npy')), said: run.stderr };
}

function assertNear(actual, expected, tolerance = 1e-5) {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= tolerance, `${i}: ${value}, ${expected[i]}`));
}

// Trained on a file of its own; returns the path of the model.
function trained(name, data, ...settings) {
  const flags = settings.length > 0 ? ['--set', ...settings] : [];
  train(at(name), '--preset', 'quick', '--epochs', '1', '--threads', '1', '--data', data, ...flags);
  return at(`${name}/model.safetensors`);
}

before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hourglass-cli-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('an image alone is in the range that the model was trained on, not in its own', () => {
  const levels = images.map((value) => Math.round(16 * value));
  writeFileSync(at('sixteen.npy'), npy(COUNT, SIDE * SIDE, levels));
  const model = trained('sixteen', at('sixteen.npy'), 'data.shape=8x8');
  const all = codes(model, at('sixteen.npy')).values;
  const width = all.length / COUNT;
  // The brightest pixel of an image says nothing: half as bright is half as bright.
  const dim = levels.map((value) => Math.floor(value / 2));
  writeFileSync(at('dim.npy'), npy(COUNT, SIDE * SIDE, dim));
  writeFileSync(
    at('unit.npy'),
    npy(
      COUNT,
      SIDE * SIDE,
      dim.map((value) => value / 16),
    ),
  );
  const dimmed = codes(model, at('dim.npy'));
  assertNear(dimmed.values, codes(model, at('unit.npy')).values);
  for (const place of [0, 5, 35]) {
    writeFileSync(at('one.npy'), npy(1, SIDE * SIDE, rowsOf(dim)[place]));
    assertNear(codes(model, at('one.npy')).values, dimmed.values.slice(place * width, (place + 1) * width));
    // As a table of one row, too, whose pixels are bytes.
    writeFileSync(at('one.csv'), `${rowsOf(dim)[place].join(',')}\n`);
    assertNear(codes(model, at('one.csv')).values, dimmed.values.slice(place * width, (place + 1) * width), 0.02);
  }
  assert.equal(dimmed.said, '');
  // What the run's settings do not say of a file, --set does.
  writeFileSync(
    at('double.npy'),
    npy(
      COUNT,
      SIDE * SIDE,
      levels.map((value) => 2 * value),
    ),
  );
  assertNear(codes(model, at('double.npy'), '--set', 'data.range=0..32').values, all);
  refused(
    /--set says how files are read.*'train\.epochs' is of the run/,
    ...['eval', '--model', model, '--in', at('one.npy'), '--set', 'train.epochs=3'],
  );
});

test('pixels from -1 to 1 are those of the model that was trained on them', () => {
  const signed = images.map((value) => 2 * value - 1);
  writeFileSync(at('signed.npy'), npy(COUNT, SIDE * SIDE, signed));
  const model = trained('signed', at('signed.npy'), 'data.shape=8x8');
  writeFileSync(at('unit.npy'), npy(COUNT, SIDE * SIDE, images));
  assertNear(codes(model, at('signed.npy')).values, codes(model, at('unit.npy')).values);
  const again = ['--epochs', '1', '--data', at('signed.npy'), '--out', at('x'), '--set', 'data.shape=8x8'];
  const run = hourglass(['train', '--preset', 'quick', ...again]);
  assert.match(run.stdout, /values from -1 to 1, scaled to 0 to 1/);
});

test('inverted images stay inverted, from every kind of file', () => {
  const bytes = images.map((value) => Math.round(255 * value));
  writeFileSync(at('paper.idx'), idx([COUNT, SIDE, SIDE], bytes));
  const model = trained('paper', at('paper.idx'), 'data.invert=true');
  writeFileSync(
    at('ink.npy'),
    npy(
      COUNT,
      SIDE * SIDE,
      bytes.map((value) => 1 - value / 255),
    ),
  );
  // Trained on the same pixels, it is the same network but for rounding.
  const plain = trained('ink', at('ink.npy'), 'data.shape=8x8');
  assertNear(codes(model, at('paper.idx')).values, codes(plain, at('ink.npy')).values, 1e-3);
  const measured = hourglass(['eval', '--model', model, '--in', at('paper.idx'), '--json']);
  assert.equal(measured.code, 0, measured.stderr);
  assert.equal(JSON.parse(measured.stdout).samples, COUNT);
  mkdirSync(at('pngs/some'), { recursive: true });
  rowsOf(bytes).forEach((row, i) =>
    writeFileSync(at(`pngs/${i % 2 ? 'some/' : ''}${String(i).padStart(2, '0')}.png`), png(SIDE, SIDE, 1, row)),
  );
  const places = [...rowsOf(bytes).keys()].sort((a, b) => (a % 2) - (b % 2) || a - b);
  const fromIdx = codes(model, at('paper.idx')).values,
    fromPng = codes(model, at('pngs')).values,
    width = fromIdx.length / COUNT;
  assertNear(
    fromPng,
    places.flatMap((place) => [...fromIdx.slice(place * width, (place + 1) * width)]),
  );
});

test('columns of a table are found by their titles; the label and others are left out', () => {
  const value = (i, k) => Math.sin(i * (k + 1)) * (k + 1);
  const line = (i, keys) =>
    keys.map((key) => (key === 'kind' ? (i % 2 ? 'x' : 'y') : value(i, key.charCodeAt(0) - 97)));
  const table = (keys) =>
    [keys.join(','), ...Array.from({ length: COUNT }, (_, i) => line(i, keys).join(','))].join('\n');
  writeFileSync(at('abc.csv'), table(['a', 'b', 'c', 'kind']));
  const model = trained('abc', at('abc.csv'), 'model.loss=mse');
  const expected = codes(model, at('abc.csv'));
  assert.deepEqual(expected.shape[0], COUNT);
  writeFileSync(at('other.csv'), table(['kind', 'c', 'e', 'a', 'b']));
  const other = codes(model, at('other.csv'));
  assertNear(other.values, expected.values);
  assert.match(other.said, /other\.csv' has columns that the model was not trained on, which are left out: 'e'\./);
  writeFileSync(at('bare.csv'), table(['b', 'a', 'c']));
  assertNear(codes(model, at('bare.csv')).values, expected.values);
  writeFileSync(at('lacks.csv'), table(['c', 'a', 'kind']));
  refused(
    /'.*lacks\.csv' has no column 'b', which the model was trained on; there are 'c', 'a' and 'kind'\./,
    'encode',
    '--model',
    model,
    '--in',
    at('lacks.csv'),
    '--out',
    at('never.npy'),
  );
  // The same for what is measured on data of another order.
  const [one, two] = ['abc.csv', 'other.csv'].map((name) =>
    JSON.parse(hourglass(['eval', '--model', model, '--data', at(name), '--json']).stdout),
  );
  assertNear([two.test_mse], [one.test_mse], 1e-6);
  // A run goes on with the same table in another order.
  const resumed = hourglass(['train', '--resume', model, '--data', at('bare.csv'), '--epochs', '2', '--other-data']);
  assert.equal(resumed.code, 0, resumed.stderr);
});

test('documents are counted by the words of the model', () => {
  const words = ['wheat corn grain export harvest', 'bank rate loan credit interest', 'oil crude barrel price opec'];
  const lines = Array.from({ length: 60 }, (_, i) => {
    const own = words[i % 3].split(' ');
    return `${['grain', 'money', 'oil'][i % 3]}\t${own[i % 5]} ${own[(i + 1) % 5]} ${own[(i * 3) % 5]} and more ${own[(i + 3) % 5]}`;
  });
  writeFileSync(at('texts.tsv'), lines.join('\n'));
  train(
    at('texts'),
    '--preset',
    'text-quick',
    '--epochs',
    '1',
    '--data',
    at('texts.tsv'),
    '--set',
    'data.vocabulary=20',
  );
  const model = at('texts/model.safetensors');
  const all = codes(model, at('texts.tsv'));
  assert.equal(all.shape[0], 60);
  writeFileSync(at('one.txt'), `${lines[7].split('\t')[1]}\n`);
  const one = codes(model, at('one.txt'));
  assert.equal(one.shape[0], 1);
  assertNear(one.values, all.values.slice(7 * all.shape[1], 8 * all.shape[1]));
});

test('what does not fit a model is one sentence', () => {
  writeFileSync(at('images.npy'), npy(COUNT, SIDE * SIDE, images));
  const model = trained('plain', at('images.npy'), 'data.shape=8x8');
  writeFileSync(at('wide.npy'), npy(2, 100, new Array(200).fill(0.5)));
  writeFileSync(at('prose.txt'), 'Nothing but words in here.\nAnd some more of them.\n');
  mkdirSync(at('empty'));
  for (const [input, sentence] of [
    ['wide.npy', /'.*wide\.npy' holds samples of 100 numbers, and the model takes 8 x 8 pixels\./],
    ['prose.txt', /prose\.txt/],
    ['empty', /empty/],
  ]) {
    refused(sentence, 'encode', '--model', model, '--in', at(input), '--out', at('never.npy'));
  }
});

test('a project is a model with its data, for every command', () => {
  writeFileSync(at('images.npy'), npy(COUNT, SIDE * SIDE, images));
  const linear = (units) => JSON.stringify([{ units, activation: 'linear' }]); // as PCA is
  const model = trained(
    'for-project',
    at('images.npy'),
    ...['data.shape=8x8', `model.encoder=${linear(4)}`, `model.decoder=${linear('input')}`, 'model.loss=mse'],
  );
  const made = hourglass(['project', '--model', model, '--data', at('images.npy'), '--out', at('p.zip')]);
  assert.equal(made.code, 0, made.stderr);
  const [own, project] = [
    ['--model', model, '--data', at('images.npy')],
    ['--model', at('p.zip')],
  ].map((flags) => JSON.parse(hourglass(['eval', '--json', ...flags]).stdout));
  assert.equal(project.test_mse, own.test_mse);
  assert.equal(project.same_data, true);
  assertNear(codes(at('p.zip'), at('images.npy')).values, codes(model, at('images.npy')).values, 0);
  const info = hourglass(['info', at('p.zip')]);
  assert.match(info.stdout, /p\.zip: a project of Hourglass, [\d,]+ parameters/);
  assert.match(info.stdout, /data +images\.npy, 30 samples and 6 held out, which are in it/);
  const pca = hourglass(['pca', '--model', at('p.zip'), '--json']);
  assert.equal(pca.code, 0, pca.stderr);
});
