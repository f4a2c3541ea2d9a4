// The page as a person uses it, in a real browser: with and without cross-origin isolation.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe as group, test } from 'node:test';

import {
  clickWidget,
  describe,
  difference,
  endless,
  launchBrowser,
  newPage,
  openHourglass,
  openReady,
  pixelsIn,
  screenshot,
  serveSite,
  settled,
  siteHasData,
  state,
  untilFrames,
  untilIdle,
  untilPixels,
  untilState,
  untilWidget,
  widget,
} from './support.mjs';

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

for (const isolation of [true, false]) {
  group(isolation ? 'isolated page' : 'page of a plain host', () => {
    const name = isolation ? 'isolated' : 'plain';
    let server;
    before(async () => {
      server = await serveSite({ isolation });
    });
    after(() => server?.close());

    test('comes up without a complaint and runs the engine with the threads it may have', async () => {
      const { page, problems, notes, close } = await openHourglass(browser, server.origin);
      assert.equal(await page.evaluate(() => window.crossOriginIsolated), isolation);
      const threads = await page.evaluate(() => window.hourglass.threads);
      const cores = await page.evaluate(() => navigator.hardwareConcurrency);
      assert.equal(threads, isolation ? Math.min(cores, 8) : 1, notes.join('\n'));
      const network = await page.evaluate(() => window.hourglass.state().network);
      assert.equal(network.threads, threads);
      assert.match(network.engine, /^simd/);
      const now = await state(page);
      assert.equal(now.phase, 'paused');
      assert.equal(now.step, 0);
      assert.equal(now.data.name, 'strokes');
      assert.equal(await page.locator('#loading').isVisible(), false);
      await untilIdle(page);
      await screenshot(page, `${name}-start`);
      assert.deepEqual(problems, []);
      await close();
    });

    test('a click on Run starts training, the loss falls, and the pictures show it', async () => {
      const { page, problems, close } = await openHourglass(browser, server.origin, `?${endless}`);
      await untilIdle(page);
      const first = await screenshot(page);
      await clickWidget(page, 'run');
      await untilState(page, 'phase', 'running');
      await untilState(page, 'step at least', 400);
      const { losses } = await page.evaluate(() => window.hourglass.history());
      assert.ok(losses.length > 2, `only ${losses.length} points of the curve`);
      assert.ok(losses.at(-1).loss < 0.7 * losses[0].loss, `from ${losses[0].loss} to ${losses.at(-1).loss}`);
      await clickWidget(page, 'run'); // the same button pauses
      await untilState(page, 'phase', 'paused');
      await untilIdle(page);
      const stopped = await state(page);

      await untilPixels(page, 'map', (pixels) => describe(pixels).colours >= 5, 'there are not the classes’ colours');
      for (const row of ['row:original', 'row:reconstructed']) {
        await untilPixels(page, row, (pixels) => describe(pixels).spread > 20, 'it is empty');
      }
      const untrained = pixelsIn(first, await widget(page, 'row:reconstructed'));
      await untilPixels(
        page,
        'row:reconstructed',
        (pixels) => difference(untrained, pixels) > 5,
        'the reconstructions have hardly changed',
        `${name}-trained`,
      );

      await untilIdle(page);
      assert.equal((await state(page)).step, stopped.step, 'a paused run went on');
      assert.deepEqual(problems, []);
      await close();
    });

    test('an idle page draws no frames', async () => {
      const { page, problems, close } = await openHourglass(browser, server.origin);
      await untilIdle(page, 2000);
      const frames = await page.evaluate(() => window.hourglass.frames());
      await page.mouse.move(300, 300);
      await untilFrames(page, frames); // the pointer moved, which may show something
      assert.deepEqual(problems, []);
      await close();
    });
  });
}

