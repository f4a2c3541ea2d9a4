// What a person takes away from the page, by real clicks and the browser's downloads, and brings back.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe as group, test } from 'node:test';

import { happens } from '../support/waiting.mjs';
import {
  LAYOUTS,
  clickWidget,
  dropFiles,
  openHourglass,
  screenshot,
  state,
  untilState,
  untilWidget,
  useSite,
} from './support.mjs';

const shared = useSite();
const quick = 'data.strokes_train=500&data.strokes_test=200';

async function openSave({ name, width, height, query } = { name: 'wide', width: 1280, height: 800, query: '' }) {
  const opened = await openHourglass(shared.browser, shared.server.origin, `?${quick}${query}`, {
    viewport: { width, height },
    hasTouch: name === 'phone',
    acceptDownloads: true,
  });
  const { page } = opened;
  await page.evaluate(() => window.hourglass.command('step', { count: 40 }));
  await untilState(page, 'step at least', 40);
  await untilWidget(page, 'workspace.applications');
  await clickWidget(page, 'workspace.applications');
  await untilWidget(page, 'tab:save');
  await clickWidget(page, 'tab:save');
  await untilWidget(page, 'save:checkpoint');
  return opened;
}

// The name and the bytes of what a click on a button downloads.
async function saved(page, kind) {
  await untilWidget(page, `save:${kind}`);
  const [download] = await Promise.all([page.waitForEvent('download'), clickWidget(page, `save:${kind}`)]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes };
}

const stepIs = (page, step) =>
  happens(async () => (await state(page)).step === step, `the run is not at step ${step}`, 50);

// The names of what a ZIP holds, from its local headers.
function zipNames(bytes) {
  const names = [];
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50;) {
    const length = bytes.readUInt16LE(at + 26);
    names.push(bytes.toString('utf8', at + 30, at + 30 + length));
    at += 30 + length + bytes.readUInt16LE(at + 28) + bytes.readUInt32LE(at + 18);
  }
  return names;
}

group('the panel Save', () => {
  for (const layout of LAYOUTS) {
    test(`${layout.name}: the run, the model and its results are downloaded`, async (t) => {
      const { page, close } = await openSave(layout);
      t.after(close);
      await screenshot(page, `save-${layout.name}`);
      const checkpoint = await saved(page, 'checkpoint');
      assert.equal(checkpoint.name, 'model.safetensors');
      const header = JSON.parse(checkpoint.bytes.toString('utf8', 8, 8 + Number(checkpoint.bytes.readBigUInt64LE(0))));
      assert.ok(header['encoder.0.weight']);
      const onnx = await saved(page, 'onnx');
      assert.equal(onnx.name, 'model.onnx');
      assert.equal(onnx.bytes[0], 0x08); // ir_version
      if (layout.name !== 'wide') return;

      const keras = await saved(page, 'keras');
      assert.equal(keras.name, 'model-keras.zip');
      assert.ok(zipNames(keras.bytes).some((name) => name.endsWith('.py')));
      const tfjs = await saved(page, 'tfjs');
      assert.ok(zipNames(tfjs.bytes).includes('model.json'));
      const torch = await saved(page, 'pytorch');
      assert.ok(zipNames(torch.bytes).some((name) => name.endsWith('.safetensors')));
      const curves = await saved(page, 'curves');
      assert.equal(curves.name, 'curves.svg');
      assert.match(curves.bytes.toString(), /^<svg [\s\S]*<polyline[\s\S]*<\/svg>\n$/);
      const map = await saved(page, 'map');
      assert.equal(map.bytes.toString().split('\n')[0].split(',').slice(0, 4).join(), 'sample,x,y,label');
      const codes = await saved(page, 'codes');
      assert.equal(codes.name, 'codes.csv');
      const lines = codes.bytes.toString().trimEnd().split('\n');
      assert.equal(lines.length, 701);
      assert.match(lines[0], /^sample,split,label,code_1,/);
      assert.match(lines[501], /^0,test,/);
      for (const [kind, rows] of [
        ['codes_npy', 700],
        ['map_npy', 200],
      ]) {
        const array = await saved(page, kind);
        assert.match(array.bytes.toString('latin1', 0, 128), new RegExp(`NUMPY.*'shape': \\(${rows}, \\d+\\)`, 's'));
      }
      const pictures = await saved(page, 'images');
      const weights = await saved(page, 'weights');
      const history = await saved(page, 'history');
      const view = await saved(page, 'view');
      for (const { bytes } of [pictures, weights, view]) assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
      assert.match(history.bytes.toString(), /^epoch,/);
      // The view is what is seen, and not an empty canvas.
      assert.ok(view.bytes.length > 20_000, `${view.bytes.length} bytes of view.png`);
    });
  }
});

