// The desktop window as a person uses it: a real pointer, real keys, on a display of its own.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { OpenWindow, startDisplay } from './support.mjs';

let display;
let folder;
const windows = [];

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-desktop-'));
  display = await startDisplay();
});

after(async () => {
  for (const window of windows) await window.close();
  display?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function open(name, args = [], environment = {}) {
  const window = await OpenWindow.open(
    display,
    folder,
    name,
    ['--data', 'strokes', '--lang', 'en', '--size', '1280x800', '--no-preferences', ...args],
    environment,
  );
  windows.push(window);
  return window;
}

// Holds training to four steps a second, at which a run takes minutes, so that it is under way when it is paused.
async function holdBack(window) {
  await window.click('speed');
  await window.click('speed:4');
  await window.until('the speed is chosen', ({ settings }) => settings['view.steps_per_second'] === 4);
}

test('the pointer runs and pauses, drags a slider, and zooms the map by the wheel', async () => {
  const window = await open('pointer');
  await holdBack(window);
  await window.click('run');
  await window.until('it has trained', ({ phase, step }) => phase === 'running' && step > 5);
  await window.click('run');
  const paused = await window.until('it is paused', ({ phase }) => phase === 'paused');
  await window.untilQuiet();
  assert.equal((await window.report()).step, paused.step, 'a paused run went on');

  const before = (await window.report()).settings['view.noise.level'];
  await window.drag('setting:view.noise.level', 0.15, 0.75);
  await window.until('the slider has moved', ({ settings }) => {
    const level = settings['view.noise.level'];
    return level !== before && level > 0.5 && level < 0.95;
  });

  const { map_scale: scale } = await window.report();
  await window.pointAt('map');
  await window.wheel(3);
  await window.until('the map is larger', (report) => report.map_scale > 1.3 * scale);
  await window.wheel(-6);
  await window.until('the map is smaller', (report) => report.map_scale < 0.9 * scale);

  const { language } = await window.report();
  assert.equal(language, 'en');
  await window.click('language');
  await window.until('it is Chinese', (report) => report.language === 'zh');
  await window.click('theme');
  await window.until('it is dark', (report) => report.theme === 'dark');
  assert.equal(await window.close(), 0, window.output);
});

test('keys run, pause, step and reset', async () => {
  const window = await open('keys');
  await holdBack(window);
  await window.key('s');
  await window.until('one step is trained', ({ step }) => step === 1);
  await window.key('s', 's');
  await window.until('three steps are trained', ({ step }) => step === 3);
  await window.key('space');
  await window.until('it runs', ({ phase, step }) => phase === 'running' && step > 5);
  await window.key('space');
  await window.until('it is paused', ({ phase }) => phase === 'paused');
  await window.key('r');
  await window.until('it is back at the start', ({ step }) => step === 0);
  assert.equal(await window.close(), 0, window.output);
});

test('the keyboard alone reaches the controls', async () => {
  const window = await open('tab');
  const seen = new Set();
  for (let presses = 0, last = ''; presses < 120; ++presses) {
    await window.key('Tab');
    const { keyboard } = await window.until('Tab has gone on', (report) => report.keyboard !== last);
    last = keyboard;
    if (presses > 12 && seen.has(keyboard)) break; // around once
    if (keyboard) seen.add(keyboard);
  }
  for (const id of [
    'run',
    'step',
    'preset',
    'language',
    'theme',
    'setting:view.noise.kind',
    'setting:view.noise.level',
    'map',
    'tab:weights',
    'tab:training',
  ]) {
    assert.ok(seen.has(id), `Tab does not come to ${id}, but to ${[...seen].join(', ')}`);
  }
  for (let presses = 0, { keyboard } = await window.report(); keyboard !== 'run'; ++presses) {
    assert.ok(presses < 120, 'Tab does not come back to run');
    const last = keyboard;
    await window.key('Tab');
    ({ keyboard } = await window.until('Tab has gone on', (report) => report.keyboard !== last));
  }
  await window.key('Return');
  await window.until('it trains', ({ step }) => step > 3);
  assert.equal(await window.close(), 0, window.output);
});

test('nothing is drawn while nothing changes', async () => {
  const window = await open('idle');
  await window.point(640, 795);
  await window.untilQuiet();
  await window.close();
});

test('language, theme and size are those of last time', async () => {
  const home = path.join(folder, 'home');
  const environment = { XDG_DATA_HOME: home };
  const start = async (name, args = []) => {
    const window = await OpenWindow.open(display, folder, name, ['--data', 'strokes', ...args], environment);
    windows.push(window);
    return window;
  };
  const file = path.join(home, 'hourglass', 'preferences.json');
  const first = await start('first', ['--lang', 'en']);
  await first.click('language');
  await first.until('it is Chinese', (report) => report.language === 'zh');
  await first.click('theme');
  await first.until('it is dark', (report) => report.theme === 'dark');
  await first.resize(1000, 700);
  assert.equal(await first.close(), 0, first.output);
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), {
    language: 'zh',
    theme: 'dark',
    width: 1000,
    height: 700,
  });

  const second = await start('second');
  const seen = await second.report();
  assert.equal(seen.language, 'zh');
  assert.equal(seen.theme, 'dark');
  const [, , width] = seen.widgets['panel:toolbar'];
  assert.equal(width, 1000);
  await second.close();

  // A flag has the last word, and a file that is damaged none.
  const third = await start('third', ['--lang', 'en', '--theme', 'light']);
  assert.equal((await third.report()).language, 'en');
  assert.equal((await third.report()).theme, 'light');
  await third.close();
  for (const damaged of [
    '',
    '{"language":',
    '[1,2]',
    '{"language":7,"theme":"pink","width":-5,"height":1e9}',
    '\u0000\uffff',
  ]) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, damaged);
    const window = await start('damaged', ['--lang', 'en']);
    assert.equal((await window.report()).theme, 'light');
    assert.equal(await window.close(), 0, window.output);
  }
});
