// Bundles in which everything is one file: the page that needs no server, and the engine as one module.
//
// Scripts find their parts in themselves (web/standalone/) instead of beside them (web/loading/parts.js, web/page/playground.js).

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { toBase85 } from '../standalone/base85.js';
import { CONTENTS } from '../standalone/streams.js';
import { COMMON } from './bundle.mjs';
import { lessonFiles } from './lesson_files.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const repository = path.dirname(web);

// Where the build leaves what is not a script of ours, by name.
const PRESETS = { ui: 'wasm-ui', engine: 'wasm-engine', 'engine-fma': 'wasm-engine', files: 'wasm-engine' };
const OTHERS = {
  'texts/en.json': () => path.join(repository, 'assets/texts/en.json'),
  'fonts/lessons.ttf': (build) => path.join(build, 'wasm-ui/fonts/lessons.ttf'),
  'texts/zh.json': () => path.join(repository, 'assets/texts/zh.json'),
  'fonts/chinese.ttf': (build) => path.join(build, 'wasm-ui/fonts/chinese.ttf'),
  'data/texts/documents.tsv': () => path.join(repository, 'assets/corpus/documents.tsv'),
};

// Whoever may run these scripts has WebAssembly with SIMD.
export const TARGET = { target: 'es2022' };

function placeOf(build, file) {
  const place = OTHERS[file]?.(build) ?? path.join(build, PRESETS[path.parse(file).name], file);
  if (!existsSync(place)) throw new Error(`${place} is missing: build it with ./dev site`);
  return place;
}

// Of two modules, what fetches the parts and what has them.
const REPLACED = { 'loading/parts.js': 'standalone/parts.js', 'page/playground.js': 'standalone/playground.js' };

function embedded(build) {
  return {
    name: 'embedded',
    setup({ onResolve }) {
      onResolve({ filter: /^built:/ }, ({ path: name }) => ({ path: placeOf(build, name.slice('built:'.length)) }));
      onResolve({ filter: /^\.\/ui\.js$/ }, () => ({ path: placeOf(build, 'ui.js') }));
      onResolve({ filter: /^\./ }, ({ path: name, resolveDir }) => {
        const file = path.relative(web, path.resolve(resolveDir, name)).split(path.sep).join('/');
        return Object.hasOwn(REPLACED, file) ? { path: path.join(web, REPLACED[file]) } : undefined;
      });
    },
  };
}

// A browser knows no modules of Node: what asks for them never runs there.
export const WITHOUT_NODE = {
  name: 'without-node',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:|^module$/ }, ({ path: name }) => ({ path: name, namespace: 'without-node' }));
    onLoad({ filter: /.*/, namespace: 'without-node' }, () => ({ contents: 'export {};' }));
  },
};

// The text of the script `entry` (a path within web/) and all that it imports; `options` are esbuild's.
export async function bundleWhole(build, entry, options = {}) {
  const { build: bundle } = await import('esbuild');
  const { outputFiles } = await bundle({
    ...COMMON,
    ...TARGET,
    absWorkingDir: web,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    plugins: [WITHOUT_NODE, embedded(build)],
    // Emscripten's scripts look where they are, which in a worker without modules is nowhere; they are given all they need.
    logOverride: { 'empty-import-meta': 'silent' },
    ...options,
  });
  return outputFiles[0].text;
}

export const bundleWorker = (build, entry) => bundleWhole(build, entry, { format: 'iife' });

// Text of a stream (web/standalone/streams.js) of files, [[name, Buffer], ...].
export async function packStream(files) {
  const index = Buffer.from(JSON.stringify(files.map(([name, bytes]) => [name, bytes.length])));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(index.length);
  return toBase85(await packLzma(Buffer.concat([length, index, ...files.map(([, bytes]) => bytes)])));
}

// All streams by name, of those that are wanted; `scripts` has the texts of scripts by name.
export async function packStreams(build, names, scripts) {
  const streams = {};
  for (const name of names) {
    const files = CONTENTS[name].filter((file) => name !== 'scripts' || scripts[file]);
    const contents = files.map(async (file) => [
      file,
      scripts[file] ? Buffer.from(scripts[file]) : await readFile(placeOf(build, file)),
    ]);
    const lessons = name === 'lessons' ? await lessonFiles() : [];
    streams[name] = await packStream([
      ...(await Promise.all(contents)),
      ...lessons.map(([file, text]) => [file, Buffer.from(text)]),
    ]);
  }
  return streams;
}

// `bytes` as web/loading/lzma.js reads them.
export async function packLzma(bytes) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-pack-'));
  try {
    const file = path.join(folder, 'bytes');
    await writeFile(file, bytes);
    const options = ['--format=lzma', '--lzma1=preset=9e,lc=4,lp=0,pb=0', '--stdout', file];
    const { stdout } = await promisify(execFile)('xz', options, { encoding: 'buffer', maxBuffer: 2 ** 28 }).catch(
      (error) => {
        throw new Error(`xz (Debian: xz-utils) could not pack ${bytes.length} bytes: ${error.message}`);
      },
    );
    stdout.writeBigUInt64LE(BigInt(bytes.length), 5); // xz leaves it open
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
