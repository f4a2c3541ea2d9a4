// How a data set comes to the engine: packed or unpacked on the way, not there, and broken.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';

import { loadDataSet } from '../../web/data_files.js';

const content = {
  train_images: Buffer.alloc(200_000, 7), train_labels: Buffer.from('labels'),
  test_images: Buffer.from('images'), test_labels: Buffer.from('more labels'),
};
const files = new Map();
let server;
let folder;

before(async () => {
  server = http.createServer((request, response) => {
    const file = files.get(request.url);
    if (!file) response.statusCode = 404;
    response.end(file);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  folder = `http://127.0.0.1:${server.address().port}/data/`;
  const index = { sets: {} };
  for (const set of ['packed', 'plain', 'broken', 'partial']) {
    index.sets[set] = {};
    for (const [part, bytes] of Object.entries(content)) {
      const stored = set === 'plain' ? bytes : zlib.gzipSync(bytes);
      index.sets[set][part] = { file: `${set}/${part}`, bytes: stored.length };
      files.set(`/data/${set}/${part}`, set === 'broken' ? stored.subarray(0, stored.length - 12) : stored);
    }
  }
  files.delete('/data/partial/test_images');
  files.set('/data/index.json', JSON.stringify(index));
});
after(() => {
  server.close();
  server.closeAllConnections();
});

for (const set of ['packed', 'plain']) {
  test(`${set} files arrive unpacked, with progress from 0 to 1`, async () => {
    const fractions = [];
    const parts = await loadDataSet(set, { folder, onProgress: (fraction) => fractions.push(fraction) });
    for (const [part, bytes] of Object.entries(content)) assert.ok(bytes.equals(Buffer.from(parts[part])), part);
    assert.equal(fractions[0], 0);
    assert.equal(fractions.at(-1), 1);
    assert.deepEqual(fractions, [...fractions].sort((a, b) => a - b));
  });
}

test('what goes wrong is said in a sentence, in both languages', async () => {
  await assert.rejects(loadDataSet('other', { folder }),
    { message: 'The data set “other” is not on this page’s server; data sets that are there: packed, plain, broken, partial. The built-in set strokes is always there.' });
  await assert.rejects(loadDataSet('__proto__', { folder }), /“__proto__” is not on this page/);
  await assert.rejects(loadDataSet('broken', { folder }), /“broken” could not be loaded: broken\/\w+ is damaged\.$/);
  await assert.rejects(loadDataSet('partial', { folder }), /partial\/test_images: the server answered 404\.$/);
  await assert.rejects(loadDataSet('packed', { folder: new URL('../nowhere/', folder) }), /index\.json: the server answered 404/);
  await assert.rejects(loadDataSet('other', { folder, language: 'zh' }), /没有数据集“other”/);
});

test('a load that nobody wants any more ends', async () => {
  const stop = new AbortController();
  stop.abort();
  await assert.rejects(loadDataSet('packed', { folder, signal: stop.signal }), { name: 'AbortError' });
});
