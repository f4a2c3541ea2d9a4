// The bare engine, for a page, a notebook or a script of one's own:
//
//   import { createEngine } from './engine_client.js';
//   const engine = await createEngine();
//   engine.on('history', () => console.log(engine.state().step, engine.state().loss));
//   await engine.command('load_preset', { name: 'deep' });
//   await engine.set('train.learning_rate', 0.5);
//   await engine.command('run');
//
// The object has, from SessionClient: command(name, args), set(key, value), get(key), settings(), state(), history(),
// snapshot(), on(event, callback). Its own are `threads` and close(). Commands and their arguments are listed in
// wire.js (COMMANDS); events are settings_changed, network_info, status, data_wanted, data_ready, history, snapshot,
// reply, failure, diagnoses, and here also data_progress ({ name, fraction }), silent ({ seconds }: the engine in its
// worker has not answered for so long; null: it has again) and fatal (an Error: the engine is gone).

import { loadDataSet } from '../engine/data_files.js';
import { EngineWatch } from './engine_watch.js';
import { dataFolder, setFolder, startWorker } from '../loading/parts.js';
import { pageText } from '../loading/page_text.js';
import { SessionClient } from './session_client.js';
import { decodeEvent, messageName } from '../engine/wire.js';

const inNode = typeof process === 'object' && !!process.versions?.node;

// How many threads the engine may use here: more than one need shared memory, which a page has only where it is
// cross-origin isolated. Beyond eight, these small networks gain nothing.
export function availableThreads() {
  const shared = typeof SharedArrayBuffer !== 'undefined' && (inNode || globalThis.crossOriginIsolated === true);
  return shared ? Math.max(1, Math.min(globalThis.navigator?.hardwareConcurrency ?? 1, 8)) : 1;
}

// Options, all optional:
//   threads      how many; by default availableThreads()
//   simd         "fma" (relaxed SIMD) or "simd"; by default the faster one that runs here. state().network.engine says
//                which it is: "simd+fma" or "simd"
//   worker       whether to run in a worker: true (default) in pages; in Node the engine runs in the caller's thread
//   files        URL of the folder with the engine's files, for whoever bundles this module into a script of their own;
//                by default the folder that this module is in
//   dataFolder   URL of the folder with data sets and their index.json; by default data/ beside this module
//   loadData(name, { onProgress, signal })   resolves with the raw IDX bytes { train_images, train_labels, test_images,
//                test_labels } of a data set, in place of dataFolder (without a worker only)
//   language     "en" or "zh", for sentences about data that cannot be had
// Resolves when there is a network to train, on the built-in data set.
export async function createEngine(options = {}) {
  if (options.files !== undefined) setFolder(options.files);
  const settings = {
    threads: availableThreads(),
    dataFolder: dataFolder(),
    language: 'en',
    ...options,
  };
  const engine = new Engine();
  const known = new Promise((resolve, reject) => {
    const stop = engine.on('data_ready', () => {
      stop();
      resolve();
    });
    engine.on('fatal', reject);
  });
  known.catch(() => {}); // told below, unless start() fails first
  await engine.start(settings, options.worker ?? !inNode);
  await known;
  return engine;
}

class Engine extends SessionClient {
  #carrier = null;

