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
    /^hourglass: The learning rate has reached 0: the schedule was over at step 20, .* up to \d+, have changed nothing\. Set train\.decay_steps to 0/m,
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
  assert.deepEqual(found[0].remedy, {
    name: 'restart_rate',
    set: { 'train.learning_rate': 0.001 },
    restart: true,
  });
  assert.ok(run.stderr.includes('hourglass: To mend it: --set train.learning_rate=0.001\n'), run.stderr);
  const first = JSON.parse(run.stdout.trim().split('\n').at(-1)).first_diagnosed;
  assert.ok(first.dead_code >= 1 && first.dead_code <= 6, JSON.stringify(first));
  const eval_ = (...flags) => hourglass(['eval', '--model', path.join(out, 'model.safetensors'), ...flags]).stdout;
  assert.match(eval_(), /The code is dead/);
  assert.equal(JSON.parse(eval_('--json')).diagnoses[0].kind, 'dead_code');
});

test('what settings and data say of a run is said before its first step, once, with what mends it', (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  const run = hourglass([
    ...['train', '--preset', 'mlp-adam', '--epochs', '2', '--json', '--out', out, ...small],
    ...['train.schedule=cosine', 'train.decay_steps=1'],
  ]);
  assert.equal(run.code, 0, run.stderr);
  const told = run.stderr.split('\n').filter((line) => line.startsWith('hourglass: '));
  const at = (words) => told.findIndex((line) => line.includes(words));
  assert.ok(
    at('values that the last layer cannot give: the furthest is -1, and its outputs end at 0') >= 0,
    run.stderr,
  );
  assert.ok(at('To mend it: --set data.scaling=unit') >= 0);
  assert.ok(at('will have come down to 0 at step 1 of ') >= 0);
  assert.ok(at('To mend it: --set train.decay_steps=0') >= 0);
  assert.equal(told.filter((line) => line.includes('the last layer cannot give')).length, 1);
  assert.ok(run.stderr.indexOf('the last layer cannot give') < run.stderr.indexOf('strokes: '), 'before it begins');
  const { diagnoses } = JSON.parse(run.stdout.trim().split('\n').at(-1));
  assert.deepEqual(
    diagnoses.map(({ kind }) => kind),
    ['unreachable_targets', 'schedule_over'],
  );
  assert.equal(diagnoses[0].furthest, -1);
  assert.deepEqual(diagnoses[0].remedy.set, { 'data.scaling': 'unit' });
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
  assert.match(refused('noending', 'x'), /'.*noending' has a header and no lines of data below it/);
  assert.match(refused('empty', null), /holds no data: images \(PNG, JPEG, BMP\)/);
});
