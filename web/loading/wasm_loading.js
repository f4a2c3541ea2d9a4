// Starts an Emscripten module, counting the bytes of its .wasm file as they come in.

import { compiledModule } from './parts.js';

// Threads are ready when the factory is; where a browser refuses their worker's script it would never be.
const MOST_MILLISECONDS = 15000;

// Imports the factory of the module `name`, calls it with `settings` and resolves with the module. `load` is
// () => import(...), and is called while NAME.wasm is fetched. `onProgress(loaded, total)` counts bytes; total is 0 where
// it is not known.
export async function instantiateWithProgress(load, settings, name, onProgress = () => {}) {
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
