// The page's own script: looks whether the browser can do it, reads the address, starts the playground and shows how
// far it has come. Written for old browsers too, since they are whom it has to tell something.

import { LANGUAGES, pageText, preferredLanguage } from '../loading/page_text.js';
import { hasRelaxedSimd, hasSimd, SIMD_KINDS } from '../loading/capabilities.js';
import { applyUrlSettings, isPlace, runAsAsked, urlSettings } from './url_settings.js';
import { deferPlayground } from './deferred.js';
import { importPlayground } from './playground.js';
import { watchSight } from '../ui/presence.js';
import { announceProgress, describeCanvas } from './live_region.js';

const NEXT_VISIT_MS = 2000;
const MIRROR_MS = 1000;

const canvas = document.getElementById('canvas');
const loading = document.getElementById('loading');
const bar = document.getElementById('bar');
const words = document.getElementById('words');
const notices = document.getElementById('notices');

const address = urlSettings(location);
const asked = address.page.lang;
const language = LANGUAGES.includes(asked)
  ? asked
  : preferredLanguage([recall('language')].concat(navigator.languages));
const text = (key, values) => pageText(language, key, values);

// What the person chose last time. A sandboxed iframe has no storage; then there was no last time.
function recall(name) {
  try {
    return localStorage.getItem(`hourglass.${name}`) || undefined;
  } catch (error) {
    return undefined;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(`hourglass.${name}`, value);
  } catch (error) {
    // As above.
  }
}

function button(label, action) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = label;
  element.addEventListener('click', action);
  return element;
}

// A sentence over the page, until somebody closes it or the function that is returned takes it away. `again`, if there is
// one, is a function for a button that starts again, or does what `label` says; `copy` is a text to be copied by hand.
function notice(sentence, { again, label = text('startAgain'), copy } = {}) {
  const box = document.createElement('div');
  box.className = 'notice';
  box.setAttribute('role', 'alert');
  const remove = () => box.remove();
  const paragraph = document.createElement('p');
  paragraph.textContent = sentence;
  const close = button('×', remove);
  close.className = 'close';
  close.setAttribute('aria-label', text('close'));
  box.append(paragraph);
  if (copy) {
    const field = document.createElement('textarea');
    field.readOnly = true;
    field.value = copy;
    field.addEventListener('focus', () => field.select());
    box.append(field);
  }
  if (again) {
    box.append(
      button(label, () => {
        remove();
        again();
      }),
    );
  }
  box.append(close);
  notices.append(box);
  return remove;
}

// The end of loading, with what was in the way.
function stop(sentence, { mayHelp = true } = {}) {
  loading.classList.add('stopped');
  words.textContent = sentence;
  bar.hidden = true;
  if (mayHelp && !loading.querySelector('button')) loading.append(button(text('reload'), () => location.reload()));
}

function showProgress(loaded, total) {
  if (!total) return;
  const percent = Math.min(100, Math.floor((100 * loaded) / total));
  bar.value = percent;
  words.textContent = percent < 100 ? text('loadingPart', { percent }) : text('starting');
}

function speak(spoken) {
  document.documentElement.lang = spoken === 'zh' ? 'zh-CN' : 'en';
  document.title = pageText(spoken, 'title');
  describeCanvas(canvas, document.getElementById('keys'), spoken);
}

speak(language);
words.textContent = text('loading');

// There from now on, whatever becomes of the rest: a lesson may speak to it as soon as the page is loaded.
const deferred = deferPlayground(begin);
window.hourglass = deferred.api;

const framed = window.parent !== window;
// What a page of its own does unless its address says no, and a frame only if it says so.
const wants = (key) => address.page[key] === '1' || (!framed && address.page[key] !== '0');

// The pages around that may speak to this one; it listens before anybody has seen it.
if (framed && address.page.embedder) {
  import('../embed/embedding_port.js').then(
    ({ openPort }) => openPort(window.hourglass, { embedder: address.page.embedder, language: () => spoken }),
    (error) => console.error(error),
  );
}

let spoken = language;
let begun = false;
if (!hasSimd()) fail(new Error(text('noSimd')));
else if (!framed) begin();
else beginWhenSeen();

// In a lesson with many playgrounds, those that nobody sees take nothing.
function beginWhenSeen() {
  loading.dataset.waiting = ''; // guard.js waits too
  const end = watchSight(document.documentElement, (seen) => {
    if (!seen) return;
    setTimeout(() => end());
    begin();
  });
}

function begin() {
  if (begun) return;
  begun = true;
  delete loading.dataset.waiting;
  run().catch((error) => fail(new Error(text('frontEndFailed', { reason: error.message }))));
}

