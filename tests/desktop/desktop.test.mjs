// The desktop window on a display of its own: it opens, trains, and what it draws is what it says.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { decodePng, describe, difference, pixelsIn } from '../support/picture.mjs';
import { endLate } from '../support/waiting.mjs';
import { program, repository, spawnWindow, startDisplay } from './support.mjs';

const screenshots = path.join(repository, 'build/screenshots');

let display;
let folder;

function run(args, environment = {}) {
  const child = spawnWindow(display, args, environment);
  let text = '';
  child.stdout.on('data', (bytes) => {
    text += bytes;
  });
  child.stderr.on('data', (bytes) => {
    text += bytes;
  });
  const inTime = endLate(child);
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      inTime();
      resolve({ code, text });
    });
  });
}

// Runs the window for a while; returns its picture and where its widgets are.
async function look(name, args, environment) {
  const picture = path.join(folder, `${name}.png`);
  const widgets = path.join(folder, `${name}.json`);
  const { code, text } = await run(
    ['--screenshot', picture, '--widgets', widgets, '--data', 'strokes', '--lang', 'en', ...args],
    environment,
  );
  assert.equal(code, 0, text);
  await mkdir(screenshots, { recursive: true });
  await copyFile(picture, path.join(screenshots, `desktop-${name}.png`));
  const rectangles = JSON.parse(await readFile(widgets, 'utf8'));
  return {
    image: decodePng(await readFile(picture)),
    text,
    widget(id) {
      assert.ok(rectangles[id], `there is no widget "${id}" among ${Object.keys(rectangles).join(', ')}`);
      const [x, y, width, height] = rectangles[id];
      return { x, y, width, height };
    },
    pixels(id) {
      return pixelsIn(this.image, this.widget(id));
    },
  };
}

before(async () => {
  assert.ok(existsSync(program), `${program} is missing: ./dev build makes it.`);
  folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-desktop-'));
  display = await startDisplay();
});

after(async () => {
  display?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('the window opens with pictures, map and controls, and waits; with --run it trains', async () => {
  const before = await look('start', ['--size', '1280x800']);
  assert.equal(before.image.width, 1280);
  assert.equal(before.image.height, 800);
  for (const id of ['run', 'step', 'epoch', 'reset', 'preset', 'setting:data.set', 'setting:view.noise.level'])
    before.widget(id);
  assert.ok(describe(before.pixels('row:original')).spread > 20, 'there are no images');
  assert.ok(describe(before.pixels('map')).colours >= 5, 'there is no map');
  assert.equal(before.text, '');

  const trained = await look('trained', ['--size', '1280x800', '--run', '--steps', '500']);
  // Before training a reconstruction is an even grey; after it, it is like the original.
  const far = difference(before.pixels('row:original'), before.pixels('row:reconstructed'));
  const near = difference(trained.pixels('row:original'), trained.pixels('row:reconstructed'));
  assert.ok(near < 0.5 * far, `from ${far} to ${near}`);
  const curve = describe(trained.pixels('plot:loss'));
  assert.ok(curve.colours >= 1 && curve.spread > 3, `there is no curve: ${JSON.stringify(curve)}`);

  const chinese = await look('chinese', ['--size', '1280x800', '--lang', 'zh']);
  const step = before.widget('step');
  const change = difference(pixelsIn(before.image, step), pixelsIn(chinese.image, step));
  assert.ok(change > 2, `the button changed by ${change} only in Chinese`);
});

test('both themes, in every layout', async () => {
  for (const [layout, size] of [
    ['wide', '1280x800'],
    ['narrow', '800x600'],
    ['phone', '390x844'],
  ]) {
    for (const theme of ['light', 'dark']) {
      const window = await look(`${layout}-${theme}`, ['--size', size, '--theme', theme, '--run', '--steps', '100']);
      assert.equal(`${window.image.width}x${window.image.height}`, size);
      assert.ok(describe(window.pixels('row:original')).spread > 20, `${layout}, ${theme}: there are no images`);
      const { x, y } = window.widget('panel:reconstructions');
      const card = window.image.pixel(Math.round(x + 20), Math.round(y + 6)).reduce((sum, part) => sum + part) / 3;
      assert.ok(theme === 'dark' ? card < 60 : card > 230, `${layout}: a ${theme} card is ${card}`);
    }
  }
});

test('a larger text scale makes everything larger', async () => {
  const large = await look('scale', ['--size', '1280x800', '--scale', '1.5']);
  assert.ok(large.widget('run').height > 45, `the button is ${large.widget('run').height} high`);
  assert.ok(describe(large.pixels('row:original')).spread > 20, 'there are no images');
});

test('wrong flags get one sentence and exit code 2', async () => {
  for (const [args, expected] of [
    [['--nonsense'], /no flag '--nonsense'/],
    [['--size', '10x10'], /WIDTHxHEIGHT/],
    [['--theme', 'pink'], /light or dark/],
    [['--lang', 'fr'], /en or zh/],
    [['--after', 'soon'], /--after takes a number/],
    [['--preset'], /needs a value/],
    [['--preset', 'vanila'], /vanilla/],
    [['--data', 'cats'], /mnist/],
  ]) {
    const { code, text } = await run(args);
    assert.equal(code, 2, `${args.join(' ')}: ${text}`);
    assert.match(text, expected);
    assert.equal(text.trim().split('\n').length, 1, text);
  }
});

test('without a display it says so', async () => {
  const { code, text } = await run([], { DISPLAY: ':987654', WAYLAND_DISPLAY: 'none' });
  assert.equal(code, 2, text);
  assert.match(text, /display/);
});
