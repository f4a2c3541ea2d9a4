// What came of a lesson, as an event, as a statement of xAPI and for an LMS: the scripts that make them of what the front
// end tells, without a page.

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { describe as group, test } from 'node:test';

import { LessonResults } from '../../web/client/lesson_results.js';
import { LessonRecord, packed, timespan, unpacked } from '../../web/scorm/lesson_record.js';
import { findApi, ScormApi } from '../../web/scorm/scorm_api.js';
import { assertStatement } from '../support/xapi.mjs';

globalThis.crypto ??= webcrypto; // as in a browser; Node has it from 20 on
const { xapiStatement } = await import('../../web/client/xapi.js');

const T = (en, zh) => ({ en, zh });
const CHOICE = {
  kind: 'choice',
  question: T('Which?', '哪个？'),
  choices: [{ text: T('This', '这个') }, { text: T('That', '那个'), right: true }],
};
const GUESS = {
  kind: 'choice',
  predict: true,
  question: T('And?', '然后？'),
  choices: [{ text: T('Yes', '会'), right: true }, { text: { en: 'No' } }],
};
const NUMBER = { kind: 'number', question: T('How many?', '多少？'), low: 31.5, high: 32.5 };
const LESSON = {
  lesson: 1,
  name: 'of-the-test',
  title: T('A lesson', '一课'),
  steps: [
    { title: T('Read', '读'), text: T('a', 'b') },
    { title: T('Train', '训练'), text: T('a', 'b'), goal: { kind: 'value', of: 'step', above: 9 } },
    { title: T('Guess', '猜'), text: T('a', 'b'), goal: GUESS },
    {
      title: T('Say', '说'),
      text: T('a', 'b'),
      goal: { kind: 'all', of: [NUMBER, { kind: 'any', of: [{ kind: 'value', of: 'loss', below: 1 }, CHOICE] }] },
    },
    { title: T('Choose', '选'), text: T('a', 'b'), goal: CHOICE },
    { title: T('End', '终'), text: T('a', 'b') },
  ],
};
const LEAVES = [0, 1, 1, 3, 1, 0];

// What the front end tells, as core/session/lesson/lesson_progress.cpp writes it, changed step by step.
class FrontEnd {
  constructor() {
    this.at = 0;
    this.steps = LEAVES.map((leaves, i) => ({
      entered: i === 0,
      done: !LESSON.steps[i].goal,
      hints: 0,
      answers: Array.from({ length: leaves }, () => ({ choice: -1, attempts: 0, met: false })),
    }));
    this.answers = [];
  }

  next() {
    this.at += 1;
    if (this.at < this.steps.length) this.steps[this.at].entered = true;
    return this;
  }

  done() {
    this.steps[this.at].done = true;
    return this;
  }

  say(part, { choice = -1, number }, right, predict) {
    const given = this.steps[this.at].answers[part];
    Object.assign(given, {
      choice,
      ...(number === undefined ? {} : { number }),
      attempts: given.attempts + 1,
      met: right,
    });
    this.answers = this.answers.filter((each) => each.step !== this.at + 1 || each.part !== part);
    const texts = choice >= 0 ? { question: 'q', answer: `choice ${choice}` } : { question: 'q', answer: number };
    this.answers.push({
      step: this.at + 1,
      part,
      ...(predict ? { predict } : {}),
      ...texts,
      right,
      attempts: given.attempts,
    });
    return this;
  }

  get result() {
    return {
      name: LESSON.name,
      step: this.at + 1,
      of: 6,
      done: this.at === 6,
      attempts: this.answers.reduce((sum, { attempts }) => sum + attempts, 0),
      hints: 1,
      score: 0.75,
      scores: [1, 1, 1, 0.75, 0.5, 1],
      ...(this.at === 6 ? { code: 'ABCD-EFGH-JKMN-PQRS' } : {}),
      answers: this.answers,
    };
  }

  get saved() {
    return JSON.stringify({ name: LESSON.name, at: this.at, steps: this.steps });
  }
}

// Goes through the lesson; `seen(result, saved)` after each change.
function goThrough(seen) {
  const front = new FrontEnd();
  const tell = () => seen(front.result, front.saved);
  tell();
  front.next();
  tell();
  front.steps[1].hints = 1;
  front.done();
  tell();
  front.next();
  front.say(0, { choice: 1 }, false, true).done();
  tell();
  front.next();
  front.say(0, { number: 784 }, false);
  tell();
  front.say(0, { number: 32 }, true);
  tell();
  front.say(2, { choice: 1 }, true).done();
  tell();
  front.next();
  front.say(0, { choice: 0 }, false);
  tell();
  front.say(0, { choice: 1 }, true).done();
  tell();
  front.next();
  tell();
  front.next();
  tell();
  return front;
}

