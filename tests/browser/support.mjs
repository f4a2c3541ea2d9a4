// What the browser tests share: the site's server, a real Chromium, and a look at what it drew.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

import { chromium } from 'playwright-core';

import { createSiteServer } from '../../web/serve.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));
export const site = path.resolve(process.env.HOURGLASS_SITE || path.join(repository, 'build/site'));
const screenshots = path.join(repository, 'build/screenshots');

export function siteHasData(name) {
  return existsSync(path.join(site, 'data', name));
}

// Serves the site on a free port: { origin, close() }.
export async function serveSite({ isolation = true, root = site } = {}) {
  const server = createSiteServer({ root, isolation });
  await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.HOURGLASS_CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic',
      '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// A page in a context of its own, which writes down everything that goes wrong in it: `problems` collects console
// errors and warnings, exceptions, failed requests and requests to another host; `notes` has what else the console got.
export async function newPage(browser, origin, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options });
  const page = await context.newPage();
  const problems = [];
  const notes = [];
  page.on('console', (message) => {
    const list = ['error', 'warning', 'assert'].includes(message.type()) ? problems : notes;
    list.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
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

export const state = (page) => page.evaluate(() => {
  const { network, data, ...rest } = window.hourglass.state();
  return { ...rest, data: data && { name: data.name, test_count: data.test_count, map_points: data.map_points } };
});

// Waits until the state is as named. The conditions have names because the page's policy forbids to make functions of
// text, which is how they would cross.
export const untilState = (page, condition, value, timeout = 60_000) => page.waitForFunction(
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

export async function clickWidget(page, id) {
  const { x, y, width, height } = await widget(page, id);
  await page.mouse.move(x + width / 2, y + height / 2);
  // A front end that draws by frames sees the pointer come before it is pressed, as with a hand.
  await settled(page);
  await page.mouse.down();
  await settled(page);
  await page.mouse.up();
  await settled(page);
}

// Two frames of the browser later.
export const settled = (page) => page.evaluate(() => new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
}));

// Waits until the page has drawn nothing for half a second.
export async function untilIdle(page, timeout = 20_000) {
  const end = Date.now() + timeout;
  for (let before = -1; ;) {
    const now = await page.evaluate(() => window.hourglass.frames());
    if (now === before) return;
    assert.ok(Date.now() < end, 'the page goes on drawing although nothing changes');
    before = now;
    await page.waitForTimeout(500);
  }
}

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

// The pixels of a rectangle in page pixels, as [[red, green, blue], ...], row by row.
export function pixelsIn(image, { x, y, width, height }, scale = 1) {
  const pixels = [];
  for (let row = Math.ceil(y * scale); row < Math.floor((y + height) * scale); ++row) {
    for (let column = Math.ceil(x * scale); column < Math.floor((x + width) * scale); ++column) {
      if (row >= 0 && row < image.height && column >= 0 && column < image.width) pixels.push(image.pixel(column, row));
    }
  }
  return pixels;
}

const brightness = ([red, green, blue]) => (red + green + blue) / 3;

// How much is to be seen in some pixels: `spread` is the standard deviation of their brightness (0 to 128), `colours`
// the number of hues (of 12) that at least 20 well-coloured pixels have.
export function describe(pixels) {
  const mean = pixels.reduce((sum, pixel) => sum + brightness(pixel), 0) / pixels.length;
  const variance = pixels.reduce((sum, pixel) => sum + (brightness(pixel) - mean) ** 2, 0) / pixels.length;
  const hues = new Array(12).fill(0);
  for (const [red, green, blue] of pixels) {
    const high = Math.max(red, green, blue);
    const chroma = high - Math.min(red, green, blue);
    if (chroma < 60) continue;
    const sixth = high === red ? (green - blue) / chroma : high === green ? 2 + (blue - red) / chroma : 4 + (red - green) / chroma;
    hues[Math.floor(((sixth + 6) % 6) * 2)] += 1;
  }
  return { mean, spread: Math.sqrt(variance), colours: hues.filter((count) => count >= 20).length };
}

// Mean absolute difference of brightness between two lists of pixels of the same rectangle, 0 to 255.
export function difference(first, second) {
  assert.equal(first.length, second.length);
  return first.reduce((sum, pixel, index) => sum + Math.abs(brightness(pixel) - brightness(second[index])), 0) / first.length;
}

// Reads what Chromium writes: 8 bits a channel, RGB or RGBA, not interlaced (PNG specification, sections 5, 9 and 11).
export function decodePng(bytes) {
  assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const [depth, colour, , , interlaced] = bytes.subarray(24, 29);
  assert.deepEqual([depth, interlaced], [8, 0]);
  const channels = { 2: 3, 6: 4 }[colour];
  assert.ok(channels, `colour type ${colour}`);
  const packed = [];
  for (let offset = 8; offset < bytes.length;) {
    const length = bytes.readUInt32BE(offset);
    if (bytes.toString('latin1', offset + 4, offset + 8) === 'IDAT') packed.push(bytes.subarray(offset + 8, offset + 8 + length));
    offset += length + 12;
  }
  const raw = zlib.inflateSync(Buffer.concat(packed));
  const stride = width * channels;
  const data = Buffer.alloc(stride * height);
  for (let row = 0; row < height; ++row) {
    const filter = raw[row * (stride + 1)];
    for (let i = 0; i < stride; ++i) {
      const left = i >= channels ? data[row * stride + i - channels] : 0;
      const above = row > 0 ? data[(row - 1) * stride + i] : 0;
      const corner = row > 0 && i >= channels ? data[(row - 1) * stride + i - channels] : 0;
      const predicted = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter];
      data[row * stride + i] = raw[row * (stride + 1) + 1 + i] + predicted;
    }
  }
  return { width, height, pixel: (x, y) => [...data.subarray((y * width + x) * channels, (y * width + x) * channels + 3)] };
}

function paeth(left, above, corner) {
  const estimate = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(estimate - value));
  return a <= b && a <= c ? left : b <= c ? above : corner;
}
