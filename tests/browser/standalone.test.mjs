// The page that is one file, opened from a folder without a server and without a network, as a double click does it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe as group, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import * as playwright from 'playwright-core';

import { PATIENCE_MS, happens } from '../support/waiting.mjs';
import { engineOf, newFolder, noticed } from './loader_support.mjs';
import {
  LAYOUTS,
  clickWidget,
  describe,
  endless,
  launchBrowser,
  openReady,
  screenshot,
  serveSite,
  site,
  state,
  untilIdle,
  untilPixels,
  untilState,
  untilWidget,
  watchedPage,
} from './support.mjs';

const made = process.env.HOURGLASS_HTML || path.join(path.dirname(site), 'hourglass.html');
const quick = 'data.strokes_train=500&data.strokes_test=200';

let browser;
let address; // of a copy in a folder of its own, whose name is one that people give
before(async () => {
  browser = await launchBrowser();
  const folder = path.join(await newFolder(), 'USB stick 课件 #1');
  await mkdir(folder);
  await cp(made, path.join(folder, 'hourglass.html'));
  address = pathToFileURL(path.join(folder, 'hourglass.html')).href;
});
after(() => browser?.close());

// A page without a network; `asked` has all that it asks for but itself.
async function openFile(query = '', { offline = true, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options });
  await context.setOffline(offline);
  const opened = await watchedPage(context, null);
  const asked = [];
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(blob|data):/.test(url)) asked.push(url);
  });
  await openReady(opened.page, `${address}${query}`);
  return { ...opened, asked };
}

test('the file has less than 2,000,000 bytes, and nothing of another file', async () => {
  const { size } = await stat(made);
  assert.ok(size < 2_000_000, `${size} bytes`);
  const text = await readFile(made, 'utf8');
  const shell = text.replace(/<script[^]*?<\/script>/g, '');
  assert.doesNotMatch(shell, /(src|href)="(?!data:)/);
  // Names of XML, and what a sentence gives as an example, are fetched by nobody.
  assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org\/|example\.org\b)[a-z]/i);
});

test('trains on Strokes without a server and without a network, and asks for nothing', async () => {
  const { page, problems, asked, close } = await openFile(`?${endless}`);
  assert.deepEqual(await engineOf(page), { isolated: false, engine: 'simd+fma', threads: 1 });
  assert.equal((await state(page)).data.name, 'strokes');
  await clickWidget(page, 'run');
  await untilState(page, 'step at least', 400);
  const { losses } = await page.evaluate(() => window.hourglass.history());
  assert.ok(losses.at(-1).loss < 0.7 * losses[0].loss, `from ${losses[0].loss} to ${losses.at(-1).loss}`);
  await clickWidget(page, 'run');
  await untilState(page, 'phase', 'paused');
  await untilPixels(page, 'map', (pixels) => describe(pixels).colours >= 5, 'there are not the classes’ colours');
  assert.equal(page.workers().length, 1, 'the engine is not in a worker');
  assert.equal(await noticed(page), '');
  assert.deepEqual(asked, []);
  assert.deepEqual(problems, []);
  await close();
});

for (const layout of LAYOUTS) {
  test(`${layout.name}: is drawn in its language`, async () => {
    const { name, width, height, query } = layout;
    const { page, problems, close } = await openFile(`?${quick}${query}`, {
      viewport: { width, height },
      hasTouch: name === 'phone',
    });
    await page.evaluate(() => window.hourglass.command('step', { count: 60 }));
    await untilState(page, 'step at least', 60);
    await untilIdle(page);
    await screenshot(page, `standalone-${name}`);
    // The Chinese characters are there: without them the front end would go on in English.
    assert.equal(await page.evaluate(() => document.documentElement.lang), query.includes('zh') ? 'zh-CN' : 'en');
    assert.equal(await noticed(page), '');
    assert.deepEqual(problems, []);
    await close();
  });
}

test('remembers language and theme, and takes settings from the address', async () => {
  const { page, close } = await openFile('?preset=deep&train.learning_rate=0.5&simd=simd');
  assert.equal(await page.evaluate(() => window.hourglass.get('train.learning_rate')), 0.5);
  assert.equal((await engineOf(page)).engine, 'simd');
  await clickWidget(page, 'language');
  await happens(() => page.evaluate(() => document.documentElement.lang === 'zh-CN'), 'it does not speak Chinese');
  // The next document may have a process of its own, which gets what this one has stored a moment later.
  await happens(async () => {
    await openReady(page, address);
    return page.evaluate(() => document.documentElement.lang === 'zh-CN');
  }, 'it does not remember the language');
  await close();
});

test('says of a data set that it has not, and goes on with its own', async () => {
  const { page, close } = await openFile(`?${quick}`);
  const failure = page.evaluate(
    () =>
      new Promise((resolve) => {
        window.hourglass.on('failure', ({ message }) => resolve(message));
      }),
  );
  await page.evaluate(() => window.hourglass.set('data.set', 'mnist').catch(() => {}));
  assert.match(await failure, /“mnist” is not in this file, which has strokes and takes data of your own/);
  await untilState(page, 'data', 'strokes');
  await page.evaluate(() => window.hourglass.command('step', { count: 3 }));
  await untilState(page, 'step at least', 3);
  assert.equal(await noticed(page), '');
  await close();
});

