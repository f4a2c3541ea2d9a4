// A playground in a frame speaks with the page around it, in the messages of docs/protocol.md: what that page asks for is
// held against what there is to ask, and carried out by window.hourglass; nothing of a message is ever run as code.
//
// Only the window around this one is heard, and only from the origins that the address names (?embedder=ORIGIN).

import { isBounded, TokenBucket } from './limits.js';

export const VERSION = 1;

// What the page around may ask for, and the fields that each takes beside hourglass, type and id.
const REQUESTS = {
  get: ['key'],
  set: ['key', 'value', 'values'],
  command: ['name', 'args'],
  lesson: ['args'],
  xapi: ['args'],
  state: [],
};
// Commands of wire.js (COMMANDS). Of the others the playground's own front end takes care.
const ALLOWED_COMMANDS = ['run', 'pause', 'step', 'finish_epoch', 'reset', 'new_seed', 'load_preset'].concat(
  ['set_setting', 'set_settings', 'decode', 'decode_map', 'get_images', 'save_checkpoint', 'load_checkpoint'],
  ['keep_run', 'get_kept_run', 'load_kept_run', 'drop_kept_run', 'show_step', 'go_on_from_step'],
);
// Events that are told by name; `state` tells the rest.
const EVENTS = ['settings_changed', 'network_info', 'data_ready', 'history', 'diagnoses', 'failure', 'run_kept'].concat(
  ['run_dropped', 'preference', 'fatal', 'lesson', 'lesson_result'],
);
// What of an event is as long as the data, and no use to another page without them.
const LEFT_OUT = ['map_labels', 'map_factors', 'map_texts', 'words'];

const STATE_MS = 200; // between two states
// Levels of a request with a lesson as an object: a reply to a choice in goals that stand as deep as they may is the
// fifteenth (kMaxGoalDepth of the engine).
const LESSON_DEPTH = 15;
const MAX_WAITING = 64; // requests without an answer
const PER_SECOND = 60; // requests
const BURST = 120;

// Opens the port. embedder: origins, separated by blanks or commas. language() is the one on show.
export function openPort(hourglass, { embedder, language }) {
  const origins = embedder.split(/[\s,]+/).filter(Boolean);
  for (const origin of origins) {
    if (!isOrigin(origin))
      console.error(`“embedder=${origin}” in the address should be an origin, such as https://example.org.`);
  }
  // Of a page that was opened as a file, Chromium says "file://" here and "null" everywhere else.
  const around = location.ancestorOrigins?.[0]?.replace(/^file:.*/, 'null');
  const named = around ? origins.filter((origin) => origin === around) : origins;
  if (named.length === 0) {
    console.info('Hourglass does not speak with the page around it, whose origin “embedder” in the address lacks.');
    return;
  }
  const post = (message) => {
    // Pages without an origin, such as sandboxed ones, can be named by none.
    for (const origin of named) {
      window.parent.postMessage({ hourglass: VERSION, ...message }, origin === 'null' ? '*' : origin);
    }
  };
  const answer = answerer(hourglass, post);
  window.addEventListener('message', (event) => {
    if (event.source !== window.parent || !origins.includes(event.origin)) return;
    if (!Object.hasOwn(Object(event.data), 'hourglass') || typeof event.data.hourglass !== 'number') return;
    answer(event.data);
  });
  tellState(hourglass, post);
  tellHeight(post);
  post({ type: 'listening' });
  hourglass.ready.then(
    () => post({ type: 'ready', state: smallState(hourglass), missing: missingHere(language()) }),
    (error) => post({ type: 'event', event: 'fatal', detail: { message: error.message } }),
  );
}

function isOrigin(text) {
  if (text === 'null') return true;
  try {
    return new URL(text).origin === text;
  } catch {
    return false;
  }
}

// Returns what takes one request.
function answerer(hourglass, post) {
  const bucket = new TokenBucket(BURST, PER_SECOND);
  const complaints = new TokenBucket(BURST, PER_SECOND);
  let waiting = 0;
  return async (request) => {
    const id = typeof request.id === 'string' || Number.isFinite(request.id) ? request.id : null;
    const refuse = (error) => {
      // Whoever floods this page is not flooded in turn.
      if (complaints.take()) post({ type: 'result', id: isShort(id) ? id : null, ok: false, error });
    };
    if (!bucket.take()) return refuse(`More than ${PER_SECOND} requests a second are not taken.`);
    if (waiting >= MAX_WAITING) return refuse(`${MAX_WAITING} requests wait already, and no more are taken.`);
    const wrong = whatIsWrong(request, id);
    if (wrong) return refuse(wrong);
    waiting += 1;
    try {
      post({ type: 'result', id, ok: true, value: await carryOut(hourglass, request) });
    } catch (error) {
      post({ type: 'result', id, ok: false, error: String(error?.message ?? error) });
    } finally {
      waiting -= 1;
    }
    return undefined;
  };
}

const isShort = (id) => id === null || String(id).length <= 64;

