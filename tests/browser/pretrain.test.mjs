// Pretraining layer by layer, by real clicks in the whole page, in both languages and in three layouts.

import assert from 'node:assert/strict';
import { describe as group, test } from 'node:test';

import {
  LAYOUTS,
  clickWidget,
  describe,
  openHourglass,
  screenshot,
  untilPixels,
  untilWidget,
  useSite,
  widget,
} from './support.mjs';

const shared = useSite();

async function openPretraining({ name, width, height, query }, more) {
  const opened = await openHourglass(
    shared.browser,
    shared.server.origin,
    `?preset=pretrained-quick&data=strokes${query}${more}`,
    { viewport: { width, height }, hasTouch: name === 'phone' },
  );
  await clickWidget(opened.page, 'workspace.applications');
  await clickWidget(opened.page, 'tab:pretrain');
  await clickWidget(opened.page, 'pretrain:seeds');
  await clickWidget(opened.page, 'pretrain:seeds:1');
  return opened;
}

// Nothing of the panel is outside the window, sideways.
async function fits(page, id) {
  const { x, width } = await widget(page, id);
  assert.ok(x >= 0 && x + width <= page.viewportSize().width + 0.5, `${id}: ${x} ${width}`);
}

for (const layout of LAYOUTS) {
  group(layout.name, () => {
    test('the layer that learns lights up in the panel and in the hourglass', async () => {
      const { page, problems, close } = await openPretraining(layout, '');
      await clickWidget(page, 'pretrain:start');
      await clickWidget(page, 'pretrain:pause');
      // Which one learns by then, only the machine knows.
      const lit = await page.waitForFunction(() =>
        Object.keys(window.hourglass.widgets()).find((id) => id.startsWith('pretrain:lit:')),
      );
      const layer = Number((await lit.jsonValue()).split(':').at(-1));
      await fits(page, 'pretrain:plot');
      await screenshot(page, `pretrain-layer-${layout.name}`);
      await clickWidget(page, 'workspace.training');
      // On a phone the network is further down than the window goes.
      if (layout.name !== 'phone') {
        await untilWidget(page, `hourglass:lit:${layer}`);
        await untilWidget(page, `hourglass:lit:${5 - layer}`);
      }
      await screenshot(page, `pretrain-hourglass-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });

    test('the curve grows to a thousand labels', async () => {
      const more = '&data.strokes_train=1200&data.strokes_test=300';
      const { page, problems, close } = await openPretraining(layout, more);
      await clickWidget(page, 'pretrain:start');
      await untilWidget(page, 'pretrain:layer:0'); // all layers are pretrained
      await untilWidget(page, 'pretrain:start'); // it is done
      await fits(page, 'pretrain:plot');
      await untilPixels(page, 'pretrain:plot', (p) => describe(p).spread > 5, 'there is no curve');
      await screenshot(page, `pretrain-curve-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });
  });
}
