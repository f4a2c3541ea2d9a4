// The memory of the page while it trains `deep` on all of MNIST, in a browser of its own.
//
// Watched from its 100th training step on, when what reading the data has taken may not all have been given back.
//
// "The page" is its renderer process: everything that the browser holds for it alone (private pages), code and all. An
// empty page has some of that too; what measureUserAgentSpecificMemory() counts (heaps, buffers, all of the wasm memories'
// address space) is reported beside.

import { readFileSync } from 'node:fs';

import { startHost } from './host.mjs';
import { launchChromium } from './peers/browser.mjs';

const MB = 1e6;
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// Private and proportional memory of a process in MB, as Linux counts them.
function processMemory(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = (key) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)[1]);
  return {
    own: ((kib('Private_Clean') + kib('Private_Dirty')) * 1024) / MB,
    shared: (kib('Pss') * 1024) / MB,
  };
}

// The renderer with the most memory: the only page's, since the others are spare.
export async function rendererMemory(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const all = processInfo
    .filter(({ type }) => type === 'renderer')
    .flatMap(({ id }) => {
      try {
        return [processMemory(id)];
      } catch {
        return []; // it has ended meanwhile
      }
    });
  if (all.length === 0) throw new Error('the memory of a process is not to be had here (/proc/PID/smaps_rollup)');
  return all.reduce((most, each) => (each.own > most.own ? each : most));
}

// What grows before it: compiled code, and the garbage of the page's objects, which the browser lets pile up for some four
// minutes before it first looks.
const SETTLED = 300;
// From this many seconds of watching on, growth can be told.
const LONG_ENOUGH = 300;

// What is left when the garbage of the page and of its engine's worker is collected, as the mean of some readings.
async function leftOver(session, page) {
  const tools = await page.context().newCDPSession(page);
  // The workers that the engine's threads are have no garbage, and would not answer: they train.
  const engine = page.workers().find((worker) => /engine_worker\.js/.test(worker.url()));
  if (!engine) throw new Error('the page has no worker for its engine');
  const readings = [];
  for (let i = 0; i < 5; ++i) {
    await tools.send('HeapProfiler.collectGarbage');
    await engine.evaluate(() => globalThis.gc());
    await pause(1);
    readings.push((await rendererMemory(session)).own);
  }
  await tools.detach();
  return readings.reduce((sum, value) => sum + value, 0) / readings.length;
}

// Trains for so many seconds, after the time to settle if they are enough to tell growth. Resolves with { most, empty,
// proportional, agent, samples, growth, engine, step, threads }: MB, growth in ten minutes being null otherwise.
export async function measureMemory({ seconds: wanted, say }) {
  const tells = wanted >= LONG_ENOUGH;
  const seconds = wanted + (tells ? SETTLED : 0);
  const every = seconds >= 120 ? 10 : 2;
  const host = await startHost({ encoding: 'gzip', isolated: true });
  const browser = await launchChromium(['--js-flags=--expose-gc']);
  try {
    const session = await browser.newBrowserCDPSession();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(`${host.origin}/empty`);
    await pause(2);
    const empty = (await rendererMemory(session)).own;
    await page.goto(`${host.origin}/?preset=deep&data=mnist&run=1`);
    await page.waitForFunction(
      () => {
        const state = window.hourglass?.state();
        return state?.data?.name === 'mnist' && state.step >= 100;
      },
      null,
      { timeout: 120_000 },
    );
    // The preset's epochs end before ten minutes have passed.
    await page.evaluate(() => window.hourglass.set('train.epochs', 100000));
    const samples = [];
    let proportional = 0;
    let settled = null; // { time, left }
    const began = Date.now();
    for (let next = every; next <= seconds; next += every) {
      await pause(Math.max(0, next - (Date.now() - began) / 1000));
      if (tells && !settled && next >= SETTLED) settled = { time: Date.now(), left: await leftOver(session, page) };
      const { own, shared } = await rendererMemory(session);
      samples.push([(Date.now() - began) / 1000, own]);
      proportional = Math.max(proportional, shared);
      if (samples.length % 6 === 0) say(`memory after ${Math.round(samples.at(-1)[0])} s: ${own.toFixed(0)} MB`);
    }
    const end = settled && { time: Date.now(), left: await leftOver(session, page) };
    const state = await page.evaluate(() => {
      const { step, phase, network } = window.hourglass.state();
      return { step, phase, engine: network.engine, threads: network.threads };
    });
    if (state.phase !== 'running') throw new Error(`the page does not train any more: it is ${state.phase}`);
    // The browser takes a minute to answer.
    const agent =
      seconds < 120
        ? null
        : await Promise.race([
            page.evaluate(async () => (await performance.measureUserAgentSpecificMemory()).bytes).catch(() => null),
            pause(90).then(() => null),
          ]);
    return {
      most: Math.max(...samples.map(([, own]) => own)),
      empty,
      proportional,
      agent: agent && agent / MB,
      samples,
      // The browser's garbage comes and goes by more than what is asked for here.
      growth: settled && ((end.left - settled.left) * 600e3) / (end.time - settled.time),
      seconds,
      ...state,
      text: `${Math.max(...samples.map(([, own]) => own)).toFixed(0)} MB`,
    };
  } finally {
    await browser.close();
    host.close();
  }
}
