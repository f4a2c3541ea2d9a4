// A lesson in the page, from the first step to its results, by clicks.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';

import { openHourglass, openReady, useSite } from './support.mjs';
import { clickShown, LOOK, SAY, shownWidget, T, toldLesson, untilStep } from './lesson_support.mjs';
import { happens, PATIENCE_MS } from '../support/waiting.mjs';

const LESSON = {
  lesson: 1,
  name: 'of-the-test',
  title: T('A small lesson', '一堂小课'),
  start: { preset: 'quick', settings: { 'data.strokes_train': 1000 } },
  locked: ['model.*', 'train.batch_size'],
  commands: ['run', 'pause', 'reset'],
  steps: [
    { ...LOOK, show: 'reconstructions' },
    {
      title: T('Train', '训练'),
      text: T('Press Run.', '请按“运行”。'),
      task: T('Train 20 mini-batches', '训练 20 个小批量'),
      show: 'curves',
      goal: { kind: 'value', of: 'step', above: 19 },
      hints: [T('Run is at the top.', '“运行”在上方。')],
      done: T('It learns.', '它在学习。'),
    },
    SAY,
  ],
};

const shared = useSite();

for (const [form, viewport] of Object.entries({
  wide: { width: 1440, height: 900 },
  narrow: { width: 900, height: 700 },
  phone: { width: 390, height: 844 },
})) {
  for (const language of ['en', 'zh']) {
    test(`a lesson is gone through by clicks: ${form}, ${language}`, async () => {
      const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, `?lang=${language}`, {
        viewport,
      });
      try {
        await page.evaluate((lesson) => window.hourglass.lesson(lesson), LESSON);
        await untilStep(page, 1);
        await clickShown(page, 'lesson:next');
        await untilStep(page, 2);
        await clickShown(page, 'lesson:hint');
        await page.waitForFunction(() => window.hourglass.state().lesson.hints === 1);
        await clickShown(page, 'run');
        // Next does nothing until the goal is met.
        await happens(async () => {
          await clickShown(page, 'lesson:next');
          return (await toldLesson(page)).step === 3;
        }, 'the goal is met');
        await clickShown(page, 'lesson:choice:0:0');
        await page.waitForFunction(() => window.hourglass.state().lesson.attempts === 1);
        await clickShown(page, 'lesson:choice:0:1');
        await page.waitForFunction(() => window.hourglass.state().lesson.attempts === 2);
        await clickShown(page, 'lesson:next');
        await happens(async () => (await shownWidget(page, 'lesson:results')) !== null, 'the results are on show');
        const { name, of, done, attempts, hints, answers } = await toldLesson(page);
        assert.deepEqual(
          { name, of, done, attempts, hints },
          { name: 'of-the-test', of: 3, done: true, attempts: 2, hints: 1 },
        );
        assert.equal(answers.length, 1);
        assert.equal(answers[0].right, true);
        assert.deepEqual(problems, []);
      } finally {
        await close();
      }
    });
  }
}

test('what a lesson locks is changed neither by scripts nor by the address, and each is told why', async () => {
  const { page, close } = await openHourglass(shared.browser, shared.server.origin, '?lang=en');
  try {
    await page.evaluate((lesson) => window.hourglass.lesson(lesson), LESSON);
    await untilStep(page, 1);
    const attempt = (code) =>
      page.evaluate(async ([name, args]) => {
        try {
          await window.hourglass.command(name, args);
          return '';
        } catch (error) {
          return error.message;
        }
      }, code);
    assert.match(
      await attempt(['set_setting', { key: 'train.batch_size', value: 7 }]),
      /Batch size.* stays as the lesson/,
    );
    assert.match(await attempt(['finish_epoch', {}]), /not part of this step/);
    assert.match(await attempt(['load_preset', { name: 'deep' }]), /not part of this step/);
    assert.equal(await attempt(['set_setting', { key: 'train.learning_rate', value: 0.002 }]), '');
    await page.evaluate(() => {
      location.hash = '#train.batch_size=7';
    });
    await page.getByRole('alert').filter({ hasText: 'stays as the lesson' }).waitFor();
    assert.notEqual(await page.evaluate(() => window.hourglass.get('train.batch_size')), 7);
    await page.evaluate(() => window.hourglass.lesson(null));
    await page.waitForFunction(() => window.hourglass.state().lesson === null);
    assert.equal(await attempt(['set_setting', { key: 'train.batch_size', value: 64 }]), '');
  } finally {
    await close();
  }
});

