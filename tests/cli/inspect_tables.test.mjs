// What `hourglass inspect` understands of tables as people have them, and what training and applying make of the same.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { hourglass, temporaryFolder } from './support.mjs';

const rows = (count, row) => Array.from({ length: count }, (_, i) => row(i)).join('\n') + '\n';
const numbers = (count, number) => Array.from({ length: count }, (_, i) => number(i));

// What is understood of a text, or the sentence that refuses it.
function inspect(t, text, { name = 't.csv', set = [] } = {}) {
  const file = path.join(temporaryFolder(t), name);
  writeFileSync(file, text);
  return inspectPath(file, set);
}

function inspectPath(file, set = []) {
  const flags = set.length > 0 ? ['--set', ...set] : [];
  const run = hourglass(['inspect', file, '--json', ...flags]);
  if (run.code !== 0) {
    assert.equal(run.code, 2, run.stderr);
    assert.equal(run.stderr.trim().split('\n').length, 1, run.stderr);
    return { error: run.stderr.trim() };
  }
  return JSON.parse(run.stdout.trim().split('\n').at(-1));
}

const usps = rows(24, (i) =>
  [`${i % 3}.0000`, ...numbers(256, (j) => (j % 9 === 0 ? -1 : Math.sin(i + j ** 2)).toFixed(4)), ''].join(' '),
);

test('USPS: a label first, 256 values from -1 to 1 between blanks', (t) => {
  const seen = inspect(t, usps, { name: 'zip.train' });
  assert.equal(seen.kind, 'table');
  assert.equal(seen.samples, 24);
  assert.deepEqual(seen.shape, [1, 16, 16]);
  assert.equal(seen.classes, 3);
  assert.equal(seen.label, 'the first column');
  assert.deepEqual(seen.range, [-1, 1]);
  assert.deepEqual([seen.split.train, seen.split.test], [20, 4]);
  assert.equal(seen.left_out, 0);
  assert.match(seen.notes.join(' '), /16 x 16 pixels with black -1 and white 1/);
  assert.deepEqual(inspect(t, usps, { set: ['data.shape=table'] }).shape, [256]);
});

test('tables of pandas: changed titles, row numbers, pixels from 0 to 1', (t) => {
  const pixels = (i) => numbers(64, (j) => (i * j) % 256);
  const mangled =
    ['7,0', ...numbers(63, (j) => `0.${j + 1}`)].join(',') + '\n' + rows(12, (i) => [i % 4, ...pixels(i)]);
  const seen = inspect(t, mangled);
  assert.deepEqual([seen.samples, seen.shape, seen.classes], [12, [1, 8, 8], 4]);
  const numbered = `Unnamed: 0,label,${numbers(64, (j) => `p${j}`)}\n${rows(12, (i) => [i, i % 4, ...pixels(i)])}`;
  assert.deepEqual(inspect(t, numbered).shape, [1, 8, 8]);
  assert.match(inspect(t, numbered).notes[0], /'Unnamed: 0' is taken for row numbers/);
  const unit = rows(12, (i) => [i % 4, ...numbers(64, (j) => (((i + 1) * j) % 97) / 96)]);
  assert.deepEqual(inspect(t, unit).range, [0, 1]);
  assert.deepEqual(inspect(t, unit, { set: ['data.shape=table', 'data.label=none'] }).shape, [65]);
});

const cars = (missing) =>
  `mpg,horsepower,origin,name\n${missing}\n${rows(39, (i) => `${10 + i}.5,${90 + (i % 7)},${i % 2 ? 'us' : 'jp'},car${i}`)}`;

test("scikit-learn's column 'target' is the labels where it numbers classes, and data where it does not", (t) => {
  const table = (target) => `a,b,target\n${rows(30, (i) => `${i % 7}.5,${(i * i) % 11}.25,${target(i)}`)}`;
  const classes = inspect(
    t,
    table((i) => Math.floor(i / 10)),
  );
  assert.deepEqual([classes.shape, classes.classes, classes.label], [[2], 3, "column 'target'"]);
  assert.match(classes.notes.join(), /data\.label=none/);
  const measured = inspect(
    t,
    table((i) => 100 + i),
  );
  assert.deepEqual([measured.shape, measured.label], [[3], null]);
});

test('missing values are counted and placed, and each way on is taken', (t) => {
  const text = cars('18.0,?,us,first');
  assert.match(
    inspect(t, text).error,
    /1 of 40 rows has no value: line 2, column 'horsepower'\. data\.missing=rows .*columns.*median/,
  );
  const left = inspect(t, text, { set: ['data.missing=rows'] });
  assert.deepEqual([left.samples, left.left_out, left.shape], [39, 1, [2]]);
  assert.equal(left.label, "column 'origin'");
  assert.match(left.notes.join(' '), /'name' holds words/);
  assert.deepEqual(inspect(t, text, { set: ['data.missing=columns'] }).shape, [1]);
  assert.deepEqual(inspect(t, text, { set: ['data.missing=median'] }).samples, 40);
  assert.deepEqual(inspect(t, text, { set: ['data.leave_out=horsepower'] }).shape, [1]);
  assert.match(inspect(t, text, { set: ['data.leave_out=power'] }).error, /there are mpg, horsepower, origin, name/);
});

