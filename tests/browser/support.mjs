// What the browser tests share: the site's server, a real Chromium, and a look at what it drew.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { createSiteServer } from '../../web/tools/serve.mjs';
import { decodePng, describe, difference, pixelsIn } from '../support/picture.mjs';
import { happens, inTime, PATIENCE_MS } from '../support/waiting.mjs';

export { describe, difference, pixelsIn };

const repository = fileURLToPath(new URL('../../', import.meta.url));
export const site = path.resolve(process.env.HOURGLASS_SITE || path.join(repository, 'build/site'));
const screenshots = path.join(repository, 'build/screenshots');

export function siteHasData(name) {
  return existsSync(path.join(site, 'data', name));
}

// For an address: a run that is still under way when a test comes to pause it. That of a preset is over within seconds
// where the engine is fast.
export const endless = 'train.epochs=100000';

// Serves the site on a free port: { origin, close() }.
export async function serveSite({ isolation = true, root = site } = {}) {
  const server = createSiteServer({ root, isolation });
  await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

export const launchOptions = {
  timeout: PATIENCE_MS,
  executablePath: process.env.HOURGLASS_CHROMIUM || '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

// With more arguments than all tests have.
export const launchBrowser = (more = []) =>
  chromium.launch({ ...launchOptions, args: [...launchOptions.args, ...more] });

// The site and a browser for all tests of a file: { server, browser }, there once the first test runs.
export function useSite() {
  const shared = {};
  before(async () => {
    shared.browser = await launchBrowser();
    shared.server = await serveSite();
  });
  after(async () => {
    await shared.browser?.close();
    await shared.server?.close();
  });
  return shared;
}

// A page in a context of its own, which writes down everything that goes wrong in it: `problems` collects console
// errors and warnings, exceptions, failed requests and requests to another host; `notes` has what else the console got.
export async function newPage(browser, origin, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options });
  return watchedPage(context, origin);
}

