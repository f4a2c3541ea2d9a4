// Runs that are over: kept with their parameters, shown side by side, and stored in the browser.

import assert from 'node:assert/strict';
import { describe as group, test } from 'node:test';

import {
  LAYOUTS,
  clickWidget,
  newPage,
  openHourglass,
  openReady,
  screenshot,
  state,
  untilState,
  untilWidget,
  useSite,
  widget,
} from './support.mjs';
import { happens, PATIENCE_MS } from '../support/waiting.mjs';

const shared = useSite();

const STEPS = 200;
const QUERY = `?preset=quick&data=strokes&data.strokes_train=1000&data.strokes_test=400&train.steps=${STEPS}&run=1`;

const newSeed = (page) => page.evaluate(() => window.hourglass.command('new_seed'));
const run = (page) => page.evaluate(() => window.hourglass.command('run'));

// How many runs the browser has stored.
const storedCount = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('hourglass', 1);
        opening.onerror = () => reject(opening.error);
        opening.onupgradeneeded = () => opening.transaction.abort();
        opening.onsuccess = () => {
          const database = opening.result;
          const counting = database.transaction('runs').objectStore('runs').count();
          counting.onsuccess = () => {
            database.close();
            resolve(counting.result);
          };
        };
      }),
  );

const untilStored = (page, count) =>
  happens(
    async () => (await storedCount(page).catch(() => -1)) === count,
    () => `${count} runs stored`,
    100,
  );

// When the present run was last stored; 0 where it was not.
const sessionStored = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('hourglass-session', 1);
        opening.onerror = () => resolve(0);
        opening.onupgradeneeded = () => opening.transaction.abort();
        opening.onsuccess = () => {
          const database = opening.result;
          const reading = database.transaction('about').objectStore('about').getAll();
          reading.onsuccess = () => {
            database.close();
            resolve(Math.max(0, ...reading.result.map(({ time }) => time)));
          };
        };
      }),
  );

// Counts the answers of jobs, by their kinds.
const countAnswers = (page) =>
  page.evaluate(() => {
    window.answers = {};
    window.hourglass.on('job_result', ({ kind, question }) => {
      if (question > 0) window.answers[kind] = (window.answers[kind] ?? 0) + 1;
    });
  });

// Waits until that side has answered so many times.
const untilAnswered = (page, kind, times = 1) =>
  page.waitForFunction(([wanted, count]) => (window.answers[wanted] ?? 0) >= count, [kind, times], {
    timeout: PATIENCE_MS,
    polling: 50,
  });

// A page with a run that is over and a present one, both trained.
async function openTwoRuns(query = '&lang=en', options = {}, prepare = async () => {}) {
  const opened = await newPage(shared.browser, shared.server.origin, options);
  const { page } = opened;
  await prepare(page);
  await openReady(page, `${shared.server.origin}/${QUERY}${query}`);
  await countAnswers(page);
  await untilState(page, 'step at least', STEPS);
  await newSeed(page);
  await run(page);
  await untilState(page, 'step at least', STEPS);
  return opened;
}

async function openRuns(page) {
  await untilWidget(page, 'tab:runs');
  await clickWidget(page, 'tab:runs');
}

for (const { name, width, height, query } of LAYOUTS) {
  group(name, () => {
    test('a run that is over is shown beside the present one, and then PCA is', async () => {
      const { page, problems, close } = await openTwoRuns(query, {
        viewport: { width, height },
        hasTouch: name === 'phone',
      });
      if (name === 'phone') {
        await clickWidget(page, 'workspace.applications');
        await untilWidget(page, 'tab:compare');
        await clickWidget(page, 'tab:compare');
      } else {
        await openRuns(page);
        await untilWidget(page, 'runs:1:compare');
        await screenshot(page, `runs-kept-${name}`);
        await clickWidget(page, 'runs:1:compare');
      }
      await untilWidget(page, 'compare:other:images');
      await untilAnswered(page, 'compare_with');
      await untilAnswered(page, 'compare');
      await screenshot(page, `compare-run-${name}`);
      for (const id of ['compare:originals', 'compare:present:images', 'compare:other:images']) {
        const area = await widget(page, id);
        assert.ok(area.x >= 0 && area.x + area.width <= width + 0.5, `${id}: ${area.x} ${area.width}`);
      }
      await clickWidget(page, 'compare:with');
      await untilWidget(page, 'compare:with:pca');
      await clickWidget(page, 'compare:with:pca');
      await untilAnswered(page, 'compare_with', 2);
      await screenshot(page, `compare-pca-${name}`);
      assert.deepEqual(problems, []);
      await close();
    });
  });
}

test('a run is there again after a reload, can be taken back, and deleted', async () => {
  const { page, problems, close } = await openTwoRuns();
  await untilStored(page, 1);
  // A change is stored, and all else with it.
  const before = await sessionStored(page);
  await page.evaluate(() => window.hourglass.set('view.noise.level', 0.5));
  await happens(async () => (await sessionStored(page)) > before, 'the run is stored as it is now', 100);
  await page.reload();
  await page.waitForFunction(() => window.hourglass !== undefined);
  await page.evaluate(() => window.hourglass.ready.then(() => true));
  await untilState(page, 'step at least', STEPS);
  await openRuns(page);
  await untilWidget(page, 'runs:1:load');
  await screenshot(page, 'runs-after-reload');
  const { history } = await page.evaluate(() => ({ history: window.hourglass.history() }));
  assert.ok(history.losses.length > 0);
  await clickWidget(page, 'runs:1:load');
  // With its curve, at the step where it ended.
  await happens(
    async () => (await state(page)).phase === 'paused' && (await state(page)).step === STEPS,
    () => 'the run taken back',
    100,
  );
  // The one that made way is kept, too.
  await untilStored(page, 2);
  await untilWidget(page, 'runs:2:delete');
  await clickWidget(page, 'runs:2:delete');
  await untilStored(page, 1);
  await clickWidget(page, 'runs:1:delete');
  await untilStored(page, 0);
  assert.deepEqual(problems, []);
  await close();
});

test('where the browser refuses to store, one sentence says so, and the rest works', async () => {
  const { page, problems, close } = await openTwoRuns('&lang=en', {}, (opened) =>
    opened.addInitScript(() => {
      Object.defineProperty(window, 'indexedDB', {
        get() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      });
    }),
  );
  const notice = page.locator('.notice');
  await notice.waitFor();
  assert.match(await notice.innerText(), /stores nothing for this page/);
  await newSeed(page);
  await openRuns(page);
  await untilWidget(page, 'runs:1:compare');
  assert.equal(await notice.count(), 1);
  await clickWidget(page, 'runs:1:compare');
  await untilWidget(page, 'compare:other:map');
  assert.deepEqual(problems, []);
  await close();
});

test('what is stored and is no run is deleted with a sentence', async () => {
  const { page, close } = await openHourglass(shared.browser, shared.server.origin, QUERY);
  await untilState(page, 'step at least', STEPS);
  await newSeed(page);
  await untilStored(page, 1);
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('hourglass', 1);
        opening.onsuccess = () => {
          const writing = opening.result.transaction('runs', 'readwrite');
          writing.objectStore('runs').put({ bytes: new Uint8Array([1, 2, 3]) }, 1);
          writing.objectStore('runs').add('nothing of ours');
          writing.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
  );
  await page.reload();
  await page.locator('.notice').waitFor();
  assert.match(await page.locator('.notice').innerText(), /could not be read and was deleted/);
  await untilStored(page, 0);
  await close();
});