function resultsOf(clock) {
  const results = new LessonResults(JSON.stringify(LESSON), '', clock);
  const told = [];
  goThrough((result, saved) => told.push(...results.take(result, saved)));
  return { results, told };
}

group('the event', () => {
  test('tells each step once, when it is done, and the end', () => {
    let now = 0;
    const { told } = resultsOf(() => (now += 1000));
    assert.deepEqual(
      told.map(({ step, goal, done, score, of }) => ({ step, goal, done, score, of })),
      [
        { step: 1, goal: 'none', done: true, score: 1, of: 6 },
        { step: 2, goal: 'value', done: true, score: 1, of: 6 },
        { step: 3, goal: 'choice', done: true, score: 1, of: 6 },
        { step: 4, goal: 'all', done: true, score: 0.75, of: 6 },
        { step: 5, goal: 'choice', done: true, score: 0.5, of: 6 },
        { step: 6, goal: 'none', done: true, score: 1, of: 6 },
        { step: null, goal: 'lesson', done: true, score: 0.75, of: 6 },
      ],
    );
    for (const { lesson, lesson_title: title, seconds } of told) {
      assert.deepEqual({ lesson, title }, { lesson: 'of-the-test', title: LESSON.title });
      assert.ok(Number.isInteger(seconds) && seconds >= 1);
    }
    assert.equal(told[1].hints, 1);
    assert.deepEqual(told[3].answers, [
      {
        step: 4,
        part: 0,
        question: NUMBER.question,
        answer: 32,
        right: true,
        attempts: 2,
        kind: 'number',
        low: 31.5,
        high: 32.5,
      },
      {
        ...{
          step: 4,
          part: 2,
          question: CHOICE.question,
          answer: 'choice 1',
          right: true,
          attempts: 1,
          kind: 'choice',
        },
        ...{ choice: 1, choices: [T('This', '这个'), T('That', '那个')], right_choices: [1] },
      },
    ]);
    assert.equal(told[3].attempts, 3);
    assert.equal(told[2].answers[0].kind, 'prediction');
    const end = told.at(-1);
    assert.deepEqual([end.attempts, end.hints, end.code, end.answers.length], [6, 1, 'ABCD-EFGH-JKMN-PQRS', 4]);
  });

  test('does not tell again what was told, by going back or before a reload, but what is done once more', () => {
    const { results } = resultsOf();
    const front = goThrough(() => {});
    front.at = 5;
    assert.deepEqual(results.take(front.result, front.saved), []);
    front.at = 6;
    assert.deepEqual(results.take(front.result, front.saved), []);
    const later = new LessonResults(JSON.stringify(LESSON), front.saved);
    assert.deepEqual(later.take(front.result, front.saved), []);
    const told = [];
    goThrough((result, saved) => told.push(...later.take(result, saved)));
    assert.equal(told.length, 7);
    // What was saved of another lesson is none of this one's.
    const other = new LessonResults(JSON.stringify({ ...LESSON, name: 'other' }), front.saved);
    assert.equal(other.take(front.result, front.saved).length, 7);
    assert.deepEqual(new LessonResults('{', '').take(front.result, front.saved), []);
  });
});

