// Trains every preset on its own data and sets what came of it beside what its source printed: writes
// bench/REPRODUCTION.md. `./dev reproduce [PRESET...] [--seeds 1,2] [--threads N] [--fresh] [--probes]`
//
// What has been trained is kept in build/reproduction/ and not trained again while the preset stays the same, so an
// interrupted table goes on where it stopped; --fresh begins anew. With names, only those presets and what they are
// compared with are trained, and the report is made of everything that is there. --probes trains presets alone and
// writes the section of their linear probes, leaving the rest of the report as it is. Runs go one after the other, so
// that each has the machine's cores to itself.

import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { pcaErrors } from './pca.mjs';
import { hourglass, repository } from './peers/processes.mjs';
import { commit, machine, table, today, withOtherSections, withSection } from './report.mjs';
import { probe, probeKey, probeSection } from './reproduce_probes.mjs';
import { checks, extraRuns, NOISY } from './reproduction_checks.mjs';
import { median } from './statistics.mjs';

const folder = `${repository}build/reproduction`;
const cacheFile = `${folder}/runs.jsonl`;
const reportFile = `${repository}bench/REPRODUCTION.md`;

// What is shown of a preset whose source printed no figures.
const SHOWN = {
  'stacked-fashion': ['train_loss', 'test_loss', 'rounded_accuracy'],
  'tied-fashion': ['train_loss', 'test_loss', 'rounded_accuracy'],
  'tied-denoising': ['train_loss', 'test_loss', 'rounded_accuracy'],
  'tied-dropout': ['train_loss', 'test_loss', 'rounded_accuracy'],
  'k-sparse': ['test_mse', 'code_zero'],
  vae: ['test_loss', 'test_penalty', 'test_mse'],
  'beta-vae': ['test_loss', 'test_penalty', 'test_mse'],
  contractive: ['test_loss', 'test_penalty', 'test_mse'],
};
const SHOWN_ELSE = ['test_loss', 'test_mse'];

function refuse(sentence) {
  console.error(sentence);
  process.exit(2);
}

function readOptions() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        seeds: { type: 'string', default: '1,2' },
        threads: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        probes: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    refuse(error.message);
  }
  const { values, positionals } = parsed;
  if (!/^\d{1,15}(,\d{1,15})*$/.test(values.seeds))
    refuse('--seeds takes whole numbers with commas between them, as in --seeds 1,2.');
  if (values.threads && !/^\d{1,2}$/.test(values.threads)) refuse('--threads takes a whole number from 0 to 64.');
  return { ...values, seeds: [...new Set(values.seeds.split(',').map(Number))], names: positionals };
}

// Kept results: one JSON object a line; the last of a key counts. A line that an interruption cut off is left out.
function readCache() {
  const cache = new Map();
  if (!existsSync(cacheFile)) return cache;
  for (const line of readFileSync(cacheFile, 'utf8').split('\n')) {
    try {
      const record = JSON.parse(line);
      cache.set(record.key, record);
    } catch {
      continue;
    }
  }
  return cache;
}

function parseHistory(text) {
  const [titles, ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(titles.map((title, i) => [title, Number(row[i])])));
}

// The last line that a failed command printed to say why.
const cause = (error) => (error.stderr ?? '').trim().split('\n').at(-1) || error.message;

