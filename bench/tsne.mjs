// t-SNE beside its peers: 10,000 codes of 32 numbers, perplexity 30, 1,000 iterations, neighbours included.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startHost } from './host.mjs';
import { hourglass, repository } from './peers/processes.mjs';
import { table } from './report.mjs';

const execute = promisify(execFile);

const folder = `${repository}build/bench/tsne`;
const model = `${folder}/run/model.safetensors`;
const NUMBERS = 32;
const PERPLEXITY = 30;
const ITERATIONS = 1000;
const POINTS = 10_000;
// A peer that holds every pair of points gets fewer of them, and so do we beside it.
const PAIRWISE_POINTS = 2000;
// How time grows with the points.
const SIZES = [1000, 2000, 5000, 10_000, 20_000, 60_000];
const MOST_POINTS = SIZES.at(-1);

const parse = (text) => JSON.parse(text.trim().split('\n').at(-1));
const ask = async (...args) => parse(await hourglass(...args, '--json'));

// MNIST's images to train on: no generator makes so many to be held out.
const digits = ['', '.gz']
  .map((end) => path.join(process.env.HOURGLASS_DATA_DIR ?? `${repository}data`, `mnist/train-images-idx3-ubyte${end}`))
  .find(existsSync);

// The network's codes of these, as .npy.
async function manyCodes() {
  const file = `${folder}/many.npy`;
  if (!existsSync(file)) await hourglass('encode', '--model', model, '--in', digits, '--out', file);
  return file;
}

// Codes as vectors.tsv has them, as a table without a heading and as .npy for those that read these.
async function makeCodes() {
  const files = { tsv: `${folder}/map/vectors.tsv`, csv: `${folder}/codes.csv`, npy: `${folder}/codes.npy` };
  if (!existsSync(files.npy)) {
    mkdirSync(folder, { recursive: true });
    const images = ['data.strokes_train=10000', `data.strokes_test=${POINTS}`];
    const flags = ['--preset', 'vanilla', '--data', 'strokes', '--epochs', '5', '--set', ...images];
    await ask('train', ...flags, '--out', `${folder}/run`);
    await ask('tsne', '--model', model, '--out', `${folder}/map`, '--set', 'tsne.iterations=50');
    const lines = readFileSync(files.tsv, 'utf8').trim().split('\n');
    writeFileSync(files.csv, `${lines.map((line) => line.replaceAll('\t', ',')).join('\n')}\n`);
    const values = lines.flatMap((line) => line.split('\t').map(Number));
    writeFileSync(files.npy, npy(lines.length, NUMBERS, values));
  }
  const values = readFileSync(files.csv, 'utf8').trim().split(/[\n,]/).map(Number);
  return { ...files, values };
}

