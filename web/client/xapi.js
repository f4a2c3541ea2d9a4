// What the event `lesson_result` has told, as a statement of xAPI 1.0.3 (Experience API, part two: statements), for an LRS
// that somebody else sends it to: docs/protocol.md.

import { shown } from '../engine/arguments.js';

const VERBS = {
  answered: { id: 'http://adlnet.gov/expapi/verbs/answered', display: { en: 'answered', zh: '回答了' } },
  completed: { id: 'http://adlnet.gov/expapi/verbs/completed', display: { en: 'completed', zh: '完成了' } },
};
const ACTIVITIES = 'http://adlnet.gov/expapi/activities/';
const EXTENSIONS = 'urn:hourglass:';

const fail = (sentence) => {
  throw new Error(sentence);
};

// A random UUID of version 4; crypto.randomUUID() is there for pages with HTTPS alone.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

// Whoever has no name is the same person as long as the page is open.
const anonymous = `anonymous-${uuid()}`;

// A map of languages without those that have no text.
const languages = (local) => Object.fromEntries(Object.entries(local ?? {}).filter(([, text]) => text));

// Where the site is; a page that was opened as a file has no address that means anything to others.
function siteAddress() {
  const { protocol, origin, pathname } = globalThis.location ?? {};
  if (!/^https?:$/.test(protocol ?? '')) return null;
  return `${origin}${pathname.replace(/[^/]*$/, '')}`;
}

const choiceId = (i) => `choice-${i + 1}`;

// What an interaction is of which one question is the whole step, or null.
function interactionOf(answers) {
  if (answers.length !== 1) return null;
  const [{ kind, question, choices, right_choices: right, low, high }] = answers;
  const common = { type: `${ACTIVITIES}cmi.interaction`, description: languages(question) };
  if (kind === 'number') {
    return { ...common, interactionType: 'numeric', correctResponsesPattern: [`${low}[:]${high}`] };
  }
  return {
    ...common,
    interactionType: 'choice',
    ...(kind === 'choice' ? { correctResponsesPattern: right.map(choiceId) } : {}),
    choices: choices.map((text, i) => ({ id: choiceId(i), description: languages(text) })),
  };
}

const responseTo = ({ kind, answer, choice }) => (kind === 'number' ? String(answer) : choiceId(choice));

function checked(result, { actor, activity }) {
  const { lesson, step, of, score, answers } = Object(result);
  const isStep = step === null || (Number.isInteger(step) && step >= 1 && step <= of);
  const isResult = typeof lesson === 'string' && isStep && score >= 0 && score <= 1 && Array.isArray(answers);
  if (!isResult) fail(`xapi() takes what the event “lesson_result” has told, not ${shown(result)}.`);
  if (actor !== undefined && Object(actor) !== actor) fail('The actor of a statement must be an object.');
  if (activity !== undefined && !/^[a-z][a-z0-9+.-]*:\S+$/i.test(activity)) {
    fail(`The activity of a statement must be an absolute address, not ${shown(activity)}.`);
  }
}

// result: the detail of an event `lesson_result`. Options: actor, an Agent of xAPI (by default an account by the name of
// the student at this site, or without one an anonymous one); activity, the address that stands for the lesson (by default
// that at which this site opens it). Throws an Error with a sentence.
export function xapiStatement(result, options = {}) {
  checked(result, Object(options));
  const {
    lesson,
    step,
    title,
    lesson_title: lessonTitle,
    answers,
    score,
    seconds,
    student,
    attempts,
    hints,
    code,
  } = result;
  const site = siteAddress();
  const { actor, activity = site ? `${site}?lesson=${lesson}` : `urn:hourglass:lesson:${lesson}` } = Object(options);
  const whole = {
    objectType: 'Activity',
    id: activity,
    definition: { type: `${ACTIVITIES}lesson`, name: languages(lessonTitle) },
  };
  const interaction = step === null ? null : interactionOf(answers);
  const kind = answers.length > 0 ? 'assessment' : 'performance';
  const object =
    step === null
      ? whole
      : {
          objectType: 'Activity',
          id: `${activity}#step-${step}`,
          definition: { ...(interaction ?? { type: ACTIVITIES + kind }), name: languages(title) },
        };
  const isQuestion = step !== null && answers.length > 0;
  const predicts = isQuestion && answers.every((answer) => answer.kind === 'prediction');
  return {
    id: uuid(),
    actor: actor ?? {
      objectType: 'Agent',
      account: { homePage: site ?? 'file:///', name: student || anonymous },
    },
    verb: isQuestion ? VERBS.answered : VERBS.completed,
    object,
    result: {
      score: { scaled: score, raw: Math.round(100 * score), min: 0, max: 100 },
      completion: true,
      // There is no right and wrong of predictions.
      ...(predicts ? {} : { success: answers.every(({ kind: one, right }) => one === 'prediction' || right) }),
      ...(isQuestion ? { response: answers.map(responseTo).join('[,]') } : {}),
      duration: `PT${seconds}S`,
      extensions: {
        [`${EXTENSIONS}attempts`]: attempts,
        [`${EXTENSIONS}hints`]: hints,
        ...(code ? { [`${EXTENSIONS}code`]: code } : {}),
      },
    },
    context: { platform: 'Hourglass', ...(step === null ? {} : { contextActivities: { parent: [whole] } }) },
    timestamp: new Date().toISOString(),
  };
}