// A run is { name, preset, set: { key: value }, data }; its digest changes with anything that its result depends on.
const keyOf = (run, seed) => {
  const text = JSON.stringify([run.preset.settings, run.set, run.data, seed]);
  return `${run.name}/${seed}/${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
};

async function train(run, seed, threads) {
  const out = `${folder}/${run.name}-${seed}`;
  rmSync(out, { recursive: true, force: true });
  const args = [
    'train',
    '--preset',
    run.preset.name,
    '--data',
    run.data,
    '--seed',
    String(seed),
    '--out',
    out,
    '--json',
    ...(threads ? ['--threads', threads] : []),
    ...Object.entries(run.set).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  ];
  let stdout;
  try {
    stdout = await hourglass(...args);
  } catch (error) {
    // A run that diverged is a result too.
    if (!error.stdout?.includes('"ended":"diverged"')) throw new Error(cause(error));
    stdout = error.stdout;
  }
  const summary = JSON.parse(stdout.trim().split('\n').at(-1));
  if (summary.ended === 'interrupted') throw new Error('the run was interrupted');
  return { summary, history: parseHistory(readFileSync(`${out}/history.csv`, 'utf8')), commit: commit() };
}

// How much nearer to the clean image the restored one is than the corrupted one.
async function restore(run, seed, noise, threads) {
  const model = `${folder}/${run.name}-${seed}/model.safetensors`;
  const args = [
    'eval',
    '--model',
    model,
    '--data',
    run.data,
    '--noise',
    noise,
    '--json',
    ...(threads ? ['--threads', threads] : []),
  ];
  try {
    const { corrupted_mse, restored_mse } = JSON.parse((await hourglass(...args)).trim().split('\n').at(-1));
    if (!Number.isFinite(corrupted_mse) || !Number.isFinite(restored_mse))
      throw new Error('eval gave no corrupted_mse and restored_mse');
    return { noise, corrupted_mse, restored_mse };
  } catch (error) {
    throw new Error(cause(error));
  }
}

const figure = (value) => (value === undefined || !Number.isFinite(value) ? '-' : String(Number(value.toPrecision(4))));

function remark(ours, published) {
  if (ours.length === 0) return '';
  const percent = (ratio) => `${(100 * Math.abs(ratio)).toFixed(1)}%`;
  const middle = ours.reduce((sum, value) => sum + value, 0) / ours.length;
  const parts = [];
  if (published !== undefined) {
    const difference = middle / published - 1;
    parts.push(`${percent(difference)} ${difference < 0 ? 'below' : 'above'} the published`);
  }
  if (ours.length > 1)
    parts.push(
      `seeds differ by ${percent((Math.max(...ours) - Math.min(...ours)) / Math.max(Math.abs(middle), 1e-30))}`,
    );
  return parts.join('; ');
}

// The rows of one preset: one for each figure.
function presetRows(run, results, seeds) {
  const { preset, data } = run;
  const done = seeds.map((seed) => results.get(keyOf(run, seed)));
  const metrics = preset.published.length
    ? preset.published
    : (SHOWN[preset.name] ?? SHOWN_ELSE).map((metric) => ({ metric }));
  const ended = done.find((result) => result)?.history.at(-1)?.epoch;
  return metrics.map(({ metric, value, epoch }, i) => {
    // Of the published epoch; else of the last.
    const ours = done.map(
      (result) =>
        (epoch === undefined ? result?.history.at(-1) : result?.history.find((row) => row.epoch === epoch))?.[metric],
    );
    const speeds = done
      .filter((result) => result?.history.length)
      .map((result) => median(result.history.map((row) => row.images_per_second)));
    const diverged = done.filter((result) => result?.summary.ended === 'diverged').length;
    const known = ours.filter((one) => Number.isFinite(one));
    const notes = [
      diverged && `diverged on ${diverged} of ${seeds.length} seeds`,
      remark(known, value),
      done.some((result) => !result) && 'not run on every seed',
    ].filter(Boolean);
    return [
      preset.name,
      data,
      figure(epoch ?? ended),
      metric,
      value === undefined ? 'none' : String(value),
      ...ours.map(figure),
      i === 0 && speeds.length ? Math.round(median(speeds)).toLocaleString('en-US') : '',
      notes.join('; '),
    ];
  });
}

function report(runs, extras, results, noisy, pca, { seeds, threads }) {
  const present = [...runs, ...extras]
    .flatMap((run) => seeds.map((seed) => results.get(keyOf(run, seed))))
    .filter(Boolean);
  const get = (name) => {
    const run = [...runs, ...extras].find((one) => one.name === name);
    return run ? seeds.map((seed) => results.get(keyOf(run, seed))) : [];
  };
  const restored = (name) => {
    const run = runs.find((one) => one.name === name);
    return run ? seeds.map((seed) => noisy.get(`noise/${NOISY[name]}/${keyOf(run, seed)}`)) : [];
  };
  const settings = (name) => runs.find((one) => one.name === name)?.preset.settings;
  const commits = [...new Set(present.map((result) => result.commit))].join(', ') || 'none';
  return `# What the presets give beside what their sources printed

Made by \`./dev reproduce\`, which writes this file: every preset on its own data, as \`hourglass train --preset NAME
--seed S\` runs it. One of them again: \`./dev reproduce NAME\`; all of it from the start: \`./dev reproduce --fresh\`.
MNIST and Fashion-MNIST have to be there (\`./dev data\`).

- Machine: ${machine()}; threads: ${[...new Set(present.map((result) => result.summary.threads))].join(', ') || threads || 'none'}. The figures do not depend on the number of threads, the images/s do
  (and on what else the machine had to do).
- Date: ${today()}; commits of the runs: ${commits}.
- Seeds: ${seeds.join(', ')}. Figures are of the published epoch, and of the last where nothing was published; images/s are
  medians over the epochs. Losses are means over the pixels, as Keras's are, but for \`sigmoid-sgd\`'s, which is a sum; published
  figures are as their sources rounded them, and some of the difference is that.

${table(
  ['preset', 'data', 'epoch', 'figure', 'published', ...seeds.map((seed) => `seed ${seed}`), 'images/s', 'remark'],
  runs.flatMap((run) => presetRows(run, results, seeds)),
)}

## What each shows

Computed from the same runs; where there are several figures, there is one for each seed, and "yes" means on every one.

${table(['what', 'figures', 'holds'], checks({ get, restored, settings, pca }))}
`;
}

