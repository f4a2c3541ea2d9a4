// web/loading/parts.js for what is one file itself: all parts are in it, packed.

import { CONTENTS, hasStream, streamText, unpackFile } from './streams.js';

// What each worker needs in itself: it has no page to look into.
const STREAMS_OF = { 'engine_worker.js': ['engine', 'documents'], 'files_worker.js': ['files'] };

// The bundler knows these as the scripts that Emscripten has made.
const SCRIPTS = {
  engine: () => import('built:engine.js'),
  'engine-fma': () => import('built:engine-fma.js'),
  files: () => import('built:files.js'),
};

export function setFolder() {}
export const dataFolder = () => null;
export const hasModule = (name) => CONTENTS.engine.includes(`${name}.wasm`);
export const importScript = (name) => SCRIPTS[name]();
export const serviceWorker = () => null;
// Characters that Chinese documents have beyond those of the screen: there is no room for them.
export const documentFont = null;
export const fetchFile = async (file) => unpackFile(file);

export function includedDataSet(name) {
  return name === 'texts' && hasStream('documents') ? { documents: unpackFile('data/texts/documents.tsv') } : null;
}

export async function compiledModule(name, onProgress) {
  const file = `${name}.wasm`;
  let bytes;
  try {
    bytes = unpackFile(file);
  } catch (error) {
    throw new Error(`${file}: ${error.message}`);
  }
  onProgress(bytes.length, bytes.length);
  return WebAssembly.compile(bytes);
}

export const secondaryPart = () => null;
export const secondaryIsStored = async () => false;

// A worker whose script is a blob, and no module: of a page that was opened as a file, Chromium starts no other.
export function startWorker(script, name) {
  const streams = Object.fromEntries(
    STREAMS_OF[script].filter(hasStream).map((stream) => [stream, streamText(stream)]),
  );
  const parts = [`self.hourglassStreams=${JSON.stringify(streams)};`, unpackFile(script)];
  const address = URL.createObjectURL(new Blob(parts, { type: 'text/javascript' }));
  const worker = new Worker(address, { name });
  worker.addEventListener('message', () => URL.revokeObjectURL(address), { once: true });
  return worker;
}
