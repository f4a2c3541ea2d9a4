// A person's own files in the page, as large as a course's: dropped, looked at and used, while the page trains on something
// else; how long it takes, what a frame costs meanwhile, and how much memory the page takes.

import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';

import { startHost } from './host.mjs';
import { imageArchive } from './imports.mjs';
import { rendererMemory } from './memory.mjs';
import { launchChromium } from './peers/browser.mjs';

const ROWS = 60_000;
const PIXELS = 784;

// A label and 784 whole numbers in each row, a fifth of them not 0, as in MNIST as CSV: 110 MB.
async function writeTable(file) {
  const stream = createWriteStream(file);
  stream.write(`label,${Array.from({ length: PIXELS }, (_, i) => `pixel${i}`).join(',')}\n`);
  for (let row = 0; row < ROWS; ++row) {
    const cells = [row % 10];
    for (let i = 0; i < PIXELS; ++i) cells.push((i * 7 + row) % 5 === 0 ? (i * row * 31) % 256 : 0);
    if (!stream.write(`${cells.join(',')}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

async function drop(page, file) {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
  }
  await devtools.detach();
}

// Resolves with { seconds, memory, frame, text }: from the drop to the data that a run can begin on, the most that the
// page took meanwhile beyond what it had before (in bytes of the file), and the 95th percentile of its frames in ms.
async function importOnce(file, samples) {
  const host = await startHost({ encoding: 'gzip', isolated: true });
  const browser = await launchChromium([]);
  try {
    const session = await browser.newBrowserCDPSession();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(`${host.origin}/?run=1`);
    await page.waitForFunction(() => window.hourglass?.state().step >= 100, null, { timeout: 120_000 });
    await page.evaluate(() => window.hourglass.set('train.epochs', 100000));
    const before = (await rendererMemory(session)).own;
    let most = before;
    let watching = true;
    const watch = (async () => {
      while (watching) {
        most = Math.max(most, (await rendererMemory(session)).own);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    await page.evaluate(() => {
      window.ready = new Promise((resolve) => {
        window.hourglass.on('data_ready', ({ name }) => name !== 'strokes' && resolve(true));
      });
    });
    const start = performance.now();
    await drop(page, file);
    await page.waitForFunction(() => window.hourglass.widgets()['own:use'], null, { timeout: 120_000, polling: 20 });
    const frames = await page.evaluate(() => window.hourglass.frameStats());
    const { x, y, width, height } = await page.evaluate(() => window.hourglass.widgets()['own:use']);
    const box = await page.evaluate(() => {
      const { left, top } = document.getElementById('canvas').getBoundingClientRect();
      return { left, top };
    });
    await page.mouse.click(box.left + x + width / 2, box.top + y + height / 2);
    await page.evaluate(() => window.ready);
    const seconds = (performance.now() - start) / 1000;
    watching = false;
    await watch;
    const { data } = await page.evaluate(() => ({ data: window.hourglass.state().data }));
    if (data.train_count + data.test_count !== samples) throw new Error(`${data.train_count} samples were read`);
    const memory = ((most - before) * 1e6) / statSync(file).size;
    return {
      seconds,
      memory,
      frame: frames.p95_ms,
      text: `${seconds.toFixed(2)} s, ${memory.toFixed(1)} times the file`,
    };
  } finally {
    await browser.close();
    host.close();
  }
}

export function ownDataMeasures() {
  let folder = null;
  const made = async (name, write) => {
    if (!folder) {
      folder = mkdtempSync(path.join(os.tmpdir(), 'hourglass-bench-'));
      process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    }
    const file = path.join(folder, name);
    if (!statSync(file, { throwIfNoEntry: false })) await write(file);
    return file;
  };
  return {
    'own files, zip, Chromium': {
      run: async () =>
        importOnce(await made('images.zip', (file) => writeFileSync(file, imageArchive(10_000))), 10_000),
    },
    'own files, table, Chromium': {
      run: async () => importOnce(await made('table.csv', writeTable), ROWS),
    },
  };
}

export function ownDataRows() {
  const row = (what, goal, measure, key, show) => ({
    what,
    goal,
    uses: [measure],
    value: (round) => round[measure][key],
    show,
  });
  const seconds = (value) => `${value.toPrecision(3)} s`;
  const zip = 'own files, zip, Chromium';
  const table = 'own files, table, Chromium';
  const under = (most, unit) => ({ text: `under ${most} ${unit}`, met: (value) => value < most });
  return [
    row(
      '10,000 PNG images of 28x28 in a zip, dropped on the page, ready to train',
      under(2, 's'),
      zip,
      'seconds',
      seconds,
    ),
    row(
      'a table of 60,000 x 785, 110 MB, dropped on the page, ready to train',
      under(6, 's'),
      table,
      'seconds',
      seconds,
    ),
    row(
      'the same, a frame meanwhile (95 in 100 take no longer)',
      under(8, 'ms'),
      table,
      'frame',
      (value) => `${value.toFixed(1)} ms`,
    ),
    row(
      'the same, most memory of the page beyond what it had, in sizes of the file',
      under(3, 'times'),
      table,
      'memory',
      (value) => `${value.toFixed(2)} times`,
    ),
  ];
}
