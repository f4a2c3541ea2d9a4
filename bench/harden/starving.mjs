// Part "failing system": calls that fail one by one, a full disk, a folder that cannot be written, too few files at a
// time, and allocations that fail one by one.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { essence, program } from '../../tests/cli/support.mjs';
import * as runs from '../../tests/harden/runs.mjs';

const HURRY = 1_000_000;

// What a run that ends early may leave: the old checkpoint or a later one of the same run, whole.
function assertOldOrNew(out, old) {
  assert.ok(runs.assertWhole(out), 'the old checkpoint is gone');
  const now = essence(runs.modelOf(out));
  if (now.state.step === old.state.step) assert.deepEqual(now, old);
  else assert.ok(now.state.step > old.state.step, 'the checkpoint is older than it was');
}

// A run of two epochs in `start`, from which the others go on.
function begin(folder) {
  const start = path.join(folder, 'start'),
    whole = path.join(folder, 'whole');
  mkdirSync(folder, { recursive: true });
  for (const [out, epochs] of [
    [start, 2],
    [whole, runs.EPOCHS],
  ]) {
    runs.clear(out);
    const made = runs.run(['train', ...runs.flags, '--epochs', String(epochs), '--out', out], runs.failing(folder));
    if (made.code !== 0) throw new Error(`a run in peace failed: ${made.stderr}`);
  }
  return { start, whole, old: essence(runs.modelOf(start)) };
}

// Goes on in a copy of `start` in the environment that `fault` describes.
function goOnFailing(folder, start, out, fault, shell) {
  runs.clear(out);
  cpSync(start, out, { recursive: true });
  return runs.run(runs.goOn(out), runs.failing(folder, fault), shell);
}

export async function failingSystem({ folder, goes, fault }) {
  const { start, whole, old } = begin(folder);
  const out = path.join(folder, 'out'),
    count = path.join(folder, 'count');
  let attempts = limits(folder, start, out, old, fault, goes);
  const check = (name, ended, holds = () => {}) => {
    ++attempts;
    try {
      runs.assertSentence(ended);
      runs.assertNothingUnfinished(out);
      assertOldOrNew(out, old);
      holds(ended);
      // Whatever happened, the run goes on from there in peace, to the same bits.
      const after = runs.run(runs.goOn(out), runs.failing(folder));
      if (after.code !== 0) assert.match(after.stderr, /epochs already/, after.stderr);
      runs.same(whole, out);
    } catch (wrong) {
      fault(`${name}: ${wrong.message}`);
    }
  };
  goOnFailing(folder, start, out, { COUNT: count, HURRY });
  const [calls] = runs.counted(count);
  for (let at = 1; at <= calls && goes(); ++at) {
    for (const KIND of ['once', 'full', 'short']) {
      const ended = goOnFailing(folder, start, out, { KIND, AT: at, HURRY });
      check(`${KIND} at call ${at}`, ended, ({ code, stderr }) => {
        // A disk that stays full loses the end of the run: that has to be said.
        if (KIND !== 'once' && at < calls) assert.ok(code !== 0 && /Cannot write/.test(stderr), stderr);
      });
    }
  }
  return attempts;
}

// A folder that cannot be written, and limits of the system's own.
function limits(folder, start, out, old, fault, goes) {
  let attempts = 0;
  const attempt = (name, shell, prepare = () => {}, expected = /./) => {
    if (!goes()) return;
    ++attempts;
    try {
      runs.clear(out);
      cpSync(start, out, { recursive: true });
      prepare();
      const ended = runs.run(runs.goOn(out), { ...runs.failing(folder), LD_PRELOAD: '' }, shell);
      runs.assertSentence(ended);
      if (ended.code !== 0) assert.match(ended.stderr, expected);
      assertOldOrNew(out, old);
    } catch (wrong) {
      fault(`${name}: ${wrong.message}`);
    } finally {
      if (existsSync(out)) chmodSync(out, 0o755);
    }
  };
  // Nothing is read only for the superuser: as somebody else.
  const nobody = process.getuid() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups'] : [];
  attempt('a folder that is read only', nobody, () => chmodSync(out, 0o555), /cannot be written|Cannot write/);
  attempt(
    'a folder in the place of a file',
    [],
    () => {
      runs.clear(path.join(out, 'history.csv'));
      mkdirSync(path.join(out, 'history.csv'));
      writeFileSync(path.join(out, 'history.csv', 'in the way'), '');
    },
    /Cannot write/,
  );
  // With fewer than four the loader cannot open the libraries.
  for (let files = 4; files <= 24; ++files) {
    attempt(`${files} files at a time`, ['bash', '-c', `ulimit -n ${files}; exec "$0" "$@"`]);
  }
  for (let blocks = 0; blocks <= 1400; blocks += 100) {
    attempt(`files of ${blocks} KiB`, ['bash', '-c', `ulimit -f ${blocks}; exec "$0" "$@"`], () => {}, /Cannot write/);
  }
  return attempts;
}

// Allocation after allocation fails, once or from there on. Of the hundreds of thousands of a run the first are tried
// one by one, and then as many as there is time for, spread over the rest.
export async function withoutMemory({ folder, goes, fault, random }) {
  const { start, old } = begin(folder);
  const out = path.join(folder, 'out'),
    count = path.join(folder, 'count');
  const NEVER = 2 ** 40;
  const peaceful = goOnFailing(folder, start, out, { COUNT: count, MEMORY: NEVER });
  if (peaceful.code !== 0) throw new Error(`a run in peace failed: ${peaceful.stderr}`);
  const [, allocations] = runs.counted(count);
  let attempts = 0;
  for (let n = 1; goes(); ++n) {
    const at = n % 2 === 1 ? (n + 1) / 2 : 1 + Math.floor(random() * allocations);
    if (at > allocations) break;
    for (const KIND of ['once', 'full']) {
      const ended = goOnFailing(folder, start, out, { KIND, MEMORY: at });
      ++attempts;
      try {
        runs.assertSentence(ended);
        runs.assertNothingUnfinished(out);
        assertOldOrNew(out, old);
      } catch (wrong) {
        fault(`${KIND} without memory from allocation ${at} of ${allocations}: ${wrong.message}`);
      }
    }
  }
  return attempts;
}

// The same of a session as window and page have it (tests/harden/out_of_memory.cpp).
export async function outOfMemory({ goes, fault }) {
  const play = path.join(path.dirname(program), 'hourglass_out_of_memory');
  const allocations = Number(spawnSync(play, ['COUNT'], { encoding: 'utf8' }).stdout);
  assert.ok(allocations > 0, 'the session that lacks nothing failed');
  let attempts = 0;
  const EACH = 20;
  for (let from = 1; from <= allocations && goes(); from += EACH) {
    const args = [from, Math.min(allocations, from + EACH - 1), 1].map(String);
    for (const line of spawnSync(play, args, { encoding: 'utf8' }).stdout.trim().split('\n')) {
      ++attempts;
      if (!line.includes(' lived ')) fault(`a session without memory from allocation ${line} of ${allocations}`);
    }
  }
  return attempts;
}
