// The series that the page keeps of a run, in Node.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DownsampledSeries, lastOfEpochs, meanOfLosses } from '../../web/client/downsampled_series.js';

test('a series within its bound is kept as it came', () => {
  const series = new DownsampledSeries(8, meanOfLosses);
  assert.equal(series.newest, undefined);
  const points = Array.from({ length: 8 }, (_, i) => ({ step: i, epoch: i / 4, loss: 1 / (i + 1), penalty: 0 }));
  for (const point of points) series.add(point);
  assert.deepEqual(series.items(), points);
  assert.equal(series.newest, points[7]);
  series.items().pop();
  assert.equal(series.items().length, 8, 'what is given out is a copy');
});

test('a longer one is means of as many neighbours each, where the last of them was', () => {
  const count = 1001;
  const series = new DownsampledSeries(64, meanOfLosses);
  for (let i = 1; i <= count; ++i) series.add({ step: i, epoch: i / 10, loss: i % 2 ? 1 : 3, penalty: i % 2 ? 0 : 1 });
  const items = series.items();
  assert.equal(items.length, Math.ceil(count / 16));
  for (const [i, item] of items.slice(0, -1).entries()) {
    assert.equal(item.step, 16 * (i + 1));
    assert.equal(item.epoch, item.step / 10);
    assert.ok(Math.abs(item.loss - 2) < 1e-12 && Math.abs(item.penalty - 0.5) < 1e-12, JSON.stringify(item));
  }
  assert.equal(items.at(-1).step, count);
  assert.deepEqual(series.newest, { step: count, epoch: count / 10, loss: 1, penalty: 0 });
});

test('of epochs the last of every few is kept, and always the newest', () => {
  const series = new DownsampledSeries(4, lastOfEpochs);
  for (let epoch = 1; epoch <= 11; ++epoch) series.add({ epoch });
  assert.deepEqual(
    series.items().map(({ epoch }) => epoch),
    [4, 8, 11],
  );
});