test('reads files of one’s own, and gives files to take away, which it reads again', async () => {
  const { page, problems, asked, close } = await openFile(`?${quick}`, { acceptDownloads: true });
  const lines = ['power,weight,kind'];
  for (let i = 0; i < 80; i += 1) lines.push(`${100 + i},${2000 + 7 * i},${i % 2 ? 'van' : 'coupe'}`);
  await page.evaluate(
    (text) => window.hourglass.ownFiles([{ path: 'cars.csv', blob: new Blob([text]) }]),
    `${lines.join('\n')}\n`,
  );
  await untilWidget(page, 'own:use');
  await clickWidget(page, 'own:use');
  await happens(async () => (await state(page)).data?.name !== 'strokes', 'the table is not used', 50);
  await page.evaluate(() => window.hourglass.command('step', { count: 3 }));
  await untilState(page, 'step at least', 3);

  await clickWidget(page, 'workspace.applications');
  await untilWidget(page, 'tab:save');
  await clickWidget(page, 'tab:save');
  for (const [kind, wanted] of [
    ['onnx', 'model.onnx'],
    ['project', 'project.zip'],
  ]) {
    await untilWidget(page, `save:${kind}`);
    const [download] = await Promise.all([page.waitForEvent('download'), clickWidget(page, `save:${kind}`)]);
    assert.equal(download.suggestedFilename(), wanted);
    if (kind !== 'project') continue;
    const bytes = [...(await readFile(await download.path()))];
    await openReady(page, `${address}?${quick}`);
    await page.evaluate((all) => {
      window.hourglass.ownFiles([{ path: 'project.zip', blob: new Blob([new Uint8Array(all)]) }]);
    }, bytes);
    await happens(async () => (await state(page)).step === 3, 'the project does not come back', 50);
  }
  assert.deepEqual(asked, []);
  assert.deepEqual(problems, []);
  await close();
});

test('starts the engine again where it has ended', async () => {
  const { page, close } = await openFile(`?${quick}`);
  await page.evaluate(() => window.hourglass.restart());
  await page.evaluate(() => window.hourglass.command('step', { count: 3 }));
  await untilState(page, 'step at least', 3);
  await close();
});

group('a damaged file', () => {
  const damages = [
    ['engine', /engine.*damaged/s],
    ['ui', /damaged/],
    ['scripts', /damaged/],
  ];
  for (const [stream, sentence] of damages) {
    test(`whose ${stream} is cut off says so`, async () => {
      const text = await readFile(made, 'utf8');
      const begin = text.indexOf(`id="stream-${stream}">`);
      const end = text.indexOf('</script>', begin);
      const cut = begin + Math.floor((end - begin) / 10) * 5;
      const folder = await newFolder();
      const file = path.join(folder, 'hourglass.html');
      // Any number of letters is some bytes in base 85: what is missing is found where it is unpacked.
      await writeFile(file, text.slice(0, cut) + text.slice(end));
      const page = await browser.newPage({ locale: 'en-US' });
      await page.goto(pathToFileURL(file).href);
      await happens(() => page.locator('#loading.stopped').isVisible(), 'it says nothing');
      assert.match(await page.locator('#words').innerText(), sentence);
      await page.close();
    });
  }
});

const firefox = process.env.HOURGLASS_FIREFOX || '/usr/bin/firefox-esr';

test(
  'trains in Firefox, too',
  { skip: existsSync(firefox) && existsSync('/usr/bin/Xvfb') ? false : 'there is no firefox-esr, or no Xvfb for it' },
  async (t) => {
    // Without a screen Firefox has no WebGL.
    const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '+extension', 'GLX'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    t.after(() => screen.kill());
    const [display] = await once(screen.stdio[3], 'data');
    const other = await playwright.firefox.launch({
      channel: 'moz-firefox',
      executablePath: firefox,
      headless: false,
      timeout: PATIENCE_MS,
      env: {
        ...process.env,
        HOME: await newFolder(),
        DISPLAY: `:${String(display).trim()}`,
        LIBGL_ALWAYS_SOFTWARE: '1',
      },
    });
    t.after(() => other.close());
    const page = await other.newPage();
    await page.goto(`${address}?lang=zh&${quick}`);
    await page.waitForFunction(() => window.hourglass !== undefined);
    await page.evaluate(() => window.hourglass.ready.then(() => true));
    await page.evaluate(() => window.hourglass.command('step', { count: 20 }));
    await happens(async () => (await state(page)).step === 20, 'it does not train');
    assert.equal((await state(page)).data.name, 'strokes');
    assert.equal(await noticed(page), '');
    await screenshot(page, 'standalone-firefox');
  },
);

test('works from a server, too, where it has no service worker', async (t) => {
  const folder = await newFolder();
  await cp(made, path.join(folder, 'hourglass.html'));
  await writeFile(path.join(folder, 'index.html'), '<!doctype html><link rel="icon" href="data:,">');
  const server = await serveSite({ isolation: false, root: folder });
  t.after(() => server.close());
  const context = await browser.newContext({ locale: 'en-US' });
  const { page, problems } = await watchedPage(context, server.origin);
  await openReady(page, `${server.origin}/hourglass.html`);
  await page.evaluate(() => window.hourglass.command('step', { count: 3 }));
  await untilState(page, 'step at least', 3);
  assert.equal(await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length)), 0);
  assert.deepEqual(await readdir(folder), ['hourglass.html', 'index.html']);
  assert.deepEqual(problems, []);
  await context.close();
});
