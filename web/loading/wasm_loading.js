// Starts an Emscripten module, counting the bytes of its .wasm file as they come in.

import { compilesAtOnce } from './capabilities.js';
import { compiledModule, secondaryIsStored, secondaryPart } from './parts.js';

// Threads are ready when the factory is; where a browser refuses their worker's script it would never be.
const MOST_MILLISECONDS = 15000;

// Imports the factory of the module `name`, calls it with `settings` and resolves with the module. `load` is
// () => import(...), and is called while NAME.wasm is fetched. `onProgress(loaded, total)` counts bytes; total is 0 where
// it is not known. The module's secondary part comes later (completeModule()), unless nobody could wait for it here.
export async function instantiateWithProgress(load, settings, name, onProgress = () => {}) {
  const early = mustBeWhole(name).then((must) => (must ? secondaryPart(name) : null));
  const module = await instantiate(load, settings, name, onProgress);
  const secondary = await early.catch(() => null);
  if (secondary) await take(module, secondary);
  return module;
}

// A page cannot get the part while somebody waits for it in browsers that compile nothing large at once, where its owner forbids
// synchronous requests, and without a network: in Chromium 156 such a request of a page goes past the service worker, unlike
// one of a worker.
async function mustBeWhole(name) {
  if (typeof document === 'undefined') return false;
  const isForbidden = document.featurePolicy?.allowsFeature('sync-xhr') === false;
  return isForbidden || !compilesAtOnce() || secondaryIsStored(name);
}

async function instantiate(load, settings, name, onProgress) {
  const source = compiledModule(name, onProgress);
  source?.catch(() => {}); // told below, unless load() fails first
  const { default: factory } = await load();
  if (!source) return factory(settings);
  return new Promise((resolve, reject) => {
    const instantiateWasm = (imports, done) => {
      source
        .then((module) =>
          WebAssembly.instantiate(module, imports).then((instance) => {
            done(instance, module);
            setTimeout(() => reject(new Error('its threads do not start')), MOST_MILLISECONDS);
          }),
        )
        .catch(
          // Emscripten would wait forever for a call of done().
          reject,
        );
      return {};
    };
    factory({ ...settings, instantiateWasm }).then(resolve, reject);
  });
}

// Fetches the secondary part of the module (web/split), without which it does whatever is needed until the first training
// step. What needs more of it before that is here waits until it has fetched it itself. Rejects where it does not come, and may
// be called again.
export async function completeModule(module, name) {
  if (module.isWhole) return;
  const secondary = await secondaryPart(name);
  if (secondary) await take(module, secondary);
}

async function take(module, { compiled, bytes }) {
  await module.takeSecondaryPart(compiled, bytes);
  module.isWhole = true;
}
