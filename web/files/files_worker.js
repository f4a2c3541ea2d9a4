// The worker in which a person's own files are read and understood, so that neither the page nor training waits for it.
//
// Messages in:  { type: 'files', name, files: [{ path, blob }] } reads them in place of those before;
//               { type: 'preview', options, job }, { type: 'samples', options } with JSON text; { type: 'forget' };
//               { type: 'save', kind, words, checkpoint, data, snapshot, codes } makes a file, or a ZIP of several: the
//               bytes of a checkpoint, and those of the newest events data_ready and snapshot and of the result of the
//               job "codes", or null.
//               { type: 'project', checkpoint, samples } makes a project, samples being those of own data or null;
//               { type: 'open_project', name, blob } reads one;
//               { type: 'open_model', name, blob, present } a model of another program, present being the bytes of a
//               checkpoint of the run that is there.
// Messages out: one answer to each, in order: { bytes } (an ArrayBuffer, or null where there is nothing to tell), of a
//               saved file with its { name }, of a project that was read with { samples }, or { error }, a sentence in
//               English, with { sentence }: the JSON text of core/base/sentence.h, where it is the module's.

import { importScript } from '../loading/parts.js';
import { instantiateWithProgress } from '../loading/wasm_loading.js';

const PIECE = 2 ** 22; // bytes of a file that are read at a time

let starting = null;
let queue = Promise.resolve();

const start = () =>
  (starting ??= instantiateWithProgress(() => importScript('files'), {}, 'files').catch((error) => {
    starting = null; // the next may find it
    throw error;
  }));

// Calls `name` with texts as UTF-8, and numbers as they are.
function call(module, name, ...args) {
  const pointers = [];
  try {
    const given = args.map((arg) => {
      if (typeof arg !== 'string') return arg;
      const bytes = new TextEncoder().encode(`${arg}\0`);
      const pointer = module._malloc(bytes.length);
      module.HEAPU8.set(bytes, pointer);
      pointers.push(pointer);
      return pointer;
    });
    return module[name](...given);
  } finally {
    for (const pointer of pointers) module._free(pointer);
  }
}

// What the module has answered, copied out; throws it where it is a sentence.
function answerOf(module, made) {
  const from = module._files_answer();
  const bytes = module.HEAPU8.slice(from, from + module._files_answer_length());
  if (!made) {
    const sentence = new TextDecoder().decode(bytes);
    throw Object.assign(new Error(JSON.parse(sentence).text), { sentence });
  }
  return bytes.buffer;
}

// Gives the module one file more, piece by piece: a copy of the whole beside it would double what a large one takes.
async function addFile(module, path, blob) {
  const room = call(module, '_files_add', path, blob.size);
  if (!room) throw new Error('out of memory');
  for (let at = 0; at < blob.size; at += PIECE) {
    const piece = await blob.slice(at, at + PIECE).arrayBuffer();
    module.HEAPU8.set(new Uint8Array(piece), room + at);
  }
}

async function readFiles(module, { name, files }) {
  call(module, '_files_begin');
  for (const { path, blob } of files) await addFile(module, path, blob);
  call(module, '_files_end', name);
  return null;
}

// Where bytes lie in the module's memory, and how many; null where there is no room.
function place(module, bytes) {
  if (!bytes) return [0, 0];
  const pointer = module._malloc(Math.max(bytes.length, 1));
  if (!pointer) throw new Error('out of memory');
  module.HEAPU8.set(bytes, pointer);
  return [pointer, bytes.length];
}

// Calls `name` with `texts` and then the places of `arrays`; resolves with the file that is made.
function makeFile(module, name, texts, arrays) {
  const places = [];
  try {
    for (const bytes of arrays) places.push(place(module, bytes));
    const made = call(module, name, ...texts, ...places.flat());
    const bytes = answerOf(module, made);
    const from = module._files_answer_name();
    const letters = module.HEAPU8.slice(from, module.HEAPU8.indexOf(0, from));
    return { bytes, name: new TextDecoder().decode(letters) };
  } finally {
    for (const [pointer] of places) module._free(pointer);
  }
}

function makeFilm(module, { kind, data, frames }) {
  const give = (name, texts, bytes) => {
    const [pointer, length] = place(module, bytes);
    try {
      answerOf(module, call(module, name, ...texts, pointer, length));
    } finally {
      module._free(pointer);
    }
  };
  give('_files_film_begin', [kind], data);
  for (const frame of frames) give('_files_film_add', [], frame);
  return makeFile(module, '_files_film_end', [], []);
}

async function openModel(module, message) {
  call(module, '_files_begin');
  await addFile(module, message.name, message.blob);
  return makeFile(module, '_files_open_model', [], [message.present]);
}

async function openProject(module, message) {
  call(module, '_files_begin');
  await addFile(module, message.name, message.blob);
  const checkpoint = answerOf(module, call(module, '_files_open_project'));
  const from = module._files_samples_of_project();
  const samples = module.HEAPU8.slice(from, from + module._files_samples_of_project_length());
  return { bytes: checkpoint, samples: samples.length > 0 ? samples.buffer : null };
}

async function answer(message) {
  if (message.type === 'forget' && !starting) return null;
  const module = await start();
  switch (message.type) {
    case 'files':
      return readFiles(module, message);
    case 'preview':
      return answerOf(module, call(module, '_files_preview', message.options, message.job));
    case 'samples':
      return answerOf(module, call(module, '_files_samples', message.options));
    case 'save':
      return makeFile(
        module,
        '_files_save',
        [message.kind, message.words],
        [message.checkpoint, message.data, message.snapshot, message.codes],
      );
    case 'film':
      return makeFilm(module, message);
    case 'project':
      return makeFile(module, '_files_project', [], [message.checkpoint, message.samples]);
    case 'open_project':
      return openProject(module, message);
    case 'open_model':
      return openModel(module, message);
    default:
      call(module, '_files_begin');
      return null;
  }
}

self.onmessage = ({ data }) => {
  queue = queue
    .then(() => answer(data))
    .then(
      (made) => {
        const told = made && !(made instanceof ArrayBuffer) ? made : { bytes: made };
        postMessage(told, [told.bytes, told.samples].filter(Boolean));
      },
      (error) => {
        // What the module throws itself is the allocator's: what it holds by then is of no use to anybody.
        const starved = error instanceof WebAssembly.Exception || error instanceof WebAssembly.RuntimeError;
        if (starved) starting = null;
        postMessage({ error: starved ? 'out of memory' : error.message, sentence: error.sentence });
      },
    );
};
