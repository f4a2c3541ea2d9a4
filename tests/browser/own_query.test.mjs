// Similar images of one's own: drawn on the pad, dropped as a file, pasted; by real clicks, strokes and drops.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe as group, test } from 'node:test';

import { happens } from '../support/waiting.mjs';
import {
  LAYOUTS,
  clickWidget,
  dropFiles,
  dragWidget,
  openHourglass,
  screenshot,
  untilState,
  untilWidget,
  useSite,
  widget,
} from './support.mjs';

const shared = useSite();

// The panel after its images were compared, with all questions that the front end asks noted in window.asked.
async function openSearch({ name, width, height, query }) {
  const opened = await openHourglass(
    shared.browser,
    shared.server.origin,
    `?preset=quick&data=strokes&train.steps=200&run=1${query}&data.strokes_train=1000&data.strokes_test=400`,
    { viewport: { width, height }, hasTouch: name === 'phone' },
  );
  const { page } = opened;
  await untilState(page, 'step at least', 100);
  await clickWidget(page, 'workspace.applications');
  await untilWidget(page, 'tab:search');
  await clickWidget(page, 'tab:search');
  await clickWidget(page, 'search:start');
  await untilWidget(page, 'search:code:0');
  // The query as the network sees it, whenever it is answered.
  await page.evaluate(() => {
    window.hourglass.on('job_result', ({ kind, query: image }) => {
      if (kind === 'search' && image) window.query = Array.from(image);
    });
  });
  return opened;
}

const query = (page) => page.evaluate(() => window.query ?? []);

const untilQuery = (page, wanted, otherwise) => happens(async () => wanted(await query(page)), otherwise, 50);

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// Drops a file of the disk onto the page, as the browser does it for a person.
async function inFolder(use) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

// A picture of a dark bar on white, as a photograph of a pen's stroke would be.
async function writeBar(page, file) {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(120, 120);
    const context = canvas.getContext('2d');
    context.fillStyle = 'white';
    context.fillRect(0, 0, 120, 120);
    context.fillStyle = 'black';
    context.fillRect(20, 52, 80, 16);
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  });
  await writeFile(file, Buffer.from(base64, 'base64'));
}

for (const layout of LAYOUTS) {
  group(layout.name, () => {
    test('a drawing is looked up, and an image that is chosen afterwards', async () => {
      const { page, problems, close } = await openSearch(layout);
      await clickWidget(page, 'search:draw');
      await untilWidget(page, 'search:pad');
      const pad = await widget(page, 'search:pad');
      assert.ok(pad.x >= 0 && pad.x + pad.width <= page.viewportSize().width, JSON.stringify(pad));
      await dragWidget(page, 'search:pad', [0.3, 0.2], [0.3, 0.8]);
      // A line from top to bottom, moved to the middle.
      const upright = (image) =>
        image.length === 784 && image[14 * 28 + 14] > 200 && image[6 * 28 + 14] > 200 && image[14 * 28 + 6] === 0;
      await untilQuery(page, upright, 'the drawing is not looked up');
      await screenshot(page, `search-draw-${layout.name}`);
      await clickWidget(page, 'search:clear');
      await dragWidget(page, 'search:pad', [0.2, 0.6], [0.8, 0.6]);
      const level = (image) => image.length === 784 && image[14 * 28 + 6] > 200 && image[6 * 28 + 14] === 0;
      await untilQuery(page, level, 'the second drawing is not looked up');
      await clickWidget(page, 'search:next');
      await untilQuery(page, (image) => !level(image), 'the held-out image is not looked up');
      assert.deepEqual(problems, []);
      await close();
    });

    test('a picture that is dropped here is looked up, and what is none is data', async () => {
      await inFolder(async (folder) => {
        const { page, problems, close } = await openSearch(layout);
        const bar = path.join(folder, 'bar.png');
        await writeBar(page, bar);
        await dropFiles(page, [bar]);
        await untilQuery(
          page,
          (image) => image.length === 784 && image[14 * 28 + 14] > 200 && image[0] === 0 && mean(image) < 60,
          'the picture is not looked up, light on dark',
        );
        await screenshot(page, `search-drop-${layout.name}`);
        const words = path.join(folder, 'words.txt');
        await writeFile(words, 'not a picture');
        await dropFiles(page, [words]);
        await untilWidget(page, 'panel:own_data');
        assert.deepEqual(problems, []);
        await close();
      });
    });
  });
}
