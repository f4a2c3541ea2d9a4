// From opening the page to its first training step, in a browser that has never seen it: how long, and how many bytes.

import { startHost } from './host.mjs';

// Runs in the page before its own scripts: notes when the engine first says that it has trained.
function watchFirstStep() {
  let playground;
  Object.defineProperty(window, 'hourglass', {
    configurable: true,
    get: () => playground,
    set: (value) => {
      playground = value;
      value.on('status', ({ step }) => {
        if (step >= 1) window.firstStep ??= { milliseconds: performance.now(), at: Date.now() };
      });
    },
  });
}

// Resolves with { seconds, bytes, files: [[path, bytes], ...] largest first }.
async function openOnce(browser, host) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
  try {
    host.sent.length = 0;
    const page = await context.newPage();
    await page.addInitScript(watchFirstStep);
    await page.goto(`${host.origin}/?run=1`, { waitUntil: 'commit' });
    await page.waitForFunction(() => window.firstStep, null, { timeout: 60_000 });
    const { milliseconds, at } = await page.evaluate(() => window.firstStep);
    const before = host.sent.filter((entry) => entry.at <= at);
    return {
      seconds: milliseconds / 1000,
      bytes: before.reduce((sum, entry) => sum + entry.bytes, 0),
      files: before.map((entry) => [entry.path, entry.bytes]).sort((a, b) => b[1] - a[1]),
      text: `${(milliseconds / 1000).toFixed(2)} s`,
    };
  } finally {
    await context.close();
  }
}

// The measures of opening, for runRounds(). `closers` gets what must be closed at the end.
export function openingMeasures({ browser, closers }) {
  const hosts = new Map();
  const open = async (encoding) => {
    if (!hosts.has(encoding)) {
      const host = await startHost({ encoding });
      hosts.set(encoding, host);
      closers.push(host.close);
    }
    return openOnce(browser.browser, hosts.get(encoding));
  };
  return {
    'opening, gzip': { run: () => open('gzip') },
    'opening, brotli': { once: true, run: () => open('br') },
  };
}
