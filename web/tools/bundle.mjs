// The page's scripts and styles as they are sent: bundled and minified by esbuild.
//
// Every module that people import or link keeps its name; what several of them need is in chunks beside them, which are
// named by their contents. All of it is in one folder, so that import.meta.url is the site's in each of them.

import path from 'node:path';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('..', import.meta.url));

// Modules by their names on the site.
export const MODULES = {
  page: 'page/page.js',
  hourglass: 'client/hourglass.js',
  session_client: 'client/session_client.js',
  engine_client: 'client/engine_client.js',
  engine_driver: 'engine/engine_driver.js',
  engine_worker: 'engine/engine_worker.js',
  data_files: 'engine/data_files.js',
  wire: 'engine/wire.js',
  capabilities: 'loading/capabilities.js',
  service_worker_client: 'loading/service_worker_client.js',
  dropped_files: 'page/dropped_files.js',
  files_worker: 'files/files_worker.js',
  own_data: 'client/own_data.js',
  saving: 'client/saving.js',
  filming: 'client/filming.js',
  lessons: 'client/lessons.js',
  xapi: 'client/xapi.js',
  run_storage: 'page/run_storage.js',
  address: 'page/address.js',
  last_session: 'page/last_session.js',
  mirror: 'page/mirror.js',
  embedding_port: 'embed/embedding_port.js',
};
// For other people's pages: a script that needs nothing of the site's.
const ELEMENT = 'embed/hourglass-playground.js';
// Scripts that are no modules: these run first, also in browsers that know nothing newer, to tell these so.
const OLD_SCRIPTS = ['page/guard.js', 'loading/preload_worker.js'];

// What Emscripten makes and build-site.mjs writes, loaded by name.
const EXTERNAL = /(^|\/)(site_info|ui|files)\.js$/;

// What the page loads in any case, whoever looks at it.
const LOADED_AT_ONCE = ['page.js', 'hourglass.js', 'ui.js'];

// Browsers that cannot train networks must be able to read page.js, which says so. Private fields are no concern of
// theirs: only what comes later has them, and rewritten they would be long and slow.
export const TARGET = {
  target: 'es2020',
  supported: Object.fromEntries(
    ['field', 'method', 'accessor', 'static-field', 'static-method', 'static-accessor', 'brand-check']
      .map((part) => [`class-private-${part}`, true])
      .concat([
        ['class-field', true],
        ['class-static-field', true],
      ]),
  ),
};

export const COMMON = { minify: true, charset: 'utf8', legalComments: 'none', logLevel: 'silent' };

export const STYLE = { entryPoints: ['page/page.css'], target: ['chrome80', 'firefox80', 'safari14'] };

// Writes all scripts but the service worker's (service_worker.mjs), and the style sheet into `out`. Resolves with the names
// of the modules that the page loads at once, page.js first. Rejects with esbuild's own error.
export async function bundle(out) {
  const { build } = await import('esbuild');
  const common = { ...COMMON, outdir: out, entryNames: '[name]', absWorkingDir: web };
  const [{ metafile }] = await Promise.all([
    build({
      ...common,
      ...TARGET,
      entryPoints: Object.entries(MODULES).map(([name, file]) => ({ in: file, out: name })),
      bundle: true,
      splitting: true,
      format: 'esm',
      chunkNames: 'chunk-[hash]',
      metafile: true,
      external: ['node:*'],
      plugins: [{ name: 'external', setup: resolveExternal }],
    }),
    build({ ...common, entryPoints: OLD_SCRIPTS, format: 'iife', target: 'es5' }),
    build({ ...common, entryPoints: [ELEMENT], format: 'iife', target: 'es2022' }),
    build({ ...common, ...STYLE }),
  ]);
  return modulesAtOnce(metafile);
}

// Writes the script that Emscripten has made, which leaves long names in it, to `out`. Whoever runs it has SIMD. `define` has
// what stands for names in it.
export async function minify(script, out, define = {}) {
  const { build } = await import('esbuild');
  await build({ ...COMMON, define, entryPoints: [script], outfile: out, format: 'esm', target: 'es2022' });
}

function resolveExternal({ onResolve }) {
  onResolve({ filter: EXTERNAL }, (args) => ({ path: `./${path.basename(args.path)}`, external: true }));
}

// The modules LOADED_AT_ONCE and all that they import, each once.
function modulesAtOnce({ outputs }) {
  const byName = new Map(Object.entries(outputs).map(([file, output]) => [path.basename(file), output]));
  const modules = new Set();
  const add = (name) => {
    if (modules.has(name)) return;
    modules.add(name);
    for (const { path: file, kind } of byName.get(name)?.imports ?? []) {
      if (kind === 'import-statement') add(path.basename(file));
    }
  };
  LOADED_AT_ONCE.forEach(add);
  return [...modules];
}
