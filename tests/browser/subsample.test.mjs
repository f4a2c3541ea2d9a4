// A part of files that are too many or too large, chosen before anything is read.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { subsampleOf } from '../../web/client/subsample.js';

const file = (path, size) => ({ path, blob: new Blob([new Uint8Array(size)]) });

test('of pictures an even share of every folder is taken, and all that says something about them', async () => {
  const files = Array.from({ length: 100 }, (_, i) => file(`${i < 50 ? 'a' : 'b'}/${i}.png`, 1000));
  files.push(file('labels.csv', 10));
  const byBytes = subsampleOf(files, { mostBytes: 50_010, mostFiles: 1000 });
  assert.deepEqual([byBytes.used, byBytes.of, byBytes.unit], [48, 100, 'files']);
  const names = (await byBytes.take()).map(({ path }) => path);
  assert.equal(names.filter((name) => name.startsWith('a/')).length, 24);
  assert.equal(names.filter((name) => name.startsWith('b/')).length, 24);
  assert.equal(new Set(names).size, 49);
  assert.ok(names.includes('labels.csv'));
  const byCount = subsampleOf(files, { mostBytes: 1e9, mostFiles: 21 });
  assert.equal((await byCount.take()).length, 21);
});

test('of a table whole lines from all over it are taken, after its first', async () => {
  const lines = Array.from({ length: 400_000 }, (_, i) => `${i},${i % 7}`);
  const table = [{ path: 'x.csv', blob: new Blob([`n,k\n${lines.join('\n')}\n`]) }];
  const mostBytes = 2 ** 20;
  const [part] = await subsampleOf(table, { mostBytes, mostFiles: 9 }).take();
  assert.ok(part.blob.size <= mostBytes && part.blob.size > mostBytes / 2, `${part.blob.size} bytes`);
  const [head, ...rows] = (await part.blob.text()).trimEnd().split('\n');
  assert.equal(head, 'n,k');
  const numbers = rows.map((row) => {
    assert.match(row, /^\d+,\d$/);
    return Number(row.split(',')[0]);
  });
  assert.ok(numbers.every((number, i) => i === 0 || number > numbers[i - 1]));
  assert.ok(numbers.at(-1) > 390_000);
});

test('nothing is offered of what cannot be divided', () => {
  assert.equal(subsampleOf([file('x.zip', 100)], { mostBytes: 10, mostFiles: 9 }), null);
  assert.equal(subsampleOf([file('a.npy', 100), file('b.npy', 100)], { mostBytes: 10, mostFiles: 9 }), null);
});
