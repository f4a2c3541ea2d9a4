// Numbers outside their domain, and numbers that stop being finite: said in a sentence, never saved as figures.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { hourglass, npy, readHistory, readSafetensors, small, temporaryFolder, train } from './support.mjs';

// A hundred and twenty rows of two columns in 0 to 1 and one that is always 0; `far` puts other numbers there.
const points = (far = {}) =>
  'u,v,w,label\n' +
  Array.from({ length: 120 }, (_, i) =>
    [((i * 37) % 100) / 99, ((i * 53) % 100) / 99, far[i] ?? 0, 'ab'[i % 2]].join(','),
  ).join('\n') +
  '\n';

const sentences = (stderr) =>
  stderr
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('hourglass:'));

// Every tensor, and every number of the history, is finite.
function assertFinite(out, summary) {
  for (const [name, { values }] of readSafetensors(path.join(out, 'model.safetensors')).tensors) {
    assert.ok(values.every(Number.isFinite), name);
  }
  const text = readFileSync(path.join(out, 'history.csv'), 'utf8');
  assert.doesNotMatch(text, /inf|nan/i);
  for (const row of readHistory(out)) assert.ok(Object.values(row).every(Number.isFinite), text);
  assert.doesNotMatch(JSON.stringify(summary), /inf|nan/i);
}

// Rewrites a checkpoint with its settings changed as change(settings) does.
function changeSettings(file, change, to = file) {
  const bytes = readFileSync(file),
    length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const settings = JSON.parse(header.__metadata__['hourglass.settings']);
  change(settings);
  header.__metadata__['hourglass.settings'] = JSON.stringify(settings);
  let text = Buffer.from(JSON.stringify(header));
  text = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(to, Buffer.concat([size, text, bytes.subarray(8 + length)]));
}

