// The dedicated worker in which the engine runs, so that training never holds up the page.
//
// Messages in:  { type: 'start', threads, simd, dataFolder, language, ownData, lock }, then commands as ArrayBuffers;
//               { type: 'ping' }, { type: 'hold', on }, { type: 'own', samples }: a person's own data.
// Messages out: { type: 'progress', loaded, total }, { type: 'started', threads }, events as ArrayBuffers,
//               { type: 'data_progress', name, fraction }, { type: 'fatal', message }, { type: 'pong' },
//               { type: 'held' }: the lock of that name is held as long as this worker lives.

import { loadDataSet } from './data_files.js';
import { EngineDriver } from './engine_driver.js';
// The one file that is no part of a bundle, named here so that it is fetched at once and not after what needs it.
import '../loading/site_info.js';

let driver = null;
let held = false;
const early = [];

// By this the page knows whether this worker is still there (engine_watch.js).
function holdLock(name) {
  const { locks } = navigator;
  if (!locks || !name) return;
  locks
    .request(name, () => {
      postMessage({ type: 'held' });
      return new Promise(() => {});
    })
    .catch(() => {}); // no locks in this place, say in a sandbox
}

async function start({ threads, simd, dataFolder, language, ownData }) {
  const fatal = (error) => postMessage({ type: 'fatal', message: String(error?.message ?? error) });
  try {
    driver = await EngineDriver.create({
      threads,
      simd,
      ownData,
      onEvent: (bytes) => postMessage(bytes.buffer, [bytes.buffer]),
      onFatal: fatal,
      onProgress: (loaded, total) => postMessage({ type: 'progress', loaded, total }),
      onDataProgress: (name, fraction) => postMessage({ type: 'data_progress', name, fraction }),
      loadData: (name, options) => loadDataSet(name, { ...options, folder: dataFolder, language }),
    });
  } catch (error) {
    fatal(error);
    return;
  }
  driver.hold(held);
  postMessage({ type: 'started', threads: driver.threads });
  for (const bytes of early.splice(0)) driver.send(bytes);
}

self.onmessage = ({ data }) => {
  if (data instanceof ArrayBuffer) {
    const bytes = new Uint8Array(data);
    if (driver) driver.send(bytes);
    else early.push(bytes);
  } else if (data.type === 'start') {
    holdLock(data.lock);
    start(data);
  } else if (data.type === 'ping') {
    postMessage({ type: 'pong' });
  } else if (data.type === 'own') {
    driver?.provide('own', { samples: new Uint8Array(data.samples) });
  } else if (data.type === 'hold') {
    held = data.on;
    driver?.hold(held);
  }
};
