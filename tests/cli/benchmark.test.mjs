// The benchmark's own reckoning; what it measures is measured by ./dev bench.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';

import { denseNet } from '../../bench/nets.mjs';
import { fmaPeak } from '../../bench/pages/fma_probe.js';
import { shortName, topLines } from '../../bench/profile.mjs';
import { evaluate, runRounds } from '../../bench/rounds.mjs';
import { median, spread } from '../../bench/statistics.mjs';
import { threadCounts } from '../../bench/sweeps.mjs';
import { repository } from './support.mjs';

test('medians and what lies around them', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(spread([12345, 12000, 99]), '12,000 (99 to 12,300)');
});

test('the code of a dense net is its narrowest hidden layer', () => {
  const layers = (net, part) => JSON.parse(net.settings[`model.${part}`]).map(({ units }) => units);
  const deep = denseNet([784, 128, 32, 128, 784], 64);
  assert.deepEqual(
    [layers(deep, 'encoder'), layers(deep, 'decoder')],
    [
      [128, 32],
      [128, 'input'],
    ],
  );
  assert.equal(JSON.parse(deep.settings['model.decoder']).at(-1).activation, 'sigmoid');
  assert.equal(deep.mflop * 1e6, 2 * (784 * 128 * 2 + 128 * 32 * 3 * 2 + 128 * 784 * 3));
  const wide = denseNet([784, 2048, 784], 256);
  assert.deepEqual([layers(wide, 'encoder'), layers(wide, 'decoder')], [[2048], ['input']]);
});

test('rounds interleave what is measured, and the first only warms up', async () => {
  const order = [];
  const measure = (name, more = {}) => ({ run: async () => ({ value: order.push(name) }), ...more });
  const measures = {
    a: measure('a'),
    b: measure('b', { once: true }),
    c: measure('c', { missing: 'it is not here' }),
    d: {
      run: async () => {
        throw new Error('it broke\nat some place');
      },
    },
  };
  const rest = async () => {
    order.push('rest');
  };
  const { results, problems } = await runRounds(measures, ['a', 'b', 'c', 'd'], 2, () => {}, rest);
  assert.deepEqual(order, ['rest', 'a', 'rest', 'rest', 'a', 'rest', 'a', 'rest', 'b']);
  assert.deepEqual(
    results.get('a').map(({ value }) => value),
    [5, 7],
  );
  assert.equal(results.get('b').length, 1);
  assert.deepEqual(
    [...problems],
    [
      ['c', 'it is not here'],
      ['d', 'it broke'],
    ],
  );
});

test('a row says whether its goal is met, or why it was not measured', () => {
  const row = {
    what: 'a against b',
    goal: { text: 'at least 2', met: (value) => value >= 2 },
    uses: ['a', 'b'],
    value: ({ a, b }) => a.speed / b.speed,
    show: (value) => value.toFixed(1),
  };
  const results = (a, b) =>
    new Map([
      ['a', a.map((speed) => ({ speed }))],
      ['b', b.map((speed) => ({ speed }))],
    ]);
  const good = evaluate(row, { results: results([3, 40, 9], [1, 10, 3]), problems: new Map() });
  assert.deepEqual([good.measured, good.met], ['3.0 (3.0 to 4.0)', 'yes']);
  assert.equal(evaluate(row, { results: results([1], [1]), problems: new Map() }).met, 'no');
  const absent = evaluate(row, { results: new Map([['a', []]]), problems: new Map([['b', 'b is not here']]) });
  assert.deepEqual([absent.measured, absent.met], ['not measured: b is not here', '']);
});

test('a profile names functions shortly and adds up what is one', () => {
  assert.equal(shortName('void hourglass::(anonymous namespace)::pack<float, 6>(float const*, long)'), 'pack');
  assert.equal(
    shortName('Eigen::internal::gemm_pack_lhs<float, long, Map<float, 0>, 48>::operator()'),
    'Eigen::internal::gemm_pack_lhs',
  );
  assert.equal(shortName('hourglass::loss_sum'), 'loss_sum');
  assert.deepEqual(
    topLines([
      ['a', 1],
      ['b', 6],
      ['a', 3],
    ]),
    [' 60.0%  b', ' 40.0%  a'],
  );
});

test('threads are doubled up to all cores', () => {
  assert.deepEqual(threadCounts(1), [1]);
  assert.deepEqual(threadCounts(2), [1, 2]);
  assert.deepEqual(threadCounts(12), [1, 2, 4, 8, 12]);
});

test('the probe of multiply-adds is a module that runs', () => {
  assert.ok(fmaPeak(0.01, false) > 0);
  const relaxed = fmaPeak(0.01, true);
  assert.ok(relaxed === null || relaxed > 0);
});

for (const [flags, expected] of [
  [['--rounds', '0'], /--rounds.*1 to 100/],
  [['--seconds', 'long'], /--seconds.*0\.5 to 600/],
  [['--soak', '1'], /--soak.*4 to 86400/],
  [['--only', '('], /'\('.*regular expression/],
  [['--only', 'no such row'], /no row/],
  [['--fast'], /--fast.*--help/],
]) {
  test(`./dev bench ${flags.join(' ')}`, () => {
    const run = spawnSync(process.execPath, [path.join(repository, 'bench/run.mjs'), ...flags], { encoding: 'utf8' });
    assert.equal(run.status, 2, run.stderr);
    assert.match(run.stderr, /^[^\n]+\.\n$/, 'one sentence');
    assert.match(run.stderr, expected);
  });
}
