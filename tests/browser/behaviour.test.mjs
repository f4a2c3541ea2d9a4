// How the page behaves towards the browser, the page around it and the person: keys, wheel, fingers, motion, hidden
// tabs, and what it tells of itself.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe as group, test } from 'node:test';

import { happens, rest, stopwatch } from '../support/waiting.mjs';
import {
  clickWidget,
  endless,
  loseContext,
  newPage,
  openHourglass,
  serveSite,
  settled,
  state,
  untilFrames,
  untilIdle,
  untilState,
  useSite,
  widget,
} from './support.mjs';

const shared = useSite();

const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName);

// An iframe of another site is another process: the focus takes a moment to come there.
async function untilFocused(page, wanted, otherwise) {
  let now;
  await happens(
    async () => (now = await focused(page)) === wanted,
    () => `the focus at ${wanted}: ${otherwise}; ${now} has it`,
  );
}

// A lesson of another site with the playground in an iframe, and room to scroll.
async function openLesson(query, { width = 1280, height = 800, ...options } = {}) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-lesson-'));
  await writeFile(
    path.join(folder, 'index.html'),
    `<!doctype html><title>Lesson</title><link rel="icon" href="data:,">
    <meta name="viewport" content="width=device-width">
    <body style="margin:0;height:4000px"><button id="before">before</button><br>
    <iframe src="${shared.server.origin}/${query}" width="${width}" height="${height}" style="border:0;display:block"></iframe>
    <button id="after">after</button>`,
  );
  const lesson = await serveSite({ isolation: false, root: folder });
  const outside = lesson.origin.replace('127.0.0.1', 'localhost');
  const { page, problems, close } = await newPage(shared.browser, outside, options);
  await page.goto(outside);
  const frame = page.frames().find((each) => each.url().startsWith(shared.server.origin));
  await frame.waitForFunction(() => window.hourglass !== undefined);
  await frame.evaluate(() => window.hourglass.ready.then(() => true));
  return {
    page,
    frame,
    // Where a widget's middle is on the lesson's page.
    place: async (id) => {
      await untilIdle(frame); // the first finger makes controls larger
      await frame.waitForFunction((wanted) => wanted in window.hourglass.widgets(), id);
      const widgets = await frame.evaluate(() => window.hourglass.widgets());
      const { x, y, width: across, height: down } = widgets[id];
      const box = await page.locator('iframe').boundingBox();
      return { x: box.x + x + across / 2, y: box.y + y + down / 2 };
    },
    problems: () => problems.filter((problem) => !problem.startsWith(`foreign: ${shared.server.origin}/`)),
    close: async () => {
      await close();
      await lesson.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

group('keyboard', () => {
  test('works at once, without a click', async () => {
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, `?${endless}`);
    assert.equal(await focused(page), 'canvas');
    assert.equal(await page.evaluate(() => document.getElementById('canvas').classList.contains('by-keyboard')), false);
    await page.keyboard.press('Space');
    await untilState(page, 'step at least', 3);
    await page.keyboard.press('Space');
    await untilState(page, 'phase', 'paused');
    assert.deepEqual(problems, []);
    await close();
  });

  test('what is the browser’s stays the browser’s', async () => {
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin);
    await untilIdle(page);
    // Sent as events, since the browser's own answer to some of them would end the test.
    const prevented = await page.evaluate(() => {
      const canvas = document.getElementById('canvas');
      window.press = (key, code, keyCode, more = {}) => {
        const event = new KeyboardEvent('keydown', {
          key,
          code,
          keyCode,
          which: keyCode,
          bubbles: true,
          cancelable: true,
          ...more,
        });
        canvas.dispatchEvent(event);
        canvas.dispatchEvent(
          new KeyboardEvent('keyup', { key, code, keyCode, which: keyCode, bubbles: true, cancelable: true, ...more }),
        );
        return event.defaultPrevented;
      };
      const { press } = window;
      const ctrl = { ctrlKey: true };
      return {
        'Ctrl+R': press('r', 'KeyR', 82, ctrl),
        'Ctrl+L': press('l', 'KeyL', 76, ctrl),
        'Ctrl+T': press('t', 'KeyT', 84, ctrl),
        'Ctrl++': press('+', 'Equal', 187, ctrl),
        'Ctrl+Shift+I': press('I', 'KeyI', 73, { ctrlKey: true, shiftKey: true }),
        'Cmd+R': press('r', 'KeyR', 82, { metaKey: true }),
        'Alt+Left': press('ArrowLeft', 'ArrowLeft', 37, { altKey: true }),
        F5: press('F5', 'F5', 116),
        F11: press('F11', 'F11', 122),
        F12: press('F12', 'F12', 123),
      };
    });
    assert.deepEqual(
      Object.entries(prevented).filter(([, value]) => value),
      [],
      'prevented',
    );
    await settled(page);
    assert.equal((await state(page)).step, 0, 'Ctrl+R reached the front end');

    // And what is the front end's, the front end's.
    await page.keyboard.press('s');
    await untilState(page, 'step at least', 1);
    assert.ok(await page.evaluate(() => window.press('Tab', 'Tab', 9) && window.press('ArrowDown', 'ArrowDown', 40)));
    assert.deepEqual(problems, []);
    await close();
  });

  test('Tab comes into the playground and Escape lets it leave', async () => {
    const lesson = await openLesson('');
    const { page, frame } = lesson;
    assert.equal(await focused(frame), 'BODY', 'an iframe takes the focus by itself');
    await page.locator('#before').focus();
    await page.keyboard.press('Tab');
    await untilFocused(page, 'IFRAME', 'Tab does not come in');
    await untilFocused(frame, 'canvas', 'Tab does not come to the canvas');
    assert.equal(
      await frame.evaluate(() => document.activeElement.classList.contains('by-keyboard')),
      true,
      'nothing shows where the keyboard is',
    );
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await settled(frame);
    assert.equal(await focused(page), 'IFRAME', 'Tab moves within the playground');
    // On the canvas, or on the element that stands for the control that the ring is on.
    assert.ok(
      await frame.evaluate(() => document.activeElement.matches('#canvas, .mirror *')),
      'Tab moves within the playground',
    );
    await page.keyboard.press('Escape');
    await settled(frame);
    await page.keyboard.press('Escape');
    await untilFocused(frame, 'BODY', 'Escape does not leave');
    await untilFocused(page, 'BODY', 'the lesson does not get the keyboard back');
    // Past a line that says that the playground was left, since the browser goes on from before the iframe.
    await page.keyboard.press('Tab');
    await untilFocused(frame, 'SPAN', 'Tab does not come by the way out');
    await page.keyboard.press('Tab');
    await untilFocused(page, 'after', 'Tab does not go on in the lesson');
    assert.deepEqual(lesson.problems(), []);
    await lesson.close();
  });

  test('keys are the page’s while the canvas has not the focus', async () => {
    const lesson = await openLesson(`?${endless}`);
    const { page, frame } = lesson;
    await page.locator('#before').focus();
    await page.keyboard.press('PageDown');
    await page.waitForFunction(() => window.scrollY > 100);
    await page.keyboard.press('s');
    await untilIdle(frame);
    assert.equal(await frame.evaluate(() => window.hourglass.state().step), 0);
    await page.evaluate(() => window.scrollTo(0, 0));
    // And the front end's while it has: Space does not scroll the lesson.
    const { x, y } = await lesson.place('panel:status');
    await page.evaluate(() => window.scrollTo(0, 400));
    await page.mouse.click(x, y - 400);
    await untilFocused(frame, 'canvas', 'a click does not give the playground the keys');
    const before = await page.evaluate(() => window.scrollY);
    await page.keyboard.press('Space');
    await frame.waitForFunction(() => window.hourglass.state().phase === 'running');
    assert.equal(await page.evaluate(() => window.scrollY), before);
    assert.deepEqual(lesson.problems(), []);
    await lesson.close();
  });
});

