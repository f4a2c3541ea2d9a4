// Reading a table of 60,000 rows and 785 columns, as Kaggle's train.csv of MNIST has them, beside pandas.

import { execFile } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';

import { hourglassBench, repository } from './peers/processes.mjs';

const execute = promisify(execFile);

const folder = `${repository}build/bench/tables`;
const file = `${folder}/train.csv`;
const mnist = path.join(process.env.HOURGLASS_DATA_DIR ?? `${repository}data`, 'mnist');

const found = (name) => ['', '.gz'].map((end) => path.join(mnist, `${name}${end}`)).find(existsSync);
const bytesOf = (name) => (name.endsWith('.gz') ? gunzipSync(readFileSync(name)) : readFileSync(name));

// Titles, then a label and 784 pixels a line: 110 MB.
function makeTable() {
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  const images = bytesOf(found('train-images-idx3-ubyte')).subarray(16);
  const labels = bytesOf(found('train-labels-idx1-ubyte')).subarray(8);
  const out = openSync(file, 'w');
  writeSync(out, `label,${Array.from({ length: 784 }, (_, i) => `pixel${i}`).join(',')}\n`);
  for (let row = 0; row < labels.length; ++row) {
    writeSync(out, `${labels[row]},${images.subarray(784 * row, 784 * (row + 1)).join(',')}\n`);
  }
  closeSync(out);
}

const timed = (result) => ({ ...result, text: `${result.seconds.toFixed(3)} s` });
const peer = fileURLToPath(new URL('peers/pandas_peer.py', import.meta.url));

async function readByPandas() {
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const { stdout } = await execute('/usr/bin/python3', [peer, file], { env });
  return timed(JSON.parse(stdout));
}

export async function tableMeasures() {
  const missing = found('train-images-idx3-ubyte') ? null : 'MNIST is not here (./dev data)';
  if (!missing) makeTable();
  const pandas = await execute('/usr/bin/python3', ['-c', 'import pandas']).then(
    () => null,
    () => 'pandas is not here (Debian: python3-pandas)',
  );
  return {
    // Read, understood and divided into training and held-out samples.
    'native table': { missing, run: async () => timed(await hourglassBench('--load', file, '--seconds', '1')) },
    'pandas table': { missing: missing ?? pandas, run: readByPandas },
  };
}

export function tableRows() {
  return [
    {
      what: "table of 60,000 x 785 (110 MB), ready to train, 1 thread, against pandas' read_csv",
      goal: { text: 'at least 5 times', met: (value) => value >= 5 },
      uses: ['native table', 'pandas table'],
      value: (round) => round['pandas table'].seconds / round['native table'].seconds,
      show: (value) => `${value.toFixed(2)} times`,
    },
  ];
}
