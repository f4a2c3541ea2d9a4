// The lines that tell of each epoch: on a terminal they are as wide as it is, in a pipe they are whole.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

import { environment, hourglass, program, small, temporaryFolder } from './support.mjs';
import { PATIENCE_MS } from '../support/waiting.mjs';

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