group('a statement of xAPI', () => {
  const { told } = resultsOf();
  const statements = told.map((detail) => xapiStatement(detail, { activity: 'https://example.org/lessons/1' }));

  test('has the shape of the standard, for steps of every kind and for the end', () => {
    for (const statement of statements) assertStatement(JSON.parse(JSON.stringify(statement)));
    assert.equal(new Set(statements.map(({ id }) => id)).size, statements.length);
    assert.equal(new Set(statements.map(({ actor }) => actor.account.name)).size, 1, 'one visitor');
  });

  test('says what was answered, and how well', () => {
    const [read, train, guess, say, choose, , end] = statements;
    for (const each of [read, train, end]) assert.equal(each.verb.id, 'http://adlnet.gov/expapi/verbs/completed');
    for (const each of [guess, say, choose]) assert.equal(each.verb.id, 'http://adlnet.gov/expapi/verbs/answered');
    assert.equal(choose.object.id, 'https://example.org/lessons/1#step-5');
    assert.deepEqual(choose.object.definition.correctResponsesPattern, ['choice-2']);
    assert.equal(choose.result.response, 'choice-2');
    assert.deepEqual(choose.result.score, { scaled: 0.5, raw: 50, min: 0, max: 100 });
    assert.equal(choose.context.contextActivities.parent[0].id, 'https://example.org/lessons/1');
    assert.ok(!('success' in guess.result) && !('correctResponsesPattern' in guess.object.definition));
    assert.equal(say.result.response, '32[,]choice-2');
    assert.equal(end.object.id, 'https://example.org/lessons/1');
    assert.deepEqual([end.result.completion, end.result.success], [true, true]);
    assert.equal(end.result.extensions['urn:hourglass:code'], 'ABCD-EFGH-JKMN-PQRS');
  });

  test('is of whom the page around says, or of the student', () => {
    const actor = { mbox: 'mailto:li@example.org' };
    assert.deepEqual(xapiStatement(told[0], { actor }).actor, actor);
    const named = xapiStatement({ ...told[0], student: '李娜' });
    assert.equal(named.actor.account.name, '李娜');
    assertStatement(named);
    assert.equal(named.object.id, 'urn:hourglass:lesson:of-the-test#step-1'); // no site around
  });

  test('of what is no result is refused in a sentence', () => {
    for (const wrong of [
      undefined,
      null,
      7,
      {},
      { ...told[0], step: 9 },
      { ...told[0], answers: null },
      { ...told[0], score: 2 },
    ]) {
      assert.throws(() => xapiStatement(wrong), /takes what the event “lesson_result” has told, not /);
    }
    assert.throws(() => xapiStatement(told[0], { actor: 'me' }), /must be an object/);
    assert.throws(() => xapiStatement(told[0], { activity: 'lesson 1' }), /absolute address/);
  });
});

// An LMS as plain as can be; `refuses` names elements that it does not have.
function plainLms(data = {}, refuses = () => false) {
  const calls = [];
  const call =
    (name, answer) =>
    (...args) => {
      calls.push([name, ...args]);
      return answer(...args);
    };
  const API = {
    LMSInitialize: call('initialize', () => 'true'),
    LMSFinish: call('finish', () => 'true'),
    LMSCommit: call('commit', () => 'true'),
    LMSGetValue: (name) => data[name] ?? '',
    LMSSetValue: (name, value) => {
      if (refuses(name)) return 'false';
      assert.equal(typeof value, 'string');
      data[name] = value;
      return 'true';
    },
    LMSGetLastError: () => '401',
    LMSGetErrorString: () => 'Not implemented',
  };
  return { API, data, calls };
}

const noon = () => new Date(2026, 0, 2, 12, 3, 4);