group('page', () => {
  let server;
  before(async () => {
    server = await serveSite();
  });
  after(() => server?.close());

  test('the noise slider changes the corrupted row while paused and while running', async () => {
    const { page, problems, close } = await openHourglass(browser, server.origin, `?${endless}`);
    await untilIdle(page);
    const row = await widget(page, 'row:corrupted');
    const drag = async (from, to) => {
      const { x, y, width, height } = await widget(page, 'setting:view.noise.level');
      await page.mouse.move(x + from * width, y + height / 2);
      await settled(page);
      await page.mouse.down();
      for (let i = 1; i <= 5; ++i) {
        await page.mouse.move(x + (from + ((to - from) * i) / 5) * width, y + height / 2);
        await settled(page);
      }
      await page.mouse.up();
      await settled(page);
    };
    const clean = pixelsIn(await screenshot(page), row);
    await drag(0.1, 0.7);
    await untilIdle(page);
    const level = await page.evaluate(() => window.hourglass.get('view.noise.level'));
    assert.ok(level > 0.5 && level < 0.9, `the slider stands at ${level}`);
    const noisy = await untilPixels(
      page,
      'row:corrupted',
      (pixels) => difference(clean, pixels) > 15,
      'the row has hardly changed',
      'noise-paused',
    );
    assert.equal((await state(page)).step, 0, 'the slider started training');

    await clickWidget(page, 'run');
    await untilState(page, 'step at least', 30);
    await drag(0.7, 0);
    // The engine is told at once; the picture follows with the next snapshot.
    await page.waitForFunction(() => window.hourglass.get('view.noise.level') < 0.05);
    await untilPixels(
      page,
      'row:corrupted',
      (pixels) => difference(clean, pixels) < difference(clean, noisy) / 3,
      'the row is still noisy',
    );
    assert.equal((await state(page)).phase, 'running');
    assert.deepEqual(problems, []);
    await close();
  });

  test('reloading while it trains gives a fresh page', async () => {
    const { page, problems, close } = await openHourglass(browser, server.origin, `?run=1&${endless}`);
    await untilState(page, 'step at least', 20);
    await openReady(page, `${server.origin}/`);
    assert.equal((await state(page)).step, 0);
    await clickWidget(page, 'run');
    await untilState(page, 'step at least', 20);
    assert.deepEqual(
      problems.filter((problem) => !problem.includes('net::ERR_ABORTED')),
      [],
    );
    await close();
  });

  test('a reset gives the same start, and the same run after it', async () => {
    const { page, problems, close } = await openHourglass(browser, server.origin);
    const run = () =>
      page.evaluate(async () => {
        const { hourglass } = window;
        await hourglass.command('reset');
        const paused = new Promise((resolve) => {
          const stop = hourglass.on('status', ({ phase, step }) => {
            if (phase !== 'paused' || step !== 25) return;
            stop();
            resolve();
          });
        });
        await hourglass.command('step', { count: 25 });
        await paused;
        return { step: hourglass.state().step, losses: hourglass.history().losses };
      });
    const first = await run();
    const second = await run();
    assert.equal(first.step, 25);
    assert.ok(first.losses.length > 0);
    assert.deepEqual(second, first);
    assert.deepEqual(problems, []);
    await close();
  });

  for (const [set, query] of [
    ['mnist', ''],
    ['mnist', 'data=mnist'],
  ]) {
    const how = query ? 'by the address' : 'while the page is open';
    test(
      `the data set switches to ${set} ${how}`,
      {
        skip: siteHasData(set) ? false : `the site was built without data/${set} (HOURGLASS_DATA_DIR)`,
      },
      async () => {
        const { page, problems, close } = await openHourglass(browser, server.origin, `?${endless}&${query}`);
        if (!query) {
          assert.equal((await state(page)).data.name, 'strokes');
          await untilIdle(page);
          await page.evaluate(() => {
            window.fractions = [];
            window.hourglass.on('data_progress', ({ fraction }) => window.fractions.push(fraction));
          });
          await clickWidget(page, 'setting:data.set');
          await untilIdle(page);
          await clickWidget(page, `setting:data.set:${set}`);
          await untilState(page, 'data', set);
          const fractions = await page.evaluate(() => window.fractions);
          assert.ok(
            fractions.length > 3 && fractions.every((value, i) => i === 0 || value >= fractions[i - 1]),
            String(fractions),
          );
        }
        await untilState(page, 'data', set);
        const { data } = await state(page);
        assert.equal(data.test_count, 10000);
        await clickWidget(page, 'run');
        await untilState(page, 'step at least', 100);
        await clickWidget(page, 'run');
        await untilIdle(page);
        await untilPixels(
          page,
          'row:original',
          (pixels) => describe(pixels).spread > 20,
          'it is empty',
          query ? undefined : `data-${set}`,
        );
        assert.deepEqual(problems, []);
        await close();
      },
    );
  }

  test('data that the site does not have are explained in a sentence, and the run goes on', async () => {
    const { page, close } = await newPage(browser, server.origin);
    await page.route('**/data/index.json', (route) => route.fulfill({ json: { sets: {} } }));
    await openReady(page, `${server.origin}/`);
    const failure = page.evaluate(
      () =>
        new Promise((resolve) => {
          window.hourglass.on('failure', ({ message }) => resolve(message));
        }),
    );
    await page.evaluate(() => window.hourglass.set('data.set', 'mnist').catch(() => {}));
    assert.match(await failure, /“mnist” is not on this page’s server/);
    assert.equal((await state(page)).data.name, 'strokes');
    await page.evaluate(() => window.hourglass.command('run'));
    await untilState(page, 'step at least', 5);
    await close();
  });

  test('settings in the address are applied, in the query and behind the #', async () => {
    const query = '?preset=deep&train.learning_rate=0.5&noise.level=0.2#view.noise.level=0.25&run=1';
    const { page, problems, close } = await openHourglass(browser, server.origin, query);
    await untilState(page, 'step at least', 3);
    const values = await page.evaluate(() =>
      ['train.learning_rate', 'noise.level', 'view.noise.level'].map((key) => window.hourglass.get(key)),
    );
    assert.deepEqual(values, [0.5, 0.2, 0.25]);
    const { layers } = await page.evaluate(() => window.hourglass.state().network);
    assert.equal(layers.length, 6);
    assert.equal(await page.locator('.notice').count(), 0);
    assert.deepEqual(problems, []);
    await close();
  });

  for (const [query, sentence] of [
    ['?train.learning_rate=fast', /train\.learning_rate/],
    ['?train.learning_rate=1000', /train\.learning_rate/],
    ['?train.learning_rat=1', /train\.learning_rate/],
    ['?preset=no-such-network', /no-such-network/],
    ['?data=no-such-data', /no-such-data/],
    ['?lang=xx', /“xx” in the address is no language/],
    ['?theme=plaid', /“plaid” in the address is no theme/],
    ['?run=please', /run=1 or run=0/],
    ['?text=huge', /“text=huge” in the address should be a number from 1 to 2/],
    ['?text=3', /“text=3”/],
    ['?stats=please', /stats=1 or stats=0/],
    ['?threads=many', /“threads=many”/],
  ]) {
    test(`${query} in the address gets a sentence`, async () => {
      const { page, problems, close } = await openHourglass(browser, server.origin, query);
      assert.match(
        await page
          .locator('.notice p')
          .allInnerTexts()
          .then((texts) => texts.join('\n')),
        sentence,
      );
      assert.equal((await state(page)).phase, 'paused');
      assert.deepEqual(problems, []);
      await page.locator('.notice button').first().click();
      assert.equal(await page.locator('.notice').count(), 0);
      await close();
    });
  }

  test('follows the size and the pixel density of its window', async () => {
    const { page, problems, close } = await openHourglass(browser, server.origin, `?${endless}`, {
      deviceScaleFactor: 2,
    });
    const size = () =>
      page.evaluate(() => {
        const { width, height } = document.getElementById('canvas');
        return { width, height };
      });
    assert.deepEqual(await size(), { width: 2560, height: 1600 });
    await page.setViewportSize({ width: 700, height: 900 });
    await page.waitForFunction(() => document.getElementById('canvas').width === 1400);
    await untilIdle(page);
    assert.deepEqual(await size(), { width: 1400, height: 1800 });
    const { x, width } = await widget(page, 'run');
    assert.ok(x >= 0 && x + width <= 700);
    await screenshot(page, 'narrow-dense');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.waitForFunction(() => document.getElementById('canvas').width === 2560);
    await untilIdle(page);
    await clickWidget(page, 'run');
    await untilState(page, 'phase', 'running');
    assert.deepEqual(problems, []);
    await close();
  });

  test('has one worker, whether it is started before the scripts, by them, or after them', async () => {
    for (const late of [null, 'page.js', 'preload_worker.js', 'none']) {
      const { page, problems, close } = await newPage(browser, server.origin);
      if (late === 'none')
        await page.route('**/preload_worker.js', (route) =>
          route.fulfill({ contentType: 'text/javascript', body: '' }),
        );
      else if (late) {
        await page.route(`**/${late}`, async (route) => {
          await page.waitForFunction((name) => (name === 'page.js' ? window.hourglassWorker : window.hourglass), late);
          await route.continue();
        });
      }
      await page.goto(`${server.origin}/?threads=1`);
      await page.waitForFunction(() => window.hourglass);
      await page.evaluate(() => window.hourglass.ready.then(() => true));
      await untilIdle(page);
      assert.equal(page.workers().length, 1, late);
      assert.deepEqual(problems, [], late);
      await close();
    }
  });

  test('speaks Chinese and is dark where it is asked to', async () => {
    const { page, problems, close } = await openHourglass(browser, server.origin, '?lang=zh&theme=dark');
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
    await untilIdle(page);
    const image = await screenshot(page, 'chinese-dark');
    const { mean } = describe(pixelsIn(image, { x: 0, y: 0, width: image.width, height: image.height }));
    assert.ok(mean < 110, `mean brightness ${mean}`);
    assert.deepEqual(problems, []);
    await close();
  });

  test('what it says around the canvas has the colours that are in the canvas', async () => {
    const theme = await readFile(new URL('../../ui/kit/theme.cpp', import.meta.url), 'utf8');
    const colours = Object.entries({
      '--ground': 'page',
      '--text': 'text',
      '--quiet': 'muted',
      '--accent': 'accent',
      '--on-accent': 'on_accent',
      '--notice': 'notice',
      '--notice-edge': 'train',
      '--on-notice': 'on_notice',
    });
    const canvasColours = (kind) =>
      colours.map(([, name]) => {
        const [light, dark] = [...theme.matchAll(new RegExp(`\\.${name} = 0x(\\w{6})`, 'g'))];
        return `#${(kind === 'light' ? light : dark)[1].toLowerCase()}`;
      });
    const { page, close } = await openHourglass(browser, server.origin, '?text=3', { colorScheme: 'light' });
    const notice = page.locator('.notice');
    await notice.waitFor();
    const pageColours = () =>
      notice.evaluate(
        (element, names) => names.map((name) => getComputedStyle(element).getPropertyValue(name).trim()),
        colours.map(([name]) => name),
      );
    assert.deepEqual(await pageColours(), canvasColours('light'));
    await clickWidget(page, 'theme');
    await page.waitForFunction(() => document.getElementById('canvas').dataset.theme === 'dark');
    assert.deepEqual(await pageColours(), canvasColours('dark'));
    await page.evaluate(() => window.hourglass.setTheme('light'));
    assert.deepEqual(await pageColours(), canvasColours('light'));
    await close();
  });

  test('works in an iframe of another site, which scrolls where the page has no use for the wheel', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-lesson-'));
    await writeFile(
      path.join(folder, 'index.html'),
      `<!doctype html><title>Lesson</title><link rel="icon" href="data:,">
      <body style="margin:0;height:3000px"><iframe src="${server.origin}/?run=1&${endless}" width="1000" height="700"></iframe>`,
    );
    const lesson = await serveSite({ isolation: false, root: folder });
    const outside = lesson.origin.replace('127.0.0.1', 'localhost');
    const { page, problems, close } = await newPage(browser, outside);
    try {
      await page.goto(outside);
      const frame = page.frames().find((each) => each.url().startsWith(server.origin));
      await frame.waitForFunction(() => window.hourglass !== undefined);
      await frame.evaluate(() => window.hourglass.ready.then(() => true));
      await frame.waitForFunction(() => window.hourglass.state().step > 10);
      const wheelOver = async (id) => {
        await untilWidget(frame, id);
        const place = await frame.waitForFunction((name) => window.hourglass.widgets()[name], id);
        const { x, y, width, height } = await place.jsonValue();
        const box = await page.locator('iframe').boundingBox();
        await page.mouse.move(box.x + x + width / 2, box.y + y + height / 2);
        await page.mouse.wheel(0, 120);
      };
      await wheelOver('map');
      await untilWidget(frame, 'map_fit'); // which is there once the map is zoomed
      assert.equal(await page.evaluate(() => window.scrollY), 0, 'the map zooms, and the lesson scrolls too');
      await wheelOver('run');
      await page.waitForFunction(() => window.scrollY > 0); // the lesson scrolls over the toolbar
      assert.deepEqual(
        problems.filter((problem) => !problem.startsWith(`foreign: ${server.origin}/`)),
        [],
      );
    } finally {
      await close();
      await lesson.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

group('a browser without what the page needs', () => {
  let server;
  before(async () => {
    server = await serveSite();
  });
  after(() => server?.close());

  for (const [locale, webgl, simd] of [
    ['en-US', /WebGL 2/, /WebAssembly SIMD/],
    ['zh-CN', /不支持/, /SIMD/],
  ]) {
    test(`says so in words (${locale})`, async () => {
      const without = async (script, sentence) => {
        const { page, close } = await newPage(browser, server.origin, { locale });
        await page.addInitScript(script);
        await page.goto(server.origin);
        await page.locator('#loading.stopped').waitFor();
        assert.match(await page.locator('#words').innerText(), sentence);
        await close();
      };
      await without(() => {
        const { getContext } = HTMLCanvasElement.prototype;
        HTMLCanvasElement.prototype.getContext = function none(kind, ...rest) {
          return kind === 'webgl2' ? null : getContext.call(this, kind, ...rest);
        };
      }, webgl);
      await without(() => {
        WebAssembly.validate = () => false;
      }, simd);
    });
  }

  test('says so when the engine cannot be fetched', async () => {
    const { page, close } = await newPage(browser, server.origin);
    await page.route('**/engine*.wasm*', (route) => route.fulfill({ status: 500, body: 'no' }));
    await page.goto(server.origin);
    await page.locator('#loading.stopped').waitFor();
    assert.match(await page.locator('#words').innerText(), /The engine could not be started: engine(-fma)?\.wasm: 500/);
    await close();
  });

  test('says so when its worker cannot be fetched, which starts before the page can hear of it', async () => {
    const { page, close } = await newPage(browser, server.origin);
    await page.route('**/engine_worker.js', (route) => route.fulfill({ status: 500, body: 'no' }));
    // Late enough that the worker has failed by then.
    await page.route('**/page.js', async (route) => {
      await page.waitForFunction(() => window.hourglassWorker?.failure);
      await route.continue();
    });
    await page.goto(server.origin);
    await page.locator('#loading.stopped').waitFor();
    assert.match(await page.locator('#words').innerText(), /The engine could not be started: /);
    await close();
  });

  test('has words for a browser without JavaScript', async () => {
    const { page, close } = await newPage(browser, server.origin, { javaScriptEnabled: false });
    await page.goto(server.origin);
    assert.match(await page.locator('#loading').innerText(), /needs JavaScript/);
    await close();
  });
});
