// `hourglass inspect` and `train` on people's own pictures: what is understood of them, and what can be said otherwise.

import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { imageArchive } from '../../bench/imports.mjs';
import { hourglass, png, readPng, refused, temporaryFolder, train } from './support.mjs';

function inspect(file, ...set) {
  const run = hourglass(['inspect', file, '--json', ...(set.length ? ['--set', ...set] : [])]);
  assert.equal(run.code, 0, run.stderr);
  return JSON.parse(run.stdout.trim().split('\n').at(-1));
}

// A grey PNG with a bright bar at column `at`.
const bar = (width, height, at) =>
  png(
    width,
    height,
    1,
    Array.from({ length: width * height }, (_, i) => (Math.abs((i % width) - at) < 2 ? 250 : 0)),
  );

function writeBars(folder, count, { width = 28, height = 28, classes = 2 } = {}) {
  for (let i = 0; i < count; ++i) {
    const to = path.join(folder, `class ${i % classes}`);
    mkdirSync(to, { recursive: true });
    writeFileSync(path.join(to, `${i}.png`), bar(width, height, (i * 3) % width));
  }
}

test('a zip of images in folders of classes', (t) => {
  const file = path.join(temporaryFolder(t), 'strokes.zip');
  writeFileSync(file, imageArchive(120));
  const { kind, samples, shape, classes, label, range, split, left_out: leftOut, notes } = inspect(file);
  assert.equal(kind, 'images');
  assert.deepEqual([samples, shape, classes, label], [120, [1, 28, 28], 10, 'the subfolders']);
  assert.deepEqual(range, [0, 255]);
  assert.deepEqual(split, { train: 100, test: 20, by: 'one in six of each class, chosen at random' });
  assert.equal(leftOut, 0);
  assert.deepEqual(notes, []);
  const words = hourglass(['inspect', file]).stdout;
  assert.match(words, /^strokes\.zip: 100 images to train on and 20 held out/);
  const fewer = inspect(file, 'data.most_samples=60', 'data.test_share=0.5');
  assert.deepEqual([fewer.samples, fewer.split.test, fewer.left_out], [60, 30, 60]);
});

test('folders of a split by their usual names, and what is left out is said', (t) => {
  const folder = temporaryFolder(t);
  for (const part of ['training', 'testing', 'validation']) writeBars(path.join(folder, part), 8);
  writeFileSync(path.join(folder, 'training/class 0/broken.png'), 'no image');
  writeFileSync(path.join(folder, 'training/class 0/film.gif'), 'GIF89a and so on');
  const { samples, classes, split, left_out: leftOut, notes } = inspect(folder);
  assert.deepEqual([samples, classes, leftOut], [16, 2, 10]);
  assert.deepEqual(split, { train: 8, test: 8, by: 'as the folders training and testing have it' });
  assert.ok(notes.some((note) => /8 images in 'validation' are left out/.test(note)));
  assert.ok(notes.some((note) => /'training\/class 0\/broken\.png'/.test(note)));
  assert.ok(notes.some((note) => /'training\/class 0\/film\.gif'.*PNG, JPEG and BMP are/.test(note)));
});

test('a test folder without classes is understood', (t) => {
  const folder = temporaryFolder(t);
  writeBars(path.join(folder, 'train'), 12);
  mkdirSync(path.join(folder, 'test'));
  for (let i = 0; i < 5; ++i) writeFileSync(path.join(folder, 'test', `${i}.png`), bar(28, 28, i));
  const seen = inspect(folder);
  assert.deepEqual([seen.samples, seen.classes, seen.left_out], [12, 2, 5]);
  assert.ok(seen.notes.some((note) => /5 images in 'test' are left out.*data\.label=none/.test(note)));
  const without = inspect(folder, 'data.label=none');
  assert.deepEqual([without.samples, without.classes, without.split.test], [17, 0, 5]);
});