  constructor() {
    super((bytes) => this.#carrier.send(bytes));
    // The next snapshot is made only after the last one was used; that is so when its listeners have returned.
    this.on('snapshot', () => queueMicrotask(() => this.post('snapshot_taken')));
  }

  async start(settings, inWorker) {
    const listeners = {
      onEvent: (bytes) => this.receive(bytes),
      onDataProgress: (name, fraction) => this.emit('data_progress', { name, fraction }),
      onSilent: (seconds) => this.emit('silent', { seconds }),
      onLost: (seconds) => this.giveUp(new Error(pageText(settings.language, 'engineLost', { seconds }))),
      onFatal: (error) => {
        this.emit('fatal', error);
        super.close(error);
      },
    };
    this.#carrier = inWorker ? startEngineWorker(settings, listeners) : startEngineHere(settings, listeners);
    this.threads = await this.#carrier.started;
  }

  // Ends the engine, its worker and threads. Commands that wait are rejected.
  close(error = new Error('The engine was closed.')) {
    this.#carrier?.close();
    super.close(error);
  }
}

// The worker that preload_worker.js has started, for the first who asks; otherwise a new one.
function takeWorker() {
  const early = globalThis.hourglassWorker;
  globalThis.hourglassWorker = null; // if preload_worker.js comes now, it is too late
  return early ?? startWorker('engine_worker.js', 'hourglass-engine');
}

let locks = 0;

// Starts the engine's worker at once; what it says goes to the listeners. Returns { send(bytes), hold(on), provide(samples), close(),
// started }:
// `started` resolves with the number of threads in use, or rejects with an Error. Commands may be sent before that.
// Beside those of EngineDriver the listeners are onSilent(seconds | null) and onLost(seconds): see EngineWatch.
export function startEngineWorker(settings, listeners) {
  const { threads, simd, dataFolder, language, ownData } = settings;
  let worker;
  try {
    worker = takeWorker();
  } catch (error) {
    // An iframe that is sandboxed without allow-same-origin belongs to no origin, and may have no worker of this one.
    console.info(`Hourglass goes on without a worker: ${error.message}`);
    return startEngineHere({ ...settings, threads: 1 }, listeners);
  }
  let settle;
  const started = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  let closed = false;
  const close = () => {
    closed = true;
    watch.close();
    worker.terminate();
  };
  const fatal = (message) => {
    if (closed) return;
    close(); // whatever is left of it
    const error = new Error(message);
    settle.reject(error);
    listeners.onFatal?.(error);
  };
  const watch = new EngineWatch(worker, {
    onGone: () => fatal(pageText(language, 'engineGone')),
    onSilent: (seconds) => listeners.onSilent?.(seconds),
    onLost: (seconds) => listeners.onLost?.(seconds),
  });
  const lock = `hourglass-engine-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${locks++}`;
  worker.onerror = (event) => {
    event.preventDefault?.();
    fatal(event.message || 'engine_worker.js');
  };
  worker.onmessage = ({ data }) => {
    if (closed) return;
    watch.heard();
    if (data instanceof ArrayBuffer) {
      const bytes = new Uint8Array(data);
      if (messageName(bytes) === 'status') watch.expect(decodeEvent(bytes).phase === 'running');
      listeners.onEvent(bytes);
    } else if (data.type === 'progress') listeners.onProgress?.(data.loaded, data.total);
    else if (data.type === 'data_progress') listeners.onDataProgress?.(data.name, data.fraction);
    else if (data.type === 'started') settle.resolve(data.threads);
    else if (data.type === 'fatal') fatal(data.message);
    else if (data.type === 'held') watch.held(lock);
    else if (data.type === 'pong') watch.pong();
  };
  if (worker.failure) queueMicrotask(() => fatal(worker.failure)); // before there was anybody to hear it
  worker.postMessage({ type: 'start', threads, simd, dataFolder, language, ownData, lock });
  watch.expect();
  return {
    started,
    send: (bytes) => {
      worker.postMessage(bytes.buffer, [bytes.buffer]);
      watch.expect();
    },
    hold: (on) => worker.postMessage({ type: 'hold', on }),
    provide: (samples) => {
      worker.postMessage({ type: 'own', samples }, [samples]);
      watch.expect();
    },
    close,
  };
}

// The same in the caller's own thread, which it takes in turns with whatever else there is to do. `loadData` as for
// createEngine().
function startEngineHere({ threads, simd, dataFolder, language, loadData, ownData }, listeners) {
  let driver = null;
  let closed = false;
  let held = false;
  const early = [];
  const start = async () => {
    const { EngineDriver } = await import('../engine/engine_driver.js');
    driver = await EngineDriver.create({
      threads,
      simd,
      ownData,
      ...listeners,
      loadData: loadData ?? ((name, more) => loadDataSet(name, { ...more, folder: dataFolder, language })),
    });
    if (closed) driver.close();
    driver.hold(held);
    for (const bytes of early.splice(0)) driver.send(bytes);
    return driver.threads;
  };
  const started = start();
  started.catch((error) => listeners.onFatal?.(error));
  return {
    started,
    send: (bytes) => (driver ? driver.send(bytes) : early.push(bytes)),
    hold: (on) => {
      held = on;
      driver?.hold(on);
    },
    provide: (samples) => driver?.provide('own', { samples: new Uint8Array(samples) }),
    close: () => {
      closed = true;
      driver?.close();
    },
  };
}
