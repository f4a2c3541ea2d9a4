// How many threads the engine uses can be changed as often and as quickly as somebody moves a slider.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser, openHourglass, serveSite, state, untilState } from './support.mjs';

let browser;
let server;
before(async () => {
  browser = await launchBrowser();
  server = await serveSite({ isolation: true });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

for (const running of [false, true]) {
  test(`dozens of changes in quick succession while ${running ? 'training' : 'paused'} leave an engine that answers`, async () => {
    const { page, problems, close } = await openHourglass(browser, server.origin);
    assert.equal(await page.evaluate(() => window.crossOriginIsolated), true);
    if (running) {
      await page.evaluate(() => window.hourglass.command('run'));
      await untilState(page, 'step at least', 20);
    }
    // All at once, as a slider sends them, and each followed by a reset, with which it takes effect.
    await page.evaluate(async () => {
      const { hourglass } = window;
      const answers = [];
      for (let i = 0; i < 48; i++) {
        answers.push(hourglass.set('train.threads', 1 + (i % 2)));
        if (i % 3 === 0) answers.push(hourglass.command('reset'));
      }
      await Promise.all(answers);
    });
    // And one after the other.
    await page.evaluate(async () => {
      for (let i = 0; i < 12; i++) {
        await window.hourglass.set('train.threads', 1 + (i % 2));
        await window.hourglass.command('reset');
        await window.hourglass.command('step', { count: 1 });
      }
    });
    await page.evaluate(() => window.hourglass.command('run'));
    const { step } = await state(page);
    await untilState(page, 'step at least', step + 50);
    await page.evaluate(() => window.hourglass.command('pause'));
    await untilState(page, 'phase', 'paused', 5000);
    assert.deepEqual(problems, []);
    await close();
  });
}
