// The address follows the settings, and what is copied of it opens them again.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

import { openHost, untilFrame, untilReady } from './host_support.mjs';
import {
  clickWidget,
  dragWidget,
  newPage,
  openHourglass,
  screenshot,
  settled,
  untilIdle,
  untilWidget,
  useSite,
} from './support.mjs';
import { happens, rest } from '../support/waiting.mjs';

const shared = useSite();

const search = (page) => page.evaluate(() => location.search);
const settingsOf = (page) =>
  page.evaluate(() => {
    // Which tiles there are hangs on the panel that is open, threads on the machine.
    const { 'view.tiles': tiles, 'train.threads': threads, ...others } = window.hourglass?.settings() ?? {};
    return others;
  });
const untilSearch = (page, wanted) =>
  happens(
    async () => wanted.test(await search(page)),
    () => `an address like ${wanted}`,
    100,
  );

// Opens an address in a browser that knows nothing, until it has these settings.
async function opensTo(address, wanted) {
  const { page, problems, close } = await newPage(shared.browser, shared.server.origin);
  await page.goto(address);
  let now = {};
  await happens(
    async () => {
      now = await settingsOf(page);
      return JSON.stringify(now) === JSON.stringify(wanted);
    },
    () =>
      `${address} opens to the same settings; ${JSON.stringify(
        Object.entries(wanted)
          .filter(([key, value]) => now[key] !== value)
          .map(([key, value]) => [key, value, now[key]]),
      )}`,
    100,
  );
  assert.deepEqual(await page.locator('.notice p').allInnerTexts(), []);
  assert.deepEqual(problems, []);
  await close();
}

test('what a person changes comes into the address, and their own parts of it stay', async () => {
  const { page, problems, close } = await openHourglass(
    shared.browser,
    shared.server.origin,
    '?data=strokes&lang=en&theme=dark#section-2',
  );
  assert.equal(await page.locator('.notice').count(), 0); // a place is no setting
  const entries = await page.evaluate(() => history.length);
  await clickWidget(page, 'preset');
  await untilWidget(page, 'preset:sparse');
  await clickWidget(page, 'preset:sparse');
  await untilSearch(page, /^\?lang=en&theme=dark&preset=sparse&data=strokes$/);
  await dragWidget(page, 'setting:view.noise.level', [0.1, 0.5], [0.6, 0.5]);
  await untilSearch(page, /&preset=sparse&data=strokes&view\.noise\.level=0\.\d+$/);
  assert.equal(await page.evaluate(() => location.hash), '#section-2');
  assert.equal(await page.evaluate(() => history.length), entries, 'the way back is as long as it was');
  await opensTo(page.url(), await settingsOf(page));
  // A step back by the keyboard goes into it, too.
  await page.keyboard.press('Control+z');
  await untilSearch(page, /^\?lang=en&theme=dark&preset=sparse&data=strokes$/);
  await page.keyboard.press('Control+z');
  await untilSearch(page, /^\?lang=en&theme=dark$/);
  await page.keyboard.press('Control+Shift+z');
  await untilSearch(page, /&preset=sparse&data=strokes$/);
  assert.deepEqual(problems, []);
  await close();
});

test('settings behind a # move before it, and the rest of it stays', async () => {
  const { page, close } = await openHourglass(
    shared.browser,
    shared.server.origin,
    '#lang=en&train.learning_rate=0.5&theme=dark',
  );
  await page.evaluate(() => window.hourglass.set('train.seed', 7));
  await untilSearch(page, /^\?train\.learning_rate=0\.5&train\.seed=7$/);
  assert.equal(await page.evaluate(() => location.hash), '#lang=en&theme=dark');
  await close();
});

test('follow=0 leaves the address alone', async () => {
  const { page, close } = await openHourglass(shared.browser, shared.server.origin, '?follow=0');
  await page.evaluate(() => window.hourglass.set('train.seed', 7));
  assert.equal(await page.evaluate(() => window.hourglass.link()), 'train.seed=7');
  await rest(1500);
  assert.equal(await search(page), '?follow=0');
  await close();
});

const names = readdirSync(new URL('../../assets/presets/', import.meta.url)).map((file) => file.replace('.json', ''));
const CHANGES = [
  { 'train.learning_rate': 0.0123, 'train.seed': 42, 'view.noise.kind': 'masking', 'view.noise.level': 0.35 },
  { 'train.optimizer': 'rmsprop', 'train.batch_size': 77, 'noise.kind': 'gaussian', 'noise.level': 0.25 },
  { 'penalty.weight_l2': 1e-5, 'train.schedule': 'cosine', 'view.images': 12, 'tsne.perplexity': 17.5 },
  { 'train.epochs': 3, 'data.strokes_train': 500, 'train.clip_norm': 2.5 },
];

