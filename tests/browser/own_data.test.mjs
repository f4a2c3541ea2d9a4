// A person's own data in the page: dropped, chosen, pasted, looked at, used and kept; by real drops, file inputs and
// clicks.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe as group, test } from 'node:test';
import zlib from 'node:zlib';

import { happens } from '../support/waiting.mjs';
import {
  LAYOUTS,
  clickWidget,
  dropFiles,
  newPage,
  openHourglass,
  openReady,
  screenshot,
  settled,
  state,
  untilFetched,
  untilIdle,
  untilState,
  untilWidget,
  useSite,
  watchedPage,
  widget,
} from './support.mjs';

const shared = useSite();
const quick = 'data.strokes_train=500&data.strokes_test=200';

async function openPage({ name, width, height, query } = { name: 'wide', width: 1280, height: 800, query: '' }) {
  const opened = await openHourglass(shared.browser, shared.server.origin, `?${quick}${query}`, {
    viewport: { width, height },
    hasTouch: name === 'phone',
  });
  await untilTaking(opened.page);
  return opened;
}

// Files are taken once the script for them has come, which is after the first data set. The words that are read later come
// when somebody points at something, and make room for themselves.
async function untilTaking(page) {
  await untilFetched(page, '/dropped_files.js');
  await page.mouse.move(3, 3);
  await untilFetched(page, '/texts/en.json');
  await settled(page);
}

async function inFolder(use) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

// 80 rows of two measures and a kind.
function carsTable() {
  const lines = ['power,weight,kind'];
  for (let i = 0; i < 80; i += 1) lines.push(`${100 + i},${2000 + 7 * i},${i % 2 ? 'van' : 'coupe'}`);
  return `${lines.join('\n')}\n`;
}

// `count` images of rows x columns as IDX, a bar in each.
function idxImages(count, rows, columns) {
  const header = Buffer.alloc(16);
  [0x803, count, rows, columns].forEach((value, i) => header.writeUInt32BE(value, 4 * i));
  const pixels = Buffer.alloc(count * rows * columns);
  for (let i = 0; i < count; i += 1) {
    const row = i % rows;
    pixels.fill(220, (i * rows + row) * columns, (i * rows + row + 1) * columns);
  }
  return Buffer.concat([header, pixels]);
}

function idxLabels(count) {
  const header = Buffer.alloc(8);
  [0x801, count].forEach((value, i) => header.writeUInt32BE(value, 4 * i));
  return Buffer.concat([header, Buffer.from(Array.from({ length: count }, (_, i) => i % 3))]);
}

// A folder in MNIST's layout of images of 20 x 60.
async function writeIdxFolder(folder, packed = false) {
  await mkdir(folder, { recursive: true });
  const files = {
    'train-images-idx3-ubyte': idxImages(60, 20, 60),
    'train-labels-idx1-ubyte': idxLabels(60),
    't10k-images-idx3-ubyte': idxImages(24, 20, 60),
    't10k-labels-idx1-ubyte': idxLabels(24),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(path.join(folder, packed ? `${name}.gz` : name), packed ? zlib.gzipSync(bytes) : bytes);
  }
}

// Clicks "use" and waits for the data.
async function use(page, name) {
  await untilWidget(page, 'own:use');
  await clickWidget(page, 'own:use');
  await untilState(page, 'data', name).catch(() => {});
  await happens(async () => (await state(page)).data?.name === name, `the data ${name} do not come`, 50);
}

const trains = async (page) => {
  await page.evaluate(() => window.hourglass.command('step', { count: 3 }));
  await untilState(page, 'step at least', 3);
};

