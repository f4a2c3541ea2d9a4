// The files that are packed into a script or a page: streams of LZMA in base 85 (base85.js), each of
// several files.
//
// Unpacked, a stream is four bytes with the length of its index (little-endian), the index as JSON, [[name, bytes], ...],
// and the files one after the other (web/tools/standalone.mjs).

import { unpackLzma } from '../loading/lzma.js';
import { fromBase85 } from './base85.js';

// Which file is in which stream.
export const CONTENTS = {
  scripts: ['hourglass.js', 'engine_worker.js', 'files_worker.js'],
  ui: ['ui.wasm'],
  engine: ['engine.wasm', 'engine-fma.wasm'],
  files: ['files.wasm'],
  lessons: ['texts/en.json', 'fonts/lessons.ttf'], // and lessons/*.json
  chinese: ['texts/zh.json', 'fonts/chinese.ttf'],
  documents: ['data/texts/documents.tsv'],
};

// No stream unpacks to more.
const MOST_BYTES = 64 * 2 ** 20;

// The text of a stream: in a worker the page has put it in front of the script, in a page it is an element.
export const streamText = (name) =>
  globalThis.hourglassStreams?.[name] ?? document.getElementById(`stream-${name}`).textContent;

// Whether the stream is packed into what runs here.
export const hasStream = (name) =>
  globalThis.hourglassStreams?.[name] !== undefined || Boolean(globalThis.document?.getElementById(`stream-${name}`));

// All files of a stream by name, as Uint8Arrays. Throws an Error if it is damaged.
export function unpackStream(name) {
  const bytes = unpackLzma(bytesOf(streamText(name)), MOST_BYTES);
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let offset = 4 + length;
  const files = {};
  for (const [file, size] of index) {
    files[file] = bytes.subarray(offset, offset + size);
    offset += size;
  }
  return files;
}

// The bytes of one file. Throws an Error that has its name as `file`.
export function unpackFile(file) {
  try {
    const has = ([stream, files]) => files.includes(file) || file.startsWith(`${stream}/`);
    const found = Object.entries(CONTENTS).find(has);
    const bytes = found && unpackStream(found[0])[file];
    if (!bytes) throw new Error('404'); // as a server says it
    return bytes;
  } catch (error) {
    throw Object.assign(error, { file });
  }
}

function bytesOf(text) {
  try {
    return fromBase85(text);
  } catch {
    throw new Error('the packed file is damaged'); // in the words of lzma.js
  }
}
