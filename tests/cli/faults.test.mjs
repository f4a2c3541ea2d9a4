// Some of what ./dev harden tries for as long as it is let: a system that fails at one call, and kill -9 at one.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import * as runs from '../harden/runs.mjs';
import { essence, program, temporaryFolder } from './support.mjs';

const skip = existsSync(runs.shim) ? false : 'the library that makes calls fail is not built';
const HURRY = 1_000_000;

// A run of two epochs, and the same run to its end.
function begin(folder) {
  const start = path.join(folder, 'start'),
    whole = path.join(folder, 'whole');
  for (const [out, epochs] of [
    [start, 2],
    [whole, runs.EPOCHS],
  ]) {
    const made = runs.run(['train', ...runs.flags, '--epochs', String(epochs), '--out', out], runs.failing(folder));
    assert.equal(made.code, 0, made.stderr);
  }
  return { start, whole, old: essence(runs.modelOf(start)).state.step };
}

test('a call that fails is said in a sentence, and the checkpoint is whole', { skip }, (t) => {
  const folder = temporaryFolder(t),
    { start, whole, old } = begin(folder),
    out = path.join(folder, 'out');
  // Of the first file: open, truncate, write, fsync, rename.
  for (let AT = 1; AT <= 6; ++AT) {
    for (const KIND of ['once', 'full', 'short']) {
      runs.clear(out);
      cpSync(start, out, { recursive: true });
      const ended = runs.run(runs.goOn(out), runs.failing(folder, { KIND, AT, HURRY }));
      runs.assertSentence(ended);
      runs.assertNothingUnfinished(out);
      assert.ok(runs.assertWhole(out));
      assert.match(ended.stderr, /Cannot write '.*': .*\./);
      assert.equal(ended.code, KIND === 'once' ? 0 : 1, ended.stderr);
      if (KIND === 'once') runs.same(whole, out);
      else assert.equal(essence(runs.modelOf(out)).state.step, old);
    }
  }
});

test('a run that is killed at a call goes on to the same bits', { skip }, (t) => {
  const folder = temporaryFolder(t),
    { whole } = begin(folder),
    out = path.join(folder, 'out');
  for (let AT = 1; AT <= 26; AT += 5) {
    for (const KIND of ['kill', 'kill-half', 'kill-after']) {
      runs.clear(out);
      // Once at the beginning, when there is no checkpoint yet, and once on the way.
      for (const at of [AT, AT + 2]) {
        assert.equal(runs.run(runs.goOn(out), runs.failing(folder, { KIND, AT: at, HURRY })).signal, 'SIGKILL');
        runs.assertWhole(out);
      }
      assert.equal(runs.run(runs.goOn(out), runs.failing(folder)).code, 0);
      runs.same(whole, out);
    }
  }
});

test('a run without memory ends in a sentence', { skip }, (t) => {
  const folder = temporaryFolder(t),
    { start } = begin(folder),
    out = path.join(folder, 'out'),
    COUNT = path.join(folder, 'count');
  cpSync(start, out, { recursive: true });
  const peaceful = runs.run(runs.goOn(out), runs.failing(folder, { COUNT, MEMORY: 2 ** 40 }));
  assert.equal(peaceful.code, 0, peaceful.stderr);
  const [, allocations] = runs.counted(COUNT);
  const some = [1, 2, 40, 1000, ...[0.1, 0.5, 0.9, 0.98, 0.99].map((share) => Math.floor(share * allocations))];
  for (const MEMORY of some) {
    for (const KIND of ['once', 'full']) {
      runs.clear(out);
      cpSync(start, out, { recursive: true });
      runs.assertSentence(runs.run(runs.goOn(out), runs.failing(folder, { KIND, MEMORY })));
      runs.assertNothingUnfinished(out);
      assert.ok(runs.assertWhole(out));
    }
  }
});

test('a session without memory goes on with its settings', (t) => {
  const play = path.join(path.dirname(program), 'hourglass_out_of_memory');
  if (!existsSync(play)) return t.skip('the session whose allocations fail is not built');
  const count = spawnSync(play, ['COUNT'], { encoding: 'utf8' });
  assert.equal(count.status, 0, count.stderr);
  const { stdout } = spawnSync(play, ['3', count.stdout.trim(), '41'], { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  assert.ok(lines.length >= 20);
  assert.deepEqual(
    lines.filter((line) => !line.includes(' lived ')),
    [],
  );
});
