// The lines that tell of each epoch: on a terminal they are as wide as it is, in a pipe they are whole.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { environment, hourglass, program, small, temporaryFolder } from './support.mjs';
import { PATIENCE_MS, endLate, happens } from '../support/waiting.mjs';

const flags = ['train', '--preset', 'vanilla', '--epochs', '2', ...small];

// The lines of a run on a terminal of so many columns, which util-linux's `script` makes.
function onTerminal(folder, columns) {
  const words = [program, ...flags, '--out', `out${columns}`].map((word) => `'${word}'`).join(' ');
  const run = spawnSync('script', ['-qec', `stty cols ${columns} && ${words}`, '/dev/null'], {
    cwd: folder,
    env: { ...environment, TERM: 'dumb', LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });
  assert.equal(run.status, 0, run.stdout);
  return run.stdout.split(/\r?\n/).filter((line) => /^epoch\s+\d+\/2 /.test(line));
}

test('an epoch is one line of a terminal, however narrow, and says first what matters most', (t) => {
  const folder = temporaryFolder(t);
  for (const columns of [40, 60, 80, 100, 120, 149, 200]) {
    const lines = onTerminal(folder, columns);
    assert.equal(lines.length, 2, `at ${columns} columns: ${lines}`);
    for (const line of lines) {
      assert.ok(line.length < columns, `${line.length} characters in ${columns} columns: ${line}`);
      assert.match(line, /^epoch 1?2?\/2 {2}train loss \d/);
      if (columns >= 60) assert.match(line, /test loss \d/);
      if (columns >= 80) assert.match(line, /images\/s$/);
      if (columns >= 200) assert.match(line, /test mse .*rounded accuracy .*code mean .*code zero .*images\/s$/);
    }
  }
});

test('in a pipe the line has everything', (t) => {
  const run = hourglass([...flags, '--out', path.join(temporaryFolder(t), 'out')]);
  assert.equal(run.code, 0, run.stderr);
  assert.equal(
    run.stdout.match(/^epoch \d\/2 .*test mse .*rounded accuracy .*code mean .*code zero .*images\/s$/gm).length,
    2,
  );
});

// The processor time that a process has taken, in ticks of the system's clock.
function ticks(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

// Resolves when the run has worked and then, between two looks, has not: what nobody reads has filled up.
function isHeldUp(run) {
  let last = 0;
  return happens(
    () => {
      assert.equal(run.exitCode, null);
      const before = last;
      last = ticks(run.pid);
      return last > 5 && last === before;
    },
    'a run that waits for its reader',
    500,
  );
}

for (const [kind, signal] of [
  ['pipe', 'SIGTERM'],
  ['socket', 'SIGINT'],
]) {
  test(`a run whose ${kind} nobody reads is saved when it is asked to stop`, async (t) => {
    const folder = temporaryFolder(t);
    let output = 'pipe'; // which is a socket, in Node
    if (kind === 'pipe') {
      const fifo = path.join(folder, 'fifo');
      assert.equal(spawnSync('mkfifo', [fifo]).status, 0);
      output = openSync(fifo, 'r+');
    }
    const images = ['data.strokes_train=100', 'data.strokes_test=100', 'train.batch_size=100'];
    const run = spawn(
      program,
      ['train', '--preset', 'vanilla', '--data', 'strokes', '--set', ...images, '--epochs', '100000', '--out', 'out'],
      { cwd: folder, env: environment, stdio: ['ignore', output, 'inherit'] },
    );
    t.after(endLate(run));
    const ended = new Promise((resolve) => run.on('exit', resolve));
    await isHeldUp(run);
    run.kill(signal);
    assert.equal(await ended, 130);
    if (output === 'pipe') run.stdout.destroy();
    else closeSync(output);
    assert.ok(readdirSync(path.join(folder, 'out')).includes('model.safetensors'));
  });
}