test('a run that was saved goes on in another visit, chosen or dropped, with equal bits', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-'));
  t.after(() => rm(folder, { recursive: true }));
  const first = await openSave();
  t.after(first.close);
  const { bytes } = await saved(first.page, 'checkpoint');
  const file = path.join(folder, 'mine.safetensors');
  await writeFile(file, bytes);
  const before = await state(first.page);

  const second = await openSave();
  t.after(second.close);
  const { page } = second;
  await page.evaluate(() => window.hourglass.command('reset'));
  await stepIs(page, 0);
  await untilWidget(page, 'save:open');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), clickWidget(page, 'save:open')]);
  await chooser.setFiles(file);
  await stepIs(page, before.step);
  const again = await saved(page, 'checkpoint');
  assert.ok(again.bytes.equals(bytes), 'the run that goes on is the one that was saved');

  // The same by a drop, after a file that is no run has been refused in a sentence.
  await page.evaluate(() => window.hourglass.command('reset'));
  await stepIs(page, 0);
  await dropFiles(page, [file]);
  await stepIs(page, before.step);
});

test('a file that is no run is refused in one sentence, and the run goes on', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-'));
  t.after(() => rm(folder, { recursive: true }));
  const { page, close } = await openSave();
  t.after(close);
  const file = path.join(folder, 'broken.safetensors');
  await writeFile(file, 'no model at all');
  const before = await state(page);
  await untilWidget(page, 'save:open');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), clickWidget(page, 'save:open')]);
  await chooser.setFiles(file);
  await untilWidget(page, 'save:error');
  assert.equal((await state(page)).step, before.step);
});

// A safetensors file of Linear layers, as PyTorch writes it.
function safetensorsOf(layers) {
  const header = { __metadata__: { format: 'pt' } };
  const parts = [];
  let length = 0;
  for (const [name, inputs, outputs] of layers) {
    for (const [key, shape] of [
      ['weight', [outputs, inputs]],
      ['bias', [outputs]],
    ]) {
      const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i % 97) - 48) / 960);
      header[`${name}.${key}`] = { dtype: 'F32', shape, data_offsets: [length, length + values.byteLength] };
      parts.push(Buffer.from(values.buffer));
      length += values.byteLength;
    }
  }
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, ...parts]);
}

test("another program's dense autoencoder opens with its layers, and one that does not fit is refused", async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-'));
  t.after(() => rm(folder, { recursive: true }));
  const { page, close } = await openSave();
  t.after(close);
  const fits = path.join(folder, 'net.safetensors');
  await writeFile(
    fits,
    safetensorsOf([
      ['fc1', 784, 30],
      ['fc2', 30, 5],
      ['fc3', 5, 784],
    ]),
  );
  const other = path.join(folder, 'small.safetensors');
  await writeFile(
    other,
    safetensorsOf([
      ['a', 64, 5],
      ['b', 5, 64],
    ]),
  );
  const open = async (file) => {
    await untilWidget(page, 'save:open');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), clickWidget(page, 'save:open')]);
    await chooser.setFiles(file);
  };
  await open(other);
  await untilWidget(page, 'save:error');
  assert.equal((await state(page)).step, 40);
  await open(fits);
  await untilWidget(page, 'save:model');
  await screenshot(page, 'save-model');
  const now = await state(page);
  assert.equal(now.step, 0);
  assert.equal(await page.evaluate(() => window.hourglass.state().network.code_size), 5);
  await page.evaluate(() => window.hourglass.command('step', { count: 2 }));
  await untilState(page, 'step at least', 2);
});
