// t-SNE beside its peers: 10,000 codes of 32 numbers, perplexity 30, 1,000 iterations, neighbours included.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { hourglass, repository } from './peers/processes.mjs';

const execute = promisify(execFile);

const folder = `${repository}build/bench/tsne`;
const model = `${folder}/run/model.safetensors`;
const NUMBERS = 32;
const PERPLEXITY = 30;
const ITERATIONS = 1000;
const POINTS = 10_000;
// A peer that holds every pair of points gets fewer of them, and so do we beside it.
const PAIRWISE_POINTS = 2000;

const parse = (text) => JSON.parse(text.trim().split('\n').at(-1));
const ask = async (...args) => parse(await hourglass(...args, '--json'));

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

const times = (value) => `${value.toFixed(2)} times`;

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
