// `window.hourglass` from the page's first moment on, before there is a playground behind it. Written for old browsers
// too.

const EMPTY_STATE = {
  phase: 'paused',
  step: 0,
  epoch: 0,
  images_per_second: 0,
  pending_reset: [],
  loss: null,
  metrics: null,
  network: null,
  data: null,
  lesson: null,
};
// Methods of the playground (hourglass.js) by what they give before it is there.
const PROMISES = ['set', 'command', 'restart', 'lesson', 'xapi'];
const ANSWERS = {
  state: () => Object.assign({}, EMPTY_STATE, { pending_reset: [] }),
  settings: () => ({}),
  history: () => ({ losses: [], epochs: [] }),
  snapshot: () => null,
  link: () => null,
  widgets: () => ({}),
  frames: () => 0,
  searchImage: () => false,
  frameStats: () => ({ frames: 0, median_ms: 0, p95_ms: 0, max_ms: 0 }),
};
const LATER = ['setLanguage', 'setTheme', 'setTextScale', 'focus', 'ownFiles', 'recallOwnFiles', 'offerLesson'];

// Returns { api, provide(playground, first), fail(error) }. Calls of `api` that want an answer from the engine wait for
// provide(), and for the promise `first`, and are then made in their order, or are rejected by fail(). wanted() is called
// with each of them: a script that asks for something is reason enough to start.
export function deferPlayground(wanted) {
  let playground = null;
  let open = false; // nothing has to wait any more
  let failure = null;
  const waiting = []; // { make(playground), drop(error) }

  let settleReady;
  const ready = new Promise((resolve, reject) => {
    settleReady = { resolve, reject };
  });
  ready.catch(() => {}); // whoever does not wait for it has read the sentence on the page
  let settleThreads;
  const threads = new Promise((resolve, reject) => {
    settleThreads = { resolve, reject };
  });
  threads.catch(() => {});

  const later = (make, drop) => {
    if (open) make(playground);
    else if (failure) drop(failure);
    else waiting.push({ make, drop });
  };

  const api = { ready, threads };
  for (const name of PROMISES) {
    api[name] = (...args) =>
      new Promise((resolve, reject) => {
        later((there) => {
          try {
            resolve(there[name](...args));
          } catch (error) {
            reject(error);
          }
        }, reject);
        if (!playground && !failure) wanted();
      });
  }
  for (const name of Object.keys(ANSWERS)) {
    api[name] = (...args) => (playground ? playground[name](...args) : ANSWERS[name]());
  }
  for (const name of LATER) {
    api[name] = (...args) =>
      playground
        ? playground[name](...args)
        : later(
            (there) => there[name](...args),
            () => {},
          );
  }
  api.get = (key) => {
    if (playground) return playground.get(key);
    throw failure || new Error('The playground is not there yet, and has no settings: wait for hourglass.ready.');
  };
  api.on = (event, callback) => {
    if (playground) return playground.on(event, callback);
    if (typeof callback !== 'function') throw new Error('on(event, callback) needs a function as its callback.');
    let stop = null;
    let stopped = false;
    later(
      (there) => {
        if (!stopped) stop = there.on(event, callback);
      },
      () => {},
    );
    return () => {
      stopped = true;
      if (stop) stop();
    };
  };

  return {
    api,
    provide: (there, first) => {
      playground = there;
      const begin = () => {
        open = true;
        for (const { make } of waiting.splice(0)) {
          try {
            make(there);
          } catch (error) {
            console.error(error);
          }
        }
      };
      Promise.resolve(first).then(begin, begin);
      there.threads.then(settleThreads.resolve, settleThreads.reject);
      there.ready.then(() => settleReady.resolve(api), settleReady.reject);
    },
    fail: (error) => {
      failure = error;
      for (const { drop } of waiting.splice(0)) drop(error);
      settleThreads.reject(error);
      settleReady.reject(error);
    },
  };
}