for (const layout of LAYOUTS) {
  group(layout.name, () => {
    test('a table that is dropped is shown, changed and trained on', async () => {
      await inFolder(async (folder) => {
        const { page, problems, close } = await openPage(layout);
        const file = path.join(folder, 'cars.csv');
        await writeFile(file, carsTable());
        await dropFiles(page, [file]);
        await untilWidget(page, 'own:use');
        const panel = await widget(page, 'panel:own_data');
        assert.ok(panel.x >= 0 && panel.x + panel.width <= layout.width, JSON.stringify(panel));
        await screenshot(page, `own-table-${layout.name}`);
        await use(page, 'cars.csv');
        assert.equal(await page.evaluate(() => window.hourglass.get('data.set')), 'own');
        await trains(page);
        await screenshot(page, `own-table-run-${layout.name}`);
        assert.deepEqual(problems, []);
        await close();
      });
    });

    test('a folder of wide images is dropped, packed or not, and trained on', async () => {
      await inFolder(async (folder) => {
        const { page, problems, close } = await openPage(layout);
        for (const packed of [false, true]) {
          const set = path.join(folder, packed ? 'packed' : 'plates');
          await writeIdxFolder(set, packed);
          await dropFiles(page, [set]);
          await untilWidget(page, 'own:use');
          await happens(
            async () => (await page.evaluate(() => window.hourglass.widgets()['own:name'] !== undefined)) === true,
            'no name',
            50,
          );
          if (!packed) await screenshot(page, `own-images-${layout.name}`);
          await use(page, packed ? 'packed' : 'plates');
          await trains(page);
        }
        const shape = await page.evaluate(() => {
          const { rows, columns } = window.hourglass.state().data;
          return [rows, columns];
        });
        assert.deepEqual(shape, [20, 60]);
        await screenshot(page, `own-images-run-${layout.name}`);
        assert.deepEqual(problems, []);
        await close();
      });
    });

    test('the panel says what can be brought, and its dialogues bring it', async () => {
      await inFolder(async (folder) => {
        const { page, problems, close } = await openPage(layout);
        await clickWidget(page, 'workspace.applications');
        await untilWidget(page, 'tab:own_data');
        await clickWidget(page, 'tab:own_data');
        await untilWidget(page, 'own:choose');
        await screenshot(page, `own-empty-${layout.name}`);
        const file = path.join(folder, 'measures.csv');
        await writeFile(file, carsTable());
        const choosing = page.waitForEvent('filechooser');
        await clickWidget(page, 'own:choose');
        await (await choosing).setFiles(file);
        await untilWidget(page, 'own:use');
        await clickWidget(page, 'own:forget');
        await untilWidget(page, 'own:folder');
        const set = path.join(folder, 'plates');
        await writeIdxFolder(set);
        const choosingFolder = page.waitForEvent('filechooser');
        await clickWidget(page, 'own:folder');
        await (await choosingFolder).setFiles(set);
        await use(page, 'plates');
        assert.deepEqual(problems, []);
        await close();
      });
    });
  });
}

test('a wrong guess is changed and looked at anew', async () => {
  await inFolder(async (folder) => {
    const { page, problems, close } = await openPage();
    const file = path.join(folder, 'cars.csv');
    await writeFile(file, carsTable());
    await dropFiles(page, [file]);
    await untilWidget(page, 'own:use');
    await page.mouse.move(3, 3); // brings the words that are read later
    await untilIdle(page);
    await clickWidget(page, 'own:data.label');
    await untilWidget(page, 'own:data.label:none');
    await clickWidget(page, 'own:data.label:none');
    await happens(
      async () => !(await page.evaluate(() => 'own:data.label:none' in window.hourglass.widgets())),
      'the list does not close',
      50,
    );
    await clickWidget(page, 'own:data.label');
    await untilWidget(page, 'own:data.label:last');
    await clickWidget(page, 'own:data.label:last');
    await use(page, 'cars.csv');
    assert.equal(await page.evaluate(() => window.hourglass.get('data.label')), 'last');
    assert.deepEqual(problems, []);
    await close();
  });
});

test('what is no data is refused in a sentence in the panel, and the old data stay', async () => {
  await inFolder(async (folder) => {
    const { page, problems, close } = await openPage();
    const before = (await state(page)).data.name;
    const file = path.join(folder, 'paper.pdf');
    await writeFile(file, '%PDF-1.7 and so on');
    await dropFiles(page, [file]);
    await untilWidget(page, 'own:error');
    await screenshot(page, 'own-refused');
    assert.equal((await state(page)).data.name, before);
    assert.deepEqual(problems, []);
    await close();
  });
});

