// Rounds: in each, every measure has its turn, so that a machine whose speed drifts treats all alike. Round 0 warms up.

import os from 'node:os';

import { median } from './statistics.mjs';

const busyMilliseconds = () => os.cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys, 0);

// Resolves when this machine does nothing else any more, or keeps on doing it: what ran before may still be at work, as a
// browser that closes a page is, or an engine that brings a large network's displays up to date.
async function restUntilIdle() {
  const [window, windows, busy] = [200, 50, 40];
  for (let i = 0; i < windows; ++i) {
    const before = busyMilliseconds();
    await new Promise((resolve) => setTimeout(resolve, window));
    if (busyMilliseconds() - before < busy) return;
  }
}

// Measures `names` of `measures` in `count` rounds after one that warms up. Returns name -> [result of each round]; a
// measure that fails is left out from then on, and `problems` says why. say(line) is told how it goes; rest() is waited for
// before each turn.
export async function runRounds(measures, names, count, say, rest = restUntilIdle) {
  const results = new Map();
  const problems = new Map();
  for (const name of names) {
    if (measures[name].missing) problems.set(name, measures[name].missing);
    else results.set(name, []);
  }
  for (let round = 0; round <= count; ++round) {
    for (const [name, list] of results) {
      const { run, once } = measures[name];
      if (once && round !== count) continue;
      await rest();
      try {
        const result = await run();
        if (round > 0) list.push(result);
        say(`round ${round} of ${count}: ${name}${result.text ? `: ${result.text}` : ''}`);
      } catch (error) {
        const reason = error.message.split('\n')[0].replace(/^page\.evaluate: (Error: )?/, '');
        problems.set(name, reason);
        results.delete(name);
        say(`round ${round} of ${count}: ${name}: failed: ${reason}`);
      }
    }
  }
  return { results, problems };
}

// What the rounds say about a row: { what, goal, measured, met, values }.
export function evaluate(row, { results, problems }) {
  const said = { what: row.what, goal: row.goal.text };
  const lacking = row.uses.find((name) => !results.has(name));
  if (lacking !== undefined) {
    return { ...said, measured: `not measured: ${problems.get(lacking) ?? 'left out'}`, met: '', values: [] };
  }
  const rounds = Math.min(...row.uses.map((name) => results.get(name).length));
  const values = Array.from({ length: rounds }, (_, i) =>
    row.value(Object.fromEntries(row.uses.map((name) => [name, results.get(name)[i]]))),
  );
  if (values.some((value) => value === null))
    return { ...said, measured: `not measured: ${row.absent}`, met: '', values: [] };
  const middle = median(values);
  const range = values.length > 1 ? ` (${row.show(Math.min(...values))} to ${row.show(Math.max(...values))})` : '';
  return {
    ...said,
    measured: `${row.show(middle)}${range}`,
    met: row.goal.met ? (row.goal.met(middle) ? 'yes' : 'no') : '',
    values,
  };
}
