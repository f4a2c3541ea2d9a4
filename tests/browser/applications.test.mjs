// What a code is good for, by real clicks in the whole page: each application in both languages and in three layouts.

import assert from 'node:assert/strict';
import { describe as group, test } from 'node:test';

import {
  LAYOUTS,
  clickWidget,
  describe,
  difference,
  dragWidget,
  endless,
  killWorker,
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

const SMALL = '&data.strokes_train=1000&data.strokes_test=400';

// A page that trains a small network, in the workspace of applications.
async function openApplications({ name, width, height, query }, more = SMALL) {
  const opened = await openHourglass(
    shared.browser,
    shared.server.origin,
    `?preset=quick&data=strokes&train.steps=200&run=1${query}${more}`,
    { viewport: { width, height }, hasTouch: name === 'phone' },
  );
  const { page } = opened;
  await untilState(page, 'step at least', 100);
  await clickWidget(page, 'workspace.applications');
  await untilWidget(page, 'tab:pca');
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

    test('t-SNE: a map of the codes, with colours by reliability and images', async () => {
      const { page, problems, close } = await openApplications(layout);
      await clickWidget(page, 'tab:tsne');
      await clickWidget(page, 'tsne:start');
      await untilWidget(page, 'tsne:map');
      await untilWidget(page, 'tsne:trust'); // it is done
      await untilPixels(page, 'tsne:map', (p) => describe(p).spread > 5, 'there are no points');
      await screenshot(page, `applications-tsne-${layout.name}`);
      await fits(page, 'tsne:map');
      await clickWidget(page, 'tsne:color');
      await clickWidget(page, 'tsne:color:kept');
      await untilWidget(page, 'tsne:legend');
      await clickWidget(page, 'tsne:thumbnails');
      await screenshot(page, `applications-tsne-images-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });

    test('similar images: of a picture that is picked, and with noise', async () => {
      const { page, problems, close } = await openApplications(layout);
      await clickWidget(page, 'tab:search');
      await clickWidget(page, 'search:start');
      await untilWidget(page, 'search:code:0');
      await clickWidget(page, 'search:next');
      await untilPixels(page, 'search:code:0', (p) => describe(p).spread > 20, 'there is no image');
      await fits(page, 'search:code:0');
      await dragWidget(page, 'search:level', [0.05, 0.5], [0.6, 0.5]);
      await screenshot(page, `applications-search-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });

    test('generating: samples, and others', async () => {
      const { page, problems, close } = await openApplications(layout);
      await clickWidget(page, 'tab:generate');
      await untilWidget(page, 'generate:sample:0');
      const seen = await untilPixels(page, 'generate:sample:0', (p) => describe(p).spread > 15, 'there is no sample');
      await clickWidget(page, 'generate:new');
      await untilPixels(page, 'generate:sample:0', (p) => difference(seen, p) > 0, 'the same sample');
      await fits(page, 'generate:sample:0');
      await screenshot(page, `applications-generate-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });

    test('anomalies: a class is left out, and its errors stand apart', async () => {
      const { page, problems, close } = await openApplications(layout);
      await clickWidget(page, 'tab:anomaly');
      await clickWidget(page, 'anomaly:start');
      await untilWidget(page, 'plot:roc');
      await untilWidget(page, 'anomaly:start'); // it is done
      await fits(page, 'anomaly:histogram');
      await clickWidget(page, 'anomaly:histogram'); // puts the threshold there
      await screenshot(page, `applications-anomaly-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });

    test('compression: bytes an image over the error', async () => {
      const { page, problems, close } = await openApplications(layout);
      await clickWidget(page, 'tab:compress');
      await clickWidget(page, 'compress:start');
      await untilWidget(page, 'compress:plot');
      await untilWidget(page, 'compress:start'); // it is done
      await fits(page, 'compress:plot');
      await screenshot(page, `applications-compress-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });

    test('the size of the code: one run of each, and one of them is taken', async () => {
      const { page, problems, close } = await openApplications(layout);
      await clickWidget(page, 'tab:sweep');
      await clickWidget(page, 'sweep:largest');
      await clickWidget(page, 'sweep:largest:16');
      await clickWidget(page, 'sweep:start');
      await untilWidget(page, 'sweep:plot');
      await untilWidget(page, 'sweep:start'); // it is done
      await fits(page, 'sweep:plot');
      await screenshot(page, `applications-sweep-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });
  });
}

// Training networks of nine sizes takes longer than it takes to click.
async function startSweep(page) {
  await clickWidget(page, 'tab:sweep');
  await clickWidget(page, 'sweep:largest');
  await clickWidget(page, 'sweep:largest:256');
  await clickWidget(page, 'sweep:start');
  await clickWidget(page, 'sweep:pause');
}

test('a job beside training is paused, goes on and is cancelled, and training goes on', async () => {
  const { page, close } = await openApplications(LAYOUTS[0], `&${endless}&train.steps=0`);
  await startSweep(page);
  await widget(page, 'sweep:progress'); // a paused job shows how far it is
  const { step } = await state(page);
  await untilState(page, 'step at least', step + 20);
  await clickWidget(page, 'sweep:pause');
  await clickWidget(page, 'sweep:cancel');
  await untilWidget(page, 'sweep:start');
  await close();
});

test('a worker that dies takes its jobs along, and the panel can start another', async () => {
  const { page, close } = await openApplications(LAYOUTS[0]);
  await startSweep(page);
  await killWorker(page);
  await page.locator('.notice').waitFor();
  await page.evaluate(() => window.hourglass.restart());
  await untilWidget(page, 'sweep:start');
  await clickWidget(page, 'tab:pca');
  await clickWidget(page, 'pca:start');
  await untilWidget(page, 'plot:pca');
  await close();
});
