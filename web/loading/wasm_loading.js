// Starts an Emscripten module, counting the bytes of its .wasm file as they come in.

import { unpackLzma } from './lzma.js';
import { absentModules, packedSizes } from './site_info.js';

// No module of this project unpacks to more.
const MOST_BYTES = 64 * 2 ** 20;
// Threads are ready when the factory is; where a browser refuses their worker's script it would never be.
const MOST_MILLISECONDS = 15000;

// Whether the site has the module `name`.
export const hasModule = (name) => !absentModules.includes(name);

// Imports the module's factory, calls it with `settings` and resolves with the module. `load` is () => import(...), and
// `url` that of the .wasm file; both are fetched at once. `onProgress(loaded, total)` counts bytes; total is 0 where it is
// not known.
//
// Where the site has the file packed beside it (.lzma), that one is fetched: it is a fifth smaller than what hosts make of
// it with gzip, and many hosts do not compress .wasm files at all.
export async function instantiateWithProgress(load, settings, url, onProgress = () => {}) {
  // Node reads the file from disk, which Emscripten does well by itself.
  if (url.protocol === 'file:') return (await load()).default(settings);
  const source = fetchModule(url, onProgress);
  source.catch(() => {}); // told below, unless load() fails first
  const { default: factory } = await load();
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

// The module, compiled.
async function fetchModule(url, onProgress) {
  const file = url.pathname.split('/').at(-1);
  const total = packedSizes[file] ?? 0;
  if (total > 0) {
    const packed = new URL(`${file}.lzma`, url);
    try {
      const response = await fetchCounted(packed, `${file}.lzma`, (loaded) => onProgress(loaded, total));
      return await WebAssembly.compile(unpackLzma(new Uint8Array(await response.arrayBuffer()), MOST_BYTES));
    } catch (error) {
      console.info(`Hourglass loads ${file} as it is: ${error.message}`);
    }
  }
  return WebAssembly.compileStreaming(await fetchCounted(url, file, (loaded) => onProgress(loaded, 0)));
}

async function fetchCounted(url, file, count) {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${file}: ${response.status} ${response.statusText}`);
  let loaded = 0;
  const counted = response.body.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        loaded += chunk.length;
        count(loaded);
        controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted, { headers: { 'Content-Type': 'application/wasm' } });
}
