// Part "fuzzing": libFuzzer on every reader (tests/harden/fuzz_readers.cpp), each for its share of the time.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { repository } from '../peers/processes.mjs';

const program = `${repository}build/fuzz/hourglass_fuzz`;
const MAX_INPUT_BYTES = 1 << 14;

const options = {
  ASAN_OPTIONS: 'quarantine_size_mb=16:allocator_may_return_null=0:detect_leaks=1:abort_on_error=0',
  UBSAN_OPTIONS: 'print_stacktrace=1',
};
const start = (environment, args = [], more = {}) =>
  spawnSync(program, args, {
    env: { ...process.env, ...options, ...environment },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...more,
  });

// [[name, most MiB of one allocation], ...]
export function readers() {
  const list = start({ HOURGLASS_FUZZ_LIST: '1' });
  if (list.status !== 0) throw new Error(`the readers could not be listed: ${list.stderr}`);
  return list.stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([name, megabytes]) => [name, Number(megabytes)]);
}

// What libFuzzer says of a fault, in a line.
function summaryOf(text) {
  const line = /^SUMMARY: (.*)$/m.exec(text)?.[1] ?? 'ended without a word';
  return `${line} ${/^(slow: .*|.*runtime error: .*|terminate called.*| {2}what\(\): .*)$/m.exec(text)?.[1] ?? ''}`.trim();
}

// What is found is kept from one time to the next in `folder`, the faults in faults/READER/.
export function fuzzOne({ folder, name, megabytes, seconds, seed }) {
  const corpus = path.join(folder, 'corpus', name),
    faults = path.join(folder, 'faults', name);
  mkdirSync(corpus, { recursive: true });
  rmSync(faults, { recursive: true, force: true });
  mkdirSync(faults, { recursive: true });
  const made = start({ HOURGLASS_FUZZ_READER: name, HOURGLASS_FUZZ_SEEDS: corpus });
  if (made.status !== 0) throw new Error(`no seeds for ${name}: ${made.stderr}`);
  const run = start({ HOURGLASS_FUZZ_READER: name }, [
    corpus,
    `-dict=${corpus}.dict`,
    `-max_total_time=${Math.max(1, Math.round(seconds))}`,
    `-max_len=${MAX_INPUT_BYTES}`,
    `-malloc_limit_mb=${megabytes}`,
    '-rss_limit_mb=2560',
    // Of the clock, for what does not end; the program itself measures the processor's time.
    '-timeout=60',
    '-len_control=20',
    '-use_value_profile=1',
    `-seed=${seed}`,
    `-artifact_prefix=${faults}/`,
    '-print_final_stats=1',
  ]);
  const executions =
    Number(/^stat::number_of_executed_units: (\d+)$/m.exec(run.stderr)?.[1] ?? 0) ||
    Number([...run.stderr.matchAll(/^#(\d+)\t/gm)].at(-1)?.[1] ?? 0);
  const coverage = Number([...run.stderr.matchAll(/ cov: (\d+) /g)].at(-1)?.[1] ?? 0);
  const found = readdirSync(faults).length > 0 || run.status !== 0;
  return { executions, coverage, fault: found ? summaryOf(run.stderr) : '', log: run.stderr };
}

export async function fuzzing({ folder, seconds, fault, seed, note }) {
  const all = readers();
  const rows = [];
  let attempts = 0;
  for (const [name, megabytes] of all) {
    const result = fuzzOne({ folder, name, megabytes, seconds: seconds / all.length, seed });
    attempts += result.executions;
    rows.push([name, result.executions, result.coverage]);
    note(`fuzzing ${name}: ${result.executions} executions, ${result.coverage} edges`);
    if (result.fault) fault(`${name}: ${result.fault}`);
  }
  return { attempts, rows };
}
