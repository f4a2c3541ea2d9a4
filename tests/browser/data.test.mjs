// How a data set comes to the engine: packed or unpacked on the way, not there, and broken.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import zlib from 'node:zlib';

import { loadDataSet } from '../../web/engine/data_files.js';
import { decodeEvent, encodeCommand } from '../../web/engine/wire.js';
import { site } from './support.mjs';

const { EngineDriver } = await import(pathToFileURL(path.join(site, 'engine_driver.js')));

const content = {
  train_images: Buffer.alloc(200_000, 7),
  train_labels: Buffer.from('labels'),
  test_images: Buffer.from('images'),
  test_labels: Buffer.from('more labels'),
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
  for (const set of ['packed', 'plain', 'broken', 'partial', 'longer', 'shorter', 'endless']) {
    index.sets[set] = {};
    for (const [part, bytes] of Object.entries(content)) {
      const stored = set === 'plain' ? bytes : zlib.gzipSync(bytes);
      index.sets[set][part] = { file: `${set}/${part}`, bytes: stored.length };
      files.set(`/data/${set}/${part}`, set === 'broken' ? stored.subarray(0, stored.length - 12) : stored);
      // What the file says of its size at its end.
      const claims = { longer: bytes.length + 1, shorter: bytes.length - 1, endless: 0xffffffff };
      if (Object.hasOwn(claims, set)) stored.writeUInt32LE(claims[set], stored.length - 4);
    }
  }
  files.delete('/data/partial/test_images');
  const huge = Buffer.concat([zlib.gzipSync(Buffer.alloc(100)), Buffer.alloc(4 * 2 ** 20)]);
  huge.writeUInt32LE(0xfffffff0, huge.length - 4);
  index.sets.huge = { ...index.sets.plain, train_images: { file: 'huge/train_images', bytes: huge.length } };
  files.set('/data/huge/train_images', huge);
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
    assert.deepEqual(
      fractions,
      [...fractions].sort((a, b) => a - b),
    );
  });
}

test('what goes wrong is said in a sentence, in both languages', async () => {
  await assert.rejects(loadDataSet('other', { folder }), {
    message:
      'The data set “other” is not on this page’s server; data sets that are there: packed, plain, broken, partial, longer, shorter, endless, huge. The built-in set strokes is always there.',
  });
  await assert.rejects(loadDataSet('__proto__', { folder }), /“__proto__” is not on this page/);
  await assert.rejects(loadDataSet('broken', { folder }), /“broken” could not be loaded: broken\/\w+ is damaged\.$/);
  for (const set of ['longer', 'shorter', 'endless']) {
    await assert.rejects(
      loadDataSet(set, { folder }),
      new RegExp(`“${set}” could not be loaded: ${set}/\\w+ is damaged`),
    );
  }
  // A large file whose damaged end claims what would fit by Deflate's most: nobody is asked for that much room.
  const asked = [];
  await assert.rejects(
    loadDataSet('huge', { folder, room: (part, size) => (asked.push(size), new Uint8Array(size)) }),
    /huge\/\w+ is damaged/,
  );
  assert.ok(
    asked.every((size) => size < 2 ** 24),
    `${asked}`,
  );
  await assert.rejects(
    loadDataSet('packed', { folder, room: () => null }),
    /“packed” could not be loaded: its memory ran out\.$/,
  );
  await assert.rejects(loadDataSet('partial', { folder }), /partial\/test_images: the server answered 404\.$/);
  await assert.rejects(
    loadDataSet('packed', { folder: new URL('../nowhere/', folder) }),
    /index\.json: the server answered 404/,
  );
  await assert.rejects(loadDataSet('other', { folder, language: 'zh' }), /没有数据集“other”/);
});

test('a load that nobody wants any more ends', async () => {
  const stop = new AbortController();
  stop.abort();
  await assert.rejects(loadDataSet('packed', { folder, signal: stop.signal }), { name: 'AbortError' });
});

for (const set of ['packed', 'plain']) {
  test(`${set} files are written where there is room for them, in order and to the last byte`, async () => {
    const written = {};
    const room = (part, size) => {
      written[part] = { size, bytes: [] };
      return {
        set(bytes, offset) {
          assert.equal(offset, written[part].bytes.length);
          for (const byte of bytes) written[part].bytes.push(byte);
        },
      };
    };
    await loadDataSet(set, { folder, room });
    for (const [part, bytes] of Object.entries(content)) {
      assert.equal(written[part].size, bytes.length, part);
      assert.ok(bytes.equals(Buffer.from(written[part].bytes)), part);
    }
  });
}

// As many images as MNIST has, of nothing.
function blankMnist() {
  const idx = (...shape) => {
    const bytes = new Uint8Array(4 + 4 * shape.length + shape.reduce((product, side) => product * side));
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 0x800 + shape.length);
    shape.forEach((side, i) => view.setUint32(4 + 4 * i, side));
    return bytes;
  };
  return {
    train_images: idx(60000, 28, 28),
    train_labels: idx(60000),
    test_images: idx(10000, 28, 28),
    test_labels: idx(10000),
  };
}

for (const threads of [1, 2]) {
  for (const way of ['room', 'bytes']) {
    test(`MNIST, given as ${way}, is in the memory of an engine with ${threads} thread(s) once`, async () => {
      const files = blankMnist();
      let ready;
      const there = new Promise((resolve, reject) => {
        ready = { resolve, reject };
      });
      const driver = await EngineDriver.create({
        threads,
        onEvent: (bytes) => {
          const event = decodeEvent(bytes);
          if (event.event === 'failure') ready.reject(new Error(event.message));
          if (event.event === 'data_ready' && event.name === 'mnist') ready.resolve(event);
        },
        onFatal: (error) => ready.reject(error),
        loadData: async (name, { room }) =>
          way === 'bytes'
            ? files
            : Object.fromEntries(
                Object.entries(files).map(([part, bytes]) => {
                  const place = room(part, bytes.length);
                  place.set(bytes, 0);
                  return [part, place];
                }),
              ),
      });
      driver.send(encodeCommand('set_setting', { key: 'data.set', value: 'mnist' }));
      const { train_count: count } = await there;
      assert.equal(count, 60000);
      const images = 70000 * 784;
      assert.ok(driver.memoryBytes > images);
      assert.ok(driver.memoryBytes < 2 * images, `the engine's memory has grown to ${driver.memoryBytes} bytes`);
      driver.close();
    });
  }
}