// One sentence, or "" for a request that can be carried out.
function whatIsWrong(request, id) {
  if (request.hourglass !== VERSION) {
    return `This playground speaks version ${VERSION} of the protocol, not ${request.hourglass}.`;
  }
  if (!isBounded(request, request.type === 'lesson' ? LESSON_DEPTH : undefined))
    return 'The message is too large, too deep, or has something in it that is no data.';
  if (typeof request.type !== 'string' || !Object.hasOwn(REQUESTS, request.type)) {
    return `There is no such request; there are ${Object.keys(REQUESTS).join(', ')}.`;
  }
  if (id === null || !isShort(id)) return 'A request needs an id, a number or a text of at most 64 characters.';
  const takes = REQUESTS[request.type];
  const foreign = Object.keys(request).find((key) => !['hourglass', 'type', 'id', ...takes].includes(key));
  if (foreign === undefined) return '';
  return `“${request.type}” takes ${takes.join(', ') || 'no fields'}, not “${foreign.slice(0, 40)}”.`;
}

async function carryOut(hourglass, { type, key, value, values, name, args }) {
  switch (type) {
    case 'state':
      return smallState(hourglass);
    case 'get':
      // Before the playground has begun it has no settings: a command that changes none begins it.
      if (Object.keys(hourglass.settings()).length === 0) await hourglass.command('set_settings', { values: {} });
      return key === undefined ? hourglass.settings() : hourglass.get(key);
    case 'set':
      if ((values === undefined) === (key === undefined)) throw new Error('“set” takes key and value, or values.');
      await (values === undefined ? set(hourglass, key, value) : hourglass.command('set_settings', { values }));
      return undefined;
    case 'lesson':
    case 'xapi':
      if (args !== undefined && !Array.isArray(args)) throw new Error(`The args of “${type}” must be an array.`);
      return dataOf(await hourglass[type](...(args ?? [])));
    default:
      if (!ALLOWED_COMMANDS.includes(name)) {
        throw new Error(`There is no such command; there are ${ALLOWED_COMMANDS.join(', ')}.`);
      }
      return hourglass.command(name, args);
  }
}

// Language, theme and size of text are the page's, all else are settings of the engine.
function set(hourglass, key, value) {
  if (key === 'lang') return void hourglass.setLanguage(value);
  if (key === 'theme') return void hourglass.setTheme(value);
  if (key === 'text') return void hourglass.setTextScale(value);
  return hourglass.set(key, value);
}

// An object with methods is no answer to another page.
const dataOf = (value) => (isBounded(value) ? value : undefined);

function smallState(hourglass) {
  const state = hourglass.state();
  const { phase, step, epoch, images_per_second, loss, metrics, pending_reset, network, data } = state;
  return {
    ...{ phase, step, epoch, images_per_second, loss, metrics, pending_reset },
    network: network && {
      code_size: network.code_size,
      parameters: network.parameters,
      engine: network.engine,
      threads: network.threads,
    },
    data: data && { name: data.name, train_count: data.train_count, test_count: data.test_count },
    lesson: state.lesson ?? null,
  };
}

// Tells the state when it has changed, and events as they come.
function tellState(hourglass, post) {
  let timer = 0;
  let told = '';
  const tell = () => {
    timer = 0;
    const state = smallState(hourglass);
    const now = JSON.stringify(state);
    if (now === told) return;
    told = now;
    post({ type: 'state', state });
  };
  hourglass.on('*', () => {
    timer ||= setTimeout(tell, STATE_MS);
  });
  for (const name of EVENTS) {
    hourglass.on(name, (event) => {
      const { event: same, id, ...detail } = event instanceof Error ? { message: event.message } : Object(event);
      for (const key of LEFT_OUT) delete detail[key];
      try {
        post({ type: 'event', event: name, detail });
      } catch (error) {
        console.error(error); // it has something in it that is no data
      }
    });
  }
}

// The height in which what is on show needs no scrolling, or on a phone little of it.
export function heightFor(width) {
  if (width >= 1080) return Math.round(Math.min(Math.max(0.6 * width, 740), 900));
  return width >= 760 ? 640 : 760;
}

function tellHeight(post) {
  let last = 0;
  const look = () => {
    const width = document.documentElement.clientWidth;
    const height = heightFor(width);
    if (width === 0 || height === last) return;
    last = height;
    post({ type: 'height', height });
  };
  new ResizeObserver(look).observe(document.documentElement);
  look();
}

const MISSING = {
  en: {
    threads: 'This frame trains with one thread: neither it nor the page around it is isolated.',
    storage: 'This frame may store nothing: runs and settings end with it.',
    worker: 'This sandbox allows no worker, so the engine shares the time of the screen.',
  },
  zh: {
    threads: '此框架只用一个线程训练：它和外层页面都没有跨源隔离。',
    storage: '此框架不能存储数据：训练和设置会随之消失。',
    worker: '此沙盒不允许使用 worker，引擎与界面共用时间。',
  },
};

// Sentences about what the page around, or the browser, does not allow here.
function missingHere(language) {
  const texts = MISSING[language] ?? MISSING.en;
  const missing = [];
  if (!window.crossOriginIsolated) missing.push(texts.threads);
  try {
    void window.localStorage;
  } catch {
    missing.push(texts.storage);
  }
  if (window.origin === 'null') missing.push(texts.worker);
  return missing;
}