test('a reload comes back to the step, and another language is no other lesson', async () => {
  const { page, close } = await openHourglass(shared.browser, shared.server.origin, '?lang=en');
  try {
    await page.evaluate((lesson) => window.hourglass.lesson(lesson), LESSON);
    await untilStep(page, 1);
    await clickShown(page, 'lesson:next');
    await untilStep(page, 2);
    await page.evaluate(() => window.hourglass.setLanguage('zh'));
    assert.equal((await toldLesson(page)).step, 2);
    await openReady(page, page.url());
    await untilStep(page, 2);
    await page.evaluate(() => window.hourglass.lesson(null));
    await openReady(page, page.url());
    assert.equal(await toldLesson(page), null);
  } finally {
    await close();
  }
});

const elsewhere = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const headers = { 'Content-Type': 'application/json', 'Cross-Origin-Resource-Policy': 'cross-origin' };
  if (pathname !== '/closed.json') headers['Access-Control-Allow-Origin'] = '*';
  response.writeHead(pathname === '/gone.json' ? 404 : 200, headers);
  if (pathname === '/huge.json') response.end('x'.repeat(5 * 2 ** 20));
  else response.end(pathname === '/wrong.json' ? '{"lesson": 1, "name": "x", "titel": 1}' : JSON.stringify(LESSON));
});
after(() => elsewhere.close());

test('a lesson from elsewhere is opened where its server allows it, and else a sentence says why not', async () => {
  await new Promise((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${elsewhere.address().port}`;
  const { page, close } = await openHourglass(shared.browser, shared.server.origin, '?lang=en');
  try {
    const open = (what) =>
      page.evaluate(async (wanted) => {
        try {
          await window.hourglass.lesson(wanted);
          return '';
        } catch (error) {
          return error.message;
        }
      }, what);
    assert.match(await open(`${origin}/closed.json`), /Access-Control-Allow-Origin/);
    assert.match(await open(`${origin}/gone.json`), /answers 404/);
    assert.match(await open(`${origin}/huge.json`), /at most 4 MB/);
    assert.match(await open(`${origin}/wrong.json`), /titel is no name that is known there; the nearest is 'title'/);
    assert.match(await open('javascript:alert(1)'), /https:\/\//);
    assert.match(await open('no-such-lesson'), /no lesson “no-such-lesson”/);
    assert.match(await open(7), /takes the name of a lesson/);
    assert.match(await open('{"lesson": 1'), /no lesson/);
    assert.equal(await toldLesson(page), null);
    assert.equal(await open(`${origin}/good.json`), '');
    await untilStep(page, 1);
  } finally {
    await close();
  }
});

test('a dropped lesson is opened', async () => {
  const { page, close } = await openHourglass(shared.browser, shared.server.origin, '?lang=en');
  try {
    await page.evaluate((lesson) => {
      const blob = new Blob([JSON.stringify(lesson)], { type: 'application/json' });
      window.hourglass.ownFiles([{ path: 'mine.json', blob }]);
    }, LESSON);
    await untilStep(page, 1);
  } finally {
    await close();
  }
});

test('a first visit is offered the tour, once it is put away no more', async () => {
  const context = await shared.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  try {
    await openReady(page, `${shared.server.origin}/`);
    await clickShown(page, 'lesson:no_offer');
    await happens(async () => (await shownWidget(page, 'message:offer')) === null, 'it is put away');
    await openReady(page, `${shared.server.origin}/`);
    assert.equal(await shownWidget(page, 'message:offer'), null);
  } finally {
    await context.close();
  }
});
