// The last session comes back after a reload: weights, curves and settings.

import assert from 'node:assert/strict';
import { describe as group, test } from 'node:test';

import { openHost, untilFrame, untilReady } from './host_support.mjs';
import { newPage, openReady, screenshot, state, untilState, useSite, watchedPage } from './support.mjs';
import { happens, rest } from '../support/waiting.mjs';

const shared = useSite();

const STEPS = 40;
const QUERY = '?data=strokes&data.strokes_train=500&data.strokes_test=200&view.map_points=100';

// How many sessions the browser has stored.
const storedCount = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('hourglass-session', 1);
        opening.onerror = () => reject(opening.error);
        opening.onupgradeneeded = () => opening.transaction.abort();
        opening.onsuccess = () => {
          const database = opening.result;
          const counting = database.transaction('bytes').objectStore('bytes').count();
          counting.onsuccess = () => {
            database.close();
            resolve(counting.result);
          };
        };
      }),
  );
const untilStored = (page, count) =>
  happens(
    async () => (await storedCount(page).catch(() => 0)) === count,
    () => `${count} sessions stored`,
    100,
  );

const lossesOf = (page) => page.evaluate(() => window.hourglass.history().losses.map(({ loss }) => loss));
const train = async (page, count = STEPS) => {
  const { step } = await state(page);
  await page.evaluate((steps) => window.hourglass.command('step', { count: steps }), count);
  await untilState(page, 'step at least', step + count);
  await untilState(page, 'phase', 'paused');
};

// A page that was trained and has stored that.
async function openTrained(query = QUERY, options = {}) {
  const opened = await newPage(shared.browser, shared.server.origin, options);
  await openReady(opened.page, `${shared.server.origin}/${query}`);
  await train(opened.page);
  await untilStored(opened.page, 1);
  return opened;
}

const reload = async (page) => {
  await page.reload();
  await page.waitForFunction(() => window.hourglass !== undefined);
  await page.evaluate(() => window.hourglass.ready.then(() => true));
};
const notices = (page) => page.locator('.notice p').allInnerTexts();

for (const [lang, sentence, button, size] of [
  ['en', 'Continued from where you left.', 'Begin afresh', { width: 1280, height: 800 }],
  ['zh', '已从上次离开的地方继续。', '重新开始', { width: 390, height: 844 }],
]) {
  test(`after a reload all is as it was, and can begin afresh (${lang})`, async () => {
    const { page, problems, close } = await openTrained(`${QUERY}&lang=${lang}`, { viewport: size });
    await page.evaluate(() => window.hourglass.set('train.learning_rate', 0.0025));
    await page.waitForFunction(() => location.search.includes('train.learning_rate=0.0025'));
    await train(page, 10);
    await rest(1500); // so that this is stored, too
    const losses = await lossesOf(page);
    const settings = await page.evaluate(() => window.hourglass.settings());
    await reload(page);
    await untilState(page, 'step at least', STEPS + 10);
    assert.equal((await state(page)).step, STEPS + 10);
    assert.equal((await state(page)).phase, 'paused');
    assert.deepEqual(await lossesOf(page), losses);
    assert.deepEqual(await page.evaluate(() => window.hourglass.settings()), settings);
    assert.deepEqual(await notices(page), [sentence]);
    await screenshot(page, `session-continued-${lang}`);
    await page.getByRole('button', { name: button }).click();
    await happens(async () => (await state(page)).step === 0, 'it begins afresh', 50);
    await untilStored(page, 0);
    assert.deepEqual(await notices(page), []);
    await reload(page);
    assert.equal((await state(page)).step, 0);
    assert.deepEqual(await notices(page), []);
    assert.deepEqual(problems, []);
    await close();
  });
}

test('the sentence goes as soon as training goes on', async () => {
  const { page, close } = await openTrained();
  await reload(page);
  await page.locator('.notice').waitFor();
  await page.evaluate(() => window.hourglass.command('run'));
  await happens(async () => (await page.locator('.notice').count()) === 0, 'the sentence goes');
  await close();
});

