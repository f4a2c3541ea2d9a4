// Looks into a page whether the playgrounds in it can be used: by pointer and keyboard, as a student would.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { chromium } from 'playwright-core';

import { launchOptions } from '../browser/support.mjs';
import { happens, PATIENCE_MS, rest } from '../support/waiting.mjs';
import { repository, temporaryFolder } from './tools.mjs';

// What holds a playground, in the order of the page: a frame, or an element with one in it.
const HOLDERS = 'iframe:not(hourglass-playground *), hourglass-playground';

const pictures = path.join(repository, 'build/screenshots/recipes');

// A browser with a profile of its own, whose frames may store something, as most browsers have it.
export async function openBrowser() {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'Default'));
  await writeFile(path.join(folder, 'Default/Preferences'), '{"profile":{"cookie_controls_mode":0}}');
  return chromium.launchPersistentContext(folder, {
    ...launchOptions,
    locale: 'en-US',
    viewport: { width: 1280, height: 900 },
  });
}

// Looks at every playground of the page at `address`. Each gives a row:
// { way, trains, size, escape, threads, later, missing, problems }.
//   show(page, i): brings the i-th into sight, where scrolling does not
export async function lookAt(context, address, { name, show = async () => {}, later = true } = {}) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const problems = watch(page);
  await page.addInitScript(listen);
  await page.goto(address, { waitUntil: 'domcontentloaded' });
  const rows = [];
  const count = await page.locator(HOLDERS).count();
  for (let i = 0; i < count; ++i) {
    const row = await lookAtOne(page, i, show).catch((error) => ({
      way: 'fails',
      reason: error.message.split('\n')[0],
    }));
    await picture(page, `${name}-${i + 1}`);
    rows.push({ ...row, problems: problems.splice(0) });
  }
  if (later && rows.some(({ threads }) => threads === 1)) {
    const again = await threadsOfReload(page, show, rows);
    rows.forEach((row, i) => Object.assign(row, { later: again[i] }));
  }
  await page.close();
  return rows;
}

function watch(page) {
  const problems = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text().split('\n')[0]);
  });
  page.on('pageerror', (error) => problems.push(error.message.split('\n')[0]));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  return problems;
}

// In the page: the keys that it hears, and what its elements say.
function listen() {
  if (window.parent !== window) return;
  window.heardKeys = [];
  window.addEventListener('keydown', ({ key }) => window.heardKeys.push(key), true);
  // What an element tells does not bubble, but it comes by here on its way down.
  window.addEventListener('ready', ({ target, detail }) => (target.told = detail), true);
}

const isPlayground = (url) =>
  url.startsWith('data:') || /hourglass(\.html|\/|-)/.test(url) || /[?&]embedder=/.test(url);

function wayOf(url) {
  if (url.startsWith('data:')) return 'frame, one file as data:';
  const { pathname, search } = new URL(url);
  const page = pathname.endsWith('.html') && !pathname.endsWith('index.html') ? 'one file' : 'site';
  const how = search.includes('embedder=') ? 'element' : 'frame';
  return `${how}, ${page}${/[?&]lesson=/.test(search) ? ', lesson' : ''}`;
}

async function frameAt(page, i, show) {
  await show(page, i);
  const outer = page.locator(HOLDERS).nth(i);
  await outer.scrollIntoViewIfNeeded();
  const isFrame = await outer.evaluate((each) => each.localName === 'iframe');
  const holder = isFrame ? outer : outer.locator('iframe');
  const frame = await (await holder.elementHandle()).contentFrame();
  await happens(
    () => isPlayground(frame.url()),
    () => `a playground in the frame, which is at ${frame.url().slice(0, 100)}`,
  );
  return { holder, frame };
}

async function untilReady(frame) {
  await frame.waitForFunction(() => window.hourglass !== undefined);
  await frame.evaluate(() => window.hourglass.ready.then(() => true));
}

async function lookAtOne(page, i, show) {
  const { holder, frame } = await frameAt(page, i, show);
  const way = wayOf(frame.url());
  await untilReady(frame);
  const lesson = await holder.evaluate((each) => each.getRootNode().host?.getAttribute('lesson') ?? '');
  if (lesson) await frame.waitForFunction(() => window.hourglass.state().lesson?.name);
  const step = () => frame.evaluate(() => window.hourglass.state().step);
  await press(page, frame, 'run');
  await happens(async () => (await step()) > 5, `${way} trains`);
  await press(page, frame, 'run');
  await frame.waitForFunction(() => window.hourglass.state().phase !== 'running');
  const size = await sizeOf(holder, frame);
  const escape = await leaves(page, frame);
  const { threads } = await frame.evaluate(() => window.hourglass.state().network);
  const told = await holder.evaluate((each) => each.getRootNode().host?.told?.missing ?? null);
  return { way: lesson ? `${way}, lesson` : way, trains: await step(), size, escape, threads, missing: told };
}

// Presses a widget where it is on the screen, however the page has moved or scaled the frame.
async function press(page, frame, id) {
  await frame.waitForFunction((name) => Object.hasOwn(window.hourglass.widgets(), name), id);
  const { x, y, width, height } = await frame.evaluate((name) => window.hourglass.widgets()[name], id);
  await frame.locator('#canvas').click({ position: { x: x + width / 2, y: y + height / 2 } });
}

// How large it is and whether what is in it fits, by what it would ask the page around for.
async function sizeOf(holder, frame) {
  const shown = await holder.evaluate((each) => {
    const { width, height } = each.getBoundingClientRect();
    return { width: Math.round(width), height: Math.round(height) };
  });
  const inner = await frame.evaluate(() => ({ width: window.innerWidth, height: window.innerHeight }));
  const scale = shown.width / inner.width;
  return { ...inner, scale: Math.abs(scale - 1) < 0.01 ? 1 : Number(scale.toFixed(2)) };
}

// Escape gives the keyboard back: the page hears the next key.
async function leaves(page, frame) {
  await happens(() => frame.evaluate(() => document.activeElement?.id === 'canvas'), 'the playground has the keyboard');
  await page.evaluate(() => (window.heardKeys.length = 0));
  await page.keyboard.press('Escape');
  for (let i = 0; i < 20; ++i) {
    await page.keyboard.press('F9');
    if (await page.evaluate(() => window.heardKeys.includes('F9'))) return true;
    await rest(100);
  }
  return false;
}

// Threads of each after a reload, once its service worker is there; undefined where it gets none.
async function threadsOfReload(page, show, rows) {
  const again = [];
  for (let i = 0; i < rows.length; ++i) {
    if (rows[i].threads === undefined) continue;
    const { frame } = await frameAt(page, i, show);
    for (let tries = 0; tries < 40; ++tries) {
      const active = await frame
        .evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated')
        .catch(() => false);
      if (active) break;
      await rest(100);
    }
  }
  await page.reload({ waitUntil: 'domcontentloaded' });
  for (let i = 0; i < rows.length; ++i) {
    if (rows[i].threads === undefined) continue;
    const { frame } = await frameAt(page, i, show);
    await untilReady(frame);
    again[i] = (await frame.evaluate(() => window.hourglass.state().network)).threads;
  }
  return again;
}

async function picture(page, name) {
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}
