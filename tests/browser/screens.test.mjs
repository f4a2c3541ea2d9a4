// Every layout, theme and language: nothing lies on anything else or out of the window. The pictures are written to
// build/screenshots/, to be looked at.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  describe,
  openHourglass,
  pixelsIn,
  screenshot,
  settled,
  untilIdle,
  untilPixels,
  untilState,
  useSite,
} from './support.mjs';

const SIZES = [
  { name: 'wide', width: 1280, height: 800 },
  { name: 'full-hd', width: 1920, height: 1080 },
  { name: 'narrow', width: 800, height: 600 },
  { name: 'phone', width: 390, height: 844, more: { deviceScaleFactor: 3, hasTouch: true, isMobile: true } },
];
const STEPS = 400;

const shared = useSite();

const overlap = (a, b) =>
  Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1 &&
  Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 1;
const within = (a, b) =>
  a.x >= b.x - 1 && a.y >= b.y - 1 && a.x + a.width <= b.x + b.width + 1 && a.y + a.height <= b.y + b.height + 1;

async function checkPlaces(page, { width, height }, what) {
  const widgets = await page.evaluate(() => window.hourglass.widgets());
  const window = { x: 0, y: 0, width, height };
  for (const [id, place] of Object.entries(widgets)) {
    assert.ok(within(place, window), `${what}: ${id} is cut off by the window: ${JSON.stringify(place)}`);
  }
  const panels = Object.entries(widgets).filter(([id]) => id.startsWith('panel:'));
  assert.ok(panels.length >= 3, `${what}: there are only ${panels.map(([id]) => id)}`);
  for (const [i, [id, place]] of panels.entries()) {
    for (const [other, there] of panels.slice(i + 1)) {
      // The panel whose tab is chosen lies in the card with the tabs.
      if (within(place, there) || within(there, place)) continue;
      assert.ok(!overlap(place, there), `${what}: ${id} and ${other} overlap: ${JSON.stringify([place, there])}`);
    }
  }
  return widgets;
}

async function train(page) {
  await page.evaluate((count) => window.hourglass.command('step', { count }), STEPS);
  await untilState(page, 'step at least', STEPS);
  await untilState(page, 'phase', 'paused');
  await page.mouse.move(2, 2);
  await untilIdle(page);
}

// Scrolls the body by turning the wheel beside the cards; false when it is at its end.
async function scrollOn(page, { width, height }) {
  const places = () => page.evaluate(() => JSON.stringify(window.hourglass.widgets()));
  const before = await places();
  await page.mouse.move(width - 3, height / 2);
  await settled(page);
  for (let i = 0; i < 4; ++i) {
    await page.mouse.wheel(0, 200);
    await settled(page);
  }
  await page.mouse.move(2, 2);
  await untilIdle(page);
  return (await places()) !== before;
}

for (const { name, more, ...size } of SIZES) {
  for (const theme of ['light', 'dark']) {
    for (const lang of ['en', 'zh']) {
      test(`${name}, ${theme}, ${lang}`, async () => {
        const { page, problems, close } = await openHourglass(
          shared.browser,
          shared.server.origin,
          `?preset=quick&theme=${theme}&lang=${lang}`,
          { viewport: size, ...more },
        );
        await train(page);
        const what = `screen-${name}-${theme}-${lang}`;
        for (const id of ['row:original', 'row:reconstructed']) {
          await untilPixels(page, id, (pixels) => describe(pixels).spread > 15, `${what}: it is empty`);
        }
        const image = await screenshot(page, what);
        const widgets = await checkPlaces(page, size, what);
        const ratio = more?.deviceScaleFactor ?? 1;
        assert.equal(image.width, size.width * ratio);
        const bar = describe(pixelsIn(image, widgets['panel:toolbar'], ratio));
        assert.ok(
          theme === 'dark' ? bar.mean < 100 : bar.mean > 160,
          `${what}: the toolbar's mean brightness is ${bar.mean}`,
        );
        // What is further down, where the body scrolls; for every theme and language once.
        const further = (theme === 'dark') === (lang === 'zh');
        for (let part = 2; further && part <= 6 && (await scrollOn(page, size)); ++part) {
          await screenshot(page, `${what}-${part}`);
          await checkPlaces(page, size, `${what}-${part}`);
        }
        assert.deepEqual(problems, []);
        await close();
      });
    }
  }
}

for (const lang of ['en', 'zh']) {
  test(`wide with text twice as large, ${lang}`, async () => {
    const size = { width: 1280, height: 800 };
    const { page, problems, close } = await openHourglass(
      shared.browser,
      shared.server.origin,
      `?preset=quick&text=2&lang=${lang}`,
      { viewport: size },
    );
    await train(page);
    await screenshot(page, `screen-text-2-${lang}`);
    await checkPlaces(page, size, `text 2, ${lang}`);
    for (let part = 2; part <= 8 && (await scrollOn(page, size)); ++part) {
      await screenshot(page, `screen-text-2-${lang}-${part}`);
      await checkPlaces(page, size, `text 2, ${lang}, ${part}`);
    }
    assert.deepEqual(problems, []);
    await close();
  });
}

for (const ratio of [1.5, 2]) {
  test(`sharp at ${ratio} pixels per point`, async () => {
    const size = { width: 1280, height: 800 };
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, '?preset=quick', {
      viewport: size,
      deviceScaleFactor: ratio,
    });
    await train(page);
    const image = await screenshot(page, `screen-ratio-${ratio}`);
    assert.equal(image.width, size.width * ratio);
    const canvas = await page.evaluate(() => {
      const { width, height } = document.getElementById('canvas');
      return { width, height };
    });
    assert.deepEqual(canvas, { width: size.width * ratio, height: size.height * ratio });
    assert.deepEqual(problems, []);
    await close();
  });
}