group('for screen readers', () => {
  test('the canvas has a name and tells how training goes', async () => {
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, `?${endless}`);
    const canvas = page.locator('#canvas');
    assert.equal(await canvas.getAttribute('role'), 'application');
    assert.match(await canvas.getAttribute('aria-label'), /Autoencoder/);
    assert.match(await page.locator('#keys').textContent(), /Escape leaves/);
    await page.evaluate(() => {
      window.announced = [];
      new MutationObserver(() => window.announced.push(document.getElementById('status').textContent)).observe(
        document.getElementById('status'),
        { childList: true, characterData: true, subtree: true },
      );
    });
    const seconds = stopwatch();
    await page.evaluate(() => window.hourglass.command('run'));
    await untilState(page, 'step at least', 60);
    await page.evaluate(() => window.hourglass.command('pause'));
    await untilState(page, 'phase', 'paused');
    const announced = await page.evaluate(() => window.announced);
    assert.match(announced[0], /^Training/);
    assert.match(announced.at(-1), /^Paused: epoch \d+\.\d, loss 0\.\d+\.$/);
    // When the phase changes, and every ten seconds, however many those are.
    assert.ok(announced.length <= 3 + seconds() / 10, `announced too much in ${seconds()} s: ${announced.join(' | ')}`);
    assert.deepEqual(problems, []);
    await close();
  });

  test('in Chinese', async () => {
    const { page, close } = await openHourglass(shared.browser, shared.server.origin, '?lang=zh');
    assert.equal(await page.locator('#canvas').getAttribute('aria-label'), '自编码器实验场');
    await close();
  });
});

