// Every preset, trained for one epoch on its own data and exported, in the programs that exports are for, beside
// `hourglass encode`, `decode` and `reconstruct`: writes the section of that name into bench/REPRODUCTION.md.
// `./dev reproduce exports [PRESET...]`

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

import { writeArray } from '../tests/peers/arrays.mjs';
import { difference, exportAll, jobsFor, PARTS, readers, runJobs } from '../tests/peers/parity.mjs';
import { hourglass, program, repository } from './peers/processes.mjs';
import { commit, machine, table, today, withSection } from './report.mjs';
import { median } from './statistics.mjs';

const folder = `${repository}build/reproduction/exports`;
const reportFile = `${repository}bench/REPRODUCTION.md`;
const SAMPLES = 256;

const run = (args) => {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
};

// The first held-out images of a data set in IDX, which may be packed, in [0, 1].
function heldOut(name) {
  const file = path.join(process.env.HOURGLASS_DATA_DIR ?? `${repository}data`, name, 't10k-images-idx3-ubyte');
  const bytes = existsSync(file) ? readFileSync(file) : gunzipSync(readFileSync(`${file}.gz`));
  return Float32Array.from(bytes.subarray(16, 16 + SAMPLES * 784), (byte) => byte / 255);
}

// For data that are no images: mostly 0, as counts of words are, and the same each time.
function sparse(features) {
  let state = 1;
  const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
  return Float32Array.from({ length: SAMPLES * features }, () => (next() < 0.03 ? next() : 0));
}

async function prepare({ name, settings }) {
  const out = `${folder}/${name}`;
  rmSync(out, { recursive: true, force: true });
  await hourglass('train', '--preset', name, '--epochs', '1', '--out', out);
  const model = `${out}/model.safetensors`;
  const info = JSON.parse(await hourglass('info', model, '--json'));
  const { features } = info.input;
  const set = settings.data?.set === 'fashion-mnist' ? 'fashion-mnist' : 'mnist';
  writeArray(`${out}/images.npy`, [SAMPLES, features], features === 784 ? heldOut(set) : sparse(features));
  const exported = exportAll(run, model, out, `${out}/images.npy`);
  const seconds = Array.from({ length: 5 }, () => {
    const args = ['export', '--model', model, '--to', 'onnx', '--out', `${out}/timed.onnx`, '--json'];
    return JSON.parse(run(args).stdout);
  });
  const milliseconds = (key) => 1000 * median(seconds.map((one) => one[key]));
  return {
    name,
    out,
    exported,
    parameters: info.parameters,
    conversion: milliseconds('conversion_seconds'),
    whole: milliseconds('seconds'),
  };
}

// The largest differences of outputs and of codes, the latter in parts of the largest code where that is above 1; and
// the layer that a reader has not.
function cell(reader, { out, exported }) {
  const worst = { outputs: 0, codes: 0 },
    refused = [];
  for (const part of PARTS) {
    const sentence = exported[reader.format][part].refused;
    if (sentence) {
      refused.push(`${part}: no ${/Layer (\S+)/.exec(sentence)?.[1] ?? sentence}`);
      continue;
    }
    const { largest, size } = difference(reader, exported, out, part);
    if (part === 'encoder') worst.codes = largest / Math.max(1, size);
    else worst.outputs = Math.max(worst.outputs, largest);
  }
  const figures = Object.values(worst).map((value) => (value > 0 ? value.toExponential(1) : '-'));
  return `${figures.join(' / ')}${refused.length ? ` (${refused.join(', ')})` : ''}`;
}

const { positionals } = parseArgs({ allowPositionals: true });
const presets = JSON.parse(await hourglass('presets', '--json')).filter(
  ({ name }) => !positionals.length || positionals.includes(name),
);
mkdirSync(folder, { recursive: true });
const rows = [];
for (const preset of presets) {
  rows.push(await prepare(preset));
  console.log(`${preset.name}: trained and exported`);
}
const all = readers();
for (const reader of all.filter(({ missing }) => !missing)) {
  const jobs = rows.flatMap(({ exported, out }) => jobsFor(reader, exported, out));
  runJobs(reader, jobs, folder);
}
const section = `## Models elsewhere

Made by \`./dev reproduce exports\`: each preset, trained for one epoch on its own data and exported in three parts (encoder, decoder,
whole). The figures are the largest absolute differences between what the reader computes and what \`hourglass decode\` and
\`reconstruct\` (before the stroke) and \`encode\` (behind it) compute, over ${SAMPLES} samples and all numbers of each: of outputs in the
data's own units, of codes in parts of the largest code where that is above 1. Where a format has nothing for a layer, the layer is
named. Keras is not among Debian's packages: its column is the exported script run on a stand-in for its layers, written with NumPy
after its documentation (\`tests/peers/numpy_keras\`).

- Machine: ${machine()}; ${today()}; commit ${commit()}.
- Time to ONNX: of the conversion of the checkpoint's bytes, and of the whole command with reading and writing files, flushed to the
  disk; medians of 5.
- Readers: onnxruntime-node and -web 1.30.0 (the latter's wasm backend), TensorFlow.js 4.22.0 (its backend in JavaScript), PyTorch of
  Debian (python3-torch).
${all
  .filter(({ missing }) => missing)
  .map(({ name, missing }) => `- Not run: ${name} (${missing}).\n`)
  .join('')}
${table(
  ['preset', 'parameters', 'to ONNX, ms', ...all.map(({ name }) => name)],
  rows.map((row) => [
    row.name,
    row.parameters.toLocaleString('en-US'),
    `${row.conversion.toFixed(1)} / ${row.whole.toFixed(1)}`,
    ...all.map((reader) => (reader.missing ? '-' : cell(reader, row))),
  ]),
)}
`;
writeFileSync(reportFile, withSection(readFileSync(reportFile, 'utf8'), section));
