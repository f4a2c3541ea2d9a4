// The package hourglass-engine as somebody uses it who has only its tarball: installed into a folder of its own, in Node, in
// pages with and without a bundler, and by TypeScript.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { happens } from '../support/waiting.mjs';
import { newFolder } from './loader_support.mjs';
import { launchBrowser, newPage, serveSite, site } from './support.mjs';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../', import.meta.url));
const tool = (name) => path.join(repository, 'node_modules/.bin', name);

let folder; // where it is installed
let installed;
let browser;
before(async () => {
  folder = await newFolder();
  const out = path.join(folder, 'out');
  await run(process.execPath, [
    path.join(repository, 'web/tools/build-npm.mjs'),
    ...['--out', out, '--build', path.dirname(site)],
  ]);
  const [tarball] = (await readdir(out)).filter((name) => name.endsWith('.tgz'));
  assert.match(tarball, /^hourglass-engine-\d+\.\d+\.\d+\.tgz$/);
  await writeFile(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const options = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--cache', path.join(folder, 'cache')];
  await run('npm', ['install', ...options, path.join(out, tarball)], { cwd: folder });
  installed = path.join(folder, 'node_modules/hourglass-engine');
  browser = await launchBrowser();
});
after(() => browser?.close());

// Runs a module's text in the folder; resolves with what it printed.
async function inNode(text) {
  const file = path.join(folder, 'script.mjs');
  await writeFile(file, text);
  const { stdout } = await run(process.execPath, [file], { cwd: folder });
  return stdout;
}

// Opens a page of the folder and waits until its loss has fallen. Returns the engine's last words on it.
async function trainsInPage(file, options = {}) {
  const server = await serveSite({ root: folder, ...options });
  const { page, problems, close } = await newPage(browser, server.origin);
  try {
    await page.goto(`${server.origin}/${file}`);
    const line = () => page.locator('#loss').innerText();
    await happens(
      async () => Number(/step (\d+)/.exec(await line())?.[1] ?? 0) >= 100,
      async () => `it does not train: ${await line()} ${problems}`,
    );
    const loss = Number(/loss (\S+)/.exec(await line())[1]);
    assert.ok(loss > 0 && loss < 0.6, String(loss));
    assert.equal(page.workers().length > 0, true, 'the engine is not in a worker');
    assert.deepEqual(problems, []);
    return await page.evaluate(() => window.crossOriginIsolated);
  } finally {
    await close();
    await server.close();
  }
}

const pageOf = (script) =>
  `<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="${script}"></script></body>`;

test('the package has what it names, and no more than that', async () => {
  const { exports, types, version } = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8'));
  const named = [types, ...['.', './inline'].flatMap((entry) => Object.values(exports[entry]))];
  for (const file of named) assert.ok((await stat(path.join(installed, file))).size > 0, file);
  const project = await readFile(path.join(repository, 'CMakeLists.txt'), 'utf8');
  assert.ok(project.includes(`VERSION ${version} `), version);
  for (const name of await readdir(path.join(installed, 'dist'))) {
    assert.match(name, /\.(js|wasm|d\.ts)$/);
    if (!name.endsWith('.js')) continue;
    const text = await readFile(path.join(installed, 'dist', name), 'utf8');
    assert.ok(!text.includes(repository) && !text.includes('sourceMappingURL'), name);
  }
});

test('the example for Node trains and saves a checkpoint', async () => {
  const file = path.join(folder, 'trained.safetensors');
  const { stdout } = await run(process.execPath, [path.join(installed, 'examples/node.mjs'), file], { cwd: folder });
  assert.match(stdout, /^simd(\+fma)?, \d threads: loss 0\.\d+ after 200 mini-batches\n/);
  const bytes = await readFile(file);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0))));
  assert.ok(header['encoder.0.weight']);
});

test('one thread and two learn the same in Node, and a checkpoint goes on', async () => {
  const printed = await inNode(`
    import { availableThreads, createEngine } from 'hourglass-engine';
    const losses = [];
    let checkpoint;
    for (const threads of [1, 2]) {
      const engine = await createEngine({ threads });
      if (engine.threads !== threads) throw new Error('threads: ' + engine.threads);
      await engine.command('load_preset', { name: 'quick' });
      const done = new Promise((resolve) => {
        engine.on('status', ({ phase, step }) => phase === 'paused' && step === 20 && resolve());
      });
      await engine.command('step', { count: 20 });
      await done;
      losses.push(JSON.stringify(engine.history().losses));
      ({ checkpoint } = await engine.command('save_checkpoint'));
      engine.close();
    }
    const engine = await createEngine({ threads: 1 });
    await engine.command('load_checkpoint', { checkpoint });
    console.log(losses[0].length > 20 && losses[0] === losses[1], engine.state().step, availableThreads() >= 1);
    engine.close();
  `);
  assert.equal(printed, 'true 20 true\n');
});