group('wheel', () => {
  test('scrolls the lesson where nothing in the playground does, and at the end of what does', async () => {
    const lesson = await openLesson('', { width: 800, height: 600 });
    const { page, frame } = lesson;
    await page.setViewportSize({ width: 900, height: 700 });
    const scrolled = () => page.evaluate(() => window.scrollY);
    const cardTop = () => frame.evaluate(() => window.hourglass.widgets()['panel:reconstructions']?.y ?? -Infinity);
    const { x, y } = await lesson.place('panel:noise');
    await page.mouse.move(x, y);
    const top = await cardTop();
    await page.mouse.wheel(0, 240);
    await happens(async () => (await cardTop()) !== top || (await scrolled()) > 0, 'something scrolls');
    await untilIdle(frame);
    assert.notEqual((await cardTop()) < top, (await scrolled()) > 0, 'both scroll');
    // To the end of the playground, and on.
    for (let notches = 0; (await scrolled()) === 0; ++notches) {
      assert.ok(notches < 60, 'the lesson does not scroll');
      await page.mouse.wheel(0, 240);
      await untilIdle(frame);
    }
    assert.deepEqual(lesson.problems(), []);
    await lesson.close();
  });

  test('with Ctrl is the browser’s', async () => {
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin);
    await untilIdle(page);
    const { x, y, width, height } = await widget(page, 'map');
    const prevented = await page.evaluate(
      (at) => {
        const send = (ctrlKey) => {
          const event = new WheelEvent('wheel', {
            deltaY: 100,
            ctrlKey,
            clientX: at.x,
            clientY: at.y,
            bubbles: true,
            cancelable: true,
          });
          document.getElementById('canvas').dispatchEvent(event);
          return event.defaultPrevented;
        };
        return { with: send(true), without: send(false) };
      },
      { x: x + width / 2, y: y + height / 2 },
    );
    assert.deepEqual(prevented, { with: false, without: true });
    assert.deepEqual(problems, []);
    await close();
  });
});

