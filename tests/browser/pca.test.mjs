// PCA beside the autoencoder, by real clicks in the whole page: a row below the reconstructions, lines across the loss,
// and the angle of a linear network. The pictures are written to build/screenshots/, to be looked at.

import assert from 'node:assert/strict';
import { describe as group, test } from 'node:test';

import {
  LAYOUTS,
  clickWidget,
  describe,
  difference,
  endless,
  openHourglass,
  screenshot,
  settled,
  siteHasData,
  untilPixels,
  untilState,
  untilWidget,
  useSite,
  widget,
} from './support.mjs';

const shared = useSite();

const STEPS = 300;

async function openTrained({ name, width, height, query }, preset) {
  const opened = await openHourglass(
    shared.browser,
    shared.server.origin,
    `?preset=${preset}&data=strokes&data.strokes_train=1000&data.strokes_test=400&${endless}${query}`,
    { viewport: { width, height }, hasTouch: name === 'phone' },
  );
  const { page } = opened;
  await page.evaluate((count) => window.hourglass.command('step', { count }), STEPS);
  await untilState(page, 'step at least', STEPS);
  await untilState(page, 'phase', 'paused');
  return opened;
}

// Turns the wheel beside the cards until the widget is in view, all of it.
async function bringIntoView(page, id) {
  const { width, height } = page.viewportSize();
  const seen = async () => {
    const place = (await page.evaluate(() => window.hourglass.widgets()))[id];
    return place && place.y + place.height < height - 40;
  };
  await page.mouse.move(width - 3, height / 2);
  for (let turns = 0; !(await seen()); ++turns) {
    assert.ok(turns < 40, `${id} does not come into view`);
    await page.mouse.wheel(0, 100);
    await settled(page);
    await settled(page);
  }
}

for (const layout of LAYOUTS) {
  group(layout.name, () => {
    test('the row of PCA has the same images and their errors, and follows them', async () => {
      const { page, problems, close } = await openTrained(layout, 'quick');
      assert.ok(!('row:pca' in (await page.evaluate(() => window.hourglass.widgets()))));
      await clickWidget(page, 'pca_row');
      await bringIntoView(page, 'row:pca_error');
      const seen = await untilPixels(page, 'row:pca', (p) => describe(p).spread > 15, 'there are no images');
      await untilPixels(page, 'row:pca_error', (p) => describe(p).spread > 5, 'there are no errors');
      await screenshot(page, `pca-row-${layout.name}`);
      const row = await widget(page, 'row:pca');
      assert.ok(row.x >= 0 && row.x + row.width <= layout.width + 0.5, JSON.stringify(row));
      await page.keyboard.press('n'); // other images
      await untilPixels(page, 'row:pca', (p) => difference(seen, p) > 2 && describe(p).spread > 15, 'the same images');
      await clickWidget(page, 'pca_row').catch(async () => {
        // On a phone the buttons have left the window.
        await page.mouse.wheel(0, -4000);
        await untilWidget(page, 'pca_row');
        await clickWidget(page, 'pca_row');
      });
      assert.ok(!('row:pca' in (await page.evaluate(() => window.hourglass.widgets()))));
      assert.deepEqual(problems, []);
      await close();
    });

    test('lines across the loss: of squared errors, and of cross-entropy', async () => {
      for (const [preset, lines] of [
        ['linear-pca', ['mean', 'pca']],
        ['quick', ['mean', 'floor']],
      ]) {
        const { page, problems, close } = await openTrained(layout, preset);
        if (layout.name === 'narrow') await clickWidget(page, 'tab:curves');
        await bringIntoView(page, 'curves:references');
        await clickWidget(page, 'curves:references');
        await bringIntoView(page, 'plot:loss');
        for (const line of lines) await untilWidget(page, `curves:reference:${line}`);
        await page.mouse.move(2, 2);
        await screenshot(page, `pca-lines-${preset}-${layout.name}`);
        const plot = await widget(page, 'plot:loss');
        for (const line of lines) {
          const { y, height } = await widget(page, `curves:reference:${line}`);
          assert.ok(y >= plot.y - 1 && y + height <= plot.y + plot.height + 1, line);
        }
        await clickWidget(page, 'curves:references');
        assert.ok(!(`curves:reference:${lines[0]}` in (await page.evaluate(() => window.hourglass.widgets()))));
        assert.deepEqual(problems, []);
        await close();
      }
    });

    test('the panel says how far a linear network is from PCA', async () => {
      const { page, problems, close } = await openTrained(layout, 'linear-pca');
      await clickWidget(page, 'workspace.applications');
      await clickWidget(page, 'tab:pca');
      await clickWidget(page, 'pca:start');
      await untilWidget(page, 'pca:angles');
      await screenshot(page, `pca-angles-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });
  });
}

test('a published loss is a line on the data that it is of', { skip: !siteHasData('mnist') }, async () => {
  const { page, close } = await openHourglass(shared.browser, shared.server.origin, '?preset=deep&lang=en');
  await page.evaluate(() => window.hourglass.command('step', { count: 20 }));
  await untilState(page, 'step at least', 20);
  await clickWidget(page, 'curves:references');
  await untilWidget(page, 'curves:reference:published');
  await screenshot(page, 'pca-lines-published');
  await close();
});