test('the link of every preset, with and without changes, opens to equal settings', async () => {
  const { page, close } = await openHourglass(shared.browser, shared.server.origin, '?data=strokes');
  for (const [i, name] of names.entries()) {
    const values = i % 3 === 0 ? {} : CHANGES[i % CHANGES.length];
    const data = name === 'text-quick' ? 'texts' : 'strokes';
    await page.evaluate(
      ([preset, set, more]) =>
        Promise.all([
          window.hourglass.command('load_preset', { name: preset }),
          window.hourglass.command('set_settings', { values: { 'data.set': set, ...more } }),
        ]).then(() => true),
      [name, data, values],
    );
    const link = await page.evaluate(() => window.hourglass.link());
    // What is looked at, how, and the seed are no preset's affair and stay.
    const stays = '(&(view\\.|tsne\\.|train\\.seed=)[^&]*)*';
    if (i % 3 === 0 && name !== 'quick') assert.match(link, new RegExp(`^preset=${name}(&data=strokes)?${stays}$`));
    assert.ok(link.length < 300, link);
    await opensTo(`${shared.server.origin}/?${link}`, await settingsOf(page));
  }
  await close();
});

async function openSave(page) {
  await untilWidget(page, 'workspace.applications');
  await clickWidget(page, 'workspace.applications');
  await untilWidget(page, 'tab:save');
  await clickWidget(page, 'tab:save');
  await untilIdle(page); // the words of its rows have come
  // On a phone it lies further down.
  const { width, height } = page.viewportSize();
  await page.mouse.move(width / 2, height * 0.7);
  const isThere = () => page.evaluate(() => Object.hasOwn(window.hourglass.widgets(), 'save:link'));
  await happens(
    async () => {
      if (await isThere()) return true;
      await page.mouse.wheel(0, 200);
      return false;
    },
    'the link can be copied',
    200,
  );
  await untilIdle(page);
}

test('Save copies the link, and the code of a frame that plays in another page', async (t) => {
  const { page, problems, close } = await openHourglass(
    shared.browser,
    shared.server.origin,
    '?lang=zh&preset=sparse&data=strokes&train.learning_rate=0.5',
    { permissions: ['clipboard-read', 'clipboard-write'] },
  );
  await openSave(page);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await clickWidget(page, 'save:link');
  await happens(async () => (await clipboard()).startsWith('http'), 'the link is on the clipboard', 100);
  const link = await clipboard();
  assert.equal(link, `${shared.server.origin}/?lang=zh&preset=sparse&data=strokes&train.learning_rate=0.5`);
  await screenshot(page, 'save-link-zh');
  await opensTo(link, await settingsOf(page));
  await clickWidget(page, 'save:embed');
  await happens(async () => (await clipboard()).startsWith('<iframe'), 'the code is on the clipboard', 100);
  const code = await clipboard();
  assert.match(code, /title="Hourglass：自编码器实验场" lang="zh-CN" width="100%" height="720"/);
  assert.deepEqual(problems, []);
  await close();

  const host = await openHost(t, shared, code);
  const frame = await untilFrame(shared, host.page, 'preset=sparse');
  await untilReady(frame);
  assert.equal(await frame.evaluate(() => window.hourglass.get('train.learning_rate')), 0.5);
  assert.equal(await frame.evaluate(() => document.documentElement.lang), 'zh-CN');
  // In somebody's page the address stays as it was written.
  const before = frame.url();
  await frame.evaluate(() => window.hourglass.set('train.seed', 5));
  await settled(host.page);
  assert.equal(frame.url(), before);
});

for (const [lang, sentence] of [
  ['en', /keeps the clipboard to itself/],
  ['zh', /请手动复制/],
]) {
  test(`where the clipboard is refused the link is shown to be copied by hand (${lang})`, async () => {
    const { page, close } = await newPage(shared.browser, shared.server.origin, {
      viewport: { width: 390, height: 844 },
    });
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } });
      document.execCommand = () => false;
    });
    await page.goto(`${shared.server.origin}/?lang=${lang}&train.seed=5`);
    await page.waitForFunction(() => window.hourglass !== undefined);
    await page.evaluate(() => window.hourglass.ready.then(() => true));
    await openSave(page);
    await clickWidget(page, 'save:link');
    await page.locator('.notice textarea').waitFor();
    assert.equal(
      await page.locator('.notice textarea').inputValue(),
      `${shared.server.origin}/?lang=${lang}&train.seed=5`,
    );
    assert.match(await page.locator('.notice p').innerText(), sentence);
    await screenshot(page, `save-link-refused-${lang}`);
    await close();
  });
}
