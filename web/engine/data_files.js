// Fetches a data set's four IDX files, or its file of documents, from the folder `data/` beside the page.
//
// The folder's index.json says what is there, so that a data set that is not can be told from a broken server,
// and how many bytes each file has, so that progress is right even where the server sends no length:
//   { "sets": { "mnist": { "train_images": { "file": "mnist/train-images-idx3-ubyte.gz", "bytes": 9912422 }, ... } } }

import { pageText } from '../loading/page_text.js';
import { includedDataSet } from '../loading/parts.js';

// No file of a data set unpacks to more: 200,000 samples of 64 x 64 values fit.
const MOST_BYTES = 2 ** 30;

const IMAGE_PARTS = ['train_images', 'train_labels', 'test_images', 'test_labels'];
export const DATA_PARTS = [...IMAGE_PARTS, 'documents', 'samples'];

// The files' bytes, unpacked, by part. `folder` is a URL that ends in "/" (file: in Node), or null where
// there is none. `onProgress(fraction)` is
// called with 0 to 1. `room(part, size)` returns where a file's bytes go, an Uint8Array or whatever else has its
// set(bytes, offset), and null if there is no room. Throws an Error with one sentence in `language` for a person, or
// signal.reason once aborted.
export async function loadDataSet(
  name,
  { folder, language = 'en', onProgress = () => {}, signal, room = (part, size) => new Uint8Array(size) } = {},
) {
  const included = includedDataSet(name);
  if (included) return included;
  if (!folder) throw new Error(pageText(language, 'dataNotInFile', { name }));
  const fail = (reason, values) => {
    throw new Error(pageText(language, 'dataFailed', { name, reason: pageText(language, reason, values) }));
  };
  const index = await readIndex(new URL('index.json', folder), signal, fail);
  const sets = index.sets ?? {};
  if (!Object.hasOwn(sets, name)) {
    const there = Object.keys(sets).join(', ') || pageText(language, 'dataNone');
    throw new Error(pageText(language, 'dataMissing', { name, there }));
  }
  const files = sets[name];
  const needed = files.documents ? ['documents'] : IMAGE_PARTS;
  const total = needed.reduce((sum, part) => sum + (files[part]?.bytes ?? 0), 0);
  let loaded = 0;
  let reported = -1;
  const count = (bytes) => {
    loaded += bytes;
    // A server that unpacks on the way sends more bytes than the file has; 100% is 100% all the same.
    const fraction = total > 0 ? Math.min(loaded / total, 1) : 0;
    if (fraction - reported >= 0.01 || (fraction === 1 && reported < 1)) {
      reported = fraction;
      onProgress(fraction);
    }
  };
  onProgress(0);
  const parts = await Promise.all(
    needed.map(async (part) => {
      const file = files[part]?.file;
      if (typeof file !== 'string') fail('dataDamaged', { file: 'index.json' });
      const chunks = await readChunks(new URL(file, folder), file, count, signal, fail);
      const roomFor = (size) => room(part, size) ?? fail('outOfMemory');
      return [part, await unpack(chunks, roomFor, file, signal, fail)];
    }),
  );
  return Object.fromEntries(parts);
}

async function readIndex(url, signal, fail) {
  const bytes = joined(await readChunks(url, 'index.json', () => {}, signal, fail));
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return fail('dataDamaged', { file: 'index.json' });
  }
}

async function readChunks(url, file, count, signal, fail) {
  if (url.protocol === 'file:') {
    const { readFile } = await import('node:fs/promises');
    const bytes = await readFile(url).catch(() => fail('dataNoAnswer', { file }));
    count(bytes.length);
    return [bytes];
  }
  let response;
  try {
    response = await fetch(url, { signal });
  } catch {
    signal?.throwIfAborted();
    fail('dataNoAnswer', { file });
  }
  if (!response.ok) fail('dataStatus', { file, status: response.status });
  const chunks = [];
  try {
    const reader = response.body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      chunks.push(chunk.value);
      count(chunk.value.length);
    }
  } catch {
    signal?.throwIfAborted();
    fail('dataNoAnswer', { file });
  }
  return chunks;
}

// Whether bytes are gzip is told from themselves: some servers send .gz files with a Content-Encoding, and then the
// browser has unpacked them already. Piece by piece to where they stay, the largest file is in memory once.
async function unpack(chunks, roomFor, file, signal, fail) {
  const [one, two] = joined(chunks.slice(0, 2));
  const isPacked = one === 0x1f && two === 0x8b;
  if (isPacked && typeof DecompressionStream === 'undefined') fail('dataTooOld');
  const packedSize = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const size = isPacked ? unpackedSize(chunks) : packedSize;
  // Deflate makes at most 1,032 bytes of one. What a damaged file says may be anything, and is held below what would
  // make the engine's memory grow for nothing.
  if (size > Math.min(1032 * packedSize, MOST_BYTES)) fail('dataDamaged', { file });
  const whole = roomFor(size);
  let stream = streamOf(chunks);
  if (isPacked) stream = stream.pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  let filled = 0;
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      signal?.throwIfAborted();
      if (filled + piece.value.length > size) throw new RangeError('more than the file says');
      whole.set(piece.value, filled);
      filled += piece.value.length;
    }
  } catch {
    reader.cancel().catch(() => {});
    signal?.throwIfAborted();
    fail('dataDamaged', { file });
  }
  if (filled !== size) fail('dataDamaged', { file });
  return whole;
}

// What a gzip file says of itself in its last four bytes.
function unpackedSize(chunks) {
  const end = joined(chunks.slice(-4)); // no chunk is empty
  return end.length < 4 ? 0 : new DataView(end.buffer).getUint32(end.length - 4, true);
}

// The chunks one after the other; the array is empty then.
function streamOf(chunks) {
  return new ReadableStream({
    pull(controller) {
      if (chunks.length > 0) controller.enqueue(chunks.shift());
      else controller.close();
    },
  });
}

function joined(chunks) {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
