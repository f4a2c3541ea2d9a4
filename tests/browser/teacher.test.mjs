// Teacher mode in the page: a lesson is made by clicks and typing, and learners open its link; a lesson's file is opened to be
// edited, tried and saved; and a learner cannot unlock what a lesson locks. More of how one is made: tests/ui/teacher_test.cpp.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { hourglass } from '../cli/support.mjs';
import { clickShown, shownWidget, toldLesson, untilStep } from './lesson_support.mjs';
import { happens } from '../support/waiting.mjs';
import {
  clickWidget,
  dropFiles,
  openHourglass,
  screenshot,
  settled,
  untilIdle,
  untilWidget,
  useSite,
} from './support.mjs';

const shared = useSite();

const LESSON = {
  lesson: 1,
  name: 'how-fast',
  title: { en: 'How fast does it learn?', zh: '学习率有多快' },
  start: { preset: 'quick', settings: { 'train.learning_rate': 0.002 } },
  locked: ['*'],
  steps: [
    {
      title: { en: 'Train', zh: '训练' },
      text: { en: 'Press **Run** and watch the loss.', zh: '按“运行”，看损失怎样变化。' },
      goal: { kind: 'value', of: 'step', above: 99 },
    },
  ],
};
const REFUSED = { en: /“.*” stays as the lesson has set it/, zh: /由本课设定/ };

const rate = (page) => page.evaluate(() => window.hourglass.get('train.learning_rate'));
const open = (query, options = {}) =>
  openHourglass(shared.browser, shared.server.origin, query, { acceptDownloads: true, ...options });

