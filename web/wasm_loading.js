// Starts an Emscripten module, counting the bytes of its .wasm file as they come in.

import { fileSizes } from './site_info.js';

// Imports the module's factory, calls it with `settings` and resolves with the module. `load` is () => import(...), and
// `url` that of the .wasm file; both are fetched at once. `onProgress(loaded, total)` counts unpacked bytes; total is 0
// where the site's file sizes are not known.
export async function instantiateWithProgress(load, settings, url, onProgress = () => {}) {
  // Node reads the file from disk, which Emscripten does well by itself.
  if (url.protocol === 'file:') return (await load()).default(settings);
  const response = fetch(url, { credentials: 'same-origin' });
  response.catch(() => {}); // told below, unless load() fails first
  const { default: factory } = await load();
  return new Promise((resolve, reject) => {
    const instantiateWasm = (imports, done) => {
      instantiate(response, url, imports, onProgress).then(
        ({ instance, module }) => done(instance, module),
        // Emscripten would wait forever for a call of done().
        reject,
      );
      return {};
    };
    factory({ ...settings, instantiateWasm }).then(resolve, reject);
  });
}

async function instantiate(fetched, url, imports, onProgress) {
  const response = await fetched;
  const file = url.pathname.split('/').at(-1);
  if (!response.ok) throw new Error(`${file}: ${response.status} ${response.statusText}`);
  // Content-Length would not do: where the server compresses, it counts other bytes than the ones we see.
  const total = fileSizes[file] ?? 0;
  let loaded = 0;
  const counted = response.body.pipeThrough(new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.length;
      onProgress(loaded, total);
      controller.enqueue(chunk);
    },
  }));
  const headers = { 'Content-Type': 'application/wasm' };
  return WebAssembly.instantiateStreaming(new Response(counted, { headers }), imports);
}
