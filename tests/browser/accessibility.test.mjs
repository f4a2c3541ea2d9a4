// The playground for those who do not see it or use no pointer: the elements that stand for what is on the canvas.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { happens } from '../support/waiting.mjs';
import { openHourglass, screenshot, settled, state, untilIdle, untilState, useSite, widget } from './support.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const shared = useSite();

const open = (query, options) => openHourglass(shared.browser, shared.server.origin, query, options);
const untilMirror = (page) => page.locator('.mirror button').first().waitFor({ state: 'attached' });
const control = (page, id) => page.locator(`.mirror [data-id="${id}"]`);
const untilValue = (page, key, value) =>
  happens(
    async () => (await page.evaluate((name) => window.hourglass.get(name), key)) === value,
    `${key} becomes ${value}`,
  );
// As a screen reader presses a control: no pointer is anywhere.
const press = (page, id) => control(page, id).evaluate((element) => element.click());
const focusedId = (page) => page.evaluate(() => document.activeElement.dataset.id ?? document.activeElement.id);
const untilFocused = (page, id) => happens(async () => (await focusedId(page)) === id, `${id} has the keyboard`);

// What axe-core finds that keeps people out.
async function seriousProblems(page) {
  // The page's policy runs no script of another's; the browser's own tools may.
  const devtools = await page.context().newCDPSession(page);
  const { readFile } = await import('node:fs/promises');
  await devtools.send('Runtime.evaluate', { expression: await readFile(axe, 'utf8') });
  const { violations } = await page.evaluate(() => window.axe.run(document));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160))}`);
}

for (const lang of ['en', 'zh']) {
  test(`axe-core finds nothing serious in any panel, ${lang}`, async () => {
    const { page, problems, close } = await open(`?lang=${lang}`);
    await untilMirror(page);
    for (const workspace of ['training', 'applications']) {
      await press(page, `workspace.${workspace}`);
      await happens(
        async () => (await control(page, `workspace.${workspace}`).getAttribute('aria-selected')) === 'true',
        `${workspace} is on show`,
      );
      const tabs = await page
        .locator('.mirror [role="tab"][data-id^="tab:"]')
        .evaluateAll((elements) => elements.map(({ dataset }) => dataset.id));
      assert.ok(tabs.length >= 3, tabs.join());
      for (const tab of tabs) {
        await press(page, tab);
        await happens(
          async () => (await control(page, tab).getAttribute('aria-selected')) === 'true',
          `${tab} is selected`,
        );
        assert.deepEqual(await seriousProblems(page), [], tab);
      }
    }
    await press(page, 'help');
    await control(page, 'help:close').waitFor({ state: 'attached' });
    assert.deepEqual(await seriousProblems(page), [], 'the page of help');
    assert.deepEqual(problems, []);
    await close();
  });
}

for (const [lang, names] of [
  ['en', { run: /^Run/, rate: /Learning rate/i, learns: /Training/ }],
  ['zh', { run: /运行|训练|开始/, rate: /学习率/, learns: /正在训练/ }],
]) {
  test(`a run from the choice of a preset on, by the mirror alone, ${lang}`, async () => {
    const { page, problems, close } = await open(`?lang=${lang}`);
    await untilMirror(page);
    // By names and roles, as a screen reader has them.
    const preset = control(page, 'preset');
    assert.equal(await preset.evaluate(({ tagName }) => tagName), 'SELECT');
    await preset.selectOption('1');
    await happens(async () => (await preset.inputValue()) === '1', 'the list shows what was chosen');
    await press(page, 'workspace.training');
    await press(page, 'tab:training');
    const slider = page.getByRole('slider', { name: names.rate }).first();
    await slider.waitFor({ state: 'attached' });
    const before = await page.evaluate(() => window.hourglass.get('train.learning_rate'));
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await happens(
      async () => (await page.evaluate(() => window.hourglass.get('train.learning_rate'))) > before,
      'the arrow key moves the slider',
    );
    const field = control(page, 'setting:train.learning_rate:field');
    await field.focus();
    await field.fill('0.004');
    await field.press('Enter');
    await untilValue(page, 'train.learning_rate', 0.004);
    await happens(async () => /0\.004/.test(await slider.getAttribute('aria-valuetext')), 'the slider says so');

    // Long enough to be paused.
    const epochs = control(page, 'setting:train.epochs:field');
    await epochs.fill('100000');
    await epochs.press('Enter');
    await untilValue(page, 'train.epochs', 100000);

    const run = control(page, 'run');
    assert.match(await run.innerText().then((text) => text || run.textContent()), names.run);
    await run.focus();
    await page.keyboard.press('Enter');
    await untilState(page, 'phase', 'running');
    await untilState(page, 'step at least', 3);
    await happens(async () => names.learns.test(await page.locator('#status').textContent()), 'it says that it learns');
    await press(page, 'run');
    await untilState(page, 'phase', 'paused');
    await press(page, 'tab:curves');
    await happens(
      async () => (await control(page, 'tab:curves').getAttribute('aria-selected')) === 'true',
      'another panel is on show',
    );
    assert.equal((await state(page)).phase, 'paused');
    assert.deepEqual(problems, []);
    await close();
  });
}

test('each element lies where its control is drawn', async () => {
  const { page, problems, close } = await open('?lang=en');
  await untilMirror(page);
  for (const id of ['run', 'preset', 'help']) {
    const box = await control(page, id).boundingBox();
    const place = await widget(page, id);
    for (const side of ['x', 'y', 'width', 'height']) {
      assert.ok(Math.abs(box[side] - place[side]) < 2, `${id}: ${JSON.stringify([box, place])}`);
    }
  }
  // And none is in the way of a pointer.
  const { x, y, width, height } = await widget(page, 'run');
  const under = await page.evaluate(
    ([left, top]) => document.elementFromPoint(left, top).id,
    [x + width / 2, y + height / 2],
  );
  assert.equal(under, 'canvas');
  assert.deepEqual(problems, []);
  await close();
});

for (const theme of ['light', 'dark']) {
  test(`the keyboard’s ring goes with the focus of the elements, and they with it, ${theme}`, async () => {
    const { page, problems, close } = await open(`?lang=en&theme=${theme}`);
    await untilMirror(page);
    await page.locator('#canvas').focus();
    await untilIdle(page);
    const without = await screenshot(page);
    // From the canvas on, where the front end moves its ring.
    await page.keyboard.press('Tab');
    await happens(async () => page.evaluate(() => Boolean(document.activeElement.closest('.mirror'))), 'they follow');
    const first = await focusedId(page);
    await page.keyboard.press('Tab');
    await happens(async () => (await focusedId(page)) !== first, 'Tab goes on');
    await control(page, 'run').focus();
    await untilIdle(page);
    const image = await screenshot(page, `focus-${theme}`);
    const { x, y, width, height } = await widget(page, 'run');
    let changed = 0;
    for (let column = Math.floor(x) - 4; column < x + width + 4; ++column) {
      for (let row = Math.floor(y) - 4; row < y + height + 4; ++row) {
        const inside = column > x + 4 && column < x + width - 4 && row > y + 4 && row < y + height - 4;
        if (inside || column < 0 || row < 0) continue;
        const [now, before] = [image.pixel(column, row), without.pixel(column, row)];
        changed += now.some((part, i) => Math.abs(part - before[i]) > 40) ? 1 : 0;
      }
    }
    assert.ok(changed > width, `${changed} pixels around the button show the ring`);

    // An arrow key is the front end's, and moves both.
    await page.keyboard.press('ArrowRight');
    await happens(async () => (await focusedId(page)) !== 'run', 'the arrow key moves on');
    await settled(page);
    assert.ok(await page.evaluate(() => Boolean(document.activeElement.closest('.mirror'))));
    assert.deepEqual(problems, []);
    await close();
  });
}

test('a page of help takes the place of what lies behind it, and Escape leaves it', async () => {
  const { page, problems, close } = await open('?lang=en');
  await untilMirror(page);
  await control(page, 'help').focus();
  await page.keyboard.press('Enter');
  await control(page, 'run').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await control(page, 'run').waitFor({ state: 'attached' });
  await happens(
    async () => page.evaluate(() => document.activeElement !== document.body),
    'the keyboard stays in the playground',
  );
  assert.deepEqual(problems, []);
  await close();
});

test('words are typed into an element that is seen while it has the keyboard', async () => {
  const { page, problems, close } = await open('?lang=en');
  await untilMirror(page);
  await press(page, 'tab:training');
  const field = control(page, 'setting:train.learning_rate:field');
  await field.waitFor({ state: 'attached' });
  assert.equal(await field.evaluate((element) => getComputedStyle(element).opacity), '0');
  await field.focus();
  await untilFocused(page, 'setting:train.learning_rate:field');
  assert.equal(await field.evaluate((element) => getComputedStyle(element).opacity), '1');
  await screenshot(page, 'typing');
  await field.fill('x');
  await page.keyboard.press('Escape');
  assert.notEqual(await field.inputValue(), 'x');
  assert.deepEqual(problems, []);
  await close();
});

test('a message is said when it appears', async () => {
  const { page, problems, close } = await open('?lang=en');
  await untilMirror(page);
  await page.evaluate(() => window.hourglass.command('step', { count: 1 }));
  await untilState(page, 'step at least', 1);
  await press(page, 'tab:training');
  const list = control(page, 'setting:model.initializer');
  await list.waitFor({ state: 'attached' });
  assert.equal(await page.locator('.news').textContent(), '');
  await list.selectOption(String((Number(await list.inputValue()) + 1) % 2));
  await happens(async () => /reset/i.test(await page.locator('.news').textContent()), 'it says what waits for a reset');
  await press(page, 'reset_now');
  await control(page, 'reset_now').waitFor({ state: 'detached' });
  assert.equal((await state(page)).step, 0);
  assert.deepEqual(problems, []);
  await close();
});