group('what an LMS is told', () => {
  // Goes through the lesson with an LMS; returns what was refused.
  function record(lms) {
    const refused = [];
    const kept = new LessonRecord(new ScormApi(lms.API, (sentence) => refused.push(sentence)), LESSON.name, noon);
    const opened = kept.open();
    const results = new LessonResults(JSON.stringify(LESSON), opened.saved);
    goThrough((result, saved) => {
      kept.progress({ ...result, saved });
      for (const each of results.take(result, saved)) kept.result(each);
    });
    kept.close();
    kept.close();
    return { refused, opened };
  }

  test('is status, score, place, time, what to go on from, and every answer', () => {
    const lms = plainLms({ 'cmi.core.student_name': 'Li, Na', 'cmi.core.lesson_status': 'not attempted' });
    const { refused, opened } = record(lms);
    assert.deepEqual(refused, []);
    assert.deepEqual(opened, { saved: '', student: 'Li, Na' });
    const { data } = lms;
    assert.equal(data['cmi.core.lesson_status'], 'completed');
    assert.deepEqual(
      ['raw', 'min', 'max'].map((name) => data[`cmi.core.score.${name}`]),
      ['75', '0', '100'],
    );
    assert.equal(data['cmi.core.lesson_location'], '7');
    assert.equal(data['cmi.core.exit'], '');
    assert.equal(data['cmi.core.session_time'], '00:00:00');
    const interactions = [...Array(9).keys()].map((n) =>
      ['id', 'type', 'student_response', 'result'].map((name) => data[`cmi.interactions.${n}.${name}`]),
    );
    assert.deepEqual(interactions, [
      ['of-the-test-step-2', 'performance', 'done', 'correct'],
      ['of-the-test-step-3-question-1', 'choice', '1', 'neutral'],
      ['of-the-test-step-4-question-1', 'numeric', '784', 'wrong'],
      ['of-the-test-step-4-question-1', 'numeric', '32', 'correct'],
      ['of-the-test-step-4-question-3', 'choice', '1', 'correct'],
      ['of-the-test-step-4', 'performance', 'done', 'correct'],
      ['of-the-test-step-5-question-1', 'choice', '0', 'wrong'],
      ['of-the-test-step-5-question-1', 'choice', '1', 'correct'],
      [undefined, undefined, undefined, undefined],
    ]);
    assert.equal(data['cmi.interactions.0.time'], '12:03:04');
    assert.deepEqual(
      lms.calls.map(([name]) => name).filter((name) => name !== 'commit'),
      ['initialize', 'finish'],
    );
    assert.equal(lms.calls.at(-2)[0], 'commit');
  });

  test('goes on where it was, tells no answer twice, and keeps the better of two results', () => {
    const front = new FrontEnd().next().done().next().say(0, { choice: 1 }, false, true).done();
    const data = {
      'cmi.suspend_data': packed(front.saved),
      'cmi.interactions._count': '2',
      'cmi.core.lesson_status': 'incomplete',
    };
    const lms = plainLms(data);
    const kept = new LessonRecord(new ScormApi(lms.API, assert.fail), LESSON.name, noon);
    assert.deepEqual(JSON.parse(kept.open().saved), JSON.parse(front.saved));
    kept.progress({ ...front.result, saved: front.saved });
    assert.ok(!('cmi.interactions.2.id' in data), 'it was told before the reload');
    front.next().say(0, { number: 1e-7 }, false);
    kept.progress({ ...front.result, saved: front.saved });
    assert.equal(data['cmi.interactions.2.student_response'], '0.0000001');

    const done = plainLms({ 'cmi.core.lesson_status': 'completed', 'cmi.core.score.raw': '90' });
    record(done);
    assert.equal(done.data['cmi.core.lesson_status'], 'completed');
    assert.equal(done.data['cmi.core.score.raw'], '90');
  });

  test('is told of nothing where it opens no session, and of the rest where it keeps no interactions', () => {
    const shut = plainLms();
    shut.API.LMSInitialize = () => 'false';
    const sentences = [];
    const kept = new LessonRecord(new ScormApi(shut.API, (sentence) => sentences.push(sentence)), LESSON.name, noon);
    assert.equal(kept.open(), null);
    kept.close();
    assert.deepEqual(shut.calls, []);
    assert.match(sentences[0], /LMSInitialize\(\): 401 Not implemented/);

    const small = plainLms({}, (name) => name.startsWith('cmi.interactions'));
    record(small);
    assert.equal(small.data['cmi.core.lesson_status'], 'completed');
  });

  test('is not told of another lesson that is opened in the package, or made there', () => {
    const lms = plainLms();
    const kept = new LessonRecord(new ScormApi(lms.API, assert.fail), LESSON.name, noon);
    kept.open();
    const before = { ...lms.data };
    const { result, saved } = goThrough(() => {});
    kept.progress({ ...result, name: 'other', saved });
    kept.progress({ ...result, saved: '+' });
    kept.progress({ ...result, saved: '', ended: true });
    kept.result({ lesson: 'other', step: null, score: 1, goal: 'lesson', seconds: 1 });
    assert.deepEqual(lms.data, before);
  });

  test('packed progress comes back as it was, and what is none is refused', () => {
    const { saved } = goThrough(() => {});
    assert.deepEqual(JSON.parse(unpacked(packed(saved), LESSON.name)), JSON.parse(saved));
    assert.ok(packed(saved).length < saved.length / 2, `${packed(saved).length} of ${saved.length}`);
    for (const wrong of ['', '{', '{"v":2}', '{"v":1}', '7']) assert.equal(unpacked(wrong, 'x'), '');
    assert.equal(timespan(3600 * 2 + 61.5), '02:01:01');
  });

  test('is found in the windows around, across those of other origins, and in those that opened them', () => {
    const API = {};
    const top = {};
    top.parent = top;
    const foreign = new Proxy(
      { parent: top },
      {
        get: (window, name) => {
          if (name === 'API') throw new Error('SecurityError');
          return window[name];
        },
      },
    );
    const own = { parent: foreign, top };
    assert.equal(findApi(own), null);
    top.API = API;
    assert.equal(findApi(own), API);
    delete top.API;
    top.opener = { API };
    assert.equal(findApi(own), API);
    const loop = {};
    loop.parent = { parent: loop };
    assert.equal(findApi(loop), null);
  });
});