test('an address that was given by hand has the last word, and a bare one brings the newest back', async () => {
  const { page, close } = await openTrained();
  const context = page.context();
  await openReady(page, `${shared.server.origin}/?preset=sparse&data=strokes`);
  assert.equal((await state(page)).step, 0);
  assert.equal(await page.evaluate(() => window.hourglass.link()), 'preset=sparse&data=strokes');
  await page.close();
  const { page: next } = await watchedPage(context, shared.server.origin);
  await openReady(next, `${shared.server.origin}/`);
  await untilState(next, 'step at least', STEPS);
  assert.equal(await next.evaluate(() => window.hourglass.get('data.strokes_train')), 500);
  await close();
});

test('two tabs do not fight: each has its own', async () => {
  const { page, close } = await openTrained();
  const { page: second } = await watchedPage(page.context(), shared.server.origin);
  await openReady(second, `${shared.server.origin}/`);
  assert.equal((await state(second)).step, 0, 'the first tab lives, and keeps its session');
  await second.evaluate(() => window.hourglass.set('data.strokes_train', 300));
  await second.waitForFunction(() => location.search.includes('strokes_train=300'));
  await untilState(second, 'data', 'strokes');
  await train(second, 7);
  await untilStored(second, 2);
  for (const [tab, steps] of [
    [page, STEPS],
    [second, 7],
    [page, STEPS],
  ]) {
    await reload(tab);
    await untilState(tab, 'step at least', 1);
    assert.equal((await state(tab)).step, steps);
  }
  await close();
});

test('what is stored and is damaged is dropped with a sentence', async () => {
  for (const bytes of [[1, 2, 3], null]) {
    const { page, close } = await openTrained(`${QUERY}&lang=en`);
    await page.evaluate(
      (damaged) =>
        new Promise((resolve) => {
          const opening = indexedDB.open('hourglass-session', 1);
          opening.onsuccess = () => {
            const writing = opening.result.transaction('bytes', 'readwrite');
            const store = writing.objectStore('bytes');
            store.getAllKeys().onsuccess = ({ target }) => {
              for (const key of target.result) store.put(damaged && new Uint8Array(damaged), key);
            };
            writing.oncomplete = () => {
              opening.result.close();
              resolve();
            };
          };
        }),
      bytes,
    );
    await reload(page);
    assert.equal((await state(page)).step, 0);
    assert.match((await notices(page)).join(), /could not be read and was dropped/);
    await untilStored(page, 0);
    await train(page);
    await untilStored(page, 1);
    await close();
  }
});

group('where the browser stores nothing', () => {
  for (const [query, sentences] of [
    ['', 0],
    ['&keep=1', 1],
  ]) {
    test(`${sentences} sentences say so with “${query}”`, async () => {
      const { page, problems, close } = await newPage(shared.browser, shared.server.origin);
      await page.addInitScript(() => {
        for (const name of ['indexedDB', 'localStorage', 'sessionStorage']) {
          Object.defineProperty(window, name, {
            get() {
              throw new DOMException('The operation is insecure.', 'SecurityError');
            },
          });
        }
      });
      await openReady(page, `${shared.server.origin}/${QUERY}&lang=en${query}`);
      await train(page);
      await rest(2000);
      assert.equal((await notices(page)).filter((each) => /this session ends with it/.test(each)).length, sentences);
      await train(page, 5);
      await rest(1500);
      assert.equal((await notices(page)).length, sentences);
      assert.deepEqual(problems, []);
      await close();
    });
  }
});

test('keep=0 stores nothing, and in a frame only keep=1 does', async (t) => {
  const { page, close } = await newPage(shared.browser, shared.server.origin);
  await openReady(page, `${shared.server.origin}/${QUERY}&keep=0`);
  await train(page);
  await rest(1500);
  assert.equal(await storedCount(page).catch(() => 0), 0);
  await close();
  for (const [more, steps] of [
    ['', 0],
    ['&keep=1', STEPS],
  ]) {
    const body = `<iframe src="${shared.server.origin}/${QUERY}${more}" width="900" height="650"></iframe>`;
    const host = await openHost(t, shared, body, { host: '127.0.0.1' });
    let frame = await untilFrame(shared, host.page, 'data=strokes');
    await untilReady(frame);
    await train(frame);
    if (steps) await untilStored(frame, 1);
    else await rest(1500);
    await host.page.reload({ waitUntil: 'commit' });
    frame = await untilFrame(shared, host.page, 'data=strokes');
    await untilReady(frame);
    if (steps) await untilState(frame, 'step at least', 1);
    assert.equal((await state(frame)).step, steps);
  }
});