// The same in a context that is there already.
export async function watchedPage(context, origin) {
  context.setDefaultTimeout(PATIENCE_MS);
  // A first visit is offered the tour, which has a test of its own.
  await context.addInitScript(() => {
    try {
      if (!localStorage.getItem('hourglass.lessons')) localStorage.setItem('hourglass.lessons', 'seen');
    } catch {
      // Storage is refused.
    }
  });
  const page = await context.newPage();
  // Playwright limits everything but this.
  const evaluate = page.evaluate.bind(page);
  page.evaluate = (script, ...more) => inTime(evaluate(script, ...more), `an answer of the page to ${script}`);
  const problems = [];
  const notes = [];
  page.on('console', (message) => {
    const list = ['error', 'warning', 'assert'].includes(message.type()) ? problems : notes;
    list.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // What was still coming when the page was left is broken off.
    if (why !== 'net::ERR_ABORTED') problems.push(`failed: ${request.url()} ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== origin) problems.push(`foreign: ${url}`);
  });
  return { page, problems, notes, close: () => context.close() };
}

// Opens the page and waits until it is ready; rejects with the page's own words if that fails.
export async function openReady(page, address) {
  await page.goto(address);
  await page.waitForFunction(() => window.hourglass !== undefined);
  await page.evaluate(() => window.hourglass.ready.then(() => true));
}

export async function openHourglass(browser, origin, query = '', options = {}) {
  const opened = await newPage(browser, origin, options);
  await openReady(opened.page, `${origin}/${query}`);
  return opened;
}

export const state = (page) =>
  page.evaluate(() => {
    const { network, data, ...rest } = window.hourglass.state();
    return { ...rest, data: data && { name: data.name, test_count: data.test_count, map_points: data.map_points } };
  });

// Waits until the state is as named. The conditions have names because the page's policy forbids to make functions of
// text, which is how they would cross.
export const untilState = (page, condition, value, timeout = PATIENCE_MS) =>
  page.waitForFunction(
    (wanted) => {
      const now = window.hourglass.state();
      if (wanted.condition === 'step at least') return now.step >= wanted.value;
      if (wanted.condition === 'phase') return now.phase === wanted.value;
      if (wanted.condition === 'data') return now.data?.name === wanted.value && now.phase !== 'waiting_for_data';
      throw new Error(`unknown condition ${wanted.condition}`);
    },
    { condition, value },
    { timeout, polling: 50 },
  );

export async function widget(page, id) {
  const widgets = await page.evaluate(() => window.hourglass.widgets());
  assert.ok(widgets[id], `no widget "${id}" is visible; there are ${Object.keys(widgets).join(', ')}`);
  return widgets[id];
}

// Clicks in the page, or in a frame of it.
export async function clickWidget(page, id, frame = page) {
  const corner = frame === page ? { x: 0, y: 0 } : await (await frame.frameElement()).boundingBox();
  // A front end that draws by frames sees the pointer come before it is pressed, as with a hand; and a hand follows what
  // moves meanwhile, because words have come.
  let before;
  for (let place = await widget(frame, id); place.x !== before?.x || place.y !== before.y;) {
    before = place;
    await page.mouse.move(corner.x + place.x + place.width / 2, corner.y + place.y + place.height / 2);
    await settled(frame);
    place = await widget(frame, id);
  }
  await page.mouse.down();
  await settled(frame);
  await page.mouse.up();
  await settled(frame);
}

// Waits until a widget is visible.
export const untilWidget = (page, id) =>
  page.waitForFunction((name) => Object.hasOwn(window.hourglass.widgets(), name), id, {
    timeout: PATIENCE_MS,
    polling: 50,
  });

// Waits until the page has drawn more than so many frames.
export const untilFrames = (page, frames) =>
  page.waitForFunction((count) => window.hourglass.frames() > count, frames, { timeout: PATIENCE_MS, polling: 50 });

// Looks at a widget until its pixels are as wanted, and returns them. A page that waits for an answer of the engine draws
// as little as one that has it, so that a single look may come too early.
export async function untilPixels(page, id, wanted, otherwise, name) {
  let pixels;
  await happens(
    async () => {
      const image = await screenshot(page, name);
      pixels = pixelsIn(image, await widget(page, id), image.width / page.viewportSize().width);
      return wanted(pixels);
    },
    () => `another look of ${id}: ${otherwise}; ${JSON.stringify(describe(pixels))}`,
    100,
  );
  return pixels;
}

// Presses at the first of the points (in page pixels), moves along the others and lets go.
export async function dragPath(page, points) {
  const [[x, y], ...rest] = points;
  await page.mouse.move(x, y);
  await settled(page);
  await page.mouse.down();
  await settled(page);
  for (const [nextX, nextY] of rest) {
    await page.mouse.move(nextX, nextY);
    await settled(page);
  }
  await page.mouse.up();
  await settled(page);
}

// Drags within a widget, from one place to another; places are shares of its width and height.
export async function dragWidget(page, id, from, to) {
  const { x, y, width, height } = await widget(page, id);
  const at = (share) => [
    x + (from[0] + (to[0] - from[0]) * share) * width,
    y + (from[1] + (to[1] - from[1]) * share) * height,
  ];
  await dragPath(page, [0, 0.25, 0.5, 0.75, 1].map(at));
}

// Waits until a file whose address ends so has been fetched.
export const untilFetched = (page, ending) =>
  page.waitForFunction(
    (end) => performance.getEntriesByType('resource').some(({ name }) => name.endsWith(end)),
    ending,
    { timeout: PATIENCE_MS, polling: 50 },
  );

// Drops files and folders of the disk onto the page, as the browser does it for a person. They are taken once the script
// for them has come, which is after the first data set.
export async function dropFiles(page, files, { x, y } = { x: 200, y: 200 }) {
  await untilFetched(page, '/dropped_files.js');
  await settled(page);
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await devtools.send('Input.dispatchDragEvent', { type, x, y, data });
  }
  await devtools.detach();
}

// Two frames of the browser later.
export const settled = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      }),
  );

// Waits until the page has drawn nothing for half a second, or for as long as is said.
export async function untilIdle(page, quiet = 500) {
  let before = -1;
  await happens(
    async () => {
      const now = await page.evaluate(() => window.hourglass.frames());
      const idle = now === before;
      before = now;
      return idle;
    },
    'the page does not go on drawing although nothing changes',
    quiet,
  );
}

// Takes the canvas's WebGL context away and waits until the page has heard of it; window.loseContext brings it back.
export const loseContext = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const canvas = document.getElementById('canvas');
        canvas.addEventListener('webglcontextlost', () => requestAnimationFrame(resolve), { once: true });
        window.loseContext = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
        window.loseContext.loseContext();
      }),
  );

// Takes a picture of the page: { width, height, pixel(x, y) -> [red, green, blue] } in device pixels. With a name, it
// is also written to build/screenshots/.
export async function screenshot(page, name) {
  const png = await page.screenshot();
  if (name) {
    await mkdir(screenshots, { recursive: true });
    await writeFile(path.join(screenshots, `${name}.png`), png);
  }
  return decodePng(png);
}

// In a task of its own, so that the test hears that it was asked to. No event says that a worker has closed itself.
export const killWorker = (page) =>
  page.workers()[0].evaluate(() => {
    setTimeout(() => self.close());
  });

// The three layouts that a panel has, with both languages and both themes among them.
export const LAYOUTS = [
  { name: 'wide', width: 1280, height: 800, query: '&lang=en' },
  { name: 'narrow', width: 800, height: 600, query: '&lang=zh&theme=dark' },
  { name: 'phone', width: 390, height: 844, query: '&lang=zh' },
];
