// `hourglass probe`: what a code knows, a classifier on it, and that classifier as a file.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { hourglass, npy, png, readPng, readSafetensors, refused, small, temporaryFolder, train } from './support.mjs';

let folder, model;
const at = (...names) => path.join(folder, ...names);

// The last line of stdout; throws unless it went well.
function run(...args) {
  const { code, stdout, stderr } = hourglass([...args, '--json']);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const lines = (file) => readFileSync(file, 'utf8').trim().split('\n');
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const diagonal = (rows) => sum(rows.map((row, i) => row[i]));

before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hourglass-cli-test-'));
  train(
    at('run'),
    ...['--preset', 'vanilla', '--epochs', '4', ...small],
    ...['train.optimizer=adam', 'train.learning_rate=0.003'],
  );
  model = at('run/model.safetensors');
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('probe tells classes and factors by the code, and its files say the same', (t) => {
  const out = path.join(temporaryFolder(t), 'probe');
  const found = run('probe', '--model', model, '--out', out);
  assert.equal(found.accuracy, found.linear_probe);
  assert.ok(found.accuracy > 0.4 && found.accuracy < 1, `${found.accuracy}`);
  assert.ok(found.linear_probe_train >= found.accuracy);
  assert.equal(found.converged, true);
  assert.equal(found.labels, 1000);
  assert.equal(found.samples, 200);
  assert.equal(found.code_size, 32);
  assert.deepEqual(found.classes, [...'0123456789']);
  assert.equal(sum(found.confusion.flat()), 200);
  assert.ok(Math.abs(diagonal(found.confusion) / 200 - found.accuracy) < 1e-9);
  const factors = Object.keys(found.r2);
  assert.equal(factors.length, 10);
  assert.ok(found.r2.thickness > 0.3, `${found.r2.thickness}`);
  for (const value of Object.values(found.r2)) assert.ok(value <= 1);

  const [titles, ...rows] = lines(path.join(out, 'confusion.csv'));
  assert.equal(titles, 'class,0,1,2,3,4,5,6,7,8,9');
  assert.deepEqual(
    rows.map((row) => row.split(',').slice(1).map(Number)),
    found.confusion,
  );
  const predictions = lines(path.join(out, 'predictions.csv')).slice(1);
  const right = predictions.filter((line) => line.split(',')[1] === line.split(',')[2]);
  assert.equal(predictions.length, 200);
  assert.equal(right.length, diagonal(found.confusion));
  assert.deepEqual(
    lines(path.join(out, 'factors.csv')).map((line) => line.split(',')[0]),
    ['factor', ...factors],
  );
  const picture = readPng(path.join(out, 'confusion.png'));
  assert.ok(picture.width > 1000 && picture.height > 1000);

  const { stdout } = hourglass(['probe', '--model', model]);
  assert.match(stdout, /linear probe {2}[\d.]+ % of held-out samples right/);
  assert.match(stdout, /R squared of x /);
});

// Ink is dark or light where the images are, and the rest is tint, so a cell with more images has more grey pixels.
test('the cells of the picture show the images in them', (t) => {
  const out = path.join(temporaryFolder(t), 'probe');
  const { confusion } = run('probe', '--model', model, '--out', out);
  const { width, channels, pixels } = readPng(path.join(out, 'confusion.png'));
  const side = 100; // of ten cells, which end 24 pixels before the picture does
  const left = width - 24 - 10 * side,
    top = pixels.length / (width * channels) - 24 - 10 * side;
  const black = (row, column) => {
    let count = 0;
    for (let y = top + row * side + 4; y < top + row * side + 80; ++y) {
      for (let x = left + column * side + 4; x < left + column * side + 96; ++x) {
        const [r, g, b] = pixels.subarray((y * width + x) * channels, (y * width + x) * channels + 3);
        if (r === g && g === b && r < 64) ++count;
      }
    }
    return count;
  };
  for (let row = 0; row < 10; ++row) {
    for (let column = 0; column < 10; ++column) {
      const filled = black(row, column) > 100; // the paper of the images is black
      assert.equal(filled, confusion[row][column] > 0, `cell ${row} ${column}: ${black(row, column)}`);
    }
  }
});

test('probe finds the same on any number of threads, and fewer labels teach less', () => {
  const bare = (found) => {
    const { linear_probe: accuracy, confusion, r2, iterations } = found;
    return { accuracy, confusion, r2, iterations };
  };
  const one = run('probe', '--model', model, '--threads', '1');
  const two = run('probe', '--model', model, '--threads', '2');
  assert.deepEqual(bare(one), bare(two));
  const few = run('probe', '--model', model, '--labels', '20', '--seed', '3');
  assert.equal(few.labels, 20);
  assert.ok(few.accuracy < one.accuracy);
  assert.deepEqual(few.r2, one.r2); // factors are known of all samples
  assert.notDeepEqual(run('probe', '--model', model, '--labels', '20', '--seed', '4').confusion, few.confusion);
});

test('fine-tuning goes on from the linear probe, and the classifier is a file of its own', (t) => {
  const out = temporaryFolder(t);
  const saved = path.join(out, 'classifier.safetensors');
  const tuned = run('probe', '--model', model, '--fine-tune', '--epochs', '10', '--save', saved);
  assert.equal(tuned.accuracy, tuned.fine_tuned);
  assert.ok(tuned.fine_tuned > tuned.linear_probe, `${tuned.fine_tuned} ${tuned.linear_probe}`);
  assert.equal(tuned.epochs, 10);
  const { tensors, metadata } = readSafetensors(saved);
  assert.deepEqual([...tensors.keys()], ['encoder.0.weight', 'encoder.0.bias', 'head.0.weight', 'head.0.bias']);
  assert.deepEqual(tensors.get('head.0.weight').shape, [10, 32]);
  assert.deepEqual(JSON.parse(metadata['hourglass.classifier']), {
    classes: [...'0123456789'],
    labels: 1000,
    fine_tuned: true,
  });
  // The file alone says the same as what was measured before it was written.
  const loaded = run('probe', '--model', saved, '--threads', '2');
  assert.equal(loaded.accuracy, tuned.accuracy);
  assert.deepEqual(loaded.confusion, tuned.confusion);
  assert.equal('linear_probe' in loaded, false);

  const probe = path.join(out, 'probe.safetensors');
  const linear = run('probe', '--model', model, '--save', probe);
  assert.deepEqual(run('probe', '--model', probe).confusion, linear.confusion);
  const before = readSafetensors(model).tensors.get('encoder.0.weight');
  assert.deepEqual(readSafetensors(probe).tensors.get('encoder.0.weight').bytes, before.bytes);
  assert.notDeepEqual(tensors.get('encoder.0.weight').bytes, before.bytes);
});

test('probe refuses what it cannot do, in one sentence', (t) => {
  const out = temporaryFolder(t);
  refused(/probe needs --model FILE\./, 'probe');
  refused(/--labels cannot be 'x'; it must be a whole number/, 'probe', '--model', model, '--labels', 'x');
  refused(
    /10 classes need at least 10 labels, one for each, and not 9\./,
    ...['probe', '--model', model, '--labels', '9'],
  );
  refused(
    /'strokes' has 1000 training samples with a label, and not 1001\./,
    ...['probe', '--model', model, '--labels', '1001'],
  );
  refused(/--epochs goes with --fine-tune/, 'probe', '--model', model, '--epochs', '3');

  const saved = path.join(out, 'classifier.safetensors');
  run('probe', '--model', model, '--save', saved);
  refused(/is a classifier that is trained already/, 'probe', '--model', saved, '--fine-tune');
  for (const command of [
    ['eval', '--model', saved],
    ['train', '--resume', saved],
  ]) {
    refused(/is a classifier, whose encoder has a head and no decoder/, ...command);
  }
});

test('data without labels, of one class, or of other classes are refused', (t) => {
  const out = temporaryFolder(t);
  const image = (i) =>
    png(
      28,
      28,
      1,
      new Array(784).fill(0).map((_, at) => (at * (i + 3)) % 256),
    );
  const images = (name, ...classes) => {
    for (const each of classes) {
      mkdirSync(path.join(out, name, each), { recursive: true });
      for (let i = 0; i < 12; ++i) writeFileSync(path.join(out, name, each, `${i}.png`), image(i));
    }
    return path.join(out, name);
  };
  writeFileSync(path.join(out, 'plain.npy'), npy(20, 784, new Array(20 * 784).fill(0.5)));
  refused(/has no labels to learn from/, 'probe', '--model', model, '--data', path.join(out, 'plain.npy'));
  refused(/has one class only/, 'probe', '--model', model, '--data', images('one', 'cat'));
  const two = images('two', 'cat', 'dog');
  assert.deepEqual(run('probe', '--model', model, '--data', two).classes, ['cat', 'dog']);
  const saved = path.join(out, 'classifier.safetensors');
  run('probe', '--model', model, '--save', saved);
  refused(/tells 10 classes apart, and they are not those of/, 'probe', '--model', saved, '--data', two);
});

test('a class that only held-out rows have cannot be learned', (t) => {
  const out = temporaryFolder(t);
  const csv = path.join(out, 'rows.csv');
  const write = (...classes) =>
    writeFileSync(csv, ['x,y,kind', ...classes.map((each, i) => `${i % 7},${(i * 5) % 11},${each}`)].join('\n') + '\n');
  const many = (count, name) => new Array(count).fill(name);
  write(...many(6, 'a'), ...many(12, 'c'));
  train(
    path.join(out, 'run'),
    ...['--preset', 'vanilla', '--data', csv, '--epochs', '1'],
    ...['--set', 'model.encoder=[{"units":2}]', 'model.decoder=[{"units":"input"}]', 'model.loss=mse'],
  );
  const table = path.join(out, 'run/model.safetensors');
  assert.deepEqual(run('probe', '--model', table, '--data', csv).classes, ['a', 'c']);
  // Class after class one row in six is held out: the sixth, which is all that there is of its class.
  write(...many(5, 'a'), 'b', ...many(12, 'c'));
  refused(/No training sample of '.*rows\.csv' has the label 'b'/, 'probe', '--model', table, '--data', csv);
});
