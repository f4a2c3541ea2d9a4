// A part of the site that is missing, cut, or called something else by the server: the page says so in a sentence, or does
// without it. Never does it say "Loading" for ever.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { newPage, site, state, untilState, useSite } from './support.mjs';

const shared = useSite();

const scripts = readdirSync(site).filter((name) => name.endsWith('.js'));
const modules = readdirSync(site).filter((name) => /\.wasm(\.lzma)?$/.test(name));
// What the page is there without: its guard and its early start, and what is for the next time.
const SPARE = [
  'preload_worker.js',
  'guard.js',
  'service_worker_client.js',
  'run_storage.js',
  'dropped_files.js',
  'own_data.js',
  'files_worker.js',
  'files.js',
  'files.wasm',
  'files.wasm.lzma',
  'service_worker.js',
];
const BOUND_MS = 60_000;

// Where a script's last piece begins: cut there, it is whole as far as it goes. A module ends by what it exports.
function lastPiece(text) {
  const exports = text.lastIndexOf('export{');
  return exports > 0 ? exports : text.length >> 2;
}

const TYPES = { js: 'text/javascript', wasm: 'application/wasm', lzma: 'application/octet-stream' };

// Opens the page with `file` answered so. Returns what the loading screen says in the end, null where the playground is
// there and trains.
async function ends(file, answer, options = {}) {
  const { page, close } = await newPage(shared.browser, shared.server.origin, options);
  try {
    await page.route(
      (url) => url.pathname === `/${file}`,
      (route) => route.fulfill(answer),
    );
    await page.goto(shared.server.origin, { waitUntil: 'commit' });
    const end = await page
      .waitForFunction(
        () => {
          const loading = document.getElementById('loading');
          const words = document.getElementById('words')?.textContent ?? '';
          if (loading?.hidden) return { there: true };
          const said = loading?.classList.contains('stopped') || /seconds|秒/.test(words);
          return said ? { words } : null;
        },
        null,
        { timeout: BOUND_MS, polling: 50 },
      )
      .then((handle) => handle.jsonValue());
    if (!end.there) return end.words;
    // What comes later may be missed only now.
    const said = await page.evaluate(() =>
      window.hourglass.ready
        .then(() => window.hourglass.command('step', { count: 2 }))
        .then(() => null)
        .catch((error) => error.message),
    );
    if (said) return said;
    await untilState(page, 'step at least', 2);
    return null;
  } finally {
    await close();
  }
}

for (const file of [...scripts, ...modules]) {
  test(`without ${file}, with half of it, or with another type, the page says so or does without`, async () => {
    const bytes = readFileSync(path.join(site, file));
    const contentType = TYPES[file.split('.').at(-1)];
    const answers = [['is cut in the middle', { contentType, body: bytes.subarray(0, bytes.length >> 1) }]];
    if (file.endsWith('.js')) {
      answers.push(['is a page', { contentType: 'text/html', body: '<!doctype html><title>Please log in</title>' }]);
      answers.push([
        'lacks its last piece',
        { contentType, body: bytes.toString().slice(0, lastPiece(bytes.toString())) },
      ]);
    } else {
      answers.push([
        'is missing',
        { status: 404, contentType: 'text/html', body: '<!doctype html><title>404</title>' },
      ]);
    }
    for (const [how, answer] of answers) {
      const words = await ends(file, answer);
      if (SPARE.includes(file)) {
        assert.equal(words, null, `${file} ${how}: ${words}`);
      } else if (words !== null) {
        assert.match(words, /could not be|has come for|has not answered/, `${file} ${how}`);
        assert.match(words, /[Rr]eload|started again/, `${file} ${how}: no word of what to do`);
      }
    }
  });
}

test('the sentence is in the page’s language', async () => {
  for (const file of ['page.js', 'hourglass.js', 'engine_worker.js']) {
    const words = await ends(file, { status: 404, body: '' }, { locale: 'zh-CN' });
    assert.match(words, /请重新加载页面/, file);
  }
});

test('a server that never answers is named after a while, and what comes then goes on', async () => {
  const { page, close } = await newPage(shared.browser, shared.server.origin);
  let go;
  const gone = new Promise((resolve) => {
    go = resolve;
  });
  await page.route('**/page.js', async (route) => {
    await gone;
    await route.continue();
  });
  await page.goto(shared.server.origin, { waitUntil: 'commit' });
  await page.waitForFunction(
    () => /Nothing more of this page has come/.test(document.getElementById('words')?.textContent),
    null,
    { timeout: BOUND_MS },
  );
  go();
  await page.locator('#loading').waitFor({ state: 'hidden', timeout: BOUND_MS });
  assert.equal((await state(page)).phase, 'paused');
  await close();
});
