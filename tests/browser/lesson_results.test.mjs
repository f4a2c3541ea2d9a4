// What came of a lesson, in the page: as events, as a statement of xAPI and as a code, here and across origins.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hourglass } from '../cli/support.mjs';
import { openHost, untilFrame } from './host_support.mjs';
import { clickShown, LOOK, SAY, T, untilStep } from './lesson_support.mjs';
import { dragWidget, newPage, openHourglass, openReady, screenshot, untilWidget, useSite } from './support.mjs';
import { happens } from '../support/waiting.mjs';
import { assertStatement } from '../support/xapi.mjs';

const LESSON = {
  lesson: 1,
  name: 'of-the-test',
  title: T('A small lesson', '一堂小课'),
  check: 'spring',
  start: { preset: 'quick', settings: { 'data.strokes_train': 1000 } },
  steps: [LOOK, SAY],
};

const shared = useSite();

// Writes down what is told of results.
const listen = (page) =>
  page.evaluate(() => {
    window.told = [];
    window.hourglass.on('lesson_result', (detail) => window.told.push(detail));
  });
const told = (page) => page.evaluate(() => window.told);

for (const [language, theme] of [
  ['en', 'light'],
  ['zh', 'dark'],
]) {
  test(`a lesson that comes with Hourglass ends with events, statements and a code (${language})`, async () => {
    const query = `?lang=${language}&theme=${theme}&lesson=first-visit&student=${encodeURIComponent('李 Wei')}`;
    const opened = await newPage(shared.browser, shared.server.origin);
    const { page, problems, close } = opened;
    try {
      await openReady(page, `${shared.server.origin}/${query}`);
      await untilStep(page, 1);
      await listen(page);
      await clickShown(page, 'lesson:next');
      await untilStep(page, 2);
      await clickShown(page, 'run');
      for (const step of [3, 4]) {
        await happens(async () => {
          await clickShown(page, 'lesson:next');
          return page.evaluate((wanted) => window.hourglass.state().lesson.step === wanted, step);
        }, `step ${step}`);
      }
      await clickShown(page, 'lesson:choice:0:0');
      await clickShown(page, 'lesson:choice:0:1');
      await happens(async () => {
        await clickShown(page, 'lesson:next');
        return page.evaluate(() => window.hourglass.state().lesson.step === 5);
      }, 'step 5');
      await untilWidget(page, 'setting:view.noise.level');
      await dragWidget(page, 'setting:view.noise.level', [0.05, 0.5], [0.9, 0.5]);
      await clickShown(page, 'lesson:next');
      await untilStep(page, 6);
      await clickShown(page, 'lesson:next');
      await happens(async () => (await told(page)).length === 7, 'the end is told');
      const results = await told(page);
      assert.deepEqual(
        results.map(({ step }) => step),
        [1, 2, 3, 4, 5, 6, null],
      );
      const end = results.at(-1);
      assert.equal(end.lesson, 'first-visit');
      assert.equal(end.student, '李 Wei');
      const question = results[3];
      assert.equal(question.answers[0].attempts, question.attempts);
      assert.equal(question.score, 1 / question.attempts);
      assert.equal(end.score, (3 + question.score) / 4);

      for (const result of results) {
        assertStatement(await page.evaluate((detail) => window.hourglass.xapi(detail), result));
      }
      const statement = await page.evaluate((detail) => window.hourglass.xapi(detail), end);
      assert.equal(statement.object.id, `${shared.server.origin}/?lesson=first-visit`);
      assert.equal(statement.actor.account.name, '李 Wei');

      // The code on the card is that of the event, and the command line reads it.
      await untilWidget(page, 'lesson:code');
      await screenshot(page, `lesson-code-${language}`);
      assert.equal(await page.evaluate(() => window.hourglass.state().lesson.code), end.code);
      const run = hourglass(['lesson', 'check', '--code', end.code, '--student', '李wei', '--json']);
      assert.equal(run.code, 0, run.stderr);
      const { lesson, score, attempts, is_of_student: isOfStudent } = JSON.parse(run.stdout);
      assert.deepEqual([lesson, attempts, isOfStudent], ['first-visit', end.attempts, true]);
      assert.equal(score, Math.round(100 * end.score));
      assert.deepEqual(problems, []);
    } finally {
      await close();
    }
  });
}

