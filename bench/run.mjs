// Measures Hourglass beside its peers, in one run: `./dev bench [--rounds N] [--seconds S]`.
//
// First every program must compute the same (check.mjs). Then rounds: in each, every program has its turn for a few
// seconds, so that a machine whose speed drifts treats all alike. Round 0 warms up. What is reported are medians, and
// ratios taken within a round. The table goes to the terminal and to bench/RESULTS.md.

import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';

import { checkAgreement } from './check.mjs';
import { startBrowser } from './peers/browser.mjs';
import { hourglass, hourglassBench, repository, startTorch } from './peers/processes.mjs';
import { commit, machine, table, today } from './report.mjs';
import { median, medianRatio, spread } from './statistics.mjs';

const NET = [784, 128, 64, 32, 64, 128, 784];
const BATCH = 256;
// Multiplications and additions of one image's training step: forward, deltas (not for the input), weights.
const MFLOP = 2 * NET.slice(1).reduce((sum, units, i) => sum + NET[i] * units * (i === 0 ? 2 : 3), 0) / 1e6;

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '3' } },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= 100) || !(seconds >= 1 && seconds <= 600)) {
  console.error('--rounds must be a whole number from 1 to 100, and --seconds a number from 1 to 600.');
  process.exit(2);
}

const say = (text) => console.log(text);

// What can be measured: name -> function that measures once. A peer that this machine lacks is left out and said to be.
function contestants({ torch, browser, cores }) {
  const native = async (threads) => {
    const result = await hourglassBench('--threads', String(threads), '--seconds', String(seconds));
    return { images_per_second: result.training[0].images_per_second, result };
  };
  const train = { net: NET, batch: BATCH, seconds };
  const inPage = (page, extra = {}) => page.evaluate((command) => window.peer.train(command), { ...train, ...extra });
  const all = {
    'native, 1 thread': () => native(1),
    [`native, ${cores} threads`]: () => native(cores),
    'PyTorch, 1 thread': torch && (() => torch.ask({ do: 'train', ...train, threads: 1 })),
    'Chromium, 1 thread': () => inPage(browser.engine, { threads: 1 }),
    [`Chromium, ${cores} threads`]: () => inPage(browser.engine, { threads: cores }),
    'TensorFlow.js wasm': browser.tfjs && (() => inPage(browser.tfjs)),
  };
  return Object.entries(all).filter(([, measure]) => measure);
}

async function measure(programs) {
  const results = new Map(programs.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; ++round) {
    for (const [name, run] of programs) {
      const result = await run();
      if (!Number.isFinite(result.loss_last ?? 0)) throw new Error(`${name}: the loss is no number.`);
      if (round > 0) results.get(name).push(result);
      process.stderr.write(`round ${round} of ${rounds}: ${name}: ${Math.round(result.images_per_second)} images/s\n`);
    }
  }
  return results;
}

function goals(speeds, cores) {
  const rows = [];
  const add = (what, a, b, goal) => {
    if (!speeds.get(a) || !speeds.get(b)) return;
    const ratio = medianRatio(speeds.get(a), speeds.get(b));
    rows.push([what, `at least ${goal}`, ratio.toFixed(2), ratio >= goal ? 'yes' : 'no']);
  };
  add('native against PyTorch, 1 thread each', 'native, 1 thread', 'PyTorch, 1 thread', 1);
  add('Chromium against TensorFlow.js wasm, 1 thread each', 'Chromium, 1 thread', 'TensorFlow.js wasm', 5);
  add(`native, ${cores} threads against 1`, `native, ${cores} threads`, 'native, 1 thread', 1);
  add(`Chromium, ${cores} threads against 1`, `Chromium, ${cores} threads`, 'Chromium, 1 thread', 1);
  return rows;
}

async function main() {
  const cores = Math.max(2, Math.min(os.availableParallelism(), 8));
  const torch = await startTorch();
  const browser = await startBrowser();
  try {
    const versions = {
      hourglass: (await hourglass('--version')).trim(),
      torch: torch && (await torch.ask({ do: 'versions' })).torch,
      tfjs: browser.tfjs && await browser.tfjs.evaluate(() => window.peer.start()),
    };
    if (!torch) say('PyTorch is not here (Debian: python3-torch), so it is left out.');
    if (!browser.tfjs) say('TensorFlow.js is not here (npm ci in bench/), so it is left out.');
    const agreement = await checkAgreement({ torch, browser });
    agreement.forEach((line) => say(line));

    const results = await measure(contestants({ torch, browser, cores }));
    const speeds = new Map([...results].map(([name, list]) => [name, list.map((one) => one.images_per_second)]));
    const details = results.get('native, 1 thread').map(({ result }) => result);
    const peaks = details.map((detail) => detail.fma_peak_gflops);

    const speedRows = [...speeds].map(([name, list]) =>
      [name, spread(list), (median(list) * MFLOP / 1000).toFixed(1)]);
    const productRows = details[0].gemm.map((product, i) => [
      `${product.inputs} x ${product.outputs}, ${product.pass}`,
      spread(details.map((detail) => detail.gemm[i].gflops)),
      `${Math.round(100 * median(details.map((detail) => detail.gemm[i].share_of_peak)))}%`]);
    const goalRows = goals(speeds, cores);
    const report = `# Measured speed

Made by \`./dev bench\`, which writes this file. ${rounds} rounds after one to warm up; in each, every program had its turn
of ${seconds} s. Medians, with the least and the most in brackets; ratios are medians of ratios within a round.

- Machine: ${machine()}; shared with others, so trust ratios.
- Date: ${today()}; commit ${commit()}; ${versions.hourglass}, ${details[0].simd}.
- Peers: ${[versions.torch && `PyTorch ${versions.torch}`,
    versions.tfjs && `TensorFlow.js ${versions.tfjs.version} on ${versions.tfjs.backend} (SIMD ${versions.tfjs.simd ? 'on' : 'off'}, threads ${versions.tfjs.threads})`]
    .filter(Boolean).join('; ') || 'none'}; Chromium ${browser.version}.
- Net: ${NET.join('-')}, relu, sigmoid at the end, batch ${BATCH}, Adam, float32: ${MFLOP.toFixed(2)} MFLOP an image and step.
- Checked first, on one checkpoint of that net: ${agreement.join('; ')}.

## Goals

${table(['what', 'goal', 'measured', 'met'], goalRows)}

## Images a second

${table(['program', 'images/s', 'GFLOP/s'], speedRows)}

## Where the speed comes from, natively on one thread

Fused multiply-adds of one core: ${spread(peaks)} GFLOP/s. Products of the net's shapes at batch ${BATCH}:

${table(['product', 'GFLOP/s', 'share of the peak'], productRows)}
`;
    writeFileSync(`${repository}bench/RESULTS.md`, report);
    say('');
    say(table(['what', 'goal', 'measured', 'met'], goalRows));
    say('');
    say(table(['program', 'images/s', 'GFLOP/s'], speedRows));
    say(`\nOne core's peak: ${spread(peaks)} GFLOP/s. Written to bench/RESULTS.md.`);
  } finally {
    torch?.close();
    await browser.close();
  }
}

main().catch((error) => {
  console.error(`The benchmark stopped: ${error.message}`);
  process.exit(1);
});
