// How the page chooses its engine: by what the browser has, and by the address.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe as group, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { engineOf, newFolder, noticed } from './loader_support.mjs';
import { newPage, openHourglass, openReady, site, untilIdle, useSite } from './support.mjs';

const shared = useSite();
const cores = Math.min(os.cpus().length, 8);

group('the kind of SIMD', () => {
  test('is the fastest that the browser has, and is shown', async () => {
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin);
    assert.deepEqual(await engineOf(page), { isolated: true, engine: 'simd+fma', threads: cores });
    await untilIdle(page);
    const { x, width } = await page.evaluate(() => window.hourglass.widgets()['status:engine']);
    assert.ok(x >= 0 && width > 80 && x + width <= 1280, `${x}, ${width}`);
    assert.deepEqual(problems, []);
    await close();
  });

  test('is that without relaxed SIMD where the browser has none, whoever asks', async () => {
    for (const query of ['', '?simd=fma']) {
      const { page, problems, close } = await newPage(shared.browser, shared.server.origin);
      await page.addInitScript(() => {
        // The longest probe is that for relaxed SIMD.
        const { validate } = WebAssembly;
        WebAssembly.validate = (bytes) => bytes.length < 30 && validate(bytes);
      });
      await openReady(page, `${shared.server.origin}/${query}`);
      assert.equal(
        await noticed(page),
        query
          ? '“simd=fma” in the address asks for relaxed SIMD, which this browser does not offer; it goes on without.'
          : '',
      );
      assert.equal((await engineOf(page)).engine, 'simd');
      assert.deepEqual(problems, []);
      await close();
    }
  });

  test('is what the address asks for', async () => {
    for (const [query, engine, threads] of [
      ['?simd=fma', 'simd+fma', cores],
      ['?simd=simd', 'simd', cores],
      ['?simd=simd&threads=1', 'simd', 1],
      ['?threads=1', 'simd+fma', 1],
      ['?simd=fma&threads=3', 'simd+fma', 3],
    ]) {
      const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, query);
      assert.deepEqual(await engineOf(page), { isolated: true, engine, threads }, query);
      assert.equal(await noticed(page), '');
      assert.deepEqual(problems, []);
      await close();
    }
  });

  test('is the fastest, after a sentence, where the address asks for nonsense', async () => {
    for (const [query, sentence] of [
      ['?simd=avx', '“simd=avx” in the address should be simd=fma or simd=simd.'],
      ['?simd=', '“simd=” in the address should be simd=fma or simd=simd.'],
      ['?isolation=maybe', '“isolation=maybe” in the address should be isolation=on or isolation=off.'],
    ]) {
      const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, query);
      assert.equal(await noticed(page), sentence);
      assert.equal((await engineOf(page)).engine, 'simd+fma');
      assert.deepEqual(problems, []);
      await close();
    }
  });

  for (const preset of ['deep', 'convolutional']) {
    test(`makes no difference to what ${preset} learns, and threads none at all`, async () => {
      const losses = {};
      for (const query of [
        '?simd=simd&threads=1',
        '?simd=simd&threads=2',
        '?simd=fma&threads=1',
        '?simd=fma&threads=2',
      ]) {
        const { page, problems, close } = await openHourglass(
          shared.browser,
          shared.server.origin,
          `${query}&preset=${preset}`,
        );
        losses[query] = await page.evaluate(async () => {
          const { hourglass } = window;
          const paused = new Promise((resolve) => {
            hourglass.on('status', ({ phase, step }) => phase === 'paused' && step === 30 && resolve());
          });
          await hourglass.command('step', { count: 30 });
          await paused;
          return hourglass.history().losses.map(({ loss }) => loss);
        });
        assert.deepEqual(problems, []);
        await close();
      }
      const [simd, simd2, fma, fma2] = Object.values(losses);
      assert.ok(simd.length > 0 && simd.every((loss) => Number.isFinite(loss) && loss > 0), String(simd));
      assert.deepEqual(simd2, simd);
      assert.deepEqual(fma2, fma);
      assert.equal(fma.length, simd.length);
      fma.forEach((loss, i) => assert.ok(Math.abs(loss - simd[i]) < 1e-3 * simd[i], `${loss} and ${simd[i]}`));
    });
  }
});