test('held-out values outside the range of training: a sentence before training, and three ways on', (t) => {
  const folder = temporaryFolder(t);
  // One row after the other holds a number far away: it is a held-out row for every sixth of them.
  let refused = 0;
  for (let row = 0; row < 12; ++row) {
    const file = path.join(folder, `far-${row}.csv`),
      out = path.join(folder, `run-${row}`);
    writeFileSync(file, points({ [row]: 5000 }));
    const flags = [
      'train',
      '--preset',
      'vanilla',
      '--data',
      file,
      '--epochs',
      '1',
      '--json',
      '--set',
      'train.stop_loss=0.01',
    ];
    const run = hourglass([...flags, '--out', out]);
    if (run.code === 0) {
      assert.ok(JSON.parse(run.stdout).test_loss > 0, 'a training row: the column has its range');
      continue;
    }
    ++refused;
    assert.equal(run.code, 2);
    assert.equal(sentences(run.stderr).length, 1, run.stderr);
    assert.match(
      run.stderr,
      new RegExp(
        `1 of 20 held-out rows of 'far-${row}\\.csv' has values outside 0 to 1 ` +
          `\\(the furthest is 5000(?:, scaled \\d+)?, in column 'w' of row ${row + 1}\\)`,
      ),
    );
    assert.match(run.stderr, /data\.clip=true.*model\.loss=mse/);
    const clipped = hourglass([...flags, 'data.clip=true', '--out', out]);
    assert.equal(clipped.code, 0, clipped.stderr);
    assert.ok(JSON.parse(clipped.stdout).test_loss > 0);
    assertFinite(out, JSON.parse(clipped.stdout));
    const squared = hourglass([...flags, 'model.loss=mse', '--out', out]);
    assert.equal(squared.code, 0, squared.stderr);
    assert.match(squared.stderr, /1 of 20 held-out rows .*last layer's sigmoid cannot come to/);
    assert.ok(JSON.parse(squared.stdout).test_mse > 1000);
  }
  assert.ok(refused > 0, 'some row of twelve is held out');
});

test('eval on other data: a loss that has no meaning is left out, and what has one is shown', (t) => {
  const folder = temporaryFolder(t),
    at = (name) => path.join(folder, name),
    model = at('out/model.safetensors');
  writeFileSync(at('t.csv'), points(Object.fromEntries(Array.from({ length: 120 }, (_, i) => [i, i % 2]))));
  train(at('out'), '--preset', 'vanilla', '--data', at('t.csv'), '--epochs', '1', '--set', 'data.clip=true');
  writeFileSync(at('other.csv'), points({ 7: 5000, 8: -3 }));
  // The model's own setting holds the values to its range; the one beside it was trained without.
  const held = hourglass(['eval', '--model', model, '--in', at('other.csv'), '--json']);
  assert.equal(held.code, 0, held.stderr);
  assert.ok(JSON.parse(held.stdout).test_loss > 0);
  const free = at('free.safetensors');
  changeSettings(
    model,
    (settings) => {
      settings.data.clip = false;
    },
    free,
  );
  const run = hourglass(['eval', '--model', free, '--in', at('other.csv'), '--json']);
  assert.equal(run.code, 0, run.stderr);
  const figures = JSON.parse(run.stdout);
  assert.equal(figures.test_loss, null);
  assert.ok(figures.test_mse > 1000);
  assert.equal(sentences(run.stderr).length, 1, run.stderr);
  assert.match(
    run.stderr,
    /2 of 120 samples of '.*other\.csv' have values outside 0 to 1 \(the furthest is 5000, in column 'w' of row 8\)/,
  );
  assert.match(run.stderr, /test loss is left out/);
  const plain = hourglass(['eval', '--model', free, '--in', at('other.csv'), '--out', at('figures.csv')]);
  assert.doesNotMatch(plain.stdout, /test loss/);
  const [titles, values] = readFileSync(at('figures.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  assert.equal(titles.length, values.length);
  assert.equal(values[titles.indexOf('test_loss')], '');
  const restored = hourglass(['reconstruct', '--model', free, '--in', at('other.csv'), '--out', at('x.npy')]);
  assert.equal(restored.code, 0);
  assert.match(restored.stderr, /2 of 120 rows of .*other\.csv' .*which the model was not trained on/);
});

const linear = [
  'model.loss=sse',
  'model.encoder=[{"type":"dense","units":4}]',
  'model.decoder=[{"type":"dense","units":"input"}]',
];
const wild = [
  ...linear,
  'train.optimizer=sgd',
  'train.learning_rate=10',
  'train.batch_size=16',
  'data.scaling=standardised',
];

test('a run may end in any step: it is complete, or it has diverged and keeps what was good', (t) => {
  const folder = temporaryFolder(t),
    file = path.join(folder, 't.csv'),
    endings = new Set();
  writeFileSync(
    file,
    Array.from({ length: 120 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)].join(',')).join('\n'),
  );
  for (let steps = 1; steps <= 14; ++steps) {
    // Every seventh run has a rate that works.
    const rate = steps % 7 === 0 ? ['train.learning_rate=0.001'] : [];
    const out = path.join(folder, String(steps));
    const run = hourglass([
      'train',
      '--preset',
      'vanilla',
      '--data',
      file,
      '--out',
      out,
      '--json',
      '--set',
      ...(rate.length > 0 ? wild.filter((pair) => !pair.startsWith('train.learning_rate')) : wild),
      ...rate,
      `train.steps=${steps}`,
    ]);
    const summary = JSON.parse(run.stdout);
    assert.equal(run.code, summary.ended === 'complete' ? 0 : 1, run.stderr);
    endings.add(summary.ended);
    // One step at the rate of 10 is enough, although all numbers are finite after it.
    assert.equal(summary.ended, rate.length > 0 ? 'complete' : 'diverged', `${steps}`);
    assertFinite(out, summary);
    if (summary.ended === 'complete') continue;
    assert.equal(summary.ended, 'diverged');
    assert.match(
      run.stderr,
      /(no longer finite|has burst: it is [\d.e+]+) after step \d+: lower train\.learning_rate, which is 10, .*go on with: .*--resume .*--set train\.learning_rate=1$/m,
    );
  }
  assert.deepEqual([...endings].sort(), ['complete', 'diverged']);
});

test('a run that has diverged goes on with what its sentence says', (t) => {
  const folder = temporaryFolder(t),
    file = path.join(folder, 't.csv'),
    out = path.join(folder, 'out');
  writeFileSync(
    file,
    Array.from({ length: 120 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)].join(',')).join('\n'),
  );
  const model = path.join(out, 'model.safetensors');
  const burst = hourglass([
    'train',
    '--preset',
    'vanilla',
    '--data',
    file,
    '--out',
    out,
    '--epochs',
    '9',
    '--set',
    ...wild,
  ]);
  assert.equal(burst.code, 1);
  const resume = ['train', '--resume', model, '--data', file, '--json', '--epochs', '9'];
  for (const refused of [
    'train.batch_size=8',
    'train.optimizer=adam',
    'model.loss=mse',
    'data.scaling=unit',
    'data.clip=true',
    'train.seed=3',
  ]) {
    const run = hourglass([...resume, '--set', refused]);
    assert.equal(run.code, 2, refused);
    assert.match(run.stderr, /contradicts.*keeps its data, model, optimizer, batch size and seed/);
  }
  const gentle = hourglass([...resume, '--set', 'train.learning_rate=1e-6', 'train.clip_norm=1']);
  assert.equal(gentle.code, 0, gentle.stderr);
  assert.match(
    gentle.stderr,
    /From here on the run has train\.clip_norm=1 instead of 0, train\.learning_rate=1e-06 instead of 10\./,
  );
  assertFinite(out, JSON.parse(gentle.stdout));
  // What it was told is part of the run from then on.
  const settings = JSON.parse(readSafetensors(model).metadata['hourglass.settings']);
  assert.equal(settings.train.learning_rate, 1e-6);
});

test('moments that are not finite begin anew, with a sentence, and the run can be opened for ever after', (t) => {
  const folder = temporaryFolder(t),
    model = path.join(folder, 'model.safetensors');
  train(folder, '--preset', 'vanilla', ...small, 'train.optimizer=adam', 'train.learning_rate=0.001', '--epochs', '1');
  const bytes = readFileSync(model),
    header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString());
  const start = 8 + Number(bytes.readBigUInt64LE(0)) + header['optimizer.mean_square.encoder.0.weight'].data_offsets[0];
  bytes.writeFloatLE(NaN, start + 400);
  writeFileSync(model, bytes);
  for (const [epochs, notes] of [
    ['2', 1],
    ['3', 0],
  ]) {
    const run = hourglass(['train', '--resume', model, '--epochs', epochs, '--json']);
    assert.equal(run.code, 0, run.stderr);
    assert.equal(sentences(run.stderr).length, notes, run.stderr);
    if (notes)
      assert.match(
        run.stderr,
        /model\.safetensors' holds numbers of the optimizer that are not finite; the optimizer begins anew/,
      );
    assertFinite(folder, JSON.parse(run.stdout));
  }
});

test('eval refuses penalties that the model has no code for', (t) => {
  const folder = temporaryFolder(t),
    model = path.join(folder, 'model.safetensors');
  for (const preset of ['convolutional', 'deep']) {
    train(
      folder,
      '--preset',
      preset,
      '--data',
      'strokes',
      '--epochs',
      '1',
      '--set',
      'data.strokes_train=100',
      'data.strokes_test=100',
    );
    changeSettings(model, (settings) => {
      settings.penalty.contractive = 1;
    });
    const run = hourglass(['eval', '--model', model, '--data', 'strokes']);
    assert.equal(run.code, 2, run.stderr);
    assert.equal(run.stdout, '');
    assert.match(
      run.stderr,
      /^hourglass: '.*model\.safetensors' cannot be measured: penalty\.contractive needs an encoder of exactly one dense layer/,
    );
    assert.equal(run.stderr.trim().split('\n').length, 1);
  }
});

test('floats of 0 to 255 in a table are scaled, also where training saw nothing but paper', (t) => {
  const folder = temporaryFolder(t),
    file = path.join(folder, 'pixels.npy');
  // Ink that wanders: most columns are 0 in most rows.
  const pixels = Array.from({ length: 24 }, (_, i) =>
    Array.from({ length: 144 }, (_, j) => (j % 24 === i ? 255 : 0)),
  ).flat();
  writeFileSync(file, npy(24, 144, pixels));
  const summary = train(path.join(folder, 'out'), '--preset', 'vanilla', '--data', file, '--epochs', '1');
  assert.ok(summary.test_mse < 1 && summary.test_loss > 0, JSON.stringify(summary));
});
