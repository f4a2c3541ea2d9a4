// What an LMS is told of a lesson, in the data model of SCORM 1.2: status, score, place, every answer as an interaction,
// and in suspend_data what it takes to go on after a reload.

const MOST_SUSPEND = 4096; // characters, as SCORM 1.2 has it
const DONE = ['completed', 'passed', 'failed'];
const CHOICES = '0123456789abcdefghijklmnopqrstuvwxyz';

// A lesson's progress (the event's `saved`) without the names of its fields, and back.
export function packed(saved) {
  const { at, student, steps } = JSON.parse(saved);
  const answer = ({ choice, number, attempts, met }) => [choice, number ?? null, attempts, met ? 1 : 0];
  const step = ({ entered, done, hints, answers }) => [entered ? 1 : 0, done ? 1 : 0, hints, answers.map(answer)];
  return JSON.stringify({ v: 1, at, ...(student ? { student } : {}), steps: steps.map(step) });
}

// '' for a text that is none of these.
export function unpacked(text, name) {
  try {
    const { v, at, student, steps } = JSON.parse(text);
    if (v !== 1) return '';
    const answer = ([choice, number, attempts, met]) => ({
      choice,
      ...(number === null ? {} : { number }),
      attempts,
      met: met === 1,
    });
    const step = ([entered, done, hints, answers]) => ({
      entered: entered === 1,
      done: done === 1,
      hints,
      answers: answers.map(answer),
    });
    return JSON.stringify({ name, at, ...(student ? { student } : {}), steps: steps.map(step) });
  } catch {
    return '';
  }
}

const two = (number) => String(Math.floor(number)).padStart(2, '0');

// Seconds as a CMITimespan.
export const timespan = (seconds) =>
  `${two(Math.min(seconds / 3600, 9999))}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;

const timeOfDay = (date) => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

// A number as a CMIDecimal, which has no exponent.
const decimal = (number) =>
  Number(number).toLocaleString('en-US', { useGrouping: false, maximumSignificantDigits: 12 });

export class LessonRecord {
  #api;
  #name;
  #clock;
  #began;
  #isOpen = false;
  #wasDone = false;
  #best = 0;
  #score = 0; // of the lesson by now
  #attempts = new Map(); // answers that were told: by question
  #next = 0; // the next interaction

  // api: a ScormApi; name: the lesson's; clock(): a Date.
  constructor(api, name, clock = () => new Date()) {
    this.#api = api;
    this.#name = name;
    this.#clock = clock;
    this.#began = clock();
  }

  // Opens the session with the LMS. { saved, student } for the lesson; null where the LMS opens none.
  open() {
    if (!this.#api.initialize()) return null;
    this.#isOpen = true;
    const status = this.#api.get('cmi.core.lesson_status');
    this.#wasDone = DONE.includes(status);
    this.#best = Number(this.#api.get('cmi.core.score.raw')) || 0;
    this.#next = Number(this.#api.get('cmi.interactions._count')) || 0;
    const saved = unpacked(this.#api.get('cmi.suspend_data'), this.#name);
    if (saved) this.#noteAnswers(JSON.parse(saved));
    if (!this.#wasDone) this.#api.set('cmi.core.lesson_status', 'incomplete');
    this.#api.set('cmi.core.exit', this.#wasDone ? '' : 'suspend');
    this.#api.set('cmi.core.score.min', 0);
    this.#api.set('cmi.core.score.max', 100);
    this.#api.commit();
    return { saved, student: this.#api.get('cmi.core.student_name') || this.#api.get('cmi.core.student_id') };
  }

  // Something has changed: the detail of the event `lesson`. Other lessons than that of the package, which somebody may
  // open in it or make there, are no matter of the LMS.
  progress({ name, step, score, answers, saved, ended }) {
    if (!this.#isOpen || ended || name !== this.#name || !saved.startsWith('{')) return;
    this.#score = score;
    this.#api.set('cmi.core.lesson_location', step);
    const text = packed(saved);
    if (text.length <= MOST_SUSPEND) this.#api.set('cmi.suspend_data', text);
    const { steps } = JSON.parse(saved);
    for (const answer of answers) this.#tellAnswer(answer, steps);
    this.#forgetRestarted(steps);
  }

  // A step or the lesson is done: the detail of the event `lesson_result`, which follows that of `lesson`.
  result({ lesson, step, score, goal, seconds }) {
    if (!this.#isOpen || lesson !== this.#name) return;
    if (step !== null && !['none', 'choice', 'number'].includes(goal)) this.#tellTask(step, seconds);
    const isEnd = step === null;
    this.#tellScore(Math.round(100 * (isEnd ? score : this.#score)));
    if (isEnd && !this.#wasDone) {
      this.#wasDone = true;
      this.#api.set('cmi.core.lesson_status', 'completed');
      this.#api.set('cmi.core.exit', '');
    }
    this.#api.commit();
  }

  close() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#api.set('cmi.core.session_time', timespan((this.#clock() - this.#began) / 1000));
    this.#api.commit();
    this.#api.finish();
  }

  // Whoever does a lesson once more keeps the better result.
  #tellScore(score) {
    if (this.#wasDone && score < this.#best) return;
    this.#best = score;
    this.#api.set('cmi.core.score.raw', score);
  }

  #noteAnswers({ steps }) {
    steps.forEach(({ answers }, i) =>
      answers.forEach(({ attempts }, part) => this.#attempts.set(`${i + 1}-${part}`, attempts)),
    );
  }

  // A lesson that was begun anew is answered anew.
  #forgetRestarted(steps) {
    for (const [key, attempts] of this.#attempts) {
      const [step, part] = key.split('-').map(Number);
      const now = steps[step - 1]?.answers[part]?.attempts ?? 0;
      if (now < attempts) this.#attempts.set(key, now);
    }
  }

  // Each answer that is given, the wrong ones too, is an interaction of its own.
  #tellAnswer({ step, part, predict, answer, right, attempts }, steps) {
    const key = `${step}-${part}`;
    if (attempts <= (this.#attempts.get(key) ?? 0)) return;
    this.#attempts.set(key, attempts);
    const { choice } = steps[step - 1].answers[part];
    const isChoice = choice >= 0 && choice < CHOICES.length;
    const isNumber = typeof answer === 'number';
    this.#tellInteraction({
      id: `${this.#name}-step-${step}-question-${part + 1}`,
      type: isNumber ? 'numeric' : isChoice ? 'choice' : 'fill-in',
      response: isNumber ? decimal(answer) : isChoice ? CHOICES[choice] : String(answer).slice(0, 255),
      result: predict ? 'neutral' : right ? 'correct' : 'wrong',
    });
  }

  // What was to be done with the playground.
  #tellTask(step, seconds) {
    const id = `${this.#name}-step-${step}`;
    this.#tellInteraction({ id, type: 'performance', response: 'done', result: 'correct', latency: timespan(seconds) });
  }

  #tellInteraction({ id, type, response, result, latency }) {
    const name = `cmi.interactions.${this.#next}`;
    if (!this.#api.set(`${name}.id`, id)) return; // an LMS need not keep any
    this.#next += 1;
    this.#api.set(`${name}.time`, timeOfDay(this.#clock()));
    this.#api.set(`${name}.type`, type);
    this.#api.set(`${name}.student_response`, response);
    this.#api.set(`${name}.result`, result);
    if (latency) this.#api.set(`${name}.latency`, latency);
  }
}
