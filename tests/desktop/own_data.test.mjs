// A person's own data in the window: dropped as from a file manager, looked at, used; or named when it is started.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { useWindows } from './support.mjs';

const shared = useWindows();
const open = shared.open;

async function writeCars(name) {
  const lines = ['power,weight,kind'];
  for (let i = 0; i < 80; i += 1) lines.push(`${100 + i},${2000 + 7 * i},${i % 2 ? 'van' : 'coupe'}`);
  const file = path.join(shared.folder, name);
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

test('a table that is dropped is shown, and used when somebody says so', async () => {
  const window = await open('drop', ['--data', 'strokes']);
  await window.drop(await writeCars('cars with blanks.csv'));
  await window.until('the panel is there', ({ widgets }) => widgets['own:rows'] && widgets['own:use']);
  assert.equal((await window.report()).data, 'strokes');
  await window.click('own:use');
  await window.until('the data are in use', ({ data }) => data === 'cars with blanks.csv');
  assert.equal((await window.report()).settings['data.set'], 'own');
  await window.until('the training is on show', ({ widgets }) => widgets['image:0']);
  await window.click('run');
  await window.until('it trains', ({ step }) => step > 2);
  assert.equal(await window.close(), 0, window.output);
});

test('what is no data is refused in a sentence, and several files are looked at together', async () => {
  const window = await open('refused', ['--data', 'strokes']);
  const paper = path.join(shared.folder, 'paper.pdf');
  await writeFile(paper, '%PDF-1.7 and so on');
  await window.drop(paper);
  await window.until('it is said', ({ widgets }) => widgets['own:error']);
  assert.equal((await window.report()).data, 'strokes');
  await window.drop(paper, await writeCars('cars.csv'));
  await window.until('the table among them is shown', ({ widgets }) => widgets['own:rows'] && !widgets['own:error']);
  assert.equal(await window.close(), 0, window.output);
});

test('a path is taken for data when the window is started', async () => {
  const window = await open('path', ['--data', await writeCars('cars.csv')]);
  await window.until('the data are in use', ({ data }) => data === 'cars.csv');
  assert.equal((await window.report()).settings['data.set'], 'own');
  assert.equal(await window.close(), 0, window.output);
});
