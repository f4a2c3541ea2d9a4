// Finds the functions of the primary parts (split_module.mjs): those that run from opening the page to a second after the first
// training step, while the pointer goes over it, and when it is left, since a page that goes may fetch no more; in wide and narrow windows, both languages, both looks, with and without threads.
//
//   node web/split/primary_functions.mjs [--build build]
//
// takes BUILD/site, puts instrumented modules into a copy of it, opens that in Chromium and writes web/split/ui.txt and
// web/split/engine.txt. `./dev split` builds what it needs first.

import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { chromium } from 'playwright-core';

import { createSiteServer } from '../tools/serve.mjs';
import { functionsOf, hashOf } from './split_module.mjs';

const PRESETS = {
  ui: 'wasm-ui',
  engine: 'wasm-engine',
  'engine-fma': 'wasm-engine',
  'engine-mt': 'wasm-engine-mt',
  'engine-mt-fma': 'wasm-engine-mt',
};
const LISTS = { ui: ['ui'], engine: ['engine', 'engine-fma', 'engine-mt', 'engine-mt-fma'] };

// A thread counts for itself, and nobody can ask one that waits for work: what starts and ends it belongs to the primary part, and
// what tells it where the secondary part is.
const THREADS = /_thread|pthread|tls|mailbox|futex|stack_|ThreadPool::|^engine_secondary_part$/;

const VISITS = [
  { width: 1280, height: 800, query: 'run=1&lang=en', colorScheme: 'light' },
  { width: 1280, height: 800, query: 'lang=en', colorScheme: 'dark' },
  { width: 800, height: 900, query: 'run=1&lang=zh', colorScheme: 'dark' },
  { width: 390, height: 844, query: 'run=1&lang=en', colorScheme: 'light' },
  { width: 1600, height: 900, query: 'run=1&lang=zh&threads=1', colorScheme: 'light' },
  { width: 1280, height: 800, query: 'run=1&lang=en&simd=simd', colorScheme: 'light' },
];
const AFTER_FIRST_STEP_MS = 1000;

// In the page and in the engine's worker: keeps the modules' instances, and with threads the memory that they are given.
const KEEP_INSTANCES = `{
  const real = WebAssembly.instantiate;
  self.instances = [];
  WebAssembly.instantiate = async (...args) => {
    const made = await real(...args);
    self.instances.push(made.instance ?? made);
    self.givenMemory = Object.values(args[1]?.a ?? {}).find((each) => each instanceof WebAssembly.Memory);
    return made;
  };
}`;

// There: the profile of the instrumented instance, behind the end of its memory as it was.
function readProfile() {
  const { exports } = self.instances.find((instance) => instance.exports.__write_profile);
  const memory = self.givenMemory ?? Object.values(exports).find((each) => each instanceof WebAssembly.Memory);
  const at = memory.buffer.byteLength;
  memory.grow(16);
  const length = exports.__write_profile(at, 16 * 65536);
  return Array.from(new Uint8Array(memory.buffer, at, length));
}

async function instrumentedSite(build, wasmSplit) {
  const root = path.join(await mkdtemp(path.join(os.tmpdir(), 'hourglass-')), 'site');
  await cp(path.join(build, 'site'), root, {
    recursive: true,
    filter: (from) => !/\/data\/.+-?mnist|\.lzma$/.test(from),
  });
  for (const [name, preset] of Object.entries(PRESETS)) {
    const to = path.join(root, `${name}.wasm`);
    execFileSync(wasmSplit, [path.join(build, preset, `${name}.wasm`), '--instrument', '--all-features', '-o', to]);
  }
  await writeFile(path.join(root, 'site_info.js'), 'export const packedSizes={},absentModules=[],secondaryParts={};\n');
  const worker = path.join(root, 'engine_worker.js');
  await writeFile(worker, KEEP_INSTANCES + (await readFile(worker, 'utf8')));
  return root;
}

