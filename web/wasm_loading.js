// Starts an Emscripten module, counting the bytes of its .wasm file as they come in.

import { fileSizes } from './site_info.js';

// Calls `factory` with `settings` and resolves with the module. `onProgress(loaded, total)` counts unpacked bytes;
// total is 0 where the site's file sizes are not known.
export function instantiateWithProgress(factory, settings, url, onProgress = () => {}) {
  // Node reads the file from disk, which Emscripten does well by itself.
  if (url.protocol === 'file:') return factory(settings);
  return new Promise((resolve, reject) => {
    const instantiateWasm = (imports, done) => {
      instantiate(url, imports, onProgress).then(
        ({ instance, module }) => done(instance, module),
        // Emscripten would wait forever for a call of done().
        reject,
      );
      return {};
    };
    factory({ ...settings, instantiateWasm }).then(resolve, reject);
  });
}

async function instantiate(url, imports, onProgress) {
  const response = await fetch(url, { credentials: 'same-origin' });
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