function npy(rows, columns, values) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`.padEnd(117) + '\n';
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(header), Buffer.from(Float32Array.from(values).buffer)]);
}

const timed = (result) => {
  if (result.finite === false) throw new Error('the map is not finite');
  return { ...result, text: `${result.seconds.toFixed(2)} s` };
};

const peerFile = (name) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

async function peer(program, file, ...args) {
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const { stdout } = await execute(program, [peerFile(file), ...args, PERPLEXITY, ITERATIONS].map(String), { env });
  return timed(parse(stdout));
}

// Why a peer is not to be had, or null.
async function missing(program, args, name) {
  return execute(program, args).then(
    () => null,
    () => `${name} is not here`,
  );
}

// context: { browser, threads }, `threads` being more than one.
export async function tsneMeasures({ browser, threads }) {
  const codes = await makeCodes();
  const settings = ['--set', `tsne.perplexity=${PERPLEXITY}`, `tsne.iterations=${ITERATIONS}`];
  const native = async (count) =>
    timed(await ask('tsne', '--in', codes.npy, '--threads', String(count), '--out', `${folder}/native`, ...settings));
  // What the machine itself gives: programs that share nothing but it, all done in the time of the slowest.
  const programs = async () => {
    const all = await Promise.all(
      Array.from({ length: threads }, (_, i) =>
        ask('tsne', '--in', codes.npy, '--threads', '1', '--out', `${folder}/program${i}`, ...settings),
      ),
    );
    return timed({ seconds: Math.max(...all.map(({ seconds }) => seconds)) });
  };
  const sizes = async () => {
    const file = await manyCodes();
    const seconds = [];
    for (const points of SIZES) {
      const given = ['--in', file, '--points', String(points), '--threads', String(threads)];
      seconds.push((await ask('tsne', ...given, '--out', `${folder}/sizes`, ...settings)).seconds);
    }
    return { seconds, text: seconds.map((value) => `${value.toFixed(2)} s`).join(', ') };
  };
  const inEngine = async (points) =>
    timed(
      await browser.engine.evaluate((options) => window.peer.tsne(options), {
        checkpoint: readFileSync(model).toString('base64'),
        points,
        perplexity: PERPLEXITY,
        iterations: ITERATIONS,
        threads: 1,
      }),
    );
  let page = null;
  const inPage = async (name, points) => {
    page ??= await browser.open('/pages/tsne.html');
    const values = codes.values.slice(0, points * NUMBERS);
    const options = { values, numbers: NUMBERS, perplexity: PERPLEXITY, iterations: ITERATIONS };
    return timed(await page.evaluate(([which, given]) => window.peer[which](given), [name, options]));
  };
  const noPackage = (name) => (existsSync(`${repository}bench/node_modules/${name}`) ? null : `${name} is not here`);
  return {
    'native t-SNE': { run: () => native(1) },
    'native t-SNE, threads': { run: () => native(threads) },
    'native t-SNE, programs': { once: true, run: programs },
    'native t-SNE, sizes': { missing: digits ? null : 'MNIST is not here (./dev data)', once: true, run: sizes },
    'page beside t-SNE': { once: true, run: () => framesBesideMap(browser) },
    'scikit-learn t-SNE': {
      missing: await missing('/usr/bin/python3', ['-c', 'import sklearn'], 'scikit-learn'),
      once: true,
      run: () => peer('/usr/bin/python3', 'tsne_peer.py', codes.npy),
    },
    'Rtsne t-SNE': {
      missing: await missing('Rscript', ['-e', 'library(Rtsne)'], 'Rtsne'),
      once: true,
      run: () => peer('Rscript', 'tsne_peer.R', codes.csv),
    },
    'Chromium t-SNE': { once: true, run: () => inEngine(POINTS) },
    'Chromium t-SNE, few': { once: true, run: () => inEngine(PAIRWISE_POINTS) },
    'scran.js t-SNE': { missing: noPackage('scran.js'), once: true, run: () => inPage('scran', POINTS) },
    'wasm-bhtsne t-SNE': { missing: noPackage('wasm-bhtsne'), once: true, run: () => inPage('bhtsne', POINTS) },
    'druidjs t-SNE': {
      missing: noPackage('@saehrimnir/druidjs'),
      once: true,
      run: () => inPage('druid', PAIRWISE_POINTS),
    },
  };
}

// The front end while a network trains and a map is being made: the frames' own time, and whether both went on.
async function framesBesideMap(browser) {
  const host = await startHost({ encoding: 'gzip' });
  const page = await browser.browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    await page.goto(`${host.origin}/?preset=vanilla&data=strokes&run=1&train.epochs=100000&tsne.iterations=5000`);
    return await page.evaluate(async (points) => {
      const { hourglass } = window;
      await hourglass.ready;
      let share = 0;
      hourglass.on('job_progress', (progress) => (share = progress.share));
      await hourglass.command('start_job', { job: 1, kind: 'tsne', arguments: JSON.stringify({ points }) });
      const second = () => new Promise((resolve) => setTimeout(resolve, 1000));
      for (let waited = 0; share === 0 && waited < 60; waited += 1) await second();
      const before = { share, step: hourglass.state().step };
      for (let i = 0; i < 10; i += 1) await second();
      const steps = hourglass.state().step - before.step;
      if (!(share > before.share && steps > 0)) throw new Error('training or the map stood still');
      const { median_ms: median } = hourglass.frameStats();
      return { median, steps, text: `${median.toFixed(2)} ms a frame, ${steps} steps` };
    }, 2000);
  } finally {
    await page.close();
    host.close();
  }
}

const times = (value) => `${value.toFixed(2)} times`;

const SIZED = 'native t-SNE, sizes';
const nLogN = (n) => n * Math.log(n);

// Seconds by the number of codes, as a table; null where they were not measured.
export function tsneTable({ results }) {
  const measured = results.get(SIZED)?.at(-1);
  if (!measured) return null;
  const rows = SIZES.map((points, i) => [
    points.toLocaleString('en-US'),
    measured.seconds[i].toFixed(2),
    ((1e6 * measured.seconds[i]) / nLogN(points)).toFixed(2),
  ]);
  return table(['codes of 32', 's', 'µs over n log n'], rows);
}

// How many times as fast as a peer.
const faster = (what, goal, ours, theirs) => ({
  what: `t-SNE, ${what}`,
  goal: { text: `at least ${goal} times`, met: (value) => value >= goal },
  uses: [ours, theirs],
  value: (round) => round[theirs].seconds / round[ours].seconds,
  show: times,
});

export function tsneRows({ threads }) {
  const one = 'native t-SNE';
  const quality = (what, goal, key, show) => ({
    what: `t-SNE, ${what} (ours less scikit-learn's)`,
    goal,
    uses: [one, 'scikit-learn t-SNE'],
    value: (round) => round[one][key] - round['scikit-learn t-SNE'][key],
    show,
  });
  const signed = (value) => `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
  return [
    faster("10,000 codes of 32, native, 1 thread, against scikit-learn's", 10, one, 'scikit-learn t-SNE'),
    faster("the same against Rtsne's", 2, one, 'Rtsne t-SNE'),
    faster(`native, ${threads} threads against 1`, 1.7, 'native t-SNE, threads', one),
    {
      what: `t-SNE, ${threads} programs of 1 thread against 1, which is what the machine gives`,
      goal: { text: 'for comparison', met: () => true },
      uses: ['native t-SNE, programs', one],
      value: (round) => (threads * round[one].seconds) / round['native t-SNE, programs'].seconds,
      show: times,
    },
    {
      what: `t-SNE, 60,000 codes of 32, native, ${threads} threads`,
      goal: { text: 'under 60 s', met: (value) => value < 60 },
      uses: [SIZED],
      value: (round) => round[SIZED].seconds.at(-1),
      show: (value) => `${value.toFixed(1)} s`,
    },
    {
      what: 't-SNE, time from 1,000 to 60,000 codes in parts of n log n',
      goal: { text: 'at most 1', met: (value) => value <= 1 },
      uses: [SIZED],
      value: ({ [SIZED]: { seconds } }) => seconds.at(-1) / seconds[0] / (nLogN(MOST_POINTS) / nLogN(SIZES[0])),
      show: (value) => value.toFixed(2),
    },
    {
      what: 't-SNE and training at once in the page: what a frame takes',
      goal: { text: 'under 4 ms', met: (value) => value < 4 },
      uses: ['page beside t-SNE'],
      value: (round) => round['page beside t-SNE'].median,
      show: (value) => `${value.toFixed(2)} ms`,
    },
    faster('Chromium, 1 thread, against scikit-learn natively', 4, 'Chromium t-SNE', 'scikit-learn t-SNE'),
    faster('Chromium against scran.js', 1.5, 'Chromium t-SNE', 'scran.js t-SNE'),
    faster('Chromium against wasm-bhtsne', 1.5, 'Chromium t-SNE', 'wasm-bhtsne t-SNE'),
    faster('Chromium against druidjs, 2,000 codes', 1.5, 'Chromium t-SNE, few', 'druidjs t-SNE'),
    quality('trustworthiness', { text: 'at least -0.005', met: (value) => value >= -0.005 }, 'trustworthiness', signed),
    quality('nearest neighbours kept', { text: 'at least 0', met: (value) => value >= 0 }, 'nearest_kept', signed),
    {
      what: "t-SNE, KL divergence in parts of scikit-learn's",
      goal: { text: 'at most 1.01', met: (value) => value <= 1.01 },
      uses: [one, 'scikit-learn t-SNE'],
      value: (round) => round[one].kl_divergence / round['scikit-learn t-SNE'].kl_divergence,
      show: (value) => value.toFixed(4),
    },
  ];
}
