// `hourglass lesson`.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { hourglass, repository, temporaryFolder } from './support.mjs';

const LESSON = {
  lesson: 1,
  name: 'mine',
  title: { en: 'Mine' },
  minutes: 5,
  steps: [
    { title: { en: 'One' }, text: { en: 'Look.' } },
    {
      title: { en: 'Two' },
      text: { en: 'Train.' },
      goal: { kind: 'value', of: 'loss', below: 0.1 },
    },
  ],
};

function check(context, lesson, ...more) {
  const file = path.join(temporaryFolder(context), 'lesson.json');
  writeFileSync(file, typeof lesson === 'string' ? lesson : JSON.stringify(lesson));
  return hourglass(['lesson', 'check', file, ...more]);
}

test('lesson check says that a lesson can be used, and in which language it is not whole', (context) => {
  const good = check(context, LESSON);
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /mine: Mine, 2 steps, 5 min\. It can be used\.\nNot all of it is there in Chinese\.\n/);
  const { code, stdout } = check(context, LESSON, '--json');
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), {
    name: 'mine',
    title: { en: 'Mine', zh: '' },
    about: { en: '', zh: '' },
    minutes: 5,
    steps: 2,
  });
});

test('lesson check names file, place and what would be right', (context) => {
  const wrong = structuredClone(LESSON);
  wrong.steps[1].goal.of = 'los';
  const run = check(context, wrong);
  assert.equal(run.code, 2);
  assert.match(
    run.stderr,
    /lesson\.json': In the lesson, steps\[1\]\.goal\.of names no fact: 'los'; the nearest is 'loss'\./,
  );
  assert.match(check(context, '{').stderr, /no lesson/);
  assert.match(check(context, 'x'.repeat(5 * 2 ** 20)).stderr, /more than|holds|MB/);
  assert.equal(hourglass(['lesson', 'check', '/no/such/file']).code, 2);
});

// Codes of core/session/lesson/lesson_code.cpp, of all 7 steps of a lesson, a score of 92, 8 answers and one hint.
const OF_LI_WEI = '"check": "spring", for Li Wei';
const CODES = { [OF_LI_WEI]: 'T324-2K7Z-FKDC-AYZP', nobody: 'T324-2K7Z-F222-X76V' };

test('lesson check --code says what the code of a result says, of a lesson that comes with Hourglass', () => {
  const run = hourglass(['lesson', 'check', '--code', CODES.nobody.toLowerCase().replaceAll('-', ' ')]);
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /^kl-collapse: .*\n7 of 7 steps done, score 92 of 100, 8 answers, 1 hint\.\n/);
  assert.match(run.stdout, /made without a name.*\nThe lesson has no "check".*\n.*no signature\.\n$/);
  const { stdout } = hourglass(['lesson', 'check', '--code', CODES.nobody, '--lesson', 'kl-collapse', '--json']);
  assert.deepEqual(JSON.parse(stdout), {
    code: CODES.nobody,
    lesson: 'kl-collapse',
    steps_done: 7,
    steps: 7,
    score: 92,
    attempts: 8,
    hints: 1,
    has_check: false,
    has_student: false,
    is_of_student: null,
  });
});

test("lesson check --code holds a code against the file with the class's check word, and against a name", (context) => {
  const own = JSON.parse(readFileSync(path.join(repository, 'assets/lessons/kl-collapse.json'), 'utf8'));
  const folder = temporaryFolder(context);
  const [spring, autumn, shorter] = ['spring', 'autumn', 'shorter'].map((name) => path.join(folder, `${name}.json`));
  writeFileSync(spring, JSON.stringify({ ...own, check: 'spring' }));
  writeFileSync(autumn, JSON.stringify({ ...own, check: 'autumn' }));
  writeFileSync(shorter, JSON.stringify({ ...own, check: 'spring', steps: own.steps.slice(1) }));
  const checkCode = (code, ...more) => hourglass(['lesson', 'check', '--code', code, ...more]);
  const code = CODES[OF_LI_WEI];
  const good = checkCode(code, '--lesson', spring, '--student', 'li WEI');
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /\nIt was made for this name\.\nIt was made with the "check" of the lesson's file\.\n/);
  assert.match(checkCode(code, '--lesson', spring).stdout, /--student NAME says whether for that/);
  for (const [args, sentence] of [
    [[code], /is of no lesson that comes with Hourglass: say which one's by --lesson FILE/],
    [
      [code, '--lesson', autumn],
      /was changed, or made from another file of the lesson 'kl-collapse', with another "check"/,
    ],
    [[code, '--lesson', shorter], /was made when 'kl-collapse' had 7 steps; it has 6\./],
    [[code, '--lesson', 'why-not-zero'], /is of another lesson than 'why-not-zero'\./],
    [[code, '--lesson', spring, '--student', 'Li Na'], /was made for another name than 'Li Na'\./],
    [[CODES.nobody, '--student', 'Li Na'], /was made without a name, and not for 'Li Na'\./],
    [[code.replace('T324', 'T342'), '--lesson', spring], /has a mistake in it/],
    [['T324'], /has 16 letters and digits, and this one has 4\./],
    [[code, '--lesson', 'no-such'], /neither a lesson nor a file 'no-such'/],
    [[code, spring], /takes the FILE of a lesson or the --code of a result, and .* --lesson FILE/],
  ]) {
    const run = checkCode(...args);
    assert.equal(run.code, 2, args.join(' '));
    assert.match(run.stderr, sentence);
    assert.equal(run.stderr.trim().split('\n').length, 1, run.stderr);
    assert.equal(run.stdout, '');
  }
  assert.match(hourglass(['lesson', 'check']).stderr, /takes the FILE of a lesson or the --code of a result\./);
  assert.match(hourglass(['lesson', 'check', spring, '--student', 'x']).stderr, /of a --code, which is missing/);
});

test('lesson list lists the files of assets/lessons', () => {
  const listed = JSON.parse(hourglass(['lesson', 'list', '--json']).stdout);
  const folder = path.join(repository, 'assets/lessons');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  assert.deepEqual(listed.map(({ name }) => `${name}.json`).sort(), files.sort());
  const { stdout } = hourglass(['lesson', 'list']);
  for (const { name, title } of listed) assert.ok(stdout.includes(name) && stdout.includes(title.en));
});

test('docs/lessons.md has the table of facts that lesson facts prints', () => {
  const facts = JSON.parse(hourglass(['lesson', 'facts', '--json']).stdout);
  const text = readFileSync(path.join(repository, 'docs/lessons.md'), 'utf8');
  const rows = facts.map(({ name, what, unit }) => `| \`${name}\` | ${what} | ${unit} |`);
  const printed = text.split('\n').filter((line) => /^\| `[a-z_.A-Z]+` \| .* \| .* \|$/.test(line));
  const start = printed.indexOf(rows[0]);
  assert.ok(start >= 0, 'the table begins');
  assert.deepEqual(printed.slice(start, start + rows.length), rows);
});