test('images of 20 x 60: padded unless their own shape is asked for, trained on and drawn so', (t) => {
  const folder = temporaryFolder(t),
    images = path.join(folder, 'wide');
  writeBars(images, 72, { width: 60, height: 20 });
  const padded = inspect(images);
  assert.deepEqual(padded.shape, [1, 28, 28]);
  assert.ok(padded.notes.some((note) => /20 rows and 60 columns.*data\.shape=20x60 keeps/.test(note)));
  assert.ok(padded.notes.some((note) => /72 images of other proportions are padded with black/.test(note)));
  assert.deepEqual(inspect(images, 'data.shape=20x60').shape, [1, 20, 60]);
  assert.deepEqual(inspect(images, 'data.shape=3x20x60').shape, [3, 20, 60]);

  const out = path.join(folder, 'out'),
    model = path.join(out, 'model.safetensors');
  const summary = train(
    out,
    '--preset',
    'vanilla',
    '--data',
    images,
    '--epochs',
    '2',
    '--set',
    'data.shape=20x60',
    'train.batch_size=8',
  );
  assert.deepEqual(summary.data.shape, [1, 20, 60]);
  const reconstructions = readPng(path.join(out, 'reconstructions.png'));
  assert.ok(reconstructions.width > 2 * reconstructions.height);
  // The checkpoint knows the shape; sheets are made of tiles of 20 x 60.
  const sheet = path.join(folder, 'sheet.png');
  const run = hourglass(['reconstruct', '--model', model, '--data', images, '--out', sheet]);
  assert.equal(run.code, 0, run.stderr);
  const { width, height } = readPng(sheet);
  assert.deepEqual([width % 60, height % 20], [0, 0]);
  for (const [command, picture] of [
    ['eval'],
    ['search', 'neighbors.png'],
    ['probe', 'confusion.png'],
    ['generate', 'samples.png'],
    ['compress', 'compression.png'],
  ]) {
    const to = path.join(folder, command);
    const { code, stderr } = hourglass([
      command,
      '--model',
      model,
      '--data',
      images,
      ...(picture ? ['--out', to] : []),
    ]);
    assert.equal(code, 0, `${command}: ${stderr}`);
    if (picture) assert.ok(readPng(path.join(to, picture)).width > 300);
  }
});

test('what cannot be looked into among others is named, and training says so, too', (t) => {
  const folder = temporaryFolder(t);
  writeBars(folder, 12);
  writeFileSync(path.join(folder, 'class 0', 'broken.csv.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
  // Links round and round, and to nowhere.
  symlinkSync('..', path.join(folder, 'class 1', 'up'));
  symlinkSync('nothing', path.join(folder, 'class 1', 'lost'));
  const seen = inspect(folder);
  assert.deepEqual([seen.samples, seen.classes, seen.left_out], [12, 2, 1]);
  assert.match(seen.notes.join('\n'), /broken\.csv\.gz/);
  const out = path.join(temporaryFolder(t), 'run');
  const trained = hourglass(['train', '--preset', 'quick', '--epochs', '1', '--data', folder, '--out', out]);
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stdout + trained.stderr, /broken\.csv\.gz/);
  const summary = train(path.join(out, 'json'), '--preset', 'quick', '--epochs', '1', '--data', folder);
  assert.match(summary.data_notes.join('\n'), /broken\.csv\.gz/);
  refused(/neither a file nor a folder/, 'inspect', '/dev/null');
});

test('a sheet is cut into tiles', (t) => {
  const file = path.join(temporaryFolder(t), 'sheet.png');
  writeFileSync(file, bar(56, 84, 10));
  const seen = inspect(file, 'data.tiles=28x28');
  assert.deepEqual([seen.samples, seen.shape, seen.left_out], [5, [1, 28, 28], 1]);
  refused(/holds one sample.*data\.tiles=28x28/, 'inspect', file);
  refused(/fewer than a tile/, 'inspect', file, '--set', 'data.tiles=90x28');
});

test('what is no archive of images gets one sentence', (t) => {
  const folder = temporaryFolder(t),
    at = (name) => path.join(folder, name);
  writeFileSync(at('cut.zip'), imageArchive(20).subarray(0, 4000));
  refused(/'.*cut\.zip' is a damaged ZIP file or one that is cut short/, 'inspect', at('cut.zip'));
  writeFileSync(at('nothing.png'), 'no image');
  refused(/nothing\.png/, 'inspect', at('nothing.png'));
  writeBars(at('bars'), 4);
  refused(/data\.range=9\.\.3 is no range/, 'inspect', at('bars'), '--set', 'data.range=9..3');
  refused(/data\.shape=table is no shape of images/, 'inspect', at('bars'), '--set', 'data.shape=table');
});