async function visit(browser, origin, { width, height, query, colorScheme }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, serviceWorkers: 'block' });
  await context.addInitScript(KEEP_INSTANCES);
  const page = await context.newPage();
  await page.goto(`${origin}/?${query}`);
  await page.waitForFunction(() => window.hourglass !== undefined);
  await page.evaluate(() => window.hourglass.ready.then(() => true));
  if (query.includes('run')) await page.waitForFunction(() => window.hourglass.state().step > 0);
  await page.waitForTimeout(AFTER_FIRST_STEP_MS);
  for (let x = 40; x < width; x += 160) for (let y = 40; y < height; y += 120) await page.mouse.move(x, y);
  await page.setViewportSize({ width: width + 16, height: height - 16 });
  await page.waitForTimeout(AFTER_FIRST_STEP_MS / 4);
  await page.evaluate(() => {
    for (const type of ['blur', 'focus', 'beforeunload', 'pagehide']) window.dispatchEvent(new Event(type));
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const engine = page.workers().find((worker) => /engine_worker/.test(worker.url()));
  const profiles = { ui: await page.evaluate(readProfile), engine: await engine.evaluate(readProfile) };
  const isolated = await page.evaluate(() => window.crossOriginIsolated);
  await context.close();
  return { profiles, isolated };
}

// Names of the functions that have run, by module.
async function functionsThatRan(build, wasmSplit, root) {
  const names = new Map(Object.entries(PRESETS).map(([name]) => [name, new Set()]));
  const file = path.join(path.dirname(root), 'profile');
  const browser = await chromium.launch({
    executablePath: process.env.HOURGLASS_CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
  try {
    for (const isolation of [true, false]) {
      const server = createSiteServer({ root, isolation });
      await new Promise((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      for (const each of VISITS) {
        const { profiles, isolated } = await visit(browser, `http://127.0.0.1:${server.address().port}`, each);
        const threads = isolated && !each.query.includes('threads=1') ? '-mt' : '';
        const simd = each.query.includes('simd=simd') ? '' : '-fma';
        for (const [name, profile] of [
          ['ui', profiles.ui],
          [`engine${threads}${simd}`, profiles.engine],
        ]) {
          const module = path.join(build, PRESETS[name], `${name}.wasm`);
          await writeFile(file, Uint8Array.from(profile));
          const shown = execFileSync(wasmSplit, ['--print-profile', file, module, '--all-features'], {
            encoding: 'utf8',
            maxBuffer: 2 ** 28,
          });
          const byIndex = new Map(functionsOf(module).map((each) => [`${each.index}`, each.name]));
          for (const [, index] of shown.matchAll(/^\+ (\d+)$/gm)) names.get(name).add(byIndex.get(index));
        }
      }
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    }
  } finally {
    await browser.close();
  }
  return names;
}

async function main() {
  const { values } = parseArgs({ options: { build: { type: 'string', default: 'build' } } });
  const build = path.resolve(values.build);
  const cache = await readFile(path.join(build, 'wasm-ui/CMakeCache.txt'), 'utf8');
  const wasmSplit = /^HOURGLASS_WASM_SPLIT:INTERNAL=(.*)$/m.exec(cache)[1];
  const root = await instrumentedSite(build, wasmSplit);
  try {
    const ran = await functionsThatRan(build, wasmSplit, root);
    for (const [list, modules] of Object.entries(LISTS)) {
      const hashes = new Set();
      for (const module of modules) {
        for (const name of ran.get(module)) hashes.add(hashOf(name));
        for (const { name } of functionsOf(path.join(build, PRESETS[module], `${module}.wasm`))) {
          if (THREADS.test(name)) hashes.add(hashOf(name));
        }
      }
      const file = fileURLToPath(new URL(`${list}.txt`, import.meta.url));
      await writeFile(file, `${[...hashes].sort().join('\n')}\n`);
      console.log(`web/split/${list}.txt: ${hashes.size} functions`);
    }
  } finally {
    await rm(path.dirname(root), { recursive: true, force: true });
  }
}

await main();
