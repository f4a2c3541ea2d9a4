// A SCORM package in an LMS: unpacked, served, in a frame of a page that has the API of scorm-again; the lesson is done by
// clicks, and what the LMS has been told is looked at.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { clickShown, LOOK, SAY, T, untilStep } from './lesson_support.mjs';
import { newFolder } from './loader_support.mjs';
import { launchBrowser, newPage, screenshot, site } from './support.mjs';
import { happens } from '../support/waiting.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const html = process.env.HOURGLASS_HTML || path.join(path.dirname(site), 'hourglass.html');

const LESSON = {
  lesson: 1,
  name: 'of-the-test',
  title: T('A small lesson', '一堂小课'),
  start: { preset: 'quick', settings: { 'data.strokes_train': 1000, 'data.strokes_test': 200 } },
  steps: [
    LOOK,
    {
      title: T('Train', '训练'),
      text: T('Press Run.', '请按“运行”。'),
      goal: { kind: 'value', of: 'step', above: 9 },
    },
    SAY,
    {
      title: T('Count', '数一数'),
      text: T('A number.', '一个数。'),
      goal: { kind: 'number', question: T('2 + 2?', '2 + 2？'), low: 4, high: 4 },
    },
  ],
};

// It keeps what it is told from one visit to the next, as an LMS does.
const LMS = `<!doctype html><title>LMS</title><link rel="icon" href="data:,"><body style="margin:0">
  <script src="/scorm12.js"></script>
  <script>
    const kept = JSON.parse(localStorage.getItem('kept') ?? 'null');
    window.API = new Scorm12API({ autocommit: false, logLevel: 5 });
    if (kept) API.loadFromJSON(kept, 'cmi');
    API.cmi.core.student_name = 'Li, Na';
    window.calls = [];
    const keep = () => localStorage.setItem('kept', JSON.stringify(API.cmi));
    API.on('LMSInitialize', () => calls.push('initialize'));
    API.on('LMSCommit', () => { calls.push('commit'); keep(); });
    API.on('LMSFinish', () => { localStorage.setItem('finished', '1'); keep(); });
  </script>
  <iframe src="/content/index.html" width="1280" height="760" style="border:0"></iframe>`;

let browser;
let server;
let origin;
before(async () => {
  browser = await launchBrowser();
  const folder = await newFolder();
  const lesson = path.join(folder, 'lesson.json');
  await writeFile(lesson, JSON.stringify(LESSON));
  const zip = path.join(folder, 'package.zip');
  execFileSync(process.execPath, [
    path.join(repository, 'web/tools/pack-lesson.mjs'),
    lesson,
    '--out',
    zip,
    '--html',
    html,
  ]);
  const content = path.join(folder, 'content');
  execFileSync('python3', ['-m', 'zipfile', '-e', zip, content]);
  const api = path.join(repository, 'node_modules/scorm-again/dist/scorm12.min.js');
  const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json' };
  server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = pathname === '/scorm12.js' ? api : path.join(folder, path.normalize(pathname));
    const bytes = pathname === '/' ? LMS : await readFile(file).catch(() => null);
    response.writeHead(bytes ? 200 : 404, { 'Content-Type': types[path.extname(file)] ?? 'text/html; charset=utf-8' });
    response.end(bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(async () => {
  await browser?.close();
  server?.close();
  server?.closeAllConnections();
});

async function playgroundIn(page) {
  const find = () => page.frames().find((frame) => frame.url().includes('/content/hourglass.html'));
  await happens(find, 'the playground of the package');
  await find().waitForFunction(() => window.hourglass !== undefined);
  await find().evaluate(() => window.hourglass.ready.then(() => true));
  return find();
}

const cmi = (page) => page.evaluate(() => JSON.parse(JSON.stringify(window.API.cmi)));

test('a package plays in an LMS: status, score, answers, and a reload goes on where it was', async () => {
  const { page, problems, close } = await newPage(browser, origin, { viewport: { width: 1280, height: 800 } });
  try {
    await page.goto(`${origin}/`);
    let frame = await playgroundIn(page);
    await untilStep(frame, 1);
    let told = await cmi(page);
    assert.equal(told.core.lesson_status, 'incomplete');
    assert.equal(told.core.exit, 'suspend');
    await clickShown(page, 'lesson:next', { frame });
    await untilStep(frame, 2);
    await clickShown(page, 'run', { frame });
    await happens(async () => {
      await clickShown(page, 'lesson:next', { frame });
      return frame.evaluate(() => window.hourglass.state().lesson.step === 3);
    }, 'the step of training is done');
    await clickShown(page, 'run', { frame });
    await clickShown(page, 'lesson:choice:0:0', { frame });
    await happens(async () => Object.keys((await cmi(page)).interactions).length === 2, 'the wrong answer is told');
    await screenshot(page, 'scorm');

    // A reload in the middle of a step, after a wrong answer.
    await page.reload();
    frame = await playgroundIn(page);
    await untilStep(frame, 3);
    assert.equal(await page.evaluate(() => localStorage.getItem('finished')), '1');
    assert.equal(await frame.evaluate(() => window.hourglass.state().lesson.attempts), 1);
    assert.equal(await frame.evaluate(() => window.hourglass.state().lesson.student), 'Li, Na');
    await clickShown(page, 'lesson:choice:0:1', { frame });
    await clickShown(page, 'lesson:next', { frame });
    await untilStep(frame, 4);
    await clickShown(page, 'lesson:number:0', { frame });
    await page.keyboard.type('4');
    await page.keyboard.press('Enter');
    await clickShown(page, 'lesson:next', { frame });
    await happens(async () => (await cmi(page)).core.lesson_status === 'completed', 'the LMS knows of the end');
    told = await cmi(page);
    // Trained, a choice at the second answer, a number at the first.
    assert.deepEqual(told.core.score, { raw: '83', min: '0', max: '100' });
    assert.equal(told.core.lesson_location, '5');
    const interactions = Object.values(told.interactions).map(({ id, type, student_response: response, result }) =>
      [id, type, response, result].join(' '),
    );
    assert.deepEqual(interactions, [
      'of-the-test-step-2 performance done correct',
      'of-the-test-step-3-question-1 choice 0 wrong',
      'of-the-test-step-3-question-1 choice 1 correct',
      'of-the-test-step-4-question-1 numeric 4 correct',
    ]);

    // Whoever comes back sees the results, and stays completed.
    await page.reload();
    frame = await playgroundIn(page);
    await untilStep(frame, 5);
    assert.equal((await cmi(page)).core.lesson_status, 'completed');
    assert.equal(await frame.evaluate(() => localStorage.getItem('hourglass.lesson.of-the-test')), null);
    assert.deepEqual(problems, []);
  } finally {
    await close();
  }
});

test('a package without an LMS around it says that nothing is recorded, and plays', async () => {
  const { page, close } = await newPage(browser, origin, { viewport: { width: 900, height: 700 }, locale: 'zh-CN' });
  try {
    await page.goto(`${origin}/content/index.html`);
    await page.getByRole('alert').filter({ hasText: '没有学习管理系统' }).waitFor();
    const frame = await playgroundIn(page);
    await untilStep(frame, 1);
    await clickShown(page, 'lesson:next', { frame });
    await untilStep(frame, 2);
    await screenshot(page, 'scorm-alone');
  } finally {
    await close();
  }
});
