// Looking back at a run: the timeline, playing it, going on from an earlier moment, films and plots, by real clicks.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe as group, test } from 'node:test';

import { decodePng } from '../support/picture.mjs';
import { happens } from '../support/waiting.mjs';
import {
  LAYOUTS,
  clickWidget,
  dragWidget,
  openHourglass,
  screenshot,
  settled,
  state,
  untilState,
  untilWidget,
  useSite,
  widget,
} from './support.mjs';

const shared = useSite();
const quick = 'data.strokes_train=500&data.strokes_test=200';
const STEPS = 60;

async function openRun({ name, width, height, query } = { name: 'wide', width: 1280, height: 800, query: '' }) {
  const opened = await openHourglass(shared.browser, shared.server.origin, `?${quick}${query}`, {
    viewport: { width, height },
    hasTouch: name === 'phone',
    acceptDownloads: true,
  });
  const { page } = opened;
  await page.evaluate(() => {
    window.seen = { timeline: null, complete: null };
    window.hourglass.on('timeline', (event) => {
      window.seen.timeline = event;
    });
    window.hourglass.on('snapshot', ({ step, complete }) => {
      if (complete) window.seen.complete = step;
    });
  });
  await page.evaluate((count) => window.hourglass.command('step', { count }), STEPS);
  await untilState(page, 'step at least', STEPS);
  await untilState(page, 'phase', 'paused');
  return opened;
}

// Turns the wheel until the widget is there: over a panel that scrolls or, on a phone, beside the cards.
async function scrollTo(page, id) {
  const { width, height } = page.viewportSize();
  await page.mouse.move(width < 500 ? 4 : width / 2, height / 2);
  for (let turn = 0; turn < 40; ++turn) {
    const widgets = await page.evaluate(() => window.hourglass.widgets());
    if (widgets[id] && widgets[id].y + widgets[id].height < height - 40) return;
    await page.mouse.wheel(0, 120);
    await settled(page);
  }
  assert.fail(`${id} does not come into view`);
}

const shown = (page) => page.evaluate(() => window.seen.timeline?.shown);
const untilShown = (page, fits, what) =>
  happens(async () => fits(await page.evaluate(() => window.seen)), `the page does not show ${what}`, 50);
const untilMoment = (page, fits, what) =>
  untilShown(page, ({ timeline, complete }) => fits(timeline.shown) && complete === timeline.shown, what);

// How many there are, with the present one.
const moments = (page) =>
  page.evaluate((last) => window.seen.timeline.steps.filter((step) => step < last).length + 1, STEPS);
const bytesShown = (page) => page.evaluate(() => Array.from(window.hourglass.snapshot().reconstructed.slice(0, 784)));

group('the timeline', () => {
  for (const layout of LAYOUTS) {
    test(`${layout.name}: a drag shows an earlier moment, and a click goes back to now`, async (t) => {
      const { page, problems, close } = await openRun(layout);
      t.after(close);
      await page.evaluate(() => window.hourglass.widgets());
      if (layout.name === 'phone') await scrollTo(page, 'tab:curves');
      await clickWidget(page, 'tab:curves');
      if (layout.name === 'phone') await scrollTo(page, 'timeline:step');
      await untilWidget(page, 'timeline:step');
      await screenshot(page, `timeline-now-${layout.name}`);
      const now = await bytesShown(page);
      await dragWidget(page, 'timeline:step', [0.98, 0.5], [0.2, 0.5]);
      await untilMoment(page, (step) => step > 2 && step < 30, 'an earlier moment');
      await untilWidget(page, 'timeline:go_on');
      await settled(page);
      await screenshot(page, `timeline-then-${layout.name}`);
      assert.notDeepEqual(await bytesShown(page), now);
      assert.equal((await state(page)).step, STEPS);
      await clickWidget(page, 'timeline:now');
      await untilShown(page, ({ timeline, complete }) => timeline.shown === -1 && complete === STEPS, 'now');
      assert.deepEqual(await bytesShown(page), now);
      assert.deepEqual(problems, []);
    });
  }

  test('it plays from the untrained network up to now', async (t) => {
    const { page, close } = await openRun();
    t.after(close);
    await page.evaluate(() => {
      window.played = [];
      window.hourglass.on('timeline', ({ shown }) => window.played.push(shown));
    });
    await untilWidget(page, 'timeline:play');
    await clickWidget(page, 'timeline:play');
    await untilShown(page, ({ timeline }) => timeline.shown >= 0, 'a moment');
    await untilShown(page, ({ timeline }) => timeline.shown === -1, 'now, after it has played');
    const played = await page.evaluate(() => window.played);
    assert.equal(played[0], 0);
    assert.deepEqual(
      played.slice(0, -1),
      [...played.slice(0, -1)].sort((a, b) => a - b),
    );
    assert.equal(played.length, await moments(page));
  });

  test('weights and code are of the moment, too, and Run trains on from now', async (t) => {
    const { page, close } = await openRun();
    t.after(close);
    for (const tab of ['weights', 'code']) {
      await clickWidget(page, `tab:${tab}`);
      await untilWidget(page, 'timeline:step');
      await dragWidget(page, 'timeline:step', [0.9, 0.5], [0.1, 0.5]);
      await untilMoment(page, (step) => step >= 0 && step < 20, 'an earlier moment');
      await settled(page);
      await screenshot(page, `timeline-${tab}`);
    }
    await page.evaluate(() => window.hourglass.command('step', { count: 1 }));
    await untilState(page, 'step at least', STEPS + 1);
    await untilShown(page, ({ timeline }) => timeline.shown === -1, 'now');
  });

  test('going on from an earlier moment keeps the run that there was', async (t) => {
    const { page, close } = await openRun();
    t.after(close);
    await untilWidget(page, 'timeline:step');
    await dragWidget(page, 'timeline:step', [0.98, 0.5], [0.5, 0.5]);
    await untilMoment(page, (step) => step > 15 && step < 45, 'the middle');
    const from = await shown(page);
    await untilWidget(page, 'timeline:go_on');
    await clickWidget(page, 'timeline:go_on');
    await happens(async () => (await state(page)).step === from, 'the run does not begin there', 50);
    await untilWidget(page, 'run:0');
    await screenshot(page, 'timeline-gone-on');
  });
});