async function main() {
  const options = readOptions();
  const presets = JSON.parse(await hourglass('presets', '--json'));
  const runs = presets.map((preset) => ({ name: preset.name, preset, set: {}, data: preset.settings.data.set }));
  for (const name of options.names) {
    if (!runs.some((run) => run.name === name))
      refuse(`There is no preset "${name}"; there are ${runs.map((run) => run.name).join(', ')}.`);
  }
  if (options.fresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const cache = readCache();
  const keep = (record) => {
    cache.set(record.key, record);
    appendFileSync(cacheFile, `${JSON.stringify(record)}\n`);
  };
  const failures = [];
  // Trains what is not there yet.
  const work = async (run, seed) => {
    const key = keyOf(run, seed);
    const noise = NOISY[run.name];
    const model = `${folder}/${run.name}-${seed}/model.safetensors`;
    const noiseKey = `noise/${noise}/${key}`;
    try {
      const incomplete = (runs.includes(run) && !cache.has(probeKey(key))) || (noise && !cache.has(noiseKey));
      if (!cache.has(key) || (incomplete && !existsSync(model))) {
        const started = Date.now();
        keep({ key, ...(await train(run, seed, options.threads)) });
        const { summary } = cache.get(key);
        console.log(
          `${run.name}, seed ${seed}: ${summary.ended}, ${figure(summary.epoch)} epochs in ${Math.round((Date.now() - started) / 1000)} s, ` +
            `test_loss ${figure(summary.test_loss)}, test_mse ${figure(summary.test_mse)}`,
        );
      }
      if (runs.includes(run) && !cache.has(probeKey(key)) && existsSync(model)) {
        keep({ key: probeKey(key), ...(await probe(model, run.data, options.threads)) });
        console.log(`${run.name}, seed ${seed}: linear probe ${figure(cache.get(probeKey(key)).linear_probe)}`);
      }
      if (noise && !options.probes && !cache.has(noiseKey))
        keep({ key: noiseKey, ...(await restore(run, seed, noise, options.threads)) });
    } catch (error) {
      failures.push(`${run.name}, seed ${seed}: ${error.message}`);
      console.error(failures.at(-1));
    }
  };

  const byName = (name) => runs.find((run) => run.name === name);
  // Runs that presets are compared with; some need a figure of the preset first.
  const planExtras = () =>
    extraRuns({
      preset: (name) => byName(name)?.preset,
      parameters: (name) =>
        byName(name) &&
        options.seeds.map((seed) => cache.get(keyOf(byName(name), seed))).find(Boolean)?.summary.parameters,
    });
  for (const run of runs) {
    if (options.names.length && !options.names.includes(run.name)) continue;
    for (const seed of options.seeds) await work(run, seed);
    if (options.probes) continue;
    for (const extra of planExtras().filter((one) => one.beside === run.name)) {
      for (const seed of options.seeds) await work(extra, seed);
    }
  }

  const section = probeSection(
    runs.map((run) => ({ ...run, probes: options.seeds.map((seed) => cache.get(probeKey(keyOf(run, seed)))) })),
    options.seeds,
  );
  const older = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : '';
  if (options.probes) {
    writeFileSync(reportFile, withSection(older, section));
    return end(failures);
  }
  let pca = null;
  try {
    pca = pcaErrors(path.join(process.env.HOURGLASS_DATA_DIR ?? `${repository}data`, 'mnist'), 32);
  } catch (error) {
    failures.push(`the principal components of MNIST: ${error.message}`);
  }
  const whole = `${report(runs, planExtras(), cache, cache, pca, options)}\n${section}`;
  writeFileSync(reportFile, withOtherSections(whole, older));
  end(failures);
}

function end(failures) {
  console.log('Written to bench/REPRODUCTION.md.');
  if (failures.length) {
    console.error(`What did not run:\n  ${failures.join('\n  ')}`);
    process.exit(1);
  }
}

main().catch((error) => {
  console.error(`The reproduction stopped: ${cause(error)}`);
  process.exit(1);
});