for (const [form, viewport] of Object.entries({
  wide: { width: 1280, height: 800 },
  narrow: { width: 900, height: 800 },
  phone: { width: 390, height: 844 },
})) {
  test(`a name that is typed changes the code, which a button copies: ${form}`, async () => {
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, '?lang=zh', {
      viewport,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    try {
      await page.evaluate((lesson) => window.hourglass.lesson(lesson), LESSON);
      await untilStep(page, 1);
      await clickShown(page, 'lesson:next');
      await untilStep(page, 2);
      await clickShown(page, 'lesson:choice:0:1');
      await clickShown(page, 'lesson:next');
      await untilStep(page, 3);
      const code = () => page.evaluate(() => window.hourglass.state().lesson.code);
      const before = await code();
      await clickShown(page, 'lesson:student');
      await page.keyboard.type('Li Wei 7');
      await page.keyboard.press('Enter');
      await happens(async () => (await code()) !== before, 'another code for a name');
      await page.mouse.wheel(0, -2000);
      await clickShown(page, 'lesson:copy');
      await happens(
        async () => (await page.evaluate(() => navigator.clipboard.readText())) === (await code()),
        'the code is on the clipboard',
      );
      await screenshot(page, `lesson-code-${form}`);
      assert.deepEqual(problems, []);
    } finally {
      await close();
    }
  });
}

// A frame of another site may store nothing in this browser; one of another origin of the same site may.
for (const [of, host, mayStore] of [
  ['another site', 'localhost', false],
  ['another origin', '127.0.0.1', true],
]) {
  test(`the page around an element of ${of} is told, and gets statements and what it takes to go on`, async (t) => {
    const body = `<script src="${shared.server.origin}/hourglass-playground.js"></script>
      <hourglass-playground src="${shared.server.origin}/?lang=en" student="17" id="net"></hourglass-playground>
      <script>
        window.told = [];
        document.getElementById('net').addEventListener('event', ({ detail }) => window.told.push(detail));
      </script>`;
    const { page } = await openHost(t, shared, body, { host, waitUntil: 'domcontentloaded' });
    const frame = await untilFrame(shared, page, 'student=17');
    const call = (method, ...args) =>
      page.evaluate(([name, given]) => document.getElementById('net')[name](...given), [method, args]);
    const toldAs = async (event) =>
      (await page.evaluate(() => window.told)).filter((each) => each.event === event).map(({ detail }) => detail);
    await call('lesson', LESSON, { saved: '' });
    await untilStep(frame, 1);
    await clickShown(page, 'lesson:next', { frame });
    await untilStep(frame, 2);
    await clickShown(page, 'lesson:choice:0:0', { frame });
    await happens(async () => (await toldAs('lesson')).some(({ attempts }) => attempts === 1), 'the answer is told');
    const { saved } = (await toldAs('lesson')).at(-1);
    if (mayStore) {
      assert.equal(await frame.evaluate(() => localStorage.getItem('hourglass.lesson.of-the-test')), null);
    } else {
      await assert.rejects(
        frame.evaluate(() => localStorage.getItem('hourglass.lesson.of-the-test')),
        /Access is denied/,
      );
    }

    // Elsewhere one goes on from there.
    await call('lesson', null);
    await happens(async () => (await toldAs('lesson')).at(-1).ended, 'the lesson is ended');
    await call('lesson', LESSON, { saved });
    await untilStep(frame, 2);
    await clickShown(page, 'lesson:choice:0:1', { frame });
    await clickShown(page, 'lesson:next', { frame });
    await happens(async () => (await toldAs('lesson_result')).at(-1)?.step === null, 'the end is told');
    const results = await toldAs('lesson_result');
    assert.deepEqual(
      results.map(({ step, score, attempts }) => ({ step, score, attempts })),
      [
        { step: 1, score: 1, attempts: 0 },
        { step: 2, score: 0.5, attempts: 2 },
        { step: null, score: 0.5, attempts: 2 },
      ],
    );
    assert.match(results.at(-1).code, /^([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}$/);
    const statement = await call('xapi', results[1], { actor: { mbox: 'mailto:li@example.org' } });
    assertStatement(statement);
    assert.equal(statement.actor.mbox, 'mailto:li@example.org');
    assert.equal(statement.result.response, 'choice-2');

    // A question that stands as deep as one may.
    let goal = LESSON.steps[1].goal;
    for (let depth = 1; depth < 4; depth += 1) goal = { kind: 'all', of: [goal] };
    await call('lesson', { ...LESSON, name: 'deep', steps: [{ ...LESSON.steps[1], goal }] });
    await untilStep(frame, 1);
    assert.equal(await frame.evaluate(() => window.hourglass.state().lesson.name), 'deep');

    await assert.rejects(call('xapi', { lesson: 1 }), /takes what the event “lesson_result” has told/);
    await assert.rejects(call('lesson', LESSON, { student: 7 }), /takes texts for “student” and “saved”/);
  });
}
