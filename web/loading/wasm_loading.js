// Starts an Emscripten module, counting the bytes of its .wasm file as they come in.

import { compiledModule, compiledSecondaryPart } from './parts.js';

// Threads are ready when the factory is; where a browser refuses their worker's script it would never be.
const MOST_MILLISECONDS = 15000;

// Imports the factory of the module `name`, calls it with `settings` and resolves with the module. `load` is
// () => import(...), and is called while NAME.wasm is fetched. `onProgress(loaded, total)` counts bytes; total is 0 where
// it is not known. `whole` brings the secondary part with it (web/split), for which completeModule() is there otherwise.
export async function instantiateWithProgress(load, settings, name, onProgress = () => {}, whole = false) {
  const secondary = whole ? compiledSecondaryPart(name) : null;
  secondary?.catch(() => {}); // told by completeModule()
  const module = await instantiate(load, settings, name, onProgress);
  if (secondary) await completeModule(module, name, secondary);
  return module;
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
// step. What needs more of it before that is here waits until it has fetched it itself.
export async function completeModule(module, name, secondary = null) {
  if (module.isWhole) return;
  try {
    const compiled = await (secondary ?? compiledSecondaryPart(name));
    if (compiled) module.takeSecondaryPart(compiled);
    module.isWhole = true;
  } catch (error) {
    console.info(`Hourglass has the first part of ${name} alone: ${error.message}`);
  }
}
