// What the codes of the presets know: the section of bench/REPRODUCTION.md about linear probes, made of the models that
// bench/reproduce.mjs has trained.

import { hourglass } from './peers/processes.mjs';
import { commit, machine, table, today } from './report.mjs';

export const probeKey = (key) => `probe/${key}`;

// The linear probe of a trained model, on the data of its preset.
export async function probe(model, data, threads) {
  const args = ['probe', '--model', model, '--data', data, '--json', ...(threads ? ['--threads', threads] : [])];
  const found = JSON.parse((await hourglass(...args)).trim().split('\n').at(-1));
  const { linear_probe, linear_probe_train, labels, samples, code_size, converged, r2 } = found;
  return { linear_probe, linear_probe_train, labels, samples, code_size, converged, r2, commit: commit() };
}

const share = (value) => (Number.isFinite(value) ? (100 * value).toFixed(2) : '-');

// `rows` are { name, data, probes }, of which probes has one for each of `seeds`, or undefined.
export function probeSection(rows, seeds) {
  const known = rows.filter(({ probes }) => probes.some(Boolean));
  const strokes = known.filter(({ probes }) => probes.some((one) => one?.r2));
  const factors = [...new Set(strokes.flatMap(({ probes }) => Object.keys(probes.find((one) => one?.r2).r2)))];
  const missing = rows.filter(({ probes }) => !probes.every(Boolean)).map(({ name }) => name);
  const parts = [
    `## What the codes know

Made by \`./dev reproduce --probes [PRESET...]\`, and along with the rest: the linear probe of each preset's code, as
\`hourglass probe --model FILE\` says it. A softmax classifier on the code (scaled to variance 1, L2 as scikit-learn's C = 1) learns
from the labels of the training samples, which the network has never seen; the figure is how many percent of the held-out
samples it is right about.

- Machine: ${machine()}. The figures do not depend on the number of threads.
- Date: ${today()}; commits: ${[...new Set(known.flatMap(({ probes }) => probes.filter(Boolean).map((one) => one.commit)))].join(', ') || 'none'}.
${missing.length ? `- Not measured on every seed: ${missing.join(', ')}.\n` : ''}
${table(
  [
    'preset',
    'data',
    'code size',
    'labels',
    ...seeds.map((seed) => `seed ${seed}, %`),
    'training samples, %',
    'converged',
  ],
  known.map(({ name, data, probes }) => {
    const done = probes.filter(Boolean);
    return [
      name,
      data,
      done[0].code_size,
      done[0].labels.toLocaleString('en-US'),
      ...probes.map((one) => share(one?.linear_probe)),
      share(done.reduce((sum, one) => sum + one.linear_probe_train, 0) / done.length),
      done.every((one) => one.converged) ? 'yes' : 'no',
    ];
  }),
)}`,
  ];
  if (strokes.length) {
    parts.push(`Of Strokes every factor is known. R² of the least squares of each on the codes, on held-out samples (mean over seeds; below 0
the mean would do better):

${table(
  ['preset', ...factors],
  strokes.map(({ name, probes }) => [
    name,
    ...factors.map((factor) => {
      const values = probes.map((one) => one?.r2?.[factor]).filter(Number.isFinite);
      return values.length ? (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3) : '-';
    }),
  ]),
)}`);
  }
  return `${parts.join('\n\n')}\n`;
}
