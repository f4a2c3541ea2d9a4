// Between the front end's lesson and the page: what a course is told, which commands may pass, and the script that fetches
// lessons (lessons.js), which only those fetch who open one.

import { encodeMessage } from '../engine/wire.js';

// owner: view() is the front end's, or null; client the SessionClient; ready() a promise that the playground runs;
//        texts() brings the words that come later; deliver(bytes) hands an event to the front end; language(), chinese() and font(file) as for Lessons.
// Returns { state(), check(bytes), told(result, saved), wanted(name), open(what, options), spoken(), takeFile(files) }.
export function openLessonPort(owner) {
  let lesson = null;
  let lessons = null;
  const withLessons = (use) => {
    lessons ??= Promise.all([import('./lessons.js'), owner.ready().then(owner.texts)]).then(
      ([{ Lessons }]) => new Lessons({ ...owner, keeps: window.parent === window }),
    );
    lessons.catch(() => {
      lessons = null; // the next may find it
    });
    return lessons.then(use);
  };
  const say = ({ message }) => owner.deliver(encodeMessage('failure', { id: 0, message }));

  return {
    // What a course is told of the lesson under way, or null.
    state: () => lesson,
    // Throws the sentence that says why a command may not pass while the lesson lasts.
    check: (bytes) => {
      const refusal = lesson ? owner.view().refusal(bytes) : '';
      if (refusal) throw new Error(refusal);
    },
    // The front end tells how far somebody is; "" when the lesson has ended.
    told: (result, saved) => {
      const before = lesson;
      lesson = result ? JSON.parse(result) : null;
      if (lesson || before) owner.client.emit('lesson', lesson ? { ...lesson, saved } : { ...before, ended: true });
      else owner.client.emit('preference', { name: 'lessons', value: 'seen' }); // an offer was put away
      lessons?.then((own) => own.told(lesson, saved));
    },
    // The front end wants a lesson, with "" the list of them, or what else AppOptions::want_lesson has.
    wanted: (name) => {
      withLessons((own) => own.wanted(name)).catch(say);
    },
    open: (what, options) =>
      what === null
        ? owner.ready().then(() => owner.view().closeLesson())
        : withLessons((own) => own.open(what, options)),
    // Another language is on show.
    spoken: () => lessons?.then((own) => own.spoken()),
    // Opens the one file if it is a lesson; resolves with whether it is.
    takeFile: async ([only, more]) => {
      // Nothing else is looked at by the script for them.
      if (!only || more || !/\.json$/i.test(only.path)) return false;
      const text = await import('./lessons.js').then(({ lessonText }) => lessonText(only.blob));
      if (text) await withLessons((own) => own.open(text)).catch(say);
      return Boolean(text);
    },
  };
}
