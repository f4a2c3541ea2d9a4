// What the code knows, by real clicks in the whole page: a linear probe, the images in its confusion matrix, the factors,
// and fine-tuning. The pictures are written to build/screenshots/, to be looked at.

import assert from 'node:assert/strict';
import { describe as group, test } from 'node:test';

import {
  LAYOUTS,
  clickWidget,
  describe,
  openHourglass,
  screenshot,
  settled,
  untilPixels,
  untilState,
  untilWidget,
  useSite,
  widget,
} from './support.mjs';

const shared = useSite();

// A page with a small network that was trained a little, in the workspace of applications, at the tab of probes.
async function openProbe({ name, width, height, query }) {
  const opened = await openHourglass(
    shared.browser,
    shared.server.origin,
    `?preset=quick&data=strokes&train.steps=200&run=1&data.strokes_train=1000&data.strokes_test=400${query}`,
    { viewport: { width, height }, hasTouch: name === 'phone' },
  );
  const { page } = opened;
  await untilState(page, 'step at least', 200);
  await clickWidget(page, 'workspace.applications');
  await untilWidget(page, 'tab:probe');
  await clickWidget(page, 'tab:probe');
  await untilWidget(page, 'probe:start');
  return opened;
}

// Turns the wheel over the panel until the widget is in view.
async function bringIntoView(page, id) {
  const panel = await widget(page, 'panel:probe');
  await page.mouse.move(panel.x + panel.width / 2, panel.y + Math.min(panel.height, page.viewportSize().height) / 2);
  for (let turns = 0; !(id in (await page.evaluate(() => window.hourglass.widgets()))); ++turns) {
    assert.ok(turns < 40, `${id} does not come into view`);
    await page.mouse.wheel(0, 100);
    await settled(page);
    await settled(page);
  }
}

for (const layout of LAYOUTS) {
  group(layout.name, () => {
    test('a probe shows images in its matrix, those that are clicked, and the factors', async () => {
      const { page, problems, close } = await openProbe(layout);
      await clickWidget(page, 'probe:start');
      await untilWidget(page, 'probe:matrix');
      await untilWidget(page, 'probe:start'); // it is done
      await untilPixels(page, 'probe:cell:0:0', (p) => describe(p).spread > 10, 'the cell has no images');
      const place = await widget(page, 'probe:matrix');
      assert.ok(place.x >= 0 && place.x + place.width <= layout.width + 0.5, JSON.stringify(place));
      await clickWidget(page, 'probe:cell:0:0');
      await bringIntoView(page, 'probe:images');
      await untilPixels(page, 'probe:images', (p) => describe(p).spread > 10, 'the images of the cell are not there');
      await screenshot(page, `probe-${layout.name}`);
      await bringIntoView(page, 'probe:factor:slant');
      await screenshot(page, `probe-factors-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });

    test('fine-tuning on few labels goes on after the probe', async () => {
      const { page, problems, close } = await openProbe(layout);
      await clickWidget(page, 'probe:labels');
      await clickWidget(page, 'probe:labels:100');
      await clickWidget(page, 'probe:fine_tune');
      await untilWidget(page, 'probe:epochs');
      await clickWidget(page, 'probe:start');
      await untilWidget(page, 'probe:matrix');
      await untilWidget(page, 'probe:start');
      await screenshot(page, `probe-tuned-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });
  });
}
