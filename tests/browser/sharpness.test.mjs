// Letters as the browser shows them: their edges are as steep at every pixel ratio as the screen allows.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decodePng } from '../support/picture.mjs';
import { happens } from '../support/waiting.mjs';
import { openHourglass, screenshot, settled, untilIdle, useSite, widget } from './support.mjs';

const shared = useSite();

// How steep the edges between paper and ink are from one row of pixels to the next, 0 to 1: the mean step of brightness,
// weighted by itself, as a share of the contrast. An edge that is smeared over three rows has a third.
function steepness(image, ratio, { x, y, width, height }) {
  const box = [x, y, x + width, y + height].map((value) => Math.round(value * ratio));
  const shade = (column, row) => image.pixel(column, row).reduce((sum, part) => sum + part) / 3;
  let low = 255;
  let high = 0;
  let steps = 0;
  let squares = 0;
  for (let column = box[0]; column < box[2]; ++column) {
    let before = shade(column, box[1]);
    for (let row = box[1]; row < box[3]; ++row) {
      const now = shade(column, row);
      low = Math.min(low, now);
      high = Math.max(high, now);
      steps += Math.abs(now - before);
      squares += (now - before) ** 2;
      before = now;
    }
  }
  assert.ok(high - low > 60, `there is no text in ${JSON.stringify(box)}`);
  return squares / steps / (high - low);
}

const part = ({ x, y, width, height }, left, top, right, bottom) => ({
  x: x + left * width,
  y: y + top * height,
  width: (right - left) * width,
  height: (bottom - top) * height,
});

for (const lang of ['en', 'zh']) {
  test(`letters are sharp at every pixel ratio, ${lang}`, async () => {
    for (const ratio of [1, 1.5, 2, 3]) {
      const { page, problems, close } = await openHourglass(
        shared.browser,
        shared.server.origin,
        `?preset=quick&lang=${lang}`,
        { viewport: { width: 1280, height: 800 }, deviceScaleFactor: ratio },
      );
      await page.mouse.move(2, 2);
      await untilIdle(page);
      const image = await screenshot(page, `sharpness-${lang}-${ratio}`);
      const card = await widget(page, 'panel:hourglass');
      const status = await widget(page, 'panel:status');
      const steep = {
        'bold, heading': steepness(image, ratio, { x: card.x + 12, y: card.y + 12, width: 90, height: 26 }),
        'bold, button': steepness(image, ratio, part(await widget(page, 'run'), 0.42, 0.15, 0.95, 0.85)),
        'bold, small': steepness(image, ratio, { x: status.x + 30, y: status.y + 4, width: 50, height: 22 }),
        'regular, text': steepness(image, ratio, part(await widget(page, 'preset'), 0.05, 0.15, 0.75, 0.85)),
      };
      // Sharp letters have 0.55 to 0.6; magnified ones 0.31 at a ratio of 1.5, 0.26 at 2 and 0.21 at 3.
      for (const [what, value] of Object.entries(steep)) {
        assert.ok(value > 0.45, `${what} at ${ratio} pixels per point: ${value.toFixed(2)}`);
      }
      assert.deepEqual(problems, []);
      await close();
    }
  });
}

// How many pixels of the canvas lie on a point of the page.
const pixelsPerPoint = (page) =>
  page.evaluate(() => {
    const canvas = document.getElementById('canvas');
    return canvas.width / canvas.getBoundingClientRect().width;
  });

test('the canvas follows the browser’s zoom from 75 to 200 %', async () => {
  const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, '?preset=quick&lang=en');
  const devtools = await page.context().newCDPSession(page);
  for (const zoom of [0.75, 1.25, 1.5, 2, 1]) {
    // A window of the same size, which zoomed shows fewer points of more pixels.
    await devtools.send('Emulation.setDeviceMetricsOverride', {
      width: Math.round(1280 / zoom),
      height: Math.round(800 / zoom),
      deviceScaleFactor: zoom,
      mobile: false,
    });
    await happens(
      async () => Math.abs((await pixelsPerPoint(page)) - zoom) < 0.01,
      `the canvas has ${zoom} pixels a point at a zoom of ${zoom}`,
    );
    await untilIdle(page);
    // By the browser itself: Playwright takes pictures of a window as it was opened.
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'png' });
    const image = decodePng(Buffer.from(data, 'base64'));
    const run = await widget(page, 'run');
    const value = steepness(image, image.width / (1280 / zoom), part(run, 0.3, 0.15, 0.95, 0.85));
    assert.ok(value > 0.45, `the letters of the button at ${zoom}: ${value.toFixed(2)}`);
  }
  assert.deepEqual(problems, []);
  await close();
});

test('the same points get more pixels where only their density changes', async () => {
  const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, '?preset=quick&lang=en');
  const devtools = await page.context().newCDPSession(page);
  for (const density of [2, 1.5, 1]) {
    await devtools.send('Emulation.setDeviceMetricsOverride', {
      width: 1280,
      height: 800,
      deviceScaleFactor: density,
      mobile: false,
    });
    await page.mouse.move(100 * density, 90); // no event tells of what is imitated
    await happens(
      async () => Math.abs((await pixelsPerPoint(page)) - density) < 0.01,
      `the canvas has ${density} pixels a point`,
    );
  }
  assert.deepEqual(problems, []);
  await close();
});

test('a page that two fingers have magnified is drawn with as many more pixels', async () => {
  const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, '?preset=quick&lang=en');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setPageScaleFactor', { pageScaleFactor: 2 });
  await happens(async () => (await page.evaluate(() => window.visualViewport.scale)) > 1.9, 'the page is magnified');
  await happens(async () => Math.abs((await pixelsPerPoint(page)) - 2) < 0.1, 'the canvas has 2 pixels a point');
  await devtools.send('Emulation.setPageScaleFactor', { pageScaleFactor: 1 });
  await happens(async () => Math.abs((await pixelsPerPoint(page)) - 1) < 0.01, 'and with fewer again');
  await settled(page);
  assert.deepEqual(problems, []);
  await close();
});
