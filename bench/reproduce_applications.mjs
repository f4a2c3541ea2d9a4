// What codes are good for, measured on real data by the commands of the same names: writes the section of that name into
// bench/REPRODUCTION.md. `./dev reproduce applications [--seed S]`

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { hourglass, repository } from './peers/processes.mjs';
import { commit, machine, table, today, withSection } from './report.mjs';

const folder = `${repository}build/reproduction/applications`;
const reportFile = `${repository}bench/REPRODUCTION.md`;

const MODELS = [
  { preset: 'vanilla', data: 'mnist' },
  { preset: 'vae', data: 'mnist' },
  { preset: 'stacked-fashion', data: 'fashion-mnist' },
  { preset: 'tied-fashion', data: 'fashion-mnist' },
];
const DATA = ['mnist', 'fashion-mnist'];
const ANOMALY_EPOCHS = 10;
const SWEEP_EPOCHS = 30;
// Bytes are compared at an error so much above that of the code with all its bits.
const SLACK = 1.05;

const figure = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : '-');

// A command's result: the JSON object on its last line.
const ask = async (...args) => JSON.parse((await hourglass(...args, '--json')).trim().split('\n').at(-1));

async function train({ preset, data }, seed) {
  const out = `${folder}/${preset}-${seed}`;
  rmSync(out, { recursive: true, force: true });
  await ask('train', '--preset', preset, '--data', data, '--seed', seed, '--out', out);
  return `${out}/model.safetensors`;
}

async function codeRow({ preset, data }, model, seed) {
  const search = await ask('search', '--model', model);
  const map = await ask('tsne', '--model', model, '--out', `${folder}/${preset}-${seed}/tsne`);
  return [
    preset,
    data,
    search.code_size,
    figure(search.precision_at_10.code),
    figure(search.precision_at_10.pixel),
    figure(map.trustworthiness),
    figure(map.kl_divergence),
  ];
}

// The fewest bytes of a method's at an error of at most `mse`, coded ideally where it says what that takes; undefined
// where none is so good.
const bytesAt = (curve, method, mse) => {
  const enough = curve.filter((point) => point.method === method && point.mse <= mse);
  return enough.length ? Math.min(...enough.map((point) => point.ideal_bytes ?? point.bytes)) : undefined;
};

async function compressionRow({ preset, data }, model) {
  const { curve } = await ask('compress', '--model', model);
  const mse = SLACK * Math.min(...curve.filter((point) => point.method === 'code').map((point) => point.mse));
  const bytes = ['code', 'pca', 'jpeg', 'png'].map((method) => bytesAt(curve, method, mse));
  return [preset, data, figure(mse), ...bytes.map(figure)];
}

async function anomalyRow(data, seed) {
  const classes = Array.from({ length: 10 }, (_, index) => String(index));
  const row = [];
  for (const held of classes) {
    const flags = ['--preset', 'vanilla', '--data', data, '--epochs', String(ANOMALY_EPOCHS), '--seed', seed];
    const { auc, pca_auc: pca } = await ask('anomaly', ...flags, '--hold-out', held);
    row.push(`${auc.toFixed(3)} (${pca.toFixed(3)})`);
  }
  return [data, ...row];
}

async function sweepRows(data, seed) {
  const flags = ['--preset', 'vanilla', '--data', data, '--epochs', String(SWEEP_EPOCHS), '--seed', seed];
  const { points, elbow } = await ask('sweep', ...flags);
  const sizes = points.map(({ size }) => (size === elbow ? `**${size}**` : String(size)));
  const row = (name, key, show = figure) => [data, name, ...points.map((point) => show(point[key]))];
  return {
    titles: ['data', 'figure', ...sizes],
    rows: [row('test_mse', 'test_mse'), row('PCA', 'pca_mse'), row('dead units', 'dead_units', String)],
  };
}

function section({ codes, compression, anomalies, sweeps }, seed) {
  return `## What codes are good for

Made by \`./dev reproduce applications\`, which writes this section; the commands are \`hourglass search\`, \`tsne\`, \`compress\`,
\`anomaly\` and \`sweep\`. ${machine()}; ${today()}; commit ${commit()}; seed ${seed}. The 10,000 held-out images are
what is searched, mapped and compressed.

Of the ten nearest images by code and by pixels, the share that are of the image's own class, and how far a t-SNE map of the
codes (perplexity 30) can be believed:

${table(['preset', 'data', 'code', 'precision at 10, code', 'pixels', 'trustworthiness', 'KL divergence'], codes)}

Bytes an image, coded ideally, at an mse of at most ${SLACK} times that of the code with all its bits. "-": the method has
none so good. JPEG's headers alone are some 600 bytes.

${table(['preset', 'data', 'mse', 'quantised code', 'PCA', 'JPEG', 'PNG (exact)'], compression)}

Area under the ROC curve by which an image's error tells a class that \`vanilla\` has never seen (${ANOMALY_EPOCHS} epochs without
it), and in brackets PCA's with as many components; the class that is left out above:

${table(['data', ...Array.from({ length: 10 }, (_, index) => String(index))], anomalies)}

How large the code should be: \`vanilla\` with codes of several sizes (at most ${SWEEP_EPOCHS} epochs, with early stopping), the elbow
in bold:

${sweeps.map(({ titles, rows }) => table(titles, rows)).join('\n\n')}
`;
}

async function main() {
  const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });
  const { seed } = values;
  mkdirSync(folder, { recursive: true });
  const found = { codes: [], compression: [], anomalies: [], sweeps: [] };
  for (const one of MODELS) {
    const model = await train(one, seed);
    found.codes.push(await codeRow(one, model, seed));
    found.compression.push(await compressionRow(one, model));
    console.log(`${one.preset}: ${found.codes.at(-1).join(', ')}; ${found.compression.at(-1).join(', ')}`);
  }
  for (const data of DATA) {
    found.sweeps.push(await sweepRows(data, seed));
    found.anomalies.push(await anomalyRow(data, seed));
    console.log(found.anomalies.at(-1).join(', '));
  }
  const older = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : '';
  writeFileSync(reportFile, withSection(older, section(found, seed)));
  console.log('Written to bench/REPRODUCTION.md.');
}

main().catch((error) => {
  console.error(`The reproduction stopped: ${error.message}`);
  process.exit(1);
});