test('a table that is pasted is looked at', async () => {
  const { page, problems, close } = await openPage();
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, carsTable());
  await use(page, 'pasted.csv');
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'just a sentence');
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  assert.equal((await state(page)).data.name, 'pasted.csv');
  assert.deepEqual(problems, []);
  await close();
});

test('files are kept until the next visit if the person says so, and only then', async () => {
  await inFolder(async (folder) => {
    const { page, problems, close } = await openPage();
    const file = path.join(folder, 'cars.csv');
    await writeFile(file, carsTable());
    const again = async () => {
      await openReady(page, `${shared.server.origin}/?${quick}`);
      await untilTaking(page);
      await clickWidget(page, 'workspace.applications');
      await untilWidget(page, 'tab:own_data');
      await clickWidget(page, 'tab:own_data');
      await untilWidget(page, 'own:choose');
    };
    await dropFiles(page, [file]);
    await untilWidget(page, 'own:use');
    await again();
    assert.ok(!(await page.evaluate(() => 'own:use' in window.hourglass.widgets())), 'nobody has said so');
    await dropFiles(page, [file]);
    await untilWidget(page, 'own:keep');
    await clickWidget(page, 'own:keep');
    await happens(
      () => page.evaluate(() => localStorage.getItem('hourglass-own-data') === '1'),
      'the files are not kept',
      50,
    );
    await again();
    await use(page, 'cars.csv');
    await clickWidget(page, 'workspace.applications');
    await untilWidget(page, 'own:forget');
    await clickWidget(page, 'own:forget');
    await untilWidget(page, 'own:zone');
    await happens(
      () => page.evaluate(() => localStorage.getItem('hourglass-own-data') === null),
      'the files are still kept',
      50,
    );
    assert.deepEqual(problems, []);
    await close();
  });
});

test('where the browser stores nothing, it says so and all else goes on', async () => {
  await inFolder(async (folder) => {
    const { page, close } = await newPage(shared.browser, shared.server.origin);
    await page.addInitScript(() => {
      Object.defineProperty(window, 'indexedDB', {
        get: () => {
          throw new DOMException('refused', 'SecurityError');
        },
      });
    });
    await openReady(page, `${shared.server.origin}/?${quick}`);
    await untilTaking(page);
    const file = path.join(folder, 'cars.csv');
    await writeFile(file, carsTable());
    await dropFiles(page, [file]);
    await untilWidget(page, 'own:keep');
    await clickWidget(page, 'own:keep');
    await untilWidget(page, 'own:error');
    await close();
  });
});

test('own data are there again after another set, and after the engine was started anew', async () => {
  await inFolder(async (folder) => {
    const { page, problems, close } = await openPage();
    const file = path.join(folder, 'cars.csv');
    await writeFile(file, carsTable());
    await dropFiles(page, [file]);
    await use(page, 'cars.csv');
    await page.evaluate(() => window.hourglass.set('data.set', 'strokes'));
    await untilState(page, 'data', 'strokes');
    await page.evaluate(() => window.hourglass.set('data.set', 'own'));
    await untilState(page, 'data', 'cars.csv');
    await page.evaluate(() => window.hourglass.restart());
    await untilState(page, 'data', 'cars.csv');
    assert.deepEqual(problems, []);
    await close();
  });
});

test('own data that nobody has brought are asked for in a sentence', async () => {
  const { page, problems, close } = await openPage();
  await page.evaluate(() => window.hourglass.set('data.set', 'own'));
  await untilWidget(page, 'own:zone');
  await untilState(page, 'data', 'strokes');
  assert.equal(await page.evaluate(() => window.hourglass.get('data.set')), 'strokes');
  assert.deepEqual(problems, []);
  await close();
});

test('nothing of the module for files is fetched before somebody brings one', async () => {
  const context = await shared.browser.newContext();
  const { page } = await watchedPage(context, shared.server.origin);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await openReady(page, `${shared.server.origin}/?${quick}`);
  await untilTaking(page);
  assert.deepEqual(
    asked.filter((name) => /files|own_data/.test(name) && !/dropped_files|data_files/.test(name)),
    [],
  );
  await context.close();
});