group('files', () => {
  async function openSave() {
    const opened = await openRun();
    await clickWidget(opened.page, 'workspace.applications');
    await untilWidget(opened.page, 'tab:save');
    await clickWidget(opened.page, 'tab:save');
    await untilWidget(opened.page, 'save:outcome');
    return opened;
  }

  async function saved(page, kind) {
    await scrollTo(page, `save:${kind}`);
    const [download] = await Promise.all([page.waitForEvent('download'), clickWidget(page, `save:${kind}`)]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  test('curves and map are saved as vectors and as pixels', async (t) => {
    const { page, problems, close } = await openSave();
    t.after(close);
    await screenshot(page, 'save-plots');
    const map = await saved(page, 'map_svg');
    assert.equal(map.name, 'map.svg');
    assert.match(map.bytes.toString(), /^<svg [\s\S]*<circle[\s\S]*PCA 1[\s\S]*<\/svg>\n$/);
    for (const kind of ['curves', 'map']) {
      const { name, bytes } = await saved(page, `${kind}_png`);
      assert.equal(name, `${kind}.png`);
      const picture = decodePng(bytes);
      assert.equal(picture.width, 1440);
      assert.deepEqual(picture.pixel(3, 3), [255, 255, 255]);
    }
    assert.deepEqual(problems, []);
  });

  test('films are a GIF of the reconstructions, one of the map, and a video of the screen', async (t) => {
    const { page, problems, close } = await openSave();
    t.after(close);
    for (const [kind, name] of [
      ['film_images', 'reconstructions.gif'],
      ['film_map', 'map.gif'],
    ]) {
      const film = await saved(page, kind);
      assert.equal(film.name, name);
      assert.equal(film.bytes.toString('latin1', 0, 6), 'GIF89a');
      const frames = await page.evaluate(async (bytes) => {
        const decoder = new ImageDecoder({ data: new Uint8Array(bytes), type: 'image/gif' });
        await decoder.tracks.ready;
        await decoder.completed;
        const { image } = await decoder.decode({ frameIndex: decoder.tracks.selectedTrack.frameCount - 1 });
        return { count: decoder.tracks.selectedTrack.frameCount, width: image.displayWidth };
      }, Array.from(film.bytes));
      assert.equal(frames.count, await moments(page));
      assert.ok(frames.width > 300);
    }
    const film = await saved(page, 'film_view');
    assert.equal(film.name, 'film.webm');
    assert.equal(film.bytes.readUInt32BE(0), 0x1a45dfa3); // EBML
    await untilWidget(page, 'save:film_view');
    assert.equal(await shown(page), -1);
    assert.deepEqual(problems, []);
  });

  test('a browser that records no video says so', async (t) => {
    const { page, close } = await openSave();
    t.after(close);
    await page.evaluate(() => {
      delete window.MediaRecorder;
    });
    await scrollTo(page, 'save:film_view');
    await clickWidget(page, 'save:film_view');
    await untilWidget(page, 'save:error');
    assert.ok(await widget(page, 'save:error'));
  });
});