group('fingers', () => {
  const finger = async (page, from, to) => {
    const session = await page.context().newCDPSession(page);
    const touch = (type, share) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints:
          share === null ? [] : [{ x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }],
      });
    await touch('touchStart', 0);
    for (let i = 1; i <= 5; ++i) {
      await touch('touchMove', i / 5);
      await settled(page);
    }
    await touch('touchEnd', null);
    await settled(page);
  };

  test('scroll the lesson past a playground in which nothing scrolls, move what follows them, and tap', async () => {
    const lesson = await openLesson(`?${endless}`, {
      width: 1280,
      height: 860,
      hasTouch: true,
      viewport: { width: 1280, height: 900 },
    });
    const { page, frame } = lesson;
    const scrolled = () => page.evaluate(() => window.scrollY);
    const over = await lesson.place('row:original');
    await finger(page, over, { x: over.x, y: over.y - 100 });
    await page.waitForFunction(() => window.scrollY > 50);
    await page.evaluate(() => window.scrollTo(0, 0));

    const map = await lesson.place('map');
    await finger(page, map, { x: map.x, y: map.y - 100 });
    assert.equal(await scrolled(), 0, 'the lesson scrolls under a finger on the map');

    const run = await lesson.place('run');
    await page.touchscreen.tap(run.x, run.y);
    await untilState(frame, 'step at least', 3);
    assert.equal(
      await frame.evaluate(() => window.hourglass.state().phase),
      'running',
      'a tap does not start training',
    );
    assert.deepEqual(lesson.problems(), []);
    await lesson.close();
  });

  test('tap, and the browser tells of the click when frames have passed', async () => {
    const lesson = await openLesson(`?${endless}`, { hasTouch: true });
    const { frame } = lesson;
    await lesson.place('run');
    await frame.evaluate(async () => {
      const { x, y, width, height } = window.hourglass.widgets().run;
      const canvas = document.getElementById('canvas');
      const where = { clientX: x + width / 2, clientY: y + height / 2, bubbles: true, cancelable: true };
      const frames = async () => {
        for (let i = 0; i < 5; ++i) await new Promise((resolve) => requestAnimationFrame(resolve));
      };
      for (const kind of ['pointerdown', 'pointerup']) {
        canvas.dispatchEvent(new PointerEvent(kind, { ...where, pointerType: 'touch', pointerId: 7 }));
      }
      await frames();
      for (const kind of ['mousemove', 'mousedown', 'mouseup']) canvas.dispatchEvent(new MouseEvent(kind, where));
    });
    await untilState(frame, 'step at least', 3);
    assert.deepEqual(lesson.problems(), []);
    await lesson.close();
  });

  test('scroll the playground on a phone, and two of them zoom the map', async () => {
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, '', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      deviceScaleFactor: 3,
    });
    await untilIdle(page);
    const before = await widget(page, 'panel:reconstructions');
    await finger(page, { x: 200, y: before.y + 20 }, { x: 200, y: before.y - 200 + 20 });
    await untilIdle(page);
    const { 'panel:reconstructions': moved } = await page.evaluate(() => window.hourglass.widgets());
    assert.ok(!moved || moved.height < before.height - 50 || moved.y < before.y - 50, 'the body has not scrolled');
    for (let i = 0; i < 12 && !(await page.evaluate(() => window.hourglass.widgets().map?.height > 200)); ++i) {
      await finger(page, { x: 8, y: 600 }, { x: 8, y: 400 });
    }
    await untilIdle(page);
    const map = await widget(page, 'map');
    const middle = { x: map.x + map.width / 2, y: map.y + map.height / 2 };
    assert.equal(await page.evaluate(() => 'map_fit' in window.hourglass.widgets()), false);
    const session = await page.context().newCDPSession(page);
    const touch = (type, apart) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints:
          apart === null
            ? []
            : [
                { x: middle.x - apart, y: middle.y, id: 0 },
                { x: middle.x + apart, y: middle.y, id: 1 },
              ],
      });
    await touch('touchStart', 30);
    for (let apart = 36; apart <= 80; apart += 6) {
      await touch('touchMove', apart);
      await settled(page);
    }
    await touch('touchEnd', null);
    await untilIdle(page);
    // The button that brings all points back is there once somebody has zoomed.
    await widget(page, 'map_fit');
    assert.deepEqual(problems, []);
    await close();
  });
});

