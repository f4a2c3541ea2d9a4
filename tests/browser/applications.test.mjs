// What a code is good for, by real clicks in the whole page: each application in both languages and in three layouts.

import assert from 'node:assert/strict';
import { describe as group, test } from 'node:test';

import {
  clickWidget,
  describe,
  endless,
  openHourglass,
  screenshot,
  state,
  untilPixels,
  untilState,
  untilWidget,
  useSite,
  widget,
} from './support.mjs';

const shared = useSite();

const LAYOUTS = [
  { name: 'wide', width: 1280, height: 800, query: '&lang=en' },
  { name: 'narrow', width: 800, height: 600, query: '&lang=zh&theme=dark' },
  { name: 'phone', width: 390, height: 844, query: '&lang=zh' },
];

// A page that trains a small network, in the workspace of applications.
async function openApplications({ name, width, height, query }, more = '') {
  const opened = await openHourglass(
    shared.browser,
    shared.server.origin,
    `?preset=quick&data=strokes&train.steps=200&run=1${query}${more}`,
    { viewport: { width, height }, hasTouch: name === 'phone' },
  );
  const { page } = opened;
  await untilState(page, 'step at least', 100);
  await clickWidget(page, 'workspace.applications');
  await untilWidget(page, 'panel:pca');
  return opened;
}

// Nothing of the panel is outside the window, sideways.
async function fits(page, id) {
  const { x, width } = await widget(page, id);
  assert.ok(x >= 0 && x + width <= page.viewportSize().width + 0.5, `${id}: ${x} ${width}`);
}

for (const layout of LAYOUTS) {
  group(layout.name, () => {
    test('PCA: error over components beside the network’s, and the components', async () => {
      const { page, problems, close } = await openApplications(layout);
      await clickWidget(page, 'tab:pca');
      await clickWidget(page, 'pca:start');
      await untilWidget(page, 'plot:pca');
      await fits(page, 'plot:pca');
      await untilWidget(page, 'pca:start'); // it is done
      await untilPixels(page, 'pca:components', (p) => describe(p).spread > 10, 'there are no components');
      await screenshot(page, `applications-pca-${layout.name}`);
      await clickWidget(page, 'workspace.training');
      await untilWidget(page, 'panel:reconstructions');
      assert.deepEqual(problems, []);
      await close();
    });
  });
}

test('a job beside training is paused, goes on and is cancelled, and training goes on', async () => {
  const { page, close } = await openApplications(LAYOUTS[0], `&${endless}&train.steps=0&data.strokes_train=60000`);
  await clickWidget(page, 'tab:pca');
  await clickWidget(page, 'pca:start');
  await clickWidget(page, 'pca:pause');
  const paused = await page.evaluate(() => window.hourglass.widgets()['pca:progress']);
  assert.ok(paused, 'a paused job shows how far it is');
  const { step } = await state(page);
  await untilState(page, 'step at least', step + 20);
  await clickWidget(page, 'pca:pause');
  await clickWidget(page, 'pca:cancel');
  await untilWidget(page, 'pca:start');
  await close();
});

test('a worker that dies takes its jobs along, and the panel can start another', async () => {
  const { page, close } = await openApplications(LAYOUTS[0], '&data.strokes_train=60000');
  await clickWidget(page, 'pca:start');
  await clickWidget(page, 'pca:pause'); // so that it is there for as long as it takes
  await page.workers()[0].evaluate(() => {
    setTimeout(() => self.close());
  });
  await page.locator('.notice').waitFor();
  await page.evaluate(() => window.hourglass.restart());
  await untilWidget(page, 'pca:start');
  await clickWidget(page, 'pca:start');
  await untilWidget(page, 'plot:pca');
  await close();
});
