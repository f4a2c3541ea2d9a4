// Playgrounds in other people's pages: the keyboard goes back to them, and what nobody sees takes nothing.

import assert from 'node:assert/strict';
import { describe as group, test } from 'node:test';

import { frameOf as frameIn, openHost as hostOf, untilFrame as untilFrameIn, untilReady } from './host_support.mjs';
import { difference, settled, untilIdle, useSite } from './support.mjs';
import { decodePng } from '../support/picture.mjs';
import { happens, rest } from '../support/waiting.mjs';

const shared = useSite();

const openHost = (t, body, host) => hostOf(t, shared, body, { host });
const frameOf = (page, part) => frameIn(shared, page, part);
const untilFrame = (page, part) => untilFrameIn(shared, page, part);

const has = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName);

// Where the keyboard is: an element of the page, or of the playground in it. Null while it is on its way from one to the
// other, which are two processes where they are two sites.
async function keyboardIn(page, frame) {
  const outer = await has(page);
  const [inner, inside] = [await has(frame), await frame.evaluate(() => document.hasFocus())];
  if (outer !== 'IFRAME') return inside ? null : outer;
  return inside && inner !== 'BODY' ? `playground: ${inner}` : null;
}

// Presses a key that moves the keyboard, and returns where to.
async function moveBy(key, page, frame) {
  const before = await keyboardIn(page, frame);
  await page.keyboard.press(key);
  let now;
  await happens(
    async () => {
      now = await keyboardIn(page, frame);
      return now !== null && now !== before;
    },
    () => `${key} moves the keyboard from ${before}`,
  );
  return now;
}

// The deck counts every key that it hears, as a slide deck turns a slide.
const DECK = (origin, query = '?stats=0') => `<button id="before">before</button><br>
  <iframe src="${origin}/${query}" width="1000" height="650" style="border:0"></iframe><br><button id="after">after</button>
  <script>
    window.keys = [];
    window.messages = [];
    addEventListener('keydown', ({ key }) => window.keys.push(key));
    addEventListener('message', ({ data }) => window.messages.push(data));
  </script>`;

group('the keyboard', () => {
  for (const [site, host] of [
    ['the same site', '127.0.0.1'],
    ['another site', 'localhost'],
  ]) {
    for (const how of ['a click', 'Tab']) {
      test(`that came by ${how} goes back to a page of another origin of ${site} with Escape`, async (t) => {
        const { page, problems } = await openHost(t, DECK(shared.server.origin), host);
        const frame = await untilFrame(page, '?stats=0');
        await untilReady(frame);
        const enter = async () => {
          if (how === 'a click') {
            const { x, y } = await frame.evaluate(() => window.hourglass.widgets()['panel:status']);
            const box = await page.locator('iframe').boundingBox();
            await page.mouse.click(box.x + x + 3, box.y + y + 3);
          } else {
            await page.locator('#before').focus();
            await page.keyboard.press('Tab');
          }
          await happens(async () => (await has(frame)) === 'canvas', 'the canvas gets the focus');
        };
        await enter();
        await page.keyboard.press('s');
        await frame.waitForFunction(() => window.hourglass.state().step === 1);
        await page.keyboard.press('Escape');
        await happens(async () => (await keyboardIn(page, frame)) === 'BODY', 'the deck gets the focus');
        await page.keyboard.press('ArrowRight');
        await happens(() => page.evaluate(() => window.keys.includes('ArrowRight')), 'the deck hears the key');
        assert.deepEqual(await page.evaluate(() => window.keys.filter((key) => key !== 'Tab')), ['ArrowRight']);
        assert.equal(await frame.evaluate(() => window.hourglass.state().step), 1);
        assert.deepEqual(await page.evaluate(() => window.messages), [{ hourglass: 'left' }]);

        // Tab is no trap: wherever the browser goes on from, it comes to what is behind the playground.
        const way = [];
        for (let i = 0; i < 4 && way.at(-1) !== 'after'; ++i) {
          way.push(await moveBy('Tab', page, frame));
          assert.notEqual(way.at(-1), 'playground: canvas', 'Tab goes back into the playground');
        }
        assert.equal(way.at(-1), 'after', way.join(', '));
        // And back in with Shift+Tab.
        for (let i = 0; i < 3 && way.at(-1) !== 'playground: canvas'; ++i) {
          way.push(await moveBy('Shift+Tab', page, frame));
        }
        assert.equal(way.at(-1), 'playground: canvas', way.join(', '));
        await page.keyboard.press('s');
        await frame.waitForFunction(() => window.hourglass.state().step === 2);
        assert.deepEqual(problems(), []);
      });
    }
  }

  for (const width of [1000, 390]) {
    test(`finds a line on its way out that nothing lies on (${width} pixels)`, async (t) => {
      const query = '?text=3&lang=zh'; // which gets a notice
      const { page } = await openHost(t, DECK(shared.server.origin, query), 'localhost');
      await page.locator('iframe').evaluate((iframe, value) => iframe.setAttribute('width', value), width);
      const frame = await untilFrame(page, query);
      await untilReady(frame);
      await page.locator('#before').focus();
      await moveBy('Tab', page, frame);
      await page.keyboard.press('Escape');
      await happens(async () => (await keyboardIn(page, frame)) === 'BODY', 'the deck gets the focus');
      const line = frame.locator('.way-out');
      for (let i = 0; i < 3 && !(await line.evaluate((element) => element.matches(':focus'))); ++i) {
        await moveBy('Tab', page, frame);
      }
      assert.match(await line.innerText(), /已离开实验场/);
      const [above, below] = [await frame.locator('.notice').boundingBox(), await line.boundingBox()];
      assert.ok(above.y + above.height <= below.y, JSON.stringify([above, below]));
    });
  }
});