test('data of one’s own are trained on in Node', async () => {
  const printed = await inNode(`
    import { createEngine } from 'hourglass-engine';
    const idx = (sizes, value) => {
      const bytes = new Uint8Array(4 + 4 * sizes.length + sizes.reduce((a, b) => a * b));
      const view = new DataView(bytes.buffer);
      view.setUint32(0, 0x800 + sizes.length);
      sizes.forEach((size, i) => view.setUint32(4 + 4 * i, size));
      for (let i = 4 + 4 * sizes.length; i < bytes.length; ++i) bytes[i] = value(i);
      return bytes;
    };
    const engine = await createEngine({
      loadData: async () => ({
        train_images: idx([300, 28, 28], (i) => (i * 7) % 256),
        train_labels: idx([300], (i) => i % 10),
        test_images: idx([100, 28, 28], (i) => (i * 7) % 256),
        test_labels: idx([100], (i) => i % 10),
      }),
    });
    await engine.set('data.set', 'mnist');
    while (engine.state().data.name !== 'mnist') await new Promise((resolve) => engine.on('data_ready', resolve));
    await engine.command('step', { count: 2 });
    console.log(engine.state().data.train_count, engine.state().data.test_count);
    engine.close();
  `);
  assert.equal(printed, '300 100\n');
});

for (const isolation of [true, false]) {
  test(`the example without a bundler trains in ${isolation ? 'an isolated' : 'a plain'} page`, async () => {
    const isolated = await trainsInPage('node_modules/hourglass-engine/examples/page.html', { isolation });
    assert.equal(isolated, isolation);
  });
}

test('the example with a bundler trains in a page that has nothing but the script', async () => {
  await cp(path.join(installed, 'examples/bundled.mjs'), path.join(folder, 'bundled.mjs'));
  await run(tool('esbuild'), ['bundled.mjs', '--bundle', '--format=esm', '--outfile=bundle/page.js'], { cwd: folder });
  await writeFile(path.join(folder, 'bundle/index.html'), pageOf('page.js'));
  assert.deepEqual((await readdir(path.join(folder, 'bundle'))).sort(), ['index.html', 'page.js']);
  await trainsInPage('bundle/', { isolation: false });
});

test('a bundle with the files beside it trains with threads', async () => {
  const script = (await readFile(path.join(installed, 'examples/bundled.mjs'), 'utf8'))
    .replace('hourglass-engine/inline', 'hourglass-engine')
    .replace('createEngine()', "createEngine({ files: './engine' })")
    .replace(/await engine.command\('run'\);/, '$&\nwindow.threads = engine.threads;');
  await writeFile(path.join(folder, 'beside.mjs'), script);
  await run(tool('esbuild'), ['beside.mjs', '--bundle', '--format=esm', '--outfile=beside/js/page.js'], {
    cwd: folder,
  });
  await writeFile(path.join(folder, 'beside/index.html'), pageOf('js/page.js'));
  await mkdir(path.join(folder, 'beside/engine'));
  await cp(path.join(installed, 'dist'), path.join(folder, 'beside/engine'), { recursive: true });
  assert.equal(await trainsInPage('beside/', { isolation: true }), true);
});

test('TypeScript knows commands, settings and events, and refuses what there is not', async () => {
  await writeFile(
    path.join(folder, 'types.ts'),
    `import { createEngine, type Engine, type PresetName } from 'hourglass-engine';
    import { createEngine as inline } from 'hourglass-engine/inline';

    const engine: Engine = await createEngine({ threads: 2, simd: 'fma', language: 'zh', files: new URL('https://a.b/') });
    const preset: PresetName = 'deep';
    await engine.command('load_preset', { name: preset });
    await engine.command('run');
    await engine.command('step');
    await engine.command('step', { count: 3 });
    const { images } = await engine.command('decode', { codes: new Float32Array(32) });
    const first: number | undefined = images?.[0];
    await engine.set('train.learning_rate', 0.1);
    await engine.set('train.learning_rate', '0.1');
    await engine.set('train.optimizer', 'adam');
    const rate: number = engine.get('train.learning_rate');
    const stop: () => void = engine.on('job_result', ({ job, done, shapes }) => console.log(job + 1, !done, shapes.x?.length));
    engine.on('fatal', (error) => console.log(error.message));
    engine.on('silent', ({ seconds }) => console.log(seconds === null));
    engine.on('status', ({ phase }) => phase === 'waiting_for_data');
    const loss: number | null = engine.state().loss;
    const layers: string[] | undefined = engine.state().network?.layers.map(({ kind }) => kind);
    const pixels: Uint8Array | undefined = engine.snapshot()?.reconstructed;
    engine.history().epochs.map(({ test_loss }) => test_loss.toFixed());
    engine.close();
    (await inline()).close();
    console.log(first, rate, stop, loss, layers, pixels);

    // @ts-expect-error there is no such command
    await engine.command('fly');
    // @ts-expect-error it needs a name
    await engine.command('load_preset');
    // @ts-expect-error a number is no name
    await engine.command('load_preset', { name: 3 });
    // @ts-expect-error there is no such setting
    await engine.set('train.learning_rat', 1);
    // @ts-expect-error there is no such optimizer... but for text, which is read at run time
    await engine.set('train.optimizer', 3);
    // @ts-expect-error there is no such phase
    engine.on('status', ({ phase }) => phase === 'asleep');
    // @ts-expect-error there is no such event
    engine.on('statuses', () => {});
    // @ts-expect-error avx is no kind of SIMD here
    await createEngine({ simd: 'avx' });
    `,
  );
  for (const resolution of [
    ['--module', 'nodenext'],
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
  ]) {
    const options = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--target', 'es2022', '--lib', 'es2022,dom'];
    const { stdout } = await run(tool('tsc'), [...options, ...resolution, 'types.ts'], {
      cwd: folder,
    }).catch((error) => error);
    assert.equal(stdout, '');
  }
});
