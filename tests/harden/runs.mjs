// The small run that is killed and starved, and what has to hold of what it leaves behind.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { essence, program } from '../cli/support.mjs';
import { PATIENCE_MS } from '../support/waiting.mjs';

const build = path.dirname(program);
export const shim = path.join(build, 'libhourglass_faults.so');

// Random numbers, noise and moments: what goes on otherwise after a stop is seen in the bits.
export const flags = [
  '--preset',
  'quick',
  '--data',
  'strokes',
  '--set',
  'data.strokes_train=300',
  'data.strokes_test=100',
  'train.batch_size=64',
  'train.optimizer=adam',
  'train.learning_rate=0.001',
  'noise.kind=masking',
  'train.save_seconds=1',
];
export const EPOCHS = 6;

// The environment in which calls that change `folder` fail as `fault` says (tests/harden/faults.cpp).
export function failing(folder, fault = {}) {
  const environment = { LD_PRELOAD: shim, HOURGLASS_FAULT_FOLDER: folder, TMPDIR: folder };
  for (const [name, value] of Object.entries(fault)) environment[`HOURGLASS_FAULT_${name}`] = String(value);
  if (fault.KIND) environment.HOURGLASS_FAULT = fault.KIND;
  return { ...process.env, HOURGLASS_DATA_DIR: path.join(folder, 'no-data'), ...environment };
}

export function run(args, env, shell = []) {
  const [name, ...rest] = [...shell, program, ...args];
  const ended = spawnSync(name, rest, { env, encoding: 'utf8', timeout: PATIENCE_MS, maxBuffer: 1 << 26 });
  return { code: ended.status, signal: ended.signal, stdout: ended.stdout, stderr: ended.stderr };
}

export const modelOf = (out) => path.join(out, 'model.safetensors');

// The arguments that begin the run in `out`, or go on with it where it left something.
export function goOn(out, threads = 1) {
  const model = modelOf(out);
  const how = existsSync(model) ? ['--resume', model] : [...flags, '--out', out];
  return ['train', ...how, '--epochs', String(EPOCHS), '--threads', String(threads)];
}

// Throws unless the checkpoint in `out` is whole, or there is none.
export function assertWhole(out) {
  if (!existsSync(modelOf(out))) return false;
  const { tensors } = essence(modelOf(out));
  for (const [name, [shape, bytes]] of Object.entries(tensors)) {
    const size = Buffer.from(bytes, 'base64').length;
    assert.equal(size, 4 * shape.reduce((a, b) => a * b, 1), `${name} has not the bytes of its shape`);
  }
  return true;
}

// Throws unless the run said what is wrong in sentences, each on a line, and did not crash.
export function assertSentence({ code, signal, stderr }) {
  assert.equal(signal, null, `it ended by ${signal}: ${stderr}`);
  assert.ok([0, 1, 2].includes(code), `exit status ${code}: ${stderr}`);
  assert.ok(!/should not have happened|terminate called|Assertion/.test(stderr), stderr);
  for (const line of stderr.split('\n').filter((each) => each && !/^epoch |^strokes: |^quick: /.test(each))) {
    assert.match(line, /^hourglass: .+\.$|^hourglass: .*go on with: .+$/, `no sentence: ${line}`);
  }
  if (code !== 0) assert.match(stderr, /^hourglass: /m, 'it failed without a word');
}

export function assertNothingUnfinished(out) {
  if (!existsSync(out)) return;
  const left = readdirSync(out).filter((name) => name.endsWith('.unfinished'));
  assert.deepEqual(left, [], 'half a file was left behind');
}

export const clear = (folder) => rmSync(folder, { recursive: true, force: true });
export const same = (a, b) => assert.deepEqual(essence(modelOf(a)), essence(modelOf(b)));
export const counted = (file) => readFileSync(file, 'utf8').trim().split(' ').map(Number);
