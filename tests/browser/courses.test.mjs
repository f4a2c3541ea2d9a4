// The playground in the places where courses live: beside a lesson of their own, and in pages that were opened as files.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe as group, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { openHost as hostOf, untilFrame, untilReady } from './host_support.mjs';
import { newFolder, noticed } from './loader_support.mjs';
import { openHourglass, site, untilState, useSite, watchedPage } from './support.mjs';
import { happens } from '../support/waiting.mjs';

const shared = useSite();
const lesson = await readFile(fileURLToPath(new URL('../../docs/recipes/lesson.json', import.meta.url)), 'utf8');
const other = JSON.stringify({ ...JSON.parse(lesson), name: 'the-other' });

const openHost = (t, body, pages) => hostOf(t, shared, body, { pages, waitUntil: 'domcontentloaded' });
const script = () => `<script src="${shared.server.origin}/hourglass-playground.js"></script>`;
const LISTENING = `<script>
  window.told = [];
  const net = document.querySelector('hourglass-playground');
  for (const name of ['ready', 'error']) net.addEventListener(name, ({ detail }) => window.told.push({ name, ...detail }));
</script>`;
const untilTold = async (page, name) => {
  const find = () => page.evaluate((wanted) => window.told.find((each) => each.name === wanted), name);
  return happens(find, `the event ${name}`, 50);
};
const lessonIn = (frame) => frame.evaluate(() => window.hourglass?.state().lesson?.name ?? null);
const untilLesson = (frame, name) => happens(async () => (await lessonIn(frame)) === name, `the lesson ${name}`, 50);

async function trains(page, frame) {
  await page.evaluate(() => document.querySelector('hourglass-playground').command('step', { count: 3 }));
  await untilState(frame, 'step at least', 3);
}

group('a lesson of one’s own', () => {
  test('beside the page opens in a playground of another site, which its server lets read nothing', async (t) => {
    const body = `${script()}<hourglass-playground lesson="files/lesson.json"></hourglass-playground>${LISTENING}`;
    const pages = { '/files/lesson.json': lesson, '/other.json': other, '/none.json': null };
    const { page, problems } = await openHost(t, body, pages);
    const frame = await untilFrame(shared, page, 'embedder');
    await untilLesson(frame, 'course-first-steps');
    assert.doesNotMatch(frame.url(), /lesson/);
    const change = (value) =>
      page.evaluate((each) => document.querySelector('hourglass-playground').setAttribute('lesson', each), value);
    await change('/other.json');
    await untilLesson(frame, 'the-other');
    await change('why-not-zero');
    await untilLesson(frame, 'why-not-zero');
    await change(lesson);
    await untilLesson(frame, 'course-first-steps');
    assert.deepEqual(problems(), []);

    // What is not there the playground says, where everybody sees it.
    await change('/none.json');
    const again = await happens(
      () => page.frames().find((each) => each.url().includes('none.json')),
      'another address',
    );
    await untilReady(again);
    await happens(async () => /lesson at .*none\.json could not be fetched/.test(await noticed(again)), 'it is said');
  });

  test('that is none is told to the page', async (t) => {
    const body = `${script()}<hourglass-playground lesson="lesson.json"></hourglass-playground>${LISTENING}`;
    const { page } = await openHost(t, body, { '/lesson.json': lesson.replace('"steps"', '"stages"') });
    assert.match((await untilTold(page, 'error')).message, /stages/);
  });

  test('beside the playground is named by a path in its address', async () => {
    const { page, problems, close } = await openHourglass(
      shared.browser,
      shared.server.origin,
      '?lesson=lessons/first-visit.json',
    );
    const name = JSON.parse(await readFile(path.join(site, 'lessons/first-visit.json'), 'utf8')).name;
    await untilLesson(page, name);
    assert.deepEqual(problems, []);
    const refusal = await page.evaluate(() => window.hourglass.lesson('My lesson').catch(({ message }) => message));
    assert.match(refusal, /a path beside this page such as lessons\/mine\.json, and “My lesson” is neither/);
    await close();
  });
});

group('a page that was opened as a file', () => {
  const open = async (t, body) => {
    const folder = await newFolder();
    await writeFile(
      path.join(folder, 'course.html'),
      `<!doctype html><link rel="icon" href="data:,">${body}${LISTENING}`,
    );
    const context = await shared.browser.newContext({ locale: 'en-US' });
    t.after(() => context.close());
    const opened = await watchedPage(context, shared.server.origin);
    await opened.page.goto(pathToFileURL(path.join(folder, 'course.html')).href);
    return opened;
  };

  test('speaks with a playground of a server', async (t) => {
    const { page, problems } = await open(t, `${script()}<hourglass-playground></hourglass-playground>`);
    await untilTold(page, 'ready');
    await trains(page, await untilFrame(shared, page, 'embedder=null'));
    assert.deepEqual(problems, []);
  });
});
