// Shortcuts on keyboards of other layouts: the letter that a key gives decides, and where it gives none of Latin's, its
// place.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { keyLetter } from '../../web/ui/keys.js';
import { openHourglass, settled, state, untilState, useSite } from './support.mjs';

const shared = useSite();

test('what a key means', () => {
  for (const [key, code, letter] of [
    ['s', 'KeyS', 's'],
    ['S', 'KeyS', 's'],
    ['ы', 'KeyS', 's'], // Russian
    ['σ', 'KeyS', 's'], // Greek
    ['ο', 'KeyO', 'o'], // Greek, which looks like Latin
    ['o', 'KeyS', 'o'], // Dvorak
    ['.', 'KeyE', ''], // Dvorak: a sign
    ['a', 'KeyQ', 'a'], // AZERTY
    ['&', 'Digit1', '1'], // AZERTY
    ['ě', 'Digit2', '2'], // Czech
    ['1', 'Digit1', '1'],
    ['Process', 'KeyS', 's'], // an input method has taken it
    ['Dead', 'KeyN', 'n'],
    ['Enter', 'Enter', ''],
    ['ArrowLeft', 'ArrowLeft', ''],
    [' ', 'Space', ''],
    ['é', 'Semicolon', ''],
  ]) {
    assert.equal(keyLetter({ key, code }), letter, `${key} on ${code}`);
  }
});

// A key as the browser gets it from the system. What it counts as (`number`) is 0 in some browsers where it gives no
// letter of Latin's.
async function press(page, key, code, number = 0, modifiers = 0) {
  const devtools = await page.context().newCDPSession(page);
  const event = { key, code, windowsVirtualKeyCode: number, modifiers };
  const text = modifiers === 0 && key.length === 1 ? { text: key } : {};
  await devtools.send('Input.dispatchKeyEvent', { type: text.text ? 'keyDown' : 'rawKeyDown', ...event, ...text });
  await settled(page);
  await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  await settled(page);
}

for (const [layout, step, epoch] of [
  ['Russian', ['ы', 'KeyS', 0], ['у', 'KeyE', 0]],
  ['Greek', ['σ', 'KeyS', 0], ['ε', 'KeyE', 0]],
  ['Dvorak', ['s', 'Semicolon', 83], ['e', 'KeyD', 69]],
  ['AZERTY', ['s', 'KeyS', 83], ['e', 'KeyE', 69]],
]) {
  test(`S and E on a keyboard of the layout ${layout}`, async () => {
    const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, '?lang=en');
    await page.locator('#canvas').focus();
    await press(page, ...step);
    await untilState(page, 'step at least', 1);
    assert.equal((await state(page)).step, 1);
    await press(page, ...epoch);
    await page.waitForFunction(() => window.hourglass.state().epoch >= 1);
    assert.deepEqual(problems, []);
    await close();
  });
}

test('a key that gives another letter does not do what its place would', async () => {
  const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, '?lang=en');
  await page.locator('#canvas').focus();
  await press(page, 'o', 'KeyS', 79); // Dvorak
  await press(page, '.', 'KeyE', 190);
  await settled(page);
  assert.equal((await state(page)).step, 0);
  assert.deepEqual(problems, []);
  await close();
});

test('Ctrl+Z takes a change back by its letter, and Ctrl with the keys of a browser is left to it', async () => {
  const CTRL = 2;
  const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, '?lang=en');
  const theme = () => page.evaluate(() => document.getElementById('canvas').dataset.theme);
  await page.locator('#canvas').focus();
  const seen = await page.evaluate(() => {
    window.prevented = {};
    window.addEventListener('keydown', (event) => (window.prevented[event.key] = event.defaultPrevented));
    return true;
  });
  assert.ok(seen);
  await press(page, 'я', 'KeyZ', 0, CTRL);
  await press(page, 'к', 'KeyR', 0, CTRL);
  const prevented = await page.evaluate(() => window.prevented);
  assert.notEqual(prevented['к'], true, 'Ctrl+R is the browser’s');
  assert.equal(prevented['я'] ?? prevented.z, true, `Ctrl+Z is the front end’s: ${JSON.stringify(prevented)}`);
  assert.equal(await theme(), 'light');
  assert.deepEqual(problems, []);
  await close();
});
