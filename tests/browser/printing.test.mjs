// What a printer gets of the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';

import { describe, openHourglass, untilIdle, untilState, useSite } from './support.mjs';

const shared = useSite();

// The images in a PDF, the largest first: { width, height, pixels }.
function imagesIn(pdf) {
  const text = pdf.toString('latin1');
  const images = [];
  for (const { 0: head, index } of text.matchAll(/<<\/Type \/XObject\s+\/Subtype \/Image[^>]*>>\s*stream\r?\n/g)) {
    const number = (name) => Number(new RegExp(`/${name}\\s+(\\d+)`).exec(head)?.[1]);
    const [width, height] = [number('Width'), number('Height')];
    if (!/FlateDecode/.test(head) || !/DeviceRGB|ICCBased/.test(head)) continue;
    const bytes = zlib.inflateSync(pdf.subarray(index + head.length), { finishFlush: zlib.constants.Z_SYNC_FLUSH });
    const pixels = [];
    for (let i = 0; i + 2 < width * height * 3; i += 3 * 7) pixels.push([bytes[i], bytes[i + 1], bytes[i + 2]]);
    images.push({ width, height, pixels });
  }
  return images.sort((a, b) => b.width * b.height - a.width * a.height);
}

for (const theme of ['light', 'dark']) {
  test(`a printed page has the picture of the canvas, ${theme}`, async () => {
    const { page, problems, close } = await openHourglass(
      shared.browser,
      shared.server.origin,
      `?lang=en&theme=${theme}`,
    );
    await page.evaluate(() => window.hourglass.command('step', { count: 5 }));
    await untilState(page, 'step at least', 5);
    await page.locator('.mirror').waitFor({ state: 'attached' });
    await untilIdle(page);
    const devtools = await page.context().newCDPSession(page);
    const { data } = await devtools.send('Page.printToPDF', { landscape: true, printBackground: true });
    const [image] = imagesIn(Buffer.from(data, 'base64'));
    assert.ok(image, 'there is no picture in the PDF');
    assert.ok(image.width >= 1000 && image.height >= 500, `${image.width} x ${image.height}`);
    const { spread, colours } = describe(image.pixels);
    assert.ok(spread > 15 && colours >= 4, JSON.stringify({ spread, colours }));
    // And the page is as it was.
    assert.equal(await page.locator('.paper').count(), 0);
    await page.evaluate(() => window.hourglass.command('step', { count: 1 }));
    await untilState(page, 'step at least', 6);
    assert.deepEqual(problems, []);
    await close();
  });
}
