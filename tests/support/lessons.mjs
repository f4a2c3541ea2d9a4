// A lesson gone through on the command line: what each step has the learner train is trained, and its goal is judged
// by the same facts as on the screen (docs/lessons.md).

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { hourglass, readHistory, repository, train } from '../cli/support.mjs';

export const lessonsFolder = path.join(repository, 'assets/lessons');
export const readLesson = (name) => JSON.parse(readFileSync(path.join(lessonsFolder, `${name}.json`), 'utf8'));

// Learners answer questions as they like; what is judged here is what the program has to have done.
export function isMet(goal, facts) {
  switch (goal.kind) {
    case 'choice':
    case 'number':
      return true;
    case 'all':
      return goal.of.every((each) => isMet(each, facts));
    case 'any':
      return goal.of.some((each) => isMet(each, facts));
    default: {
      const value = facts[goal.of] ?? (goal.of.startsWith('diagnosis.') ? 0 : undefined);
      if (value === undefined) return false;
      if ('is' in goal && value !== goal.is) return false;
      return !(value >= (goal.below ?? Infinity)) && !(value <= (goal.above ?? -Infinity));
    }
  }
}

// All goals of one kind within `goal`.
export function leaves(goal, kind) {
  if (!goal) return [];
  return goal.kind === kind
    ? [goal]
    : ['all', 'any'].includes(goal.kind)
      ? goal.of.flatMap((g) => leaves(g, kind))
      : [];
}

const textOf = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
const settingFacts = (settings) =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [`setting.${key}`, value]));

// What `train` says of a run with `settings` of `preset`, as the facts of a lesson.
function factsOf(folder, preset, settings) {
  const { 'data.set': data = 'strokes', ...rest } = settings;
  const pairs = Object.entries(rest)
    .filter(([key]) => !key.startsWith('view.'))
    .map(([key, value]) => `${key}=${textOf(value)}`);
  const run = train(folder, '--preset', preset, '--data', data, ...(pairs.length > 0 ? ['--set', ...pairs] : []));
  const history = readHistory(folder);
  const encoder = settings['model.encoder'];
  return {
    model: run.model,
    seconds: run.seconds,
    loss: run.train_loss,
    test_loss: run.test_loss,
    test_mse: run.test_mse,
    best_test_loss: Math.min(...history.map((row) => row.test_loss)),
    epoch: run.epoch,
    phase: 'finished',
    code_zero: run.code_zero,
    code_size: encoder ? encoder.findLast((layer) => layer.units).units : undefined,
    parameters: run.parameters,
    kl: settings['penalty.kl'] ? run.test_penalty / settings['penalty.kl'] : undefined,
    ...Object.fromEntries(run.diagnoses.map(({ kind }) => [`diagnosis.${kind}`, 1])),
    ...settingFacts(settings),
  };
}

// Goes through a lesson. Runs with equal settings are trained once, in `folder`.
export class Walk {
  constructor(name, folder) {
    this.lesson = readLesson(name);
    this.folder = folder;
    this.runs = new Map();
    this.start(this.lesson.start);
  }

  start({ preset = this.preset, settings = {} } = {}) {
    this.settings = { ...(preset === this.preset ? this.settings : {}), ...settings };
    this.preset = preset;
    this.facts = settingFacts(this.settings);
  }

  // Enters step `index`, as the runner does. Returns the step.
  enter(index) {
    const step = this.lesson.steps[index];
    if (step.start) {
      this.settings = {};
      this.start(step.start);
    }
    return step;
  }

  // What is known where these settings were changed and nothing was trained since.
  changed(settings) {
    return { ...this.facts, ...settingFacts(settings) };
  }

  // Changes settings, resets and trains to the end.
  train(settings = {}) {
    Object.assign(this.settings, settings);
    const key = JSON.stringify([this.preset, Object.entries(this.settings).sort()]);
    if (!this.runs.has(key)) {
      this.runs.set(key, factsOf(path.join(this.folder, `run-${this.runs.size}`), this.preset, this.settings));
    }
    this.facts = this.runs.get(key);
    return this.facts;
  }

  // The mean squared error of what becomes of held-out images with noise, such as 'gaussian:0.3'.
  restored(noise, model = this.facts.model) {
    const run = hourglass(['eval', '--model', model, '--data', 'strokes', '--noise', noise, '--json']);
    return JSON.parse(run.stdout).restored_mse;
  }
}
