// What came of a lesson's steps, and of the whole, as the event `lesson_result` tells it (docs/protocol.md): made of what
// the front end tells of somebody's progress (LessonProgress::result() and saved()) and of the lesson's own file.

// The goals within a goal that are no "all" and no "any", in the order in which the front end numbers them.
function leavesOf(goal) {
  if (!goal) return [];
  return goal.kind === 'all' || goal.kind === 'any' ? goal.of.flatMap(leavesOf) : [goal];
}

// What the file says of a question, its texts in all languages, for those who keep answers.
function questionOf(leaf, answer) {
  const { kind, question, low, high } = leaf;
  if (kind === 'number') return { kind, question, low, high };
  return {
    kind: leaf.predict ? 'prediction' : 'choice',
    question,
    choice: answer.choice,
    choices: leaf.choices.map(({ text }) => text),
    right_choices: leaf.choices.flatMap(({ right }, i) => (right ? [i] : [])),
  };
}

export class LessonResults {
  #lesson;
  #told; // of each step: whether it was told
  #finished = false;
  #clock;
  #began;
  #last; // when the last step was done

  // text: the lesson's file, as the front end takes it; saved: how far somebody was before, or "". clock(): milliseconds.
  constructor(text, saved, clock = () => performance.now()) {
    this.#clock = clock;
    this.#began = this.#last = clock();
    try {
      this.#lesson = JSON.parse(text);
      const before = saved ? JSON.parse(saved) : null;
      const mine = before?.name === this.#lesson.name && before.steps?.length === this.#lesson.steps.length;
      this.#told = this.#lesson.steps.map((_, i) => mine && this.#isDone(before, i));
      this.#finished = mine && before.at === before.steps.length;
    } catch {
      this.#lesson = null; // the front end says what is wrong with it
    }
  }

  // What has come since the last call, in its order: details of the event. result, saved: what the front end tells.
  take(result, saved) {
    if (!this.#lesson) return [];
    const now = JSON.parse(saved);
    const isAnew = this.#told.some((told, i) => told && !(now.steps[i].entered && now.steps[i].done));
    if (isAnew) {
      this.#told.fill(false);
      this.#finished = false;
      this.#began = this.#last = this.#clock();
    }
    const news = [];
    for (let i = 0; i < this.#told.length; i += 1) {
      if (this.#told[i] || !this.#isDone(now, i)) continue;
      this.#told[i] = true;
      news.push(this.#stepDetail(i, result, now));
    }
    if (now.at === now.steps.length && !this.#finished) {
      this.#finished = true;
      news.push(this.#lessonDetail(result, now));
    }
    return news;
  }

  // A step without a goal is done when it was left.
  #isDone({ at, steps }, i) {
    const left = at > i || Boolean(steps[i + 1]?.entered);
    return Boolean(steps[i].entered && steps[i].done && (this.#lesson.steps[i].goal || left));
  }

  #answersTo(i, result, { steps }) {
    const leaves = leavesOf(this.#lesson.steps[i].goal);
    return result.answers
      .filter(({ step }) => step === i + 1)
      .map((answer) => ({ ...answer, ...questionOf(leaves[answer.part], steps[i].answers[answer.part]) }));
  }

  #common(result, title) {
    const { name, student } = result;
    return { lesson: name, lesson_title: this.#lesson.title, title, ...(student ? { student } : {}) };
  }

  #stepDetail(i, result, now) {
    const { title, goal } = this.#lesson.steps[i];
    const answers = this.#answersTo(i, result, now);
    const seconds = Math.round((this.#clock() - this.#last) / 1000);
    this.#last = this.#clock();
    return {
      ...this.#common(result, title),
      step: i + 1,
      of: result.of,
      goal: goal?.kind ?? 'none',
      answers,
      attempts: answers.reduce((sum, { attempts }) => sum + attempts, 0),
      hints: now.steps[i].hints,
      seconds,
      done: true,
      score: result.scores[i],
    };
  }

  #lessonDetail(result, now) {
    return {
      ...this.#common(result, this.#lesson.title),
      step: null,
      of: result.of,
      goal: 'lesson',
      answers: now.steps.flatMap((_, i) => this.#answersTo(i, result, now)),
      attempts: result.attempts,
      hints: result.hints,
      seconds: Math.round((this.#clock() - this.#began) / 1000),
      done: true,
      score: result.score,
      code: result.code,
    };
  }
}