test('one sentence for what cannot be read', (t) => {
  const refusals = [
    ['', /is empty/],
    ['a,b\n', /a header and no lines of data/],
    ['a,b\n1,2\n3\n', /line 3, there is 1 field, and there are 2 in the header/],
    ['a,b\n1,2\n3,4\n5,six\n7,8\n', /line 4, column 'b' holds 'six'; a number such as 0\.5 is needed/],
    [`${'1,'.repeat(13000)}1\n`, /more than the 12290 fields that can be used/],
    ['1,"2\n3,4\n', /a field in quotes does not end/],
    ['1,2\n', /one sample; at least two are needed/],
  ];
  for (const [text, sentence] of refusals) assert.match(inspect(t, text).error, sentence);
  assert.match(inspect(t, '1,2\n3,4\n', { set: ['data.label=kind'] }).error, /no header line with names/);
  assert.match(inspect(t, '1,2\n3,4\n', { set: ['data.shape=3'] }).error, /data\.shape cannot be '3'/);
});

test('two tables of a folder are the split, and decimal commas and UTF-16 are read', (t) => {
  const folder = temporaryFolder(t);
  const text = (count, shift) => `a;b;label\n${rows(count, (i) => `${i + shift},5;${i % 3};${i % 2 ? 'x' : 'y'}`)}`;
  writeFileSync(path.join(folder, 'train.csv'), text(20, 0));
  writeFileSync(path.join(folder, 'test.csv'), Buffer.from(`\ufeff${text(6, 50)}`, 'utf16le'));
  const seen = inspectPath(folder);
  assert.deepEqual(seen.split, { train: 20, test: 6, by: 'as the files have it' });
  assert.deepEqual(seen.range, [0, 55.5]);
  assert.equal(seen.classes, 2);
});

test('what is applied is understood as what was trained on', (t) => {
  const folder = temporaryFolder(t);
  const write = (name, text) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const line = (i) => `${i},${(i * 7) % 13}.5,${(i * 5) % 11},${i % 2 ? 'x' : 'y'}`;
  const train = write('t.csv', `n,a,b,kind\n${rows(40, line)}`);
  const out = path.join(folder, 'out');
  const run = hourglass(['train', '--preset', 'quick', '--epochs', '1', '--data', train, '--out', out]);
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /a table of 2 numbers each.*2 classes, by column 'kind'/);
  const model = path.join(out, 'model.safetensors');
  // Few rows, which count nothing; without labels; without anything else.
  for (const text of [
    `n,a,b,kind\n${rows(12, line)}`,
    'n,a,b,kind\n70,1,2,x\n71,3,4,y\n',
    'a,b\n1,2\n3,4\n',
    '1.5,2\n',
  ]) {
    const input = write('in.csv', text);
    const encoded = hourglass(['encode', '--model', model, '--in', input, '--out', path.join(folder, 'codes.npy')]);
    assert.equal(encoded.code, 0, encoded.stderr);
  }
});

test('held-out values outside the range of the training rows are said before training, never a negative loss', (t) => {
  const text = `u,v,label\n${rows(120, (i) => `${i === 9 || i === 30 ? 4000 + i : ((i * 37) % 100) / 100},${((i * 7) % 10) / 10},${i % 2 ? 'a' : 'b'}`)}`;
  const file = path.join(temporaryFolder(t), 't.csv');
  writeFileSync(file, text);
  const train = (...set) =>
    hourglass([
      'train',
      '--preset',
      'quick',
      '--epochs',
      '1',
      '--json',
      '--data',
      file,
      '--out',
      `${file}.out`,
      ...set,
    ]);
  for (const seed of ['1', '2', '3', '4']) {
    const run = train('--set', 'model.loss=bce', `data.split_seed=${seed}`);
    if (run.code === 0) {
      assert.ok(JSON.parse(run.stdout.trim().split('\n').at(-1)).test_loss >= 0);
    } else {
      assert.match(run.stderr, /have|has values outside 0 to 1.*data\.clip=true/);
    }
  }
  const clipped = train('--set', 'model.loss=bce', 'data.clip=true');
  assert.equal(clipped.code, 0, clipped.stderr);
  assert.ok(JSON.parse(clipped.stdout.trim().split('\n').at(-1)).test_loss >= 0);
});

test("scikit-learn's digits", (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(path.join(folder, 'd'));
  const file = path.join(folder, 'd', 'digits.csv');
  const program = `
import sys
from sklearn.datasets import load_digits
x, y = load_digits(return_X_y=True)
with open(sys.argv[1], 'w') as out:
    for pixels, label in zip(x, y):
        out.write(','.join(str(int(p)) for p in pixels) + ',' + str(label) + '\\n')
`;
  const python = spawnSync('/usr/bin/python3', ['-c', program, file], { encoding: 'utf8' });
  if (python.error || python.status !== 0) {
    t.skip('scikit-learn is not here (Debian: python3-sklearn)');
    return;
  }
  const seen = inspectPath(file);
  assert.deepEqual([seen.samples, seen.shape, seen.classes], [1797, [1, 8, 8], 10]);
  assert.equal(seen.label, 'the last column');
  assert.deepEqual(seen.range, [0, 16]);
});