async function withFile(text, use) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-'));
  try {
    const file = path.join(folder, 'made.json');
    await writeFile(file, text);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

// Who listens for files comes after the page is ready.
const drop = (page, file, taken) =>
  happens(
    async () => {
      await dropFiles(page, [file], { x: 600, y: 300 });
      await settled(page);
      return taken();
    },
    'the file is taken',
    1000,
  );

// What a person does is counted: a click, or words typed without a click between them. Scrolling is not.
function personAt(page, column) {
  let actions = 0;
  return {
    actions: () => actions,
    async click(id) {
      actions += 1;
      await clickShown(page, id, { column });
    },
    async type(words) {
      actions += 1;
      await happens(
        () => page.evaluate(() => document.activeElement?.tagName === 'TEXTAREA'),
        `a field for “${words}”`,
      );
      await page.keyboard.type(words);
      await untilIdle(page, 300); // a frame takes a letter or two, and what is written may move what stands below it
    },
  };
}

const WORDS = {
  en: {
    title: 'How fast?',
    text: 'Press **Run** and watch the loss.',
    task: 'Train 200 mini-batches',
    hint: 'Run is at the top.',
    last: 'What have you seen?',
    question: 'Which learns faster?',
    wrong: 'A small rate',
    right: 'A large one',
  },
  zh: {
    title: '学习率有多快',
    text: '按 **运行** ，看损失怎样变化。',
    task: '训练 200 个小批量',
    hint: '“运行”在上方。',
    last: '你看到了什么？',
    question: '哪个学得更快？',
    wrong: '小的学习率',
    right: '大的学习率',
  },
};

for (const language of ['en', 'zh']) {
  test(`a locked lesson is made in fewer than 25 actions, and learners open its link (${language})`, async (t) => {
    const { page, problems, close } = await open(`?teach=1&preset=quick&lang=${language}`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    t.after(close);
    await untilWidget(page, 'panel:teacher');
    await page.mouse.move(700, 500); // brings the words that are read later
    await untilIdle(page);
    const words = WORDS[language];
    const person = personAt(page, 'teach:content');
    const write = async (id, text) => {
      await person.click(id);
      await person.type(text);
    };
    await write('teach:title', words.title);
    await write('teach:text', words.text);
    await write('teach:task', words.task);
    await person.click('teach:add:step');
    await person.click('teach:hint:more');
    await person.type(words.hint);
    await person.click('teach:step:add');
    await write('teach:text', words.last);
    await person.click('teach:add:question');
    await person.type(words.question);
    await write('teach:goal:0:0', words.wrong);
    await write('teach:goal:0:1', words.right);
    await person.click('teach:goal:0:1:right');
    await person.click('teach:lock_all');
    await person.click('teach:link');
    t.diagnostic(`${person.actions()} actions`);
    assert.ok(person.actions() < 25, `${person.actions()} actions`);
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await happens(async () => (await copied()).startsWith('http'), 'the link is on the clipboard', 100);
    const link = await copied();
    assert.deepEqual(problems, []);

    // A browser that has never seen it.
    const learner = await open(`?lang=${language}#${new URL(link).hash.slice(1)}`);
    t.after(learner.close);
    await untilStep(learner.page, 1);
    const { of, title } = await toldLesson(learner.page);
    assert.equal(of, 2);
    assert.equal(title ?? words.title, words.title);
    await assert.rejects(
      learner.page.evaluate(() => window.hourglass.set('train.learning_rate', 0.123)),
      REFUSED[language],
    );
    await clickShown(learner.page, 'lesson:hint');
    await clickShown(learner.page, 'run');
    await happens(async () => {
      await clickShown(learner.page, 'lesson:next');
      return (await toldLesson(learner.page)).step === 2;
    }, 'the goal is met');
    await clickShown(learner.page, 'lesson:choice:0:1');
    await clickShown(learner.page, 'lesson:next');
    await happens(async () => (await toldLesson(learner.page)).done, 'the end');
    const { answers, hints, attempts } = await toldLesson(learner.page);
    assert.deepEqual([answers.length, answers[0].right, hints, attempts], [1, true, 1, 1]);
    await screenshot(learner.page, `taught-${language}`);
    assert.deepEqual(learner.problems, []);
  });
}

for (const language of ['en', 'zh']) {
  test(`a lesson's file is edited, tried and saved, and a learner cannot unlock it (${language})`, async (t) => {
    const { page, problems, close } = await open(`?teach=1&lang=${language}`);
    t.after(close);
    await untilWidget(page, 'panel:teacher');
    await page.mouse.move(700, 500); // brings the words that are read later
    await untilIdle(page);
    // Without a title there is nothing to be saved; with the file there is.
    const text = JSON.stringify(LESSON);
    let made;
    await withFile(text, async (file) => {
      await drop(
        page,
        file,
        async () => (await rate(page)) === 0.002 || (await shownWidget(page, 'teach:step:1')) !== null,
      );
      await untilIdle(page);
      const [download] = await Promise.all([page.waitForEvent('download'), clickWidget(page, 'teach:save')]);
      assert.equal(download.suggestedFilename(), 'how-fast.json');
      made = await readFile(await download.path(), 'utf8');
    });
    assert.deepEqual(JSON.parse(made), LESSON);
    await screenshot(page, `teacher-${language}`);

    // As a learner sees it, and back.
    await clickWidget(page, 'teach:preview');
    await untilWidget(page, 'panel:lesson');
    await happens(async () => (await toldLesson(page))?.step === 1, 'the preview begins');
    await assert.rejects(
      page.evaluate(() => window.hourglass.set('train.learning_rate', 0.123)),
      REFUSED[language],
    );
    await clickWidget(page, 'teach:back');
    await untilWidget(page, 'panel:teacher');
    assert.deepEqual(problems, []);

    // In a fresh browser, whose address has another rate.
    const learner = await open(`?lang=${language}&train.learning_rate=0.123`);
    t.after(learner.close);
    await withFile(made, async (file) => {
      const { code, stdout, stderr } = await hourglass(['lesson', 'check', file]);
      assert.equal(code, 0, stdout + stderr);
      await drop(learner.page, file, async () => (await toldLesson(learner.page))?.step === 1);
    });
    await happens(async () => (await rate(learner.page)) === 0.002, 'the lesson has its own rate');
    await assert.rejects(
      learner.page.evaluate(() => window.hourglass.set('train.learning_rate', 0.123)),
      REFUSED[language],
    );
    await learner.page.evaluate(() => {
      location.hash = '#train.learning_rate=0.123';
    });
    await learner.page.getByRole('alert').filter({ hasText: REFUSED[language] }).waitFor();
    const seed = await learner.page.evaluate(() => window.hourglass.get('train.seed'));
    await learner.page.evaluate(() => window.hourglass.focus());
    await learner.page.keyboard.press('Shift+R');
    await settled(learner.page);
    assert.equal(await learner.page.evaluate(() => window.hourglass.get('train.seed')), seed);
    assert.equal(await rate(learner.page), 0.002);
  });
}

test('where storage is refused, a sentence says that no draft is kept', async (t) => {
  const { page, close } = await open('?lang=en');
  t.after(close);
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('', 'QuotaExceededError');
    };
  });
  await clickWidget(page, 'lessons');
  await untilWidget(page, 'lessons:make');
  await clickWidget(page, 'lessons:make');
  await untilWidget(page, 'panel:teacher');
  await untilWidget(page, 'message:failure');
});

for (const [form, viewport, theme] of [
  ['narrow', { width: 900, height: 800 }, 'dark'],
  ['phone', { width: 390, height: 844 }, 'light'],
]) {
  test(`it has its place beside the playground: ${form}`, async (t) => {
    const { page, problems, close } = await open(`?teach=1&lang=en&theme=${theme}`, { viewport });
    t.after(close);
    await untilWidget(page, 'panel:teacher');
    await page.mouse.move(200, 200);
    await untilIdle(page);
    await screenshot(page, `teacher-${form}`);
    const card = await shownWidget(page, 'panel:teacher');
    assert.ok(card.x >= 0 && card.x + card.width <= viewport.width + 0.5, JSON.stringify(card));
    await clickWidget(page, 'teach:fold');
    await happens(async () => (await shownWidget(page, 'teach:text')) === null, 'it folds');
    assert.deepEqual(problems, []);
  });
}
