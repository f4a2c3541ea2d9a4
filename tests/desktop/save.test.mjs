// Files that are taken away from the window, and a run that is dropped onto it.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { happens } from '../support/waiting.mjs';
import { useWindows } from './support.mjs';

const shared = useWindows();
async function openSave(name) {
  const window = await shared.open(name, ['--data', 'strokes'], { XDG_DOWNLOAD_DIR: shared.folder });
  await window.until('there are data', ({ data }) => data === 'strokes');
  await window.click('workspace.applications');
  await window.until('the tabs are there', ({ widgets }) => widgets['tab:save']);
  await window.click('tab:save');
  await window.until('the panel is there', ({ widgets }) => widgets['save:checkpoint']);
  return window;
}

// Clicks a button and waits until its file is there, whole.
async function saved(window, kind, file) {
  await window.click(`save:${kind}`);
  await happens(async () => (await readdir(shared.folder)).includes(file), `${file} is there`);
  return readFile(path.join(shared.folder, file));
}

test('files are made where the person looks for downloads, and none replaces another', async () => {
  const window = await openSave('save');
  const onnx = await saved(window, 'onnx', 'model.onnx');
  assert.equal(onnx[0], 0x08);
  await saved(window, 'onnx', 'model-2.onnx');
  const view = await saved(window, 'view', 'view.png');
  assert.equal(view.toString('latin1', 1, 4), 'PNG');
  assert.ok(view.length > 20_000);
  await saved(window, 'checkpoint', 'model.safetensors');
  await window.until('it is said', ({ widgets }) => widgets['save:outcome']);
  assert.equal(await window.close(), 0, window.output);
});

test('a run that is dropped goes on where it stopped', async () => {
  const window = await openSave('resume');
  await window.click('run');
  await window.until('it trains', ({ step }) => step > 5);
  await window.click('run');
  await window.until('it stands', ({ phase }) => phase !== 'running');
  const { step } = await window.report();
  await saved(window, 'checkpoint', 'model-2.safetensors');
  await window.click('reset');
  await window.until('it begins anew', (report) => report.step === 0);
  await window.drop(path.join(shared.folder, 'model-2.safetensors'));
  await window.until('it goes on', (report) => report.step === step);
  assert.equal(await window.close(), 0, window.output);
});

test('plots and films of a run are files, too', async () => {
  const window = await openSave('films');
  await window.click('run');
  await window.until('it trains', ({ step }) => step > 20);
  await window.click('run');
  await window.until('it stands', ({ phase }) => phase !== 'running');
  const { step } = await window.report();
  for (const [kind, file, head] of [
    ['curves_png', 'curves.png', '\x89PNG'],
    ['map_svg', 'map.svg', '<svg '],
    ['map_png', 'map.png', '\x89PNG'],
    ['film_images', 'reconstructions.gif', 'GIF89a'],
    ['film_map', 'map.gif', 'GIF89a'],
  ]) {
    await window.pointAt('save:scroll');
    await window.until(
      `save:${kind} is in sight`,
      ({ widgets }) => widgets[`save:${kind}`],
      () => window.wheel(-2),
    );
    const bytes = await saved(window, kind, file);
    assert.equal(bytes.toString('latin1', 0, head.length), head);
  }
  assert.equal((await window.report()).step, step);
  assert.equal(await window.close(), 0, window.output);
});
