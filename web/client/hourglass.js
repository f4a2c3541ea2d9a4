// The playground on a canvas: engine worker, front end module and the page between them. The page's own script and
// whoever embeds the playground start it here; what start() returns is also the page's `window.hourglass`.

import { shown as shownValue } from '../engine/arguments.js';
import { chosenSimd, missingFeature } from '../loading/capabilities.js';
import { availableThreads } from './engine_client.js';
import { PageEngine } from './page_engine.js';
import { laterParts } from './later_parts.js';
import { openLessonPort } from './lesson_port.js';
import { LANGUAGES, pageText } from '../loading/page_text.js';
import { SessionClient } from './session_client.js';
import { dataFolder as siteData, documentFont, fetchFile } from '../loading/parts.js';
import { instantiateWithProgress } from '../loading/wasm_loading.js';
import { decodeMessage, encodeMessage } from '../engine/wire.js';
import { CanvasView } from '../ui/canvas_view.js';
import { restUnseen } from '../ui/presence.js';

// What only those fetch who read Chinese: its words and its characters.
const CHINESE = ['texts/zh.json', 'fonts/chinese.ttf'];

// Starts the playground on `canvas`. Options, all optional:
//   language      "en" (default) or "zh"
//   theme         "dark" or "light" (default)
//   textScale     size of text and controls, 1 (default) to 2
//   stats         true: what a frame costs is shown in the status line
//   threads       how many threads the engine may use; by default availableThreads()
//   simd          which engine: "fma" (relaxed SIMD) or "simd"; by default the faster one that runs here
//   dataFolder    URL of the folder with the data sets; by default data/ beside this file
//   prepare(api)  called at once, so that its commands come before the engine makes the first data set; `ready` waits for
//                 the promise that it may return
//   onProgress(loaded, total)   bytes of the parts loaded so far; total is 0 where it is not known
//   onNotice(text, { again, passing, copy })   a sentence that a person should see; may return a function that takes it
//                 away again. `again`, if given, is for a button that starts the engine again; `passing` says that the
//                 sentence may soon be untrue; `copy` is a text that the person is to copy
//   holdUnseen    whether training stands still, and the graphics are given back, while the canvas is out of sight (in a
//                 page of somebody's that is scrolled away; a hidden tab is not meant); true by default
//
// The result:
// Every promise settles: with an answer, or with an Error that says in a sentence what is wrong. In an iframe nothing
// begins before somebody sees it, or a script calls set(), command() or restart(); `ready` waits until it is seen.
//   ready                 promise: engine and front end run, the first data set is in use, a frame was drawn
//   state()               phase, step, epoch, images_per_second, loss, metrics, network, data: see SessionClient.
//                         network.engine and network.threads say what it runs on: "simd+fma" or "simd", and on how many
//   get(key)              value of a setting
//   set(key, value)       promise; rejected with a sentence when the value does not fit
//   settings()            all settings
//   command(name, args)   promise of the answer; names and arguments as in wire.js. Several settings at once, all of them
//                         or none: command('set_settings', { values: { 'model.encoder': ..., 'model.decoder': ... } })
//   history(), snapshot() curves, and what is on display
//   on(event, callback)   returns a function that ends it; events as in engine_client.js, and `preference` when the person
//                         has chosen a language or a theme in the front end: { name, value }
//   widgets()             id -> { x, y, width, height } of every visible widget, in page pixels of the viewport
//   frames()              how many frames were drawn so far
//   frameStats()          what building the last 240 of them has cost: { frames, median_ms, p95_ms, max_ms }
//   lesson(what, { student, saved })   promise: begins a lesson, by its name, its address, its text or as an object; null
//                         ends it. The events `lesson` and `lesson_result`, and state().lesson, tell how it goes: docs/protocol.md
//   xapi(result, options) promise of what `lesson_result` has told as a statement of xAPI: xapi.js
//   ownFiles(files)       shows a person's own data in their panel: [{ path, blob }], a Blob for each path, as if dropped
//   link()                the settings as the query of the page's address, as short as it gets; null before the first frame
//   restart()             promise: starts the engine again, also one that has died, with the same settings and untrained
//   focus()               takes the keyboard for the playground
//   mirror()              for mirror.js of the page, once it is ready
//   setLanguage(language), setTheme(theme), setTextScale(scale)
//   threads               promise of the number of threads in use
export function start(canvas, options = {}) {
  const {
    language = 'en',
    theme = 'light',
    textScale = 1,
    stats = false,
    threads = availableThreads(),
    simd = chosenSimd(),
    dataFolder = siteData(),
    prepare = () => {},
    onProgress = () => {},
    onNotice = () => {},
    holdUnseen = true,
  } = options;

  const progress = new Map();
  const count = (part) => (loaded, total) => {
    progress.set(part, { loaded, total });
    const parts = [...progress.values()];
    const known = parts.length === 2 && parts.every((each) => each.total > 0);
    onProgress(
      parts.reduce((sum, each) => sum + each.loaded, 0),
      known ? parts.reduce((sum, each) => sum + each.total, 0) : 0,
    );
  };

  const look = { theme, textScale };
  canvas.dataset.theme = theme; // what lies around the canvas may look like it
  let view = null;
  const early = [];
  const deliver = (bytes) => (view ? view.receive(bytes) : early.push(bytes));

  // The front end's own commands that wait for an answer, by id.
  const asked = new Set();
  // Its background jobs that have not ended: kind by number.
  const jobs = new Map();

  const client = new SessionClient((bytes, free) => {
    if (!free) lessons.check(bytes);
    engine.send(bytes);
  });
  let fatal;
  const failed = new Promise((resolve, reject) => {
    fatal = reject;
  });
  failed.catch(() => {});
  const bringTexts = laterParts(
    canvas,
    client,
    () => api.ready.then(() => view),
    (error) => onNotice(pageText(spoken, 'fileFailed', { file: error.file, reason: error.message })),
  );
  const lessons = openLessonPort({
    view: () => view,
    texts: bringTexts,
    client,
    ready: () => api.ready,
    deliver,
    language: () => spoken,
    chinese: () => bringChinese(() => view),
    font: (file) => fetchFile(file).then((bytes) => view.addFont(bytes)),
  });
  const engine = new PageEngine({ threads, simd, dataFolder, language, ownData: true }, client, {
    onEvent: (bytes) => {
      const event = client.receive(bytes);
      asked.delete(event.id);
      if (event.event === 'job_ended') jobs.delete(event.job);
      if (!SessionClient.isOwnAnswer(event)) deliver(bytes);
    },
    onProgress: count('engine'),
    onDataProgress: (name, fraction) => {
      view?.dataProgress(name, fraction);
      client.emit('data_progress', { name, fraction });
    },
    onNotice,
    onRestart: (message) => {
      // The front end asks for one picture of a kind at a time, and would wait for these for ever.
      for (const id of asked) deliver(encodeMessage('failure', { id, message }));
      asked.clear();
      for (const [job, kind] of jobs) deliver(encodeMessage('job_ended', { job, kind, reason: 'failed', message }));
      jobs.clear();
    },
    onFatal: fatal,
  });
  engine.launch();

  let shown = true;
  let mayDraw = Promise.resolve();
  if (holdUnseen) {
    const { seen } = restUnseen(canvas, {
      hold: (on) => engine.hold(on),
      show: (visible) => {
        shown = visible;
        view?.inSight(visible);
      },
    });
    // In a page of its own the canvas will be seen, sooner or later; some browsers do not say so in a hidden tab.
    if (window.parent !== window) mayDraw = seen;
  }

  // Until both files are there, the front end goes on in English.
  let chinese = null;
  const bringChinese = (target) => {
    chinese ??= Promise.all(CHINESE.map(fetchFile))
      .then(([texts, font]) => {
        target().addTexts(texts, 'zh');
        target().addFont(font);
      })
      .catch((error) => {
        chinese = null;
        onNotice(pageText('zh', 'fileFailed', { file: error.file, reason: error.message }));
      });
    return chinese;
  };
  // The language that was chosen last, maybe before there is a front end.
  let spoken = language;
  const applyPreference = (name, value) => {
    if (name === 'language') spoken = value;
    if (name === 'language' && value === 'zh') bringChinese(() => view);
    if (name === 'language') lessons.spoken();
    if (name === 'theme') canvas.dataset.theme = value;
    client.emit('preference', { name, value });
  };

  // A person's own files, by a script that only those fetch who bring some.
  let own = null;
  const ownData = (use) => {
    own ??= import('./own_data.js').then(
      ({ OwnData }) =>
        new OwnData({
          deliver,
          provide: (samples) => {
            projectSamples = null;
            engine.provide(samples);
          },
          refuse: (message) => client.post('data_failed', { name: 'own', message }),
          notice: onNotice,
          data: () => client.state().data,
          search: (pixels) => view?.searchImage(pixels),
          language: () => spoken,
        }),
    );
    return own.then(use).catch((error) => {
      own = null;
      onNotice(pageText(spoken, 'fileFailed', { file: 'own_data.js', reason: error.message }));
    });
  };
  // The data of the project that was opened last, a Blob, unless other data were used since.
  let projectSamples = null;
  client.on('data_wanted', async ({ name }) => {
    if (name !== 'own') return;
    if (projectSamples) engine.provide(await projectSamples.arrayBuffer());
    else ownData((data) => data.provide());
  });
  // Those that are in use, as bytes.
  const ownSamples = async () => {
    if (client.get('data.set') !== 'own') return null;
    if (projectSamples) return projectSamples.arrayBuffer();
    return (await own)?.samples() ?? null;
  };

  // Files to take away, and runs that are brought back, by a script that only those fetch who want it.
  let saving = null;
  const withSaving = (use) => {
    saving ??= import('./saving.js').then((module) => ({
      ...module,
      saving: new module.Saving({
        deliver,
        client,
        picture: () => view.picture(),
        link: () => view.link(),
        notice: onNotice,
        language: () => spoken,
        samples: ownSamples,
        takeSamples: (samples) => {
          projectSamples = samples ? new Blob([samples]) : null;
        },
      }),
    }));
    return saving.then(use).catch((error) => {
      saving = null;
      onNotice(pageText(spoken, 'fileFailed', { file: 'saving.js', reason: error.message }));
    });
  };
  // One file may be a run that was saved; all else is data.
  const takeFiles = async (files) => (await lessons.takeFile(files)) || takeOther(files);
  const takeOther = (files) =>
    files.length === 1
      ? withSaving(async ({ isSavedRun, saving: own }) => {
          if (!(await isSavedRun(files[0].blob))) return ownData((data) => data.takeAll(files));
          return own.open(files[0].blob).catch(({ message }) => deliver(encodeMessage('failure', { id: 0, message })));
        })
      : ownData((data) => data.takeAll(files));

  const startFrontEnd = async () => {
    const module = await instantiateWithProgress(
      () => importPart('ui.js', () => import('./ui.js')),
      {
        canvas,
        onPreference: applyPreference,
        onLesson: lessons.told,
        onLessonWanted: lessons.wanted,
        onCommand: (bytes) => {
          // A copy: the bytes lie in the module's memory.
          const command = bytes.slice();
          const { message, fields } = decodeMessage(command);
          const { id, job, kind } = fields;
          if (kind === 'save') return void withSaving(({ saving: own }) => own.command(JSON.parse(fields.arguments)));
          if (kind === 'import') return void ownData((own) => own.command(JSON.parse(fields.arguments)));
          if (id) asked.add(id);
          if (message === 'start_job') jobs.set(job, kind);
          engine.send(command);
        },
      },
      'ui',
      count('ui'),
    );
    await mayDraw; // browsers have few contexts
    const started = new CanvasView(canvas, module, { language, ...look, stats, onNotice });
    if (spoken === 'zh') await bringChinese(() => started);
    if (spoken !== language) started.setLanguage(spoken);
    for (const bytes of early.splice(0)) started.receive(bytes);
    view = started;
    if (!shown) view.inSight(false);
    await view.firstFrame;
  };

  const api = {
    state: () => ({ ...client.state(), lesson: lessons.state() }),
    get: (key) => client.get(key),
    set: (key, value) => client.set(key, value),
    settings: () => client.settings(),
    command: (name, args) => client.command(name, args),
    history: () => client.history(),
    snapshot: () => client.snapshot(),
    on: (event, callback) => client.on(event, callback),
    widgets: () => view?.widgets() ?? {},
    frames: () => view?.frames ?? 0,
    setLanguage: (value) => {
      if (!LANGUAGES.includes(value))
        throw new Error(`setLanguage() takes ${LANGUAGES.join(' or ')}, not ${shownValue(value)}.`);
      spoken = value;
      if (!view) return;
      if (value === 'zh') bringChinese(() => view);
      view.setLanguage(value);
      lessons.spoken();
    },
    setTheme: (value) => {
      if (value !== 'dark' && value !== 'light')
        throw new Error(`setTheme() takes dark or light, not ${shownValue(value)}.`);
      look.theme = canvas.dataset.theme = value;
      view?.setTheme(value);
    },
    setTextScale: (value) => {
      if (typeof value === 'symbol' || !Number.isFinite(Number(value))) {
        throw new Error(`setTextScale() takes a number from 1 to 2, not ${shownValue(value)}.`);
      }
      look.textScale = Math.min(2, Math.max(1, Number(value)));
      view?.setTextScale(look.textScale);
    },
    lesson: lessons.open,
    xapi: (...args) => import('./xapi.js').then(({ xapiStatement }) => xapiStatement(...args)),
    offerLesson: (name) => view?.offerLesson(name),
    searchImage: (image) => {
      bringTexts();
      return view?.searchImage(image) ?? false;
    },
    ownFiles: takeFiles,
    recallOwnFiles: () => {
      try {
        if (localStorage.getItem('hourglass-own-data')) return ownData((data) => data.recall());
      } catch {
        // Storage is refused, so nothing is kept.
      }
      return undefined;
    },
    link: () => view?.link() ?? null,
    frameStats: () => view?.frameStats() ?? { frames: 0, median_ms: 0, p95_ms: 0, max_ms: 0 },
    restart: () => engine.restart(),
    focus: () => view?.focus(),
    mirror: () => (bringTexts(), view.mirror()),
    threads: engine.started,
  };

  const settled = untilSettled(client);
  api.ready = Promise.race([
    failed,
    (async () => {
      try {
        await Promise.all([startFrontEnd(), settled, prepare(api)]);
      } catch (error) {
        const missing = missingFeature();
        const sentence = new Error(pageText(language, missing ?? 'frontEndFailed', { reason: error.message }));
        engine.close(sentence);
        onNotice(sentence.message);
        throw sentence;
      }
      return api;
    })(),
  ]);
  // Documents may be Chinese whatever language the front end speaks.
  let characters = null;
  client.on('data_ready', ({ words = [] }) => {
    if (!words.some((word) => /[\u2e80-\uffff]/.test(word))) return;
    characters ??= api.ready
      .then(() => Promise.all([bringChinese(() => view), documentFont && fetchFile(documentFont)]))
      .then(([, font]) => font && view.addFont(font))
      .catch((error) => onNotice(pageText(spoken, 'fileFailed', { file: error.file, reason: error.message })));
  });
  // Whoever does not wait for `ready` has been told by onNotice.
  api.ready.catch(() => {});
  return api;
}

async function importPart(file, load) {
  try {
    return await load();
  } catch (error) {
    throw new Error(`${file}: ${error.message}`);
  }
}

// Resolves when the session has said what it trains on what, for the first time.
function untilSettled(client) {
  return new Promise((resolve) => {
    const check = () => {
      const { network, data } = client.state();
      if (!network || !data) return;
      for (const stop of stops) stop();
      resolve();
    };
    const stops = ['network_info', 'data_ready', 'settings_changed'].map((event) => client.on(event, check));
  });
}
