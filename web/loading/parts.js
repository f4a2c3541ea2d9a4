// Where scripts and workers find the other files of the site: beside this one. What is one file itself has them inside
// (web/standalone/parts.js), which the bundler then puts in the place of this module.

import { unpackLzma } from './lzma.js';
import { absentModules, packedSizes, secondaryParts } from './site_info.js';

// No module of this project unpacks to more.
const MOST_BYTES = 64 * 2 ** 20;

let folder = import.meta.url;
const place = (file) => new URL(`./${file}`, folder);

// Whoever bundles this script into one of their own says in which folder the files are instead.
export function setFolder(url) {
  folder = new URL(`${url}`.replace(/\/?$/, '/'), globalThis.location?.href ?? import.meta.url).href;
}

export const dataFolder = () => place('data/').href;
// Whether the site has the module `name`.
export const hasModule = (name) => !absentModules.includes(name);
export const startWorker = (script, name) => new Worker(place(script), { type: 'module', name });
export const importScript = (name) => import(place(`${name}.js`));
// The files of a data set by part, where they need not be fetched; otherwise null.
export const includedDataSet = () => null;
// The characters that Chinese documents have beyond those of the screen.
export const documentFont = 'fonts/documents.ttf';
export const serviceWorker = () => place('service_worker.js').href;

// The bytes of a file. Rejects with an Error that has its name as `file`.
export async function fetchFile(file) {
  try {
    const response = await fetch(place(file));
    if (!response.ok) throw new Error(`${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw Object.assign(error, { file });
  }
}

// A promise of the module of NAME.wasm, compiled; null in Node, where Emscripten's script reads the file from disk itself.
// `onProgress(loaded, total)` counts bytes; total is 0 where it is not known.
//
// Where the site has the file packed beside it (.lzma), that one is fetched: it is a fifth smaller than what hosts make of
// it with gzip, and many hosts do not compress .wasm files at all.
export const compiledModule = (name, onProgress) =>
  place('').protocol === 'file:' ? null : fetchModule(`${name}.wasm`, onProgress);

// The secondary part of the module `name` (web/split), or null where the module is whole, and in Node, where it is read when it
// is needed. Resolves with it compiled, and with its bytes where there are threads to share them with.
export const secondaryPart = (name) =>
  secondaryParts[name] && place('').protocol !== 'file:' ? fetchSecondary(secondaryParts[name]) : null;

// Whether it comes from what a service worker has stored.
export async function secondaryIsStored(name) {
  try {
    const isAnswered = secondaryParts[name] && navigator.serviceWorker?.controller;
    return Boolean(isAnswered && (await caches.match(place(secondaryParts[name]))));
  } catch {
    return false; // there is no storage here
  }
}

async function fetchSecondary(file) {
  const bytes = await fetchFile(file);
  return { compiled: await WebAssembly.compile(bytes), bytes };
}

async function fetchModule(file, onProgress) {
  const total = packedSizes[file] ?? 0;
  if (total > 0) {
    try {
      const response = await fetchCounted(`${file}.lzma`, (loaded) => onProgress(loaded, total));
      return await WebAssembly.compile(unpackLzma(new Uint8Array(await response.arrayBuffer()), MOST_BYTES));
    } catch (error) {
      console.info(`Hourglass loads ${file} as it is: ${error.message}`);
    }
  }
  return WebAssembly.compileStreaming(await fetchCounted(file, (loaded) => onProgress(loaded, 0)));
}

async function fetchCounted(file, count) {
  const response = await fetch(place(file), { credentials: 'same-origin' });
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