function fail(error) {
  stop(error.message, { mayHelp: begun });
  begun = true;
  deferred.fail(error);
}

// What starts the playground, a file that may be missing or damaged, or need one that is.
async function loadPlayground() {
  try {
    return await importPlayground();
  } catch (error) {
    throw new Error(`hourglass.js: ${error.message}`);
  }
}

async function run() {
  const problems = [];
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const checked = checkedOptions(address.page, problems);
  const { threads, simd, textScale } = checked;
  let theme = checked.theme || recall('theme');
  const { start } = await loadPlayground();
  let failed = false;
  let addressed;
  let session = null;
  let restored = false;
  const playground = start(canvas, {
    language,
    theme: theme || (dark.matches ? 'dark' : 'light'),
    textScale,
    stats: checked.stats,
    ...(threads ? { threads } : {}),
    simd,
    onProgress: showProgress,
    onNotice: (sentence, more) => {
      // While nothing has been drawn the loading screen is the place to say it; after that, a box over the page.
      if (loading.hidden) return notice(sentence, more);
      if (more && more.passing) {
        words.textContent = sentence;
        return () => {};
      }
      if (!failed) stop(sentence);
      failed = true;
      return () => {};
    },
    prepare: (api) => {
      addressed = applyUrlSettings(api, address, text, notice)
        .then(async () => {
          if (!wants('keep') || !recall('session')) return;
          session = await lastSession(api);
          restored = Boolean(await session?.restore());
        })
        .then(() => restored || runAsAsked(api, address.page, text, notice));
      return addressed;
    },
  });
  // What the address asks for comes before what scripts have asked for meanwhile.
  deferred.provide(playground, addressed);
  const { hourglass } = window;
  for (const problem of problems) notice(problem);
  dark.addEventListener('change', () => {
    if (!theme) hourglass.setTheme(dark.matches ? 'dark' : 'light');
  });
  hourglass.on('preference', ({ name, value }) => {
    remember(name, value);
    if (name === 'language') {
      speak(value);
      spoken = value;
    }
    if (name === 'theme') theme = value;
  });
  announceProgress(hourglass, document.getElementById('status'), () => spoken);
  window.addEventListener('hashchange', () => {
    if (isPlace(location.hash)) return;
    const now = urlSettings(location);
    if (now.page.lesson) return void hourglass.lesson(now.page.lesson).catch(({ message }) => notice(message));
    applyUrlSettings(hourglass, now, text, notice).then(() => runAsAsked(hourglass, now.page, text, notice));
  });
  try {
    await hourglass.ready;
    loading.hidden = true;
    // The page is the playground. In an iframe the keyboard stays where the person has it.
    if (!framed && document.activeElement === document.body) hourglass.focus();
  } catch {
    // onNotice has shown it.
  }
  bringMirror(hourglass, playground);
  // A page of its own has runs of its own; in a lesson, what somebody has tried before is in the way.
  if (!framed) afterFirstStep(hourglass, bringRunStorage);
  afterFirstStep(hourglass, bringDroppedFiles);
  beginLesson(hourglass);
  if (wants('follow') && !address.page.lesson) afterFirstStep(hourglass, () => bringAddress(hourglass, restored));
  if (wants('keep')) {
    afterFirstStep(hourglass, () =>
      atLeisure(hourglass, async () => (session ?? (await lastSession(hourglass)))?.keep()),
    );
  }
  // Last, since it is for the next time: the first moments are the network's that learns.
  afterFirstStep(hourglass, () => setTimeout(arrangeNextVisit, NEXT_VISIT_MS, checked.isolation));
}

// The lesson of the address, or the one that was open when the page was left. A first visit is offered the tour.
function beginLesson(hourglass) {
  const asked = address.page.teach === '1' ? '+' : address.page.lesson;
  const wanted = asked ?? (window.parent === window ? recallSession('lesson') : null);
  hourglass.on('lesson', () => remember('lessons', 'seen'));
  if (wanted) {
    hourglass.lesson(wanted).catch(({ message }) => notice(message));
  } else if (window.parent === window && !location.search && !location.hash && !recall('lessons')) {
    hourglass.offerLesson('first-visit');
  }
}

function recallSession(name) {
  try {
    return sessionStorage.getItem(`hourglass.${name}`);
  } catch {
    return null; // storage is refused
  }
}

// Nobody waits for what is stored: it comes once the network learns, or at once where it does not learn by itself.
function afterFirstStep(hourglass, then) {
  let stop = () => {};
  const look = () => {
    const { phase, step } = hourglass.state();
    const rests = phase === 'paused' && address.page.run !== '1';
    if (step === 0 && !rests) return false;
    stop();
    then(hourglass);
    return true;
  };
  if (!look()) stop = hourglass.on('status', look);
}