const COUNT = 18;
const HEIGHT = 420;
// Told apart by a size of text that nobody can tell apart.
const mark = (i) => `?text=1.00${String(i).padStart(2, '0')}&`;
const LESSON = (origin, query = '') =>
  Array.from(
    { length: COUNT },
    (_, i) => `<p style="margin:0;height:20px">${i}</p>
  <iframe src="${origin}/${mark(i)}threads=1&${query}" width="900" height="${HEIGHT - 20}" style="border:0;display:block"></iframe>`,
  ).join('');

const frameAt = (page, i) => frameOf(page, mark(i));
const scrollTo = (page, i) => page.evaluate((y) => window.scrollTo(0, y), i * HEIGHT);
const isDrawn = (frame) =>
  frame.evaluate(() => {
    const context = document.getElementById('canvas').getContext('webgl2');
    return context !== null && !context.isContextLost();
  });
// Not by page.screenshot(), which waits for the fonts of every frame, of those too that nobody sees.
const pictureAt = async (page) => {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', {
    clip: { x: 0, y: 20, width: 900, height: HEIGHT - 20, scale: 1 },
  });
  return decodePng(Buffer.from(data, 'base64'));
};
const pixels = ({ width, height, pixel }) => {
  const all = [];
  for (let y = 0; y < height; y += 3) for (let x = 0; x < width; x += 3) all.push(pixel(x, y));
  return all;
};

