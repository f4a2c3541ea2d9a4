// The page of a SCORM package (./dev lesson pack): a playground with one lesson, of which the LMS around is told.
// A plain script, with the element <hourglass-playground> in it.

import '../embed/hourglass-playground.js';
import { LessonRecord } from './lesson_record.js';
import { findApi, ScormApi } from './scorm_api.js';

const TEXTS = {
  en: {
    alone: 'There is no learning management system around this page, so nothing of the lesson is recorded.',
    closed: 'The learning management system takes no results, so nothing of the lesson is recorded.',
    missing: 'The lesson of this package cannot be read: {reason}',
  },
  zh: {
    alone: '本页之外没有学习管理系统（LMS），因此不会记录本课的任何结果。',
    closed: '学习管理系统（LMS）不接受结果，因此不会记录本课的任何结果。',
    missing: '无法读取此课件包中的课程：{reason}',
  },
};

const playground = document.querySelector('hourglass-playground');
const problem = document.getElementById('problem');

function tell(key, values = {}) {
  const language = (document.documentElement.lang || navigator.language).startsWith('zh') ? 'zh' : 'en';
  problem.textContent = TEXTS[language][key].replace(/\{(\w+)\}/g, (all, name) => values[name]);
  problem.hidden = false;
}

async function readLesson() {
  const answer = await fetch('lesson.json');
  if (!answer.ok) throw new Error(`lesson.json: ${answer.status}`);
  return answer.json();
}

function openRecord(name) {
  const api = findApi(window);
  if (!api) {
    tell('alone');
    return null;
  }
  const record = new LessonRecord(new ScormApi(api, (sentence) => console.warn(sentence)), name);
  const opened = record.open();
  if (!opened) tell('closed');
  return opened && { record, ...opened };
}

async function begin() {
  const lesson = await readLesson();
  const opened = openRecord(lesson.name);
  if (opened) {
    const { record } = opened;
    playground.addEventListener('event', ({ detail: { event, detail } }) => {
      if (event === 'lesson') record.progress(detail);
      if (event === 'lesson_result') record.result(detail);
    });
    window.addEventListener('pagehide', () => record.close());
    // A page that a browser has kept comes back after it was closed.
    window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
  }
  // What is remembered is the LMS's affair: many students may sit before this browser.
  await playground.lesson(lesson, { saved: opened?.saved ?? '', student: opened?.student ?? '' });
}

begin().catch(({ message }) => tell('missing', { reason: message }));