group('the bare engine', () => {
  test('takes the kind of SIMD as an option, and refuses what it is not', async () => {
    const { createEngine } = await import(pathToFileURL(path.join(site, 'engine_client.js')));
    const { hasRelaxedSimd } = await import(pathToFileURL(path.join(site, 'capabilities.js')));
    const engine = await createEngine({ threads: 1, simd: 'simd' });
    assert.equal(engine.state().network.engine, 'simd');
    engine.close();
    await assert.rejects(createEngine({ simd: 'avx' }), {
      message: '“avx” is no kind of SIMD; there are fma and simd.',
    });
    if (!hasRelaxedSimd()) await assert.rejects(createEngine({ simd: 'fma' }), /Relaxed SIMD .* is not to be had here/);
  });

  test('refuses a network that the memory of its threads does not hold, and goes on', async () => {
    const { createEngine } = await import(pathToFileURL(path.join(site, 'engine_client.js')));
    const engine = await createEngine({ threads: 2 });
    const encoder = JSON.stringify([10000, 10000, 32].map((units) => ({ type: 'dense', units, activation: 'relu' })));
    await assert.rejects(engine.set('model.encoder', encoder), {
      message: 'There is not enough memory for that: use a smaller model or fewer images.',
    });
    const trained = new Promise((resolve) => {
      engine.on('status', ({ step }) => step >= 1 && resolve());
    });
    await engine.command('step', { count: 1 });
    await trained;
    engine.close();
  });

  test('says that memory ran out where that ends the engine', async () => {
    const { EngineDriver } = await import(pathToFileURL(path.join(site, 'engine_driver.js')));
    // What the allocator throws when nobody in the engine catches it.
    const exhausted = {
      _engine_create: () => {},
      _engine_next_event: () => 0,
      _engine_advance: () => {
        throw new WebAssembly.Exception(new WebAssembly.Tag({ parameters: [] }), []);
      },
    };
    const error = await new Promise(
      (resolve) => new EngineDriver(exhausted, 2, { onEvent: () => {}, onFatal: resolve }),
    );
    assert.equal(error.message, 'out of memory');
  });

  test('takes smaller memory for its threads where more is refused, and one thread where all is', async (t) => {
    const { createEngine } = await import(pathToFileURL(path.join(site, 'engine_client.js')));
    const { Memory } = WebAssembly;
    t.after(() => {
      WebAssembly.Memory = Memory;
    });
    for (const [limit, threads] of [
      [300, 2],
      [100, 1],
    ]) {
      const granted = [];
      WebAssembly.Memory = class extends Memory {
        constructor(limits) {
          if (limits.shared && limits.maximum > limit * 16) throw new RangeError('could not allocate memory');
          if (limits.shared) granted.push(limits.maximum / 16);
          super(limits);
        }
      };
      const engine = await createEngine({ threads: 2 });
      assert.equal(engine.threads, threads);
      assert.deepEqual(granted, threads === 2 ? [256] : []);
      await engine.command('step', { count: 1 });
      engine.close();
    }
  });

  test('uses relaxed SIMD in a Node that has it', async (t) => {
    const script = path.join(await newFolder(), 'engine.mjs');
    await writeFile(
      script,
      `
      const { hasRelaxedSimd } = await import(${JSON.stringify(pathToFileURL(path.join(site, 'capabilities.js')).href)});
      const { createEngine } = await import(${JSON.stringify(pathToFileURL(path.join(site, 'engine_client.js')).href)});
      if (!hasRelaxedSimd()) process.exit(3);
      const engine = await createEngine({ threads: 2 });
      await engine.command('step', { count: 3 });
      console.log(engine.state().network.engine, engine.threads);
      engine.close();`,
    );
    // Node 20 has it behind a flag, which later ones do not know any more.
    for (const flags of [[], ['--experimental-wasm-relaxed-simd']]) {
      const { code, stdout } = await promisify(execFile)(process.execPath, [...flags, script]).catch((error) => error);
      if (code === 3 || code === 9) continue;
      assert.equal(stdout, 'simd+fma 2\n');
      return;
    }
    t.skip('this Node has no relaxed SIMD');
  });
});
