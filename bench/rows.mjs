// The table of goals: what each row says, which measures it takes, and what it makes of one round of them.

import { NETS } from './nets.mjs';

const times = (value) => `${value.toFixed(2)} times`;
const percent = (value) => `${Math.round(100 * value)}%`;

const inSeconds = (value) => `${value.toPrecision(3)} s`;
const kilobytes = (value) => `${(value / 1000).toFixed(0)} KB`;
const megabytes = (value) => `${value.toFixed(0)} MB`;

const atLeast = (goal, show) => ({ text: `at least ${show(goal)}`, met: (value) => value >= goal });

const under = (goal, show) => ({ text: `under ${show(goal)}`, met: (value) => value < goal });

// A row: { what, goal: { text, met(value) }, uses: [measure, ...], value(round), show(value) }, where `round` has what each
// measure of `uses` gave in that round.
const ratio = (what, goal, a, b) => ({
  what,
  goal: atLeast(goal, (value) => `${value} times`),
  uses: [a, b],
  value: (round) => (round[a].speed ?? round[a].speeds[1]) / (round[b].speed ?? round[b].speeds[1]),
  show: times,
});

export function speedRows({ threads }) {
  return [
    ratio('native, 1 thread, against PyTorch, 1 thread', 2.5, 'native deep', 'PyTorch deep'),
    {
      what: "native, 1 thread, share of the core's peak of fused multiply-adds",
      goal: atLeast(0.65, percent),
      uses: ['native deep'],
      value: ({ 'native deep': { gflops, peak } }) => gflops / peak,
      show: percent,
    },
    {
      what: `native, ${threads} threads against 1 (results bit-equal)`,
      goal: atLeast(threads === 2 ? 1.8 : 0.9 * threads, (value) => `${value} times`),
      uses: ['native deep'],
      value: ({ 'native deep': { speeds } }) => speeds[threads] / speeds[1],
      show: times,
    },
    ratio(
      `${NETS.shallow.name}, batch ${NETS.shallow.batch}, native against PyTorch`,
      2,
      'native shallow',
      'PyTorch shallow',
    ),
    ratio(`${NETS.wide.name}, batch ${NETS.wide.batch}, native against PyTorch`, 2, 'native wide', 'PyTorch wide'),
    ratio('Chromium, 1 thread, against TensorFlow.js wasm', 15, 'Chromium deep', 'TensorFlow.js deep'),
    {
      what: 'Chromium, 1 thread, share of the 128-bit peak of fused multiply-adds in wasm',
      goal: atLeast(0.6, percent),
      uses: ['Chromium deep'],
      // Without relaxed SIMD the plain instructions are what there is.
      value: ({ 'Chromium deep': { speed, fma_peak_gflops: fma, plain_peak_gflops: plain } }) =>
        (speed * NETS.deep.mflop) / 1000 / (fma ?? plain),
      show: percent,
    },
    {
      what: `Chromium, ${threads} threads against 1`,
      goal: atLeast(threads === 2 ? 1.7 : 0.85 * threads, (value) => `${value} times`),
      uses: ['Chromium deep', 'Chromium deep, threads'],
      value: (round) => round['Chromium deep, threads'].speed / round['Chromium deep'].speed,
      show: times,
    },
    ratio('convolutional, native against PyTorch', 1.5, 'native convolutional', 'PyTorch convolutional'),
    ratio(
      'convolutional, Chromium against TensorFlow.js wasm',
      10,
      'Chromium convolutional',
      'TensorFlow.js convolutional',
    ),
  ];
}

const plain = (what, goal, uses, key, show) => ({
  what,
  goal,
  uses: [uses],
  value: (round) => round[uses][key],
  show,
});

export function pageRows() {
  return [
    plain(
      '60,000 MNIST images from .gz, ready to train, natively',
      under(0.4, (value) => `${value} s`),
      'native loading',
      'seconds',
      inSeconds,
    ),
    plain(
      '60,000 MNIST images from .gz, ready to train, Chromium',
      under(1.5, (value) => `${value} s`),
      'Chromium loading',
      'seconds',
      inSeconds,
    ),
    plain(
      'bytes before the first training step, gzip -9, headers included (Strokes, English)',
      under(600e3, kilobytes),
      'opening, gzip',
      'bytes',
      kilobytes,
    ),
    plain('the same with brotli at its best', { text: 'none', met: null }, 'opening, brotli', 'bytes', kilobytes),
    plain(
      'page opened to first training step, Chromium, cold cache',
      under(1, (value) => `${value} s`),
      'opening, gzip',
      'seconds',
      inSeconds,
    ),
    plain(
      'memory of the page (private to its process), `deep` on all of MNIST',
      under(250, megabytes),
      'memory',
      'most',
      megabytes,
    ),
    {
      what: 'the same, growth in ten minutes, after five (garbage collected first)',
      goal: { text: 'under 5 MB', met: (value) => value < 5 },
      uses: ['memory'],
      value: ({ memory: { growth } }) => growth,
      absent: 'too short a run: add --soak 600',
      show: (value) => `${value.toFixed(1)} MB`,
    },
  ];
}