group(`${COUNT} playgrounds on a page`, () => {
  for (const [site, host] of [
    ['the same site', '127.0.0.1'],
    ['another site', 'localhost'],
  ]) {
    test(`of ${site}: those in sight live, the others take nothing and come back as they were`, async (t) => {
      const { page, problems } = await openHost(t, LESSON(shared.server.origin, 'view.noise.level=0'), host);
      await untilFrame(page, mark(COUNT - 1));
      const first = [frameAt(page, 0), frameAt(page, 1)];
      for (const frame of first) await untilReady(frame);
      for (const i of [3, 9, COUNT - 1]) {
        await frameAt(page, i).waitForFunction(() => window.hourglass !== undefined, null, { polling: 100 }); // no frames are drawn there
        assert.equal(await frameAt(page, i).evaluate(() => typeof window.hourglass.state), 'function');
        assert.equal(await frameAt(page, i).evaluate(() => window.hourglassWorker), undefined);
      }
      await rest(1000);
      assert.equal(page.workers().length, 2, 'workers of playgrounds that nobody has seen');
      // Something to come back to.
      await first[0].evaluate(() => window.hourglass.command('step', { count: 30 }));
      await first[0].waitForFunction(
        () => window.hourglass.state().step === 30 && window.hourglass.state().phase === 'paused',
      );
      await untilIdle(first[0]);
      const before = await pictureAt(page);

      for (let i = 1; i < COUNT; ++i) {
        await scrollTo(page, i);
        await untilReady(frameAt(page, i));
        await happens(() => isDrawn(frameAt(page, i)), `playground ${i} has graphics in sight`);
        await settled(frameAt(page, i));
      }
      await happens(async () => !(await isDrawn(first[0])), 'the first, which nobody sees, gives its graphics back');
      // Each gives them back a second after it has gone out of sight, which on a fast machine is after many others.
      let live;
      await happens(
        async () => {
          const drawn = await Promise.all(Array.from({ length: COUNT }, (_, i) => isDrawn(frameAt(page, i))));
          live = drawn.filter(Boolean).length;
          return live < 8;
        },
        () => `fewer than 8 have graphics, and not ${live}`,
      );
      // The picture is kept: it is there before anything is drawn again.
      assert.equal(await first[0].locator('.still').count(), 1);

      await scrollTo(page, 0);
      await happens(() => isDrawn(first[0]), 'the graphics come back');
      await happens(async () => (await first[0].locator('.still').count()) === 0, 'the canvas replaces the picture');
      assert.equal(await first[0].evaluate(() => window.hourglass.state().step), 30);
      let change;
      await happens(
        async () => {
          change = difference(pixels(before), pixels(await pictureAt(page)));
          return change < 1;
        },
        () => `it looks as before, from which it differs by ${change}`,
      );
      for (let i = 0; i < COUNT; ++i)
        assert.deepEqual(await frameAt(page, i).locator('.notice p').allInnerTexts(), [], `in ${i}`);
      await first[0].evaluate(() => window.hourglass.command('step', { count: 5 }));
      await first[0].waitForFunction(() => window.hourglass.state().step === 35);
      // The warning that Chrome gives of its own accord while it has more than 16.
      assert.deepEqual(
        problems().filter((problem) => !/Too many active WebGL contexts|preloaded using link preload/.test(problem)),
        [],
      );
    });
  }

  test('run=1 begins when seen, stands still out of sight, and ends with the same bits', async (t) => {
    const { page } = await openHost(t, LESSON(shared.server.origin, 'run=1'), 'localhost');
    await untilFrame(page, mark(COUNT - 1));
    const run = frameAt(page, 0);
    const other = frameAt(page, 12);
    await untilReady(run);
    await run.waitForFunction(() => window.hourglass.state().step > 3);
    await scrollTo(page, 10);
    const step = () => run.evaluate(() => window.hourglass.state().step);
    // It stands still once two looks in a row agree, a second apart.
    let stood = -1;
    await happens(
      async () => {
        const [before, now] = [stood, await step()];
        stood = now;
        return now === before;
      },
      'it stands still where nobody looks',
      1000,
    );
    assert.equal(await run.evaluate(() => window.hourglass.state().phase), 'running', 'it is no pause of the person');
    // What a script asks is answered meanwhile.
    assert.equal(await run.evaluate(() => window.hourglass.set('view.sample', 2).then(() => 'answered')), 'answered');
    await scrollTo(page, 0);
    await run.waitForFunction((before) => window.hourglass.state().step > before + 20, stood);
    const paused = (frame) =>
      frame.evaluate(async () => {
        await window.hourglass.command('pause');
        return {
          step: window.hourglass.state().step,
          losses: window.hourglass.history().losses.map(({ loss }) => loss),
        };
      });
    const { step: goal, losses } = await paused(run);

    await scrollTo(page, 12);
    await untilReady(other);
    await other.waitForFunction((steps) => window.hourglass.state().step >= steps, goal);
    const { losses: whole } = await paused(other);
    losses.pop(); // the last point is of however many steps there were since the one before
    assert.ok(losses.length > 3);
    assert.deepEqual(losses, whole.slice(0, losses.length));
  });

  test('a script can ask one that nobody sees, which then begins without graphics', async (t) => {
    const { page } = await openHost(t, LESSON(shared.server.origin), 'localhost');
    const hidden = await untilFrame(page, mark(9));
    await hidden.waitForFunction(() => window.hourglass !== undefined, null, { polling: 100 });
    const code = await hidden.evaluate(async () => {
      await window.hourglass.set('train.learning_rate', 0.25);
      await window.hourglass.command('decode', { codes: [] }).catch(() => {});
      return window.hourglass.get('train.learning_rate');
    });
    assert.equal(code, 0.25);
    await scrollTo(page, 9);
    await untilReady(hidden);
    await happens(() => isDrawn(hidden), 'it has graphics');
    assert.equal(await hidden.evaluate(() => window.hourglass.get('train.learning_rate')), 0.25);
  });
});
