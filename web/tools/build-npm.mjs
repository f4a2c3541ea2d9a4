// Makes the package hourglass-engine, the engine without its screen, for npm:
//
//   node web/tools/build-npm.mjs [--out build/npm] [--build build]
//
// It takes the modules of the presets wasm-engine and wasm-engine-mt from their folders in BUILD, and leaves the package's
// folder and what `npm pack` makes of it in OUT.

import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

import { COMMON, minify } from './bundle.mjs';
import { bundleWhole, bundleWorker, packStreams, TARGET, WITHOUT_NODE } from './standalone.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const repository = path.dirname(web);

const NAME = 'hourglass-engine';
const MODULES = {
  'wasm-engine': ['engine', 'engine-fma'],
  'wasm-engine-mt': ['engine-mt', 'engine-mt-fma'],
};

// Its site_info.js lies in the package, unchanged.
const SITE_INFO = {
  name: 'site-info',
  setup({ onResolve }) {
    onResolve({ filter: /\/site_info\.js$/ }, () => ({ path: './site_info.js', external: true }));
  },
};

async function versionOfProject() {
  const text = await readFile(path.join(repository, 'CMakeLists.txt'), 'utf8');
  return /project\(hourglass VERSION ([\d.]+)/.exec(text)[1];
}

const manifest = (version) => ({
  name: NAME,
  version,
  description: 'Trains autoencoders in Node and in pages: C++ on Eigen as WebAssembly with SIMD and threads',
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=18' },
  keywords: ['autoencoder', 'neural network', 'webassembly', 'simd', 'machine learning', 'variational autoencoder'],
  types: './dist/index.d.ts',
  exports: {
    '.': { types: './dist/index.d.ts', node: './dist/node.js', default: './dist/engine_client.js' },
    './inline': { types: './dist/index.d.ts', node: './dist/node.js', default: './dist/inline.js' },
    './dist/*': './dist/*',
    './package.json': './package.json',
  },
  files: ['dist', 'examples'],
});

async function writeScripts(build, dist) {
  const { build: bundle } = await import('esbuild');
  const common = { ...COMMON, ...TARGET, absWorkingDir: web, outdir: dist, bundle: true, format: 'esm' };
  await bundle({
    ...common,
    entryPoints: ['client/engine_client.js', 'engine/engine_worker.js'],
    entryNames: '[name]',
    chunkNames: 'chunk-[hash]',
    splitting: true,
    plugins: [WITHOUT_NODE, SITE_INFO],
  });
  await bundle({
    ...common,
    entryPoints: [{ in: 'client/engine_client.js', out: 'node' }],
    external: ['node:*'],
    plugins: [SITE_INFO],
  });
  await minify(path.join(web, 'loading/site_info.js'), path.join(dist, 'site_info.js'));
  for (const [preset, names] of Object.entries(MODULES)) {
    for (const name of names) {
      const from = path.join(build, preset, name);
      await minify(`${from}.js`, path.join(dist, `${name}.js`));
      await cp(`${from}.wasm`, path.join(dist, `${name}.wasm`));
    }
  }
}

// The module with everything in it.
async function writeInline(build, dist) {
  const worker = await bundleWorker(build, 'engine/engine_worker.js');
  const streams = await packStreams(build, ['scripts', 'engine', 'documents'], { 'engine_worker.js': worker });
  const define = { 'globalThis.hourglassStreams': JSON.stringify(streams) };
  await writeFile(path.join(dist, 'inline.js'), await bundleWhole(build, 'npm/inline.js', { define }));
}

async function main() {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: path.join(repository, 'build/npm') },
      build: { type: 'string', default: path.join(repository, 'build') },
    },
  });
  const [out, build] = [path.resolve(values.out), path.resolve(values.build)];
  const folder = path.join(out, NAME);
  const dist = path.join(folder, 'dist');
  await rm(folder, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  await writeScripts(build, dist);
  await writeInline(build, dist);
  for (const file of ['index.d.ts', 'messages.d.ts']) await cp(path.join(web, 'npm', file), path.join(dist, file));
  await cp(path.join(web, 'npm/README.md'), path.join(folder, 'README.md'));
  await cp(path.join(web, 'npm/examples'), path.join(folder, 'examples'), { recursive: true });
  await cp(path.join(repository, 'LICENSE'), path.join(folder, 'LICENSE'));
  const info = manifest(await versionOfProject());
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(info, null, 2)}\n`);
  const { stdout } = await promisify(execFile)('npm', ['pack', '--json', '--pack-destination', out], { cwd: folder });
  const [{ filename, size, unpackedSize }] = JSON.parse(stdout);
  const number = (value) => value.toLocaleString('en-US');
  console.log(`${path.join(out, filename)}: ${number(size)} bytes, unpacked ${number(unpackedSize)}.`);
}

await main().catch((error) => {
  console.error(`The package could not be made: ${error.message}.`);
  process.exit(2);
});
