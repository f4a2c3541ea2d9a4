// A project goes from the page to the command line and back, with a person's own data in it.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { hourglass, program } from '../cli/support.mjs';
import { happens } from '../support/waiting.mjs';
import { clickWidget, dropFiles, openHourglass, state, untilState, untilWidget, useSite } from './support.mjs';

const shared = useSite();
const skip = existsSync(program) ? false : 'the command line is not built: ./dev build';

async function openSave() {
  const { page, close } = await openHourglass(
    shared.browser,
    shared.server.origin,
    '?data.strokes_train=500&data.strokes_test=200',
    { viewport: { width: 1280, height: 800 }, acceptDownloads: true },
  );
  await page.waitForFunction(() => window.hourglass.state().data !== null);
  return { page, close };
}

async function showTab(page, tab) {
  await untilWidget(page, 'workspace.applications');
  await clickWidget(page, 'workspace.applications');
  await untilWidget(page, `tab:${tab}`);
  await clickWidget(page, `tab:${tab}`);
}

async function saved(page, kind) {
  await untilWidget(page, `save:${kind}`);
  const [download] = await Promise.all([page.waitForEvent('download'), clickWidget(page, `save:${kind}`)]);
  return readFile(await download.path());
}

// The members of an archive that stores them, by name.
function members(zip) {
  const found = {};
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50;) {
    const name = zip.toString('utf8', at + 30, at + 30 + zip.readUInt16LE(at + 26));
    const start = at + 30 + name.length + zip.readUInt16LE(at + 28);
    found[name] = zip.subarray(start, start + zip.readUInt32LE(at + 18));
    at = start + zip.readUInt32LE(at + 18);
  }
  return found;
}

// The arrays of a safetensors file by name, each as its type and its bytes in hexadecimal.
function arrays(file) {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + length));
  delete header.__metadata__;
  return Object.fromEntries(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          data_offsets: [from, to],
        },
      ]) => [name, dtype + file.subarray(8 + length + from, 8 + length + to).toString('hex')],
    ),
  );
}

test('a project goes from the page to the command line and back with equal bits', { skip }, async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-'));
  t.after(() => rm(folder, { recursive: true }));
  const at = (name) => path.join(folder, name);
  const lines = ['power,weight,kind'];
  for (let i = 0; i < 80; i += 1) lines.push(`${100 + (i % 17)},${2000 + 7 * (i % 23)},${i % 2 ? 'van' : 'coupe'}`);
  await writeFile(at('cars.csv'), `${lines.join('\n')}\n`);

  const first = await openSave();
  t.after(first.close);
  await dropFiles(first.page, [at('cars.csv')]);
  await untilWidget(first.page, 'own:use');
  await clickWidget(first.page, 'own:use');
  await happens(async () => (await state(first.page)).data?.name === 'cars.csv', 'the table is not used', 50);
  await first.page.evaluate(() => window.hourglass.command('step', { count: 7 }));
  await untilState(first.page, 'step at least', 7);
  await showTab(first.page, 'save');
  await writeFile(at('page.zip'), await saved(first.page, 'project'));
  const inside = members(await readFile(at('page.zip')));
  assert.ok(inside['data.safetensors'], Object.keys(inside).join());

  // The command line needs no table, and goes on for some epochs.
  await rm(at('cars.csv'));
  const trained = hourglass(['train', '--resume', at('page.zip'), '--epochs', '12', '--out', at('run')]);
  assert.equal(trained.code, 0, trained.stderr);
  await writeFile(at('cars.csv'), `${lines.join('\n')}\n`);
  const model = path.join(at('run'), 'model.safetensors');
  const made = hourglass(['project', '--model', model, '--data', at('cars.csv'), '--out', at('back.zip')]);
  assert.equal(made.code, 0, made.stderr);

  // A page that never saw the table.
  const second = await openSave();
  t.after(second.close);
  await dropFiles(second.page, [at('back.zip')]);
  await happens(async () => (await state(second.page)).data?.name === 'cars.csv', 'the project does not open', 50);
  await happens(async () => (await state(second.page)).step > 7, 'the run does not go on', 50);
  await showTab(second.page, 'save');
  assert.deepEqual(arrays(await saved(second.page, 'checkpoint')), arrays(await readFile(model)));
  // And it takes its data along again.
  const again = members(await saved(second.page, 'project'));
  assert.ok(again['data.safetensors'].equals(members(await readFile(at('back.zip')))['data.safetensors']));
});
