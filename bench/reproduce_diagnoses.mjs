// Whether runs that learn are left in peace and runs with a fault are told of it, by the command line's own
// diagnoses: writes the section of that name into bench/REPRODUCTION.md.
// `./dev reproduce diagnoses [PRESET...] [--seeds 1,2,3] [--epochs N] [--fresh]`
//
// Presets are trained on their own data for as long as they say, or for --epochs at most. What has been trained is kept in
// build/reproduction/diagnoses/ and not trained again; --fresh begins anew. With names, only those presets are trained,
// and the table is made of everything that is there.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { hourglass, repository } from './peers/processes.mjs';
import { commit, machine, table, today, withSection } from './report.mjs';

const folder = `${repository}build/reproduction/diagnoses`;
const reportFile = `${repository}bench/REPRODUCTION.md`;

// Presets that teach a fault, with what they are to be told of.
const TEACH = { 'mlp-adam': 'unreachable_targets', 'sigmoid-sgd': 'unreachable_targets', 'rmsprop-relu': null };
// The quick ones first.
const ORDER =
  'quick linear-pca k-sparse contractive vanilla sparse denoising tied-fashion tied-dropout tied-denoising stacked-fashion ' +
  'pretrained-quick deep-norm deep vae beta-vae mlp-adam-unit sigmoid-sgd-fixed convolutional pretrained';

const STROKES = [
  '--data',
  'strokes',
  '--set',
  'data.strokes_train=1000',
  'data.strokes_test=300',
  'train.batch_size=25',
];
// Runs that were made to have a fault, on a thousand Strokes.
const FAULTS = [
  ['unreachable_targets', 'mlp-adam', 8, []],
  ['schedule_ends_early', 'quick', 6, ['train.schedule=cosine', 'train.decay_steps=300']],
  ['schedule_over', 'quick', 6, ['train.schedule=cosine', 'train.decay_steps=100']],
  ['rate_too_high', 'rmsprop-relu', 8, ['train.learning_rate=0.01', 'train.steps=0']],
  ['rate_too_low', 'quick', 8, ['train.learning_rate=0.00001']],
  ['rate_too_low', 'vanilla', 8, ['train.learning_rate=0.001']],
  ['dead_code', 'quick', 6, ['train.learning_rate=0.3']],
  ['dead_units', 'quick', 8, ['train.learning_rate=0.03']],
  ['collapsed_posterior', 'vae', 8, ['penalty.kl=100']],
  ['mean_output', 'sigmoid-sgd', 14, ['data.scaling=unit']],
  ['overfitting', 'deep-norm', 120, ['data.strokes_train=100']],
];

// A run's last line, kept by name: which kinds were found after any epoch, and the first epoch of each.
async function train(name, ...args) {
  const kept = `${folder}/${name}.json`;
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  const out = `${folder}/out`;
  rmSync(out, { recursive: true, force: true });
  const found = JSON.parse((await hourglass('train', ...args, '--json', '--out', out)).trim().split('\n').at(-1));
  rmSync(out, { recursive: true, force: true });
  const record = {
    dataset: found.dataset,
    epoch: found.epoch,
    first: found.first_diagnosed,
    last: found.diagnoses.map(({ kind, remedy }) => ({ kind, remedy: remedy?.name ?? null })),
    commit: commit(),
  };
  writeFileSync(kept, JSON.stringify(record));
  return record;
}

const words = (first) =>
  Object.entries(first)
    .map(([kind, epoch]) => `${kind} (epoch ${epoch})`)
    .join(', ') || 'none';

async function presetRun(preset, seed, epochs) {
  const set = JSON.parse(readFileSync(`${repository}assets/presets/${preset}.json`, 'utf8')).settings;
  const length = Math.min(set.train.epochs, epochs ?? Infinity);
  return train(`${preset}-${seed}-${length}`, '--preset', preset, '--seed', String(seed), '--epochs', String(length));
}

function keptRuns() {
  const rows = [];
  for (const preset of [...ORDER.split(' '), ...Object.keys(TEACH)]) {
    for (let seed = 1; seed <= 9; ++seed) {
      for (let length = 1000; length >= 1; --length) {
        const kept = `${folder}/${preset}-${seed}-${length}.json`;
        if (!existsSync(kept)) continue;
        const run = JSON.parse(readFileSync(kept, 'utf8'));
        rows.push([preset, run.dataset, seed, run.epoch, words(run.first)]);
        break;
      }
    }
  }
  return rows;
}

function section(presets, faults, records) {
  const healthy = presets.filter(([preset]) => !(preset in TEACH));
  const named = healthy.filter((row) => row[4] !== 'none');
  return `## Diagnoses

Made by \`./dev reproduce diagnoses\`, which writes this section; what was found is \`first_diagnosed\` of \`hourglass train --json\`.
${machine()}; ${today()}; commits ${[...new Set(records.map((one) => one.commit))].join(', ')}.

Presets on their own data. Of ${healthy.length} runs that learn, ${named.length} were told of anything after any epoch. The last three presets teach a
fault: \`mlp-adam\` and \`sigmoid-sgd\` have targets that a sigmoid cannot give, \`rmsprop-relu\` has outputs that are dead for good.

${table(['preset', 'data', 'seed', 'epochs', 'told of'], presets)}

Runs that were made to have a fault, on Strokes (1,000 images, mini-batches of 25, 40 steps an epoch; overfitting on 100):

${table(['made to have', 'preset', 'changed', 'told of, first after', 'at the end', 'remedy'], faults)}
`;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    epochs: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});
if (!/^\d{1,3}(,\d{1,3})*$/.test(values.seeds) || !/^[1-9]\d{0,3}$/.test(values.epochs ?? '1')) {
  console.error('--seeds takes whole numbers with commas between them, as in 1,2,3, and --epochs one above 0.');
  process.exit(2);
}
if (values.fresh) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const epochs = values.epochs && Number(values.epochs);
const names = positionals.length ? positionals : [...ORDER.split(' '), ...Object.keys(TEACH)];
for (const preset of names) {
  for (const seed of values.seeds.split(',')) {
    const run = await presetRun(preset, seed, epochs);
    console.log(`${preset}, seed ${seed}, ${run.epoch} epochs: ${words(run.first)}`);
  }
}
const faults = [];
const records = [];
for (const [index, [kind, preset, length, set]] of FAULTS.entries()) {
  const run = await train(`fault-${index}-${kind}`, '--preset', preset, '--epochs', String(length), ...STROKES, ...set);
  const last = run.last.map((one) => one.kind).join(', ') || 'none';
  const remedies = run.last.map((one) => one.remedy).join(', ');
  faults.push([kind, preset, set.join(' ') || '-', words(run.first), last, remedies]);
  records.push(run);
}
writeFileSync(reportFile, withSection(readFileSync(reportFile, 'utf8'), section(keptRuns(), faults, records)));
console.log('Wrote the section Diagnoses of bench/REPRODUCTION.md.');