group('frames', () => {
  test('?stats: what they cost, measured by the page itself', async () => {
    const { page, problems, close } = await openHourglass(
      shared.browser,
      shared.server.origin,
      `?stats&run=1&${endless}`,
    );
    await page.waitForFunction(() => window.hourglass.frameStats().frames > 10);
    const stats = await page.evaluate(() => window.hourglass.frameStats());
    assert.ok(
      stats.median_ms > 0 && stats.median_ms <= stats.p95_ms && stats.p95_ms <= stats.max_ms,
      JSON.stringify(stats),
    );
    assert.deepEqual(problems, []);
    await close();
  });

  test('with motion reduced nothing glides, and the page is told when that changes', async () => {
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, '', {
      reducedMotion: 'reduce',
    });
    await untilIdle(page);
    const frames = await page.evaluate(() => window.hourglass.frames());
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await untilFrames(page, frames); // the change is noticed
    assert.deepEqual(problems, []);
    await close();
  });

  test('a hidden tab draws none, nothing piles up, and it goes on where training is', async () => {
    const { page, problems, close } = await newPage(shared.browser, shared.server.origin);
    // What a browser does to a hidden tab: it calls no animation frames until the tab is seen again.
    await page.addInitScript(() => {
      const real = window.requestAnimationFrame.bind(window);
      const kept = [];
      // Resolves when what was asked for before is drawn.
      window.hidden = (on) => {
        window.isHidden = on;
        if (!on) kept.splice(0).forEach((callback) => real(callback));
        return new Promise((resolve) => real(() => real(resolve)));
      };
      window.requestAnimationFrame = (callback) => (window.isHidden ? kept.push(callback) : real(callback));
    });
    await page.goto(`${shared.server.origin}/?run=1&${endless}`);
    await page.waitForFunction(() => window.hourglass !== undefined);
    await page.evaluate(() => window.hourglass.ready.then(() => true));
    await untilState(page, 'step at least', 20);
    await page.evaluate(() => {
      window.snapshots = 0;
      window.hourglass.on('snapshot', () => {
        window.snapshots += 1;
      });
      return window.hidden(true);
    });
    const look = () =>
      page.evaluate(() => ({
        frames: window.hourglass.frames(),
        step: window.hourglass.state().step,
        snapshots: window.snapshots,
      }));
    const before = await look();
    // Long enough for many snapshots.
    await rest(1500);
    await untilState(page, 'step at least', before.step + 100);
    const after = await look();
    assert.equal(after.frames, before.frames);
    assert.ok(after.snapshots - before.snapshots <= 2, `${after.snapshots} snapshots came while nobody looked`);
    await page.evaluate(() => window.hidden(false));
    await page.waitForFunction((frames) => window.hourglass.frames() > frames + 3, after.frames);
    await page.waitForFunction((count) => window.snapshots > count + 1, after.snapshots);
    assert.deepEqual(problems, []);
    await close();
  });

  test('a context that is lost while it trains comes back, and the run has gone on', async () => {
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, `?run=1&${endless}`);
    await untilState(page, 'step at least', 20);
    await loseContext(page);
    const { step } = await state(page);
    await page.evaluate(() => window.loseContext.restoreContext());
    await untilState(page, 'step at least', step + 20);
    await clickWidget(page, 'run');
    await untilState(page, 'phase', 'paused');
    assert.deepEqual(problems, []);
    await close();
  });
});

group('text scale', () => {
  test('?text=1.5 makes everything larger, and the API changes it', async () => {
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin);
    const usual = (await widget(page, 'run')).height;
    await page.evaluate(() => window.hourglass.setTextScale(1.5));
    await untilIdle(page);
    const larger = (await widget(page, 'run')).height;
    assert.ok(larger > 1.3 * usual, `${usual} and ${larger}`);
    await close();
    const other = await openHourglass(shared.browser, shared.server.origin, '?text=1.5');
    await untilIdle(other.page);
    assert.equal((await widget(other.page, 'run')).height, larger);
    assert.deepEqual([...problems, ...other.problems], []);
    await other.close();
  });
});
