// Stopping a run and going on with it: nothing is lost, and nothing changes by it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { happens } from '../support/waiting.mjs';
import {
  essence,
  hourglass,
  program,
  readHistory,
  readSafetensors,
  small,
  start,
  temporaryFolder,
  train,
  withoutTimes,
} from './support.mjs';

// Long enough an epoch that a signal nearly always comes in the middle of one; noise and a short last mini-batch,
// for their random numbers and sizes must go on as they would have.
const slow = [
  '--preset',
  'deep',
  '--data',
  'strokes',
  '--set',
  'data.strokes_train=3000',
  'data.strokes_test=200',
  'train.batch_size=7',
  'noise.kind=gaussian',
  'train.optimizer=adam',
  'train.learning_rate=0.001',
];

// Whether a signal was sent to the process that it has not been given yet.
function isPending(pid, signal) {
  const masks = readFileSync(`/proc/${pid}/status`, 'utf8').matchAll(/^(?:SigPnd|ShdPnd):\s+([0-9a-f]+)$/gm);
  return [...masks].some(([, mask]) => (BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n);
}

function assertSameRun(a, b) {
  assert.deepEqual(essence(path.join(a, 'model.safetensors')), essence(path.join(b, 'model.safetensors')));
  assert.deepEqual(readHistory(a).map(withoutTimes), readHistory(b).map(withoutTimes));
}

test('a resumed run equals one that was never stopped, bit for bit', (t) => {
  const folder = temporaryFolder(t),
    whole = path.join(folder, 'whole'),
    parts = path.join(folder, 'parts');
  for (const optimizer of ['sgd', 'rmsprop', 'adadelta', 'adam']) {
    const flags = [
      '--preset',
      'vanilla',
      ...small,
      `train.optimizer=${optimizer}`,
      'train.learning_rate=0.01',
      'train.momentum=0.5',
      'noise.kind=masking',
      'train.batch_size=96',
    ];
    train(whole, ...flags, '--epochs', '5');
    train(parts, ...flags, '--epochs', '2');
    const summary = train(parts, '--resume', path.join(parts, 'model.safetensors'), '--epochs', '5', '--threads', '1');
    assert.equal(summary.preset, 'vanilla');
    assert.equal(summary.epochs, 5);
    assertSameRun(whole, parts);
  }
});

test('a run that ended after some mini-batches goes on to more of them', (t) => {
  const folder = temporaryFolder(t),
    whole = path.join(folder, 'whole'),
    parts = path.join(folder, 'parts');
  const flags = ['--preset', 'vanilla', ...small, 'train.batch_size=96'];
  const model = path.join(parts, 'model.safetensors');
  train(whole, ...flags, 'train.steps=19');
  train(parts, ...flags, 'train.steps=5');
  const over = hourglass(['train', '--resume', model]);
  assert.equal(over.code, 2);
  assert.match(over.stderr, /train\.steps/);
  train(parts, '--resume', model, '--set', 'train.steps=19');
  assertSameRun(whole, parts);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  test(`${signal} finishes the mini-batch, saves, says how to go on, and going on changes nothing`, async (t) => {
    const folder = temporaryFolder(t),
      out = path.join(folder, "it's here");
    const run = start(['train', ...slow, '--epochs', '100000', '--out', out, '--json', '--threads', '2']);
    await run.until(({ stderr }) => /^epoch +2\//m.test(stderr));
    run.child.kill(signal);
    const { code, stdout, stderr } = await run.ended;
    assert.equal(code, 130);
    const summary = JSON.parse(stdout.trim().split('\n').at(-1));
    assert.equal(summary.ended, 'interrupted');
    assert.deepEqual(readdirSync(out).sort(), [
      'history.csv',
      'latent.png',
      'model.safetensors',
      'reconstructions.png',
    ]);
    const state = JSON.parse(readSafetensors(summary.model).metadata['hourglass.state']);
    assert.ok(state.epoch >= 2 && state.epoch < 100000);
    assert.equal(readHistory(out).length, state.epoch);

    // The command as it was printed, with an end that is nearer.
    const command = /go on with: (.*)$/m.exec(stderr)[1];
    const epochs = String(state.epoch + 2);
    const resumed = spawnSync('sh', ['-c', `${command} --epochs ${epochs}`], { encoding: 'utf8' });
    assert.equal(resumed.status, 0, resumed.stderr);
    const whole = path.join(folder, 'whole');
    train(whole, ...slow, '--epochs', epochs);
    assertSameRun(whole, out);
  });
}

test('a second Ctrl-C ends at once and leaves nothing half-written', async (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  // One mini-batch of this takes seconds, and the second signal comes as soon as the first has been heard.
  const run = start([
    'train',
    '--preset',
    'vanilla',
    '--data',
    'strokes',
    '--epochs',
    '1000',
    '--out',
    out,
    '--threads',
    '1',
    '--set',
    'data.strokes_train=4096',
    'data.strokes_test=100',
    'train.batch_size=4096',
    'model.encoder=[{"type":"dense","units":16000,"activation":"relu"}]',
  ]);
  await run.until(({ stdout }) => stdout.includes('images to train on'));
  run.child.kill('SIGINT');
  await happens(() => !isPending(run.child.pid, 2), 'SIGINT is heard', 1);
  assert.equal(run.child.exitCode, null, 'the first one waits for the mini-batch');
  run.child.kill('SIGINT');
  const { code } = await run.ended;
  assert.equal(code, 130);
  // Had it finished the mini-batch, there would be a model.
  assert.deepEqual(readdirSync(out), []);
});

test('a reader of the output that goes away does not end the run', (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  const run = spawnSync(
    'bash',
    ['-c', `"$0" train --preset vanilla --epochs 5 --out "$1" ${small.join(' ')} | head -n 1`, program, out],
    { encoding: 'utf8' },
  );
  assert.equal(run.status, 0);
  assert.equal(readHistory(out).length, 5);
});

test('a run with nothing left to do, or flags that contradict the file, is refused in a sentence', (t) => {
  const folder = temporaryFolder(t),
    model = path.join(folder, 'model.safetensors');
  train(folder, '--preset', 'vanilla', ...small, '--epochs', '2');
  const before = essence(model);
  for (const [flags, expected] of [
    [[], /2 epochs already.*--epochs/],
    [['--epochs', '2'], /2 epochs already.*--epochs/],
    [['--epochs', '4', '--seed', '2'], /'--seed 2' contradicts .*train\.seed=1/],
    [['--epochs', '4', '--preset', 'deep'], /'--preset deep' contradicts .*'vanilla'/],
    [
      ['--epochs', '4', '--set', 'train.batch_size=5'],
      /'--set train\.batch_size=5' contradicts .*train\.batch_size=\d+;/,
    ],
    [['--epochs', '4', '--data', 'mnist'], /'--data mnist' contradicts .*data\.set=strokes/],
    [['--epochs', '4', '--set', 'data.strokes_train=2000'], /contradicts/],
  ]) {
    const run = hourglass(['train', '--resume', model, ...flags]);
    assert.equal(run.code, 2, flags.join(' '));
    assert.match(run.stderr, expected);
    assert.equal(run.stderr.trim().split('\n').length, 1);
  }
  assert.deepEqual(essence(model), before);
  // What says the same as the file is no contradiction.
  train(folder, '--resume', model, '--epochs', '3', '--seed', '1', '--preset', 'vanilla', '--data', 'strokes');
});

test('a resumed run writes beside its file, or where --out says', (t) => {
  const folder = temporaryFolder(t),
    first = path.join(folder, 'first'),
    second = path.join(folder, 'second');
  train(first, '--preset', 'vanilla', ...small, '--epochs', '1');
  const run = hourglass(['train', '--resume', 'model.safetensors', '--epochs', '2'], { cwd: first });
  assert.equal(run.code, 0, run.stderr);
  assert.equal(readHistory(first).length, 2);
  train(second, '--resume', path.join(first, 'model.safetensors'), '--epochs', '3');
  assert.equal(readHistory(first).length, 2);
  assert.equal(readHistory(second).length, 3);
});

test('a run that diverges says which setting to turn, and keeps finite parameters', (t) => {
  const out = temporaryFolder(t);
  const layer = (units) => `[{"type":"dense","units":${units},"activation":"linear"}]`;
  const run = hourglass([
    'train',
    '--preset',
    'vanilla',
    '--epochs',
    '30',
    '--out',
    out,
    '--json',
    ...small,
    'train.optimizer=sgd',
    'train.learning_rate=10',
    'train.momentum=0.99',
    'model.loss=sse',
    `model.encoder=${layer(32)}`,
    `model.decoder=${layer('"input"')}`,
  ]);
  assert.equal(run.code, 1);
  assert.match(run.stderr, /train\.learning_rate/);
  const summary = JSON.parse(run.stdout);
  assert.equal(summary.ended, 'diverged');
  const { tensors } = readSafetensors(path.join(out, 'model.safetensors'));
  for (const [name, { values }] of tensors) assert.ok(values.every(Number.isFinite), name);
});

test('a folder that does not take the model any more does not cost the run', async (t) => {
  const folder = temporaryFolder(t),
    out = path.join(folder, 'out');
  const run = start(['train', ...slow, '--epochs', '100000', '--out', out, '--json'], { env: { TMPDIR: folder } });
  await run.until(({ stderr }) => /^epoch +1\//m.test(stderr));
  rmSync(out, { recursive: true });
  writeFileSync(out, 'in the way');
  run.child.kill('SIGINT');
  const { code, stdout, stderr } = await run.ended;
  assert.equal(code, 130);
  assert.match(stderr, /Cannot write .*out\/model\.safetensors/);
  assert.match(stderr, /saved as .*; nothing is lost/);
  const { model } = JSON.parse(stdout);
  assert.equal(path.dirname(model), folder);
  const state = JSON.parse(readSafetensors(model).metadata['hourglass.state']);
  rmSync(out);
  const command = /go on with: (.*)$/m.exec(stderr)[1];
  const resumed = spawnSync('sh', ['-c', `${command} --epochs ${state.epoch + 1}`], { encoding: 'utf8' });
  assert.equal(resumed.status, 0, resumed.stderr);
  assert.equal(readHistory(out).length, state.epoch + 1);
});

test('a full disk is a sentence, and the old file stays', (t) => {
  const folder = temporaryFolder(t),
    out = path.join(folder, 'out');
  train(out, '--preset', 'vanilla', ...small, '--epochs', '1');
  const model = path.join(out, 'model.safetensors'),
    before = essence(model);
  // A limit on the size of files behaves as a full disk does: the write ends in the middle.
  const run = spawnSync('bash', ['-c', 'ulimit -f 100; exec "$0" train --resume "$1" --epochs 2', program, model], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: folder },
  });
  assert.equal(run.status, 1);
  assert.match(run.stderr, /^hourglass: Cannot write '.*model\.safetensors': /m);
  assert.deepEqual(essence(model), before);
  assert.deepEqual(readdirSync(folder), ['out']);
  assert.ok(readdirSync(out).every((name) => !name.endsWith('.unfinished')));
});

test('damaged checkpoints are refused in a sentence', (t) => {
  const folder = temporaryFolder(t),
    good = path.join(folder, 'good');
  train(good, '--preset', 'vanilla', ...small, '--epochs', '1');
  const model = path.join(good, 'model.safetensors');
  writeFileSync(path.join(folder, 'cut.safetensors'), readFileSync(model).subarray(0, 300_000));
  writeFileSync(path.join(folder, 'text.safetensors'), 'these are no tensors at all');
  writeFileSync(path.join(folder, 'empty.safetensors'), '');
  for (const name of ['cut', 'text', 'empty', 'absent']) {
    const run = hourglass(['train', '--resume', path.join(folder, `${name}.safetensors`), '--epochs', '9']);
    assert.equal(run.code, 2, name);
    assert.equal(run.stderr.trim().split('\n').length, 1, name);
    assert.match(run.stderr, new RegExp(`${name}\\.safetensors`));
  }
});