// What the canvas shows for those who do not see it, who use the keyboard or who print it: once the network learns, or as
// soon as somebody asks for it by Tab.
function bringMirror(hourglass, playground) {
  const bring = () => {
    stop();
    Promise.all([import('./mirror.js'), hourglass.ready]).then(
      ([{ mirrorCanvas }]) => mirrorCanvas(canvas, playground.mirror(), () => hourglass.focus()),
      () => {},
    );
  };
  const listen = ({ key }) => key === 'Tab' && bring();
  const stop = () => {
    canvas.removeEventListener('keydown', listen);
    begun = true;
  };
  let begun = false;
  canvas.addEventListener('keydown', listen, { passive: true });
  afterFirstStep(hourglass, () => setTimeout(() => begun || bring(), MIRROR_MS));
}

function bringRunStorage(hourglass) {
  import('./run_storage.js').then(
    ({ storeRuns }) => storeRuns(hourglass, (key, values) => notice(text(key, values))),
    () => {},
  );
}

// The script comes with the first change.
function bringAddress(hourglass, restored) {
  const last = restored ? null : hourglass.link();
  const begin = () => {
    stop();
    import('./address.js').then(
      ({ followAddress }) => followAddress(hourglass, last),
      () => {},
    );
  };
  const stop = hourglass.on('settings_changed', begin);
  if (restored) begin();
}

// What is for the next visit comes when the run rests, or some seconds later: nobody waits for it.
function atLeisure(hourglass, then) {
  const begin = () => {
    clearTimeout(timer);
    stop();
    then();
  };
  const timer = setTimeout(begin, 5000);
  const stop = hourglass.on('status', ({ phase, step }) => {
    if (step > 0 && phase !== 'running') begin();
  });
}

// What keeps the session from one visit to the next; null where it cannot be loaded.
async function lastSession(hourglass) {
  try {
    const { LastSession } = await import('./last_session.js');
    const place = framed ? location.pathname + location.search : '';
    return new LastSession(hourglass, { place, asked: address.page.keep === '1', language: () => spoken, notice });
  } catch (error) {
    return null;
  }
}

function arrangeNextVisit(wanted) {
  import('../loading/service_worker_client.js').then(
    // A lesson's own page comes from its server each time, so what it holds in iframes may, too.
    ({ arrangeServiceWorker }) => arrangeServiceWorker({ wanted, store: window.parent === window }),
    () => {},
  );
}

function bringDroppedFiles(hourglass) {
  hourglass.recallOwnFiles();
  import('./dropped_files.js').then(
    ({ takeDroppedFiles }) => takeDroppedFiles(hourglass, (key, values) => notice(text(key, values))),
    () => {},
  );
}

function checkedOptions({ lang, theme, text: scale, stats, threads, simd, isolation }, problems) {
  const limit = 64;
  if (lang !== undefined && !LANGUAGES.includes(lang)) problems.push(text('unknownLanguage', { value: lang }));
  const themeFits = theme === undefined || theme === 'dark' || theme === 'light';
  if (!themeFits) problems.push(text('unknownTheme', { value: theme }));
  const scaleFits = scale === undefined || (/^\d+(\.\d+)?$/.test(scale) && scale >= 1 && scale <= 2);
  if (!scaleFits) problems.push(text('badTextScale', { value: scale }));
  const statsFit = stats === undefined || ['', '0', '1'].includes(stats);
  if (!statsFit) problems.push(text('badStats', { value: stats }));
  const threadsFit = threads === undefined || (/^\d+$/.test(threads) && threads >= 1 && threads <= limit);
  if (!threadsFit) problems.push(text('badThreads', { value: threads, limit }));
  const simdFits = simd === undefined || SIMD_KINDS.includes(simd);
  if (!simdFits) problems.push(text('badSimd', { value: simd }));
  const fmaMissing = simd === 'fma' && !hasRelaxedSimd();
  if (fmaMissing) problems.push(text('noRelaxedSimd'));
  if (isolation !== undefined && isolation !== 'on' && isolation !== 'off') {
    problems.push(text('badIsolation', { value: isolation }));
  }
  return {
    theme: themeFits ? theme : undefined,
    textScale: scaleFits && scale ? Number(scale) : 1,
    stats: stats === '' || stats === '1',
    threads: threadsFit && threads ? Number(threads) : undefined,
    simd: simdFits && !fmaMissing ? simd : undefined,
    isolation: isolation !== 'off',
  };
}
