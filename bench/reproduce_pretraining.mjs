// What pretraining layer by layer is worth, measured on real data by `hourglass pretrain` and `text eval`: writes the
// section of that name into bench/REPRODUCTION.md. `./dev reproduce pretraining [--fresh]`
//
// What has been measured is kept in build/reproduction/pretraining/ and not measured again; --fresh begins anew.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { hourglass, repository } from './peers/processes.mjs';
import { commit, machine, table, today, withSection } from './report.mjs';

const folder = `${repository}build/reproduction/pretraining`;
const reportFile = `${repository}bench/REPRODUCTION.md`;

const SEEDS = 5;
const SAMPLES = 10000;
const EPOCHS = 3;
const STEPS = 200;
const LABELS = '10,30,100,300,1000';
// Which run a row is of, and its start there: what does not begin with the initializer's weights is in both.
const ROWS = [
  ['pretrained', 'glorot-uniform', 'pretrained'],
  ['pretrained from He', 'he-uniform', 'pretrained'],
  ['random, scaled by fan (Glorot)', 'glorot-uniform', 'scaled'],
  ['random, scaled by fan (He)', 'he-uniform', 'scaled'],
  ['random, N(0, 0.01)', 'glorot-uniform', 'small'],
  ['linear, without layers', 'glorot-uniform', 'linear'],
];
const TEXT_PRESET = 'text-10d';
const TEXT_SEEDS = [0, 1];

const percent = (value) => (100 * value).toFixed(1);

// A command's result: the JSON object on its last line, kept by name.
async function ask(name, ...args) {
  const kept = `${folder}/${name}.json`;
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  const found = JSON.parse((await hourglass(...args, '--json')).trim().split('\n').at(-1));
  writeFileSync(kept, JSON.stringify({ ...found, commit: commit() }));
  return { ...found, commit: commit() };
}

// `initializer` is that of all weights, those of the layers that are pretrained included.
const fewLabels = (initializer) =>
  ask(
    `mnist-${initializer}`,
    ...['pretrain', '--preset', 'pretrained', '--data', 'mnist', '--seeds', String(SEEDS)],
    ...['--samples', String(SAMPLES), '--epochs', String(EPOCHS), '--steps', String(STEPS), '--labels', LABELS],
    ...['--set', `model.initializer=${initializer}`, '--out', `${folder}/mnist-${initializer}`],
  );

function accuracyRows(runs) {
  const labels = LABELS.split(',').map(Number);
  const rows = ROWS.map(([name, initializer, start]) => [
    name,
    ...labels.map((count) => {
      const point = runs[initializer].curve.find((one) => one.start === start && one.labels === count);
      return point ? `${percent(point.accuracy)} ± ${percent(point.deviation)}` : '-';
    }),
  ]);
  return table(['start', ...labels.map((count) => `${count} labels`)], rows);
}

async function textRows() {
  const rows = [];
  for (const seed of TEXT_SEEDS) {
    const flags = ['text', 'eval', '--preset', TEXT_PRESET, '--data', 'reuters-21578', '--seed', String(seed)];
    const own = await ask(`${TEXT_PRESET}-${seed}`, ...flags);
    const plain = await ask(`${TEXT_PRESET}-${seed}-plain`, ...flags, '--pretrain-epochs', '0');
    const figures = [own.precision_at_10, plain.precision_at_10, own.lsa_precision_at_10, own.tfidf_precision_at_10];
    rows.push([TEXT_PRESET, seed, ...figures.map((value) => value.toFixed(3))]);
  }
  return rows;
}

function section(runs, texts) {
  const few = runs['glorot-uniform'];
  const last = few.layers.map(
    ({ layer, units, train_loss: losses }) => `${layer} (${units}) ${losses.at(-1).toFixed(4)}`,
  );
  return `## Pretraining layer by layer

Made by \`./dev reproduce pretraining\`, which writes this section; the commands are \`hourglass pretrain\` and \`text eval\`.
${machine()}; ${today()}; commit ${few.commit}.

\`pretrained\` on MNIST, 784-${few.layers.map(({ units }) => units).join('-')}-10: each layer a denoising autoencoder for ${few.epochs} epochs on
${few.samples.toLocaleString('en')} images without labels, then all layers with a softmax head for ${few.steps} mini-batches of at most 100, with the
same optimizer (Adam, 0.001), labels and order for every start. That is less than the command does by itself (60,000
images, 5 epochs, 300 mini-batches), for time. Accuracy in percent on the 10,000 held-out
images, mean and standard deviation over ${few.seeds.length} seeds (other first weights, other labels):

${accuracyRows(runs)}

Mean loss of the layers' last epoch, last seed: ${last.join(', ')}.
Both runs took ${Math.round((few.seconds + runs['he-uniform'].seconds) / 60)} minutes.

Documents of Reuters-21578 (ten topics, 2,000 words; one in five asks for the others), precision at 10 by Euclidean
distance between codes, with the preset's pretraining and without (\`--pretrain-epochs 0\`), beside LSA of the same size and
TF-IDF. No label is looked at in training:

${table(['preset', 'seed', 'precision at 10', 'without pretraining', 'LSA', 'TF-IDF'], texts)}
`;
}

async function main() {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
  if (values.fresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const texts = await textRows();
  for (const row of texts) console.log(row.join(', '));
  const runs = {};
  for (const initializer of ['glorot-uniform', 'he-uniform']) runs[initializer] = await fewLabels(initializer);
  console.log(accuracyRows(runs));
  const older = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : '';
  writeFileSync(reportFile, withSection(older, section(runs, texts)));
  console.log('Written to bench/REPRODUCTION.md.');
}

main().catch((error) => {
  console.error(`The reproduction stopped: ${error.message}`);
  process.exit(1);
});
