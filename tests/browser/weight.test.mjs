// What has to come over the line before the network learns.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';

import { createSiteServer } from '../../web/tools/serve.mjs';
import { happens } from '../support/waiting.mjs';
import {
  clickWidget,
  launchBrowser,
  newPage,
  openReady,
  serveSite,
  site,
  untilIdle,
  untilState,
  untilWidget,
} from './support.mjs';

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

// Opens the page in a browser that knows nothing of it, until the first step is done and the front end is drawn.
// Returns the files that were asked for, with their bytes as a host sends them that compresses with gzip.
async function filesToFirstStep(query, isolation) {
  const asked = new Set();
  const server = createSiteServer({
    root: site,
    isolation,
    log: (line) => {
      const [, status, file] = /^(\d+) GET ([^?]*)/.exec(line);
      // A worker asks again for what the page has, and is told that it has not changed.
      assert.ok(status === '200' || status === '304', line);
      asked.add(file === '/' ? '/index.html' : file);
    },
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { page, problems, close } = await newPage(browser, `http://127.0.0.1:${server.address().port}`);
  try {
    await page.addInitScript(() => {
      const listen = () => {
        if (!window.hourglass) return requestAnimationFrame(listen);
        return window.hourglass.on('status', ({ step }) => {
          if (step > 0) window.firstStepAt ??= performance.now();
        });
      };
      requestAnimationFrame(listen);
    });
    await page.goto(`http://127.0.0.1:${server.address().port}/${query}`);
    await page.waitForFunction(() => window.hourglass !== undefined);
    await page.evaluate(() => window.hourglass.ready.then(() => true));
    await untilState(page, 'step at least', 1);
    // Words that are read later come a second after the first step, which may be sooner than this looks again.
    const later = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ startTime }) => startTime > window.firstStepAt)
        .map(({ name }) => new URL(name).pathname),
    );
    for (const file of later) asked.delete(file);
    assert.deepEqual(problems, []);
  } finally {
    await close();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }
  const files = {};
  for (const file of [...asked].sort()) {
    const bytes = await readFile(path.join(site, file));
    files[file] = file.endsWith('.lzma') ? bytes.length : zlib.gzipSync(bytes, { level: 9 }).length;
  }
  return files;
}

const sum = (files) => Object.values(files).reduce((total, bytes) => total + bytes, 0);
const list = (files) =>
  Object.entries(files)
    .map(([file, bytes]) => `${bytes} ${file}`)
    .join('\n');

for (const isolation of [true, false]) {
  test(`${isolation ? 'an isolated' : 'a plain'} page asks for less than 560,000 bytes before it trains on Strokes, and for no secondary part`, async (t) => {
    const files = await filesToFirstStep('?run=1&lang=en', isolation);
    t.diagnostic(`${sum(files)} bytes`);
    assert.ok(files['/ui.wasm.lzma'] > 0, list(files));
    assert.ok(
      Object.keys(files).some((file) => /^\/engine.*\.wasm\.lzma$/.test(file)),
      list(files),
    );
    for (const file of Object.keys(files)) {
      assert.doesNotMatch(file, /chinese|zh\.json|^\/data\//);
      assert.doesNotMatch(
        file,
        /secondary/,
        'new code runs before the first step: ./dev split notes it in web/split, so that it comes at once',
      );
    }
    assert.ok(sum(files) < 560_000, `${sum(files)} bytes:\n${list(files)}`);
  });
}

for (const query of ['?run=1', '']) {
  test(`the secondary parts come ${query ? 'once the network learns' : 'where it is not going to'}`, async () => {
    const server = await serveSite({ isolation: false });
    const { page, problems, close } = await newPage(browser, server.origin);
    try {
      const came = { ui: null, engine: null };
      page.on('response', (response) => {
        const part = /\/(ui|engine)[\w-]*\.secondary-\w+\.wasm$/.exec(response.url())?.[1];
        if (part) came[part] = response.status();
      });
      await openReady(page, `${server.origin}/${query}`);
      await happens(
        () => came.ui === 200 && came.engine === 200,
        () => `the parts do not come: ${JSON.stringify(came)}`,
      );
      assert.deepEqual(problems, []);
    } finally {
      await close();
      await server.close();
    }
  });
}

// What draws the applications is of the front end's secondary part, which does not come behind the page here.
test('what needs a secondary part before it is there gets it by itself', async () => {
  const server = await serveSite({ isolation: false });
  const { page, problems, close } = await newPage(browser, server.origin);
  try {
    let waited = 0;
    await page.route('**/ui.secondary-*.wasm', (route) => {
      if (route.request().resourceType() !== 'xhr') return undefined; // without an answer
      waited += 1;
      return route.continue();
    });
    await openReady(page, server.origin);
    await clickWidget(page, 'workspace.applications');
    await untilWidget(page, 'tab:tsne');
    assert.equal(waited, 1);
    assert.deepEqual(problems, []);
  } finally {
    await close();
    await server.close();
  }
});

// Convolutions are of the engine's secondary part, and every thread has an instance of its own.
test('once the parts have come, threads need no network', async () => {
  const server = await serveSite({ isolation: true });
  const { page, close } = await newPage(browser, server.origin);
  try {
    const parts = Promise.all(
      [/\/ui\.secondary-/, /\/engine-mt[\w-]*\.secondary-/].map((name) => page.waitForResponse(name)),
    );
    await openReady(page, `${server.origin}/?run=1`);
    for (const response of await parts) await response.finished();
    await untilIdle(page);
    await server.close();
    assert.ok((await page.evaluate(() => window.hourglass.threads)) > 1);
    await page.evaluate(async () => {
      await window.hourglass.command('load_preset', { name: 'convolutional' });
      await window.hourglass.set('data.set', 'strokes');
      await window.hourglass.command('step', { count: 3 });
    });
    await untilState(page, 'step at least', 3);
  } finally {
    await close();
    await server.close();
  }
});

test('Chinese words and characters come where somebody reads them', async () => {
  const files = await filesToFirstStep('?run=1&lang=zh', false);
  assert.ok(files['/texts/zh.json'] > 0 && files['/fonts/chinese.ttf'] > 0, list(files));
});

const damaged = readFileSync(path.join(site, 'ui.wasm.lzma'));
damaged[damaged.length >> 1] ^= 1;
for (const [what, answer, reason] of [
  ['does not arrive', { status: 404 }, /ui\.wasm\.lzma: 404/],
  ['arrives damaged', { status: 200, body: damaged }, /./],
]) {
  test(`where a packed file ${what}, the plain one is taken`, async () => {
    const server = await serveSite({ isolation: false });
    const { page, notes, close } = await newPage(browser, server.origin);
    try {
      await page.route('**/ui.wasm.lzma', (route) => route.fulfill(answer));
      await openReady(page, `${server.origin}/`);
      const note = notes.find((each) => /loads ui\.wasm as it is: /.test(each));
      assert.match(note ?? '', reason, notes.join('\n'));
    } finally {
      await close();
      await server.close();
    }
  });
}
