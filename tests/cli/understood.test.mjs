// What a run says of its data, and of what has gone wrong without stopping it.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { hourglass, readHistory, small, temporaryFolder, train } from './support.mjs';

const table = (rows) =>
  [
    'size,age,kind',
    ...Array.from({ length: rows }, (_, i) => `${(i * 7) % 13},${((i * 5) % 11) - 3.5},${i % 2 ? 'cat' : 'dog'}`),
  ].join('\n');

test('the first line of a run says what was understood of its data', (t) => {
  const folder = temporaryFolder(t);
  const first = (...flags) => {
    const run = hourglass(['train', '--preset', 'quick', '--epochs', '1', '--out', path.join(folder, 'out'), ...flags]);
    assert.equal(run.code, 0, run.stderr);
    return run.stdout.split('\n')[0];
  };
  assert.match(
    first(...small),
    /^strokes: 1,000 images to train on and 200 held out \(drawn apart\), 28 x 28 pixels, values from 0 to 255, scaled to 0 to 1; 10 classes, by the digit drawn; hash [0-9a-f]{16}$/,
  );
  const csv = path.join(folder, 't.csv');
  writeFileSync(csv, table(36));
  assert.match(
    first('--data', csv),
    /^t\.csv: 30 samples to train on and 6 held out \(one in six of each class, chosen at random\), a table of 2 numbers each, values from -3\.5 to 12, scaled to 0 to 1; 2 classes, by column 'kind'; hash /,
  );
  assert.match(
    first('--data', csv, '--set', 'data.scaling=standardised', 'model.loss=mse'),
    /values from -3\.5 to 12, scaled to -1\.\d+ to 1\.\d+; /,
  );

  const run = hourglass([
    'train',
    '--preset',
    'quick',
    '--epochs',
    '1',
    '--data',
    csv,
    '--json',
    '--out',
    path.join(folder, 'out'),
  ]);
  const { data, diagnoses } = JSON.parse(run.stdout.trim().split('\n').at(-1));
  const { hash, scaled_to: scaled, ...rest } = data;
  assert.match(hash, /^[0-9a-f]{16}$/);
  assert.deepEqual(scaled, [0, 1]);
  assert.deepEqual(rest, {
    name: 't.csv',
    kind: 'table',
    train: 30,
    held_out: 6,
    split: 'one in six of each class, chosen at random',
    shape: [1, 1, 2],
    values: [-3.5, 12],
    classes: 2,
    labels_from: "column 'kind'",
  });
  assert.deepEqual(diagnoses, [], 'nothing is judged after one step');
  assert.match(run.stderr, / samples\/s/, 'the rows of a table are no images');
});

test('a cosine without a length of its own ends with the run, and patience has no say in it', (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  // The schedule of README.md, in more steps than the old default length of 1,000.
  const summary = train(
    out,
    '--preset',
    'vanilla',
    ...small,
    'train.batch_size=10',
    'train.optimizer=adam',
    'train.learning_rate=0.001',
    'train.schedule=cosine',
    'train.patience=5',
    '--epochs',
    '14',
  );
  assert.equal(summary.epoch, 14);
  assert.deepEqual(summary.diagnoses, []);
  const losses = readHistory(out).map((row) => row.test_loss);
  assert.ok(losses[13] < losses[11] && losses[11] < losses[9], 'it still learned after step 1,000');
});

test('a schedule that ends before its run is told, and is why the loss stands still', (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  const run = hourglass([
    'train',
    '--preset',
    'quick',
    '--epochs',
    '9',
    '--out',
    out,
    ...small,
    'train.batch_size=100',
    'train.schedule=cosine',
    'train.decay_steps=20',
    'train.patience=2',
  ]);
  assert.equal(run.code, 0);
  assert.match(
    run.stdout,
    /Stopped because the learning rate has reached 0: the schedule was over at step 20, and the held-out loss has not fallen for 2 epochs\./,
  );
  assert.match(
    run.stderr,
    /^hourglass: The learning rate has reached 0: the schedule was over at step 20, .* up to \d+, have changed nothing\. Set train\.decay_steps to 0/,
  );
});

test('a run that is extended says that its schedule goes on at another rate', (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  train(out, '--preset', 'quick', '--epochs', '2', ...small, 'train.schedule=cosine');
  const resumed = (epochs) =>
    hourglass([
      'train',
      '--resume',
      path.join(out, 'model.safetensors'),
      '--epochs',
      epochs,
      '--out',
      `${out}${epochs}`,
    ]);
  assert.match(resumed('4').stdout, /the learning rate goes on from 0\.00\d+ instead of 0;/);
});

test('a dead code and outputs that are all the same are said, by train and by eval', (t) => {
  const folder = temporaryFolder(t);
  const out = path.join(folder, 'out');
  const run = hourglass([
    'train',
    '--preset',
    'quick',
    '--epochs',
    '6',
    '--json',
    '--out',
    out,
    ...small,
    'train.batch_size=20',
    'train.learning_rate=0.3',
  ]);
  assert.equal(run.code, 0, run.stderr);
  const found = JSON.parse(run.stdout.trim().split('\n').at(-1)).diagnoses;
  assert.equal(found[0]?.kind, 'dead_code');
  assert.equal(found[0].code_units, 32);
  assert.ok(run.stderr.includes(`hourglass: ${found[0].sentence}\n`));
  assert.match(found[0].sentence, /none of its 32 units changes .* with a lower train\.learning_rate/);
  const eval_ = (...flags) => hourglass(['eval', '--model', path.join(out, 'model.safetensors'), ...flags]).stdout;
  assert.match(eval_(), /The code is dead/);
  assert.equal(JSON.parse(eval_('--json')).diagnoses[0].kind, 'dead_code');
});

test('what cannot be read is refused for what it is', (t) => {
  const folder = temporaryFolder(t);
  const refused = (name, content) => {
    if (content === null) mkdirSync(path.join(folder, name));
    else writeFileSync(path.join(folder, name), content);
    const run = hourglass([
      'train',
      '--preset',
      'quick',
      '--data',
      path.join(folder, name),
      '--out',
      path.join(folder, 'out'),
    ]);
    assert.equal(run.code, 2, run.stderr);
    return run.stderr;
  };
  assert.match(refused('blank.csv', '6 0.5 1\n5 0.25 0\n'), /blanks between its 3 columns/);
  assert.match(refused('zip.train', '6 0.5 1\n5 0.25 0\n'), /its name ends in '\.train'/);
  assert.match(refused('noending', 'x'), /none of the endings that are known/);
  assert.match(refused('empty', null), /holds neither PNG images \(no other kind is read\) nor/);
});
