// The canvas itself: what a browser may do to it, and what a frame costs.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  difference,
  loseContext,
  openHourglass,
  pixelsIn,
  screenshot,
  untilIdle,
  untilPixels,
  untilState,
  widget,
  useSite,
} from './support.mjs';

const shared = useSite();

test('a lost WebGL context comes back with everything on show', async () => {
  const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin);
  await untilIdle(page);
  const before = await screenshot(page);
  await loseContext(page);
  await page.evaluate(() => window.loseContext.restoreContext());
  for (const id of ['row:original', 'map', 'panel:toolbar']) {
    const usual = pixelsIn(before, await widget(page, id));
    await untilPixels(page, id, (pixels) => difference(usual, pixels) < 1, 'it differs after the context came back');
  }
  assert.deepEqual(problems, []);
  await close();
});

test('drawing asks the graphics card nothing that it would have to wait for', async () => {
  const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin);
  await untilIdle(page);
  await page.evaluate(async () => {
    const gl = document.getElementById('canvas').getContext('webgl2');
    const counts = { drawElements: 0 };
    for (const name of [
      'getParameter',
      'getError',
      'isEnabled',
      'readPixels',
      'finish',
      'checkFramebufferStatus',
      'drawElements',
    ]) {
      const real = gl[name].bind(gl);
      gl[name] = (...args) => {
        counts[name] = (counts[name] ?? 0) + 1;
        return real(...args);
      };
    }
    await window.hourglass.command('step', { count: 20 });
    window.counts = counts;
  });
  await untilState(page, 'step at least', 20);
  await untilIdle(page);
  const calls = await page.evaluate(() => window.counts);
  const { drawElements, ...questions } = calls;
  assert.ok(drawElements > 0, 'nothing was drawn');
  assert.deepEqual(questions, {});
  assert.deepEqual(problems, []);
  await close();
});

test('a context that was taken away is asked for again; what is said meanwhile helps, and goes when it has come', async () => {
  const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin);
  await untilIdle(page);
  const isLost = () => document.getElementById('canvas').getContext('webgl2').isContextLost();
  await page.evaluate(() => {
    document.getElementById('canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext();
  });
  await page.waitForFunction(isLost);
  await page.waitForFunction(() => !document.getElementById('canvas').getContext('webgl2').isContextLost());
  assert.equal(await page.locator('.notice').count(), 0);

  // As a browser does that does not give it back yet.
  await page.evaluate(() => {
    const extension = document.getElementById('canvas').getContext('webgl2').getExtension('WEBGL_lose_context');
    const restore = extension.restoreContext.bind(extension);
    window.allow = () => {
      delete extension.restoreContext;
      restore();
    };
    extension.restoreContext = () => {};
    extension.loseContext();
  });
  const sentence = page.locator('.notice p');
  await sentence.waitFor();
  assert.match(await sentence.innerText(), /comes back by itself/);
  assert.doesNotMatch(await sentence.innerText(), /[Rr]eload/);
  await page.evaluate(() => window.hourglass.command('step', { count: 2 }));
  await page.evaluate(() => window.allow());
  await sentence.waitFor({ state: 'detached' });
  await page.waitForFunction(() => window.hourglass.state().step === 2);
  await untilIdle(page);
  assert.deepEqual(problems, []);
  await close();
});
