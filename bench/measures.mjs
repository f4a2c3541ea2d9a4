// What can be measured: name -> { run, missing?, once? }. run() measures and resolves with an object of numbers; `missing`
// says why this machine cannot; `once` is true where repeating tells nothing new or takes too long: that is left to the last
// round.

import { NETS, pageSettings } from './nets.mjs';
import { hourglassBench } from './peers/processes.mjs';

export const NO_TORCH = 'PyTorch is not here';
export const NO_TFJS = 'TensorFlow.js is not here';

const round = (value) => Math.round(value).toLocaleString('en-US');

// images/s by number of threads, and the peak of one core, of one call of `hourglass bench`.
function nativeResult(result) {
  const speeds = Object.fromEntries(result.training.map(({ threads, images_per_second: speed }) => [threads, speed]));
  return {
    speeds,
    gflops: result.training[0].gflops,
    peak: result.fma_peak_gflops,
    vectors: result.fma_peak_vectors,
    simd: result.simd,
    gemm: result.gemm,
    text: Object.entries(speeds)
      .map(([threads, speed]) => `${round(speed)} images/s on ${threads}`)
      .join(', '),
  };
}

const speedResult = (result) => {
  if (!Number.isFinite(result.loss_last)) throw new Error('the loss is no number');
  return { ...result, speed: result.images_per_second, text: `${round(result.images_per_second)} images/s` };
};

// context: { torch, browser, seconds, threads }, `threads` being more than one.
export function speedMeasures({ torch, browser, seconds, threads }) {
  const measures = {};
  for (const [key, net] of Object.entries(NETS)) {
    const train = { net: net.peer, batch: net.batch, seconds };
    const counts = key === 'deep' ? `1,${threads}` : '1';
    measures[`native ${key}`] = {
      run: async () =>
        nativeResult(
          await hourglassBench(
            '--threads',
            counts,
            '--seconds',
            String(Math.max(1, seconds * (key === 'deep' ? 2 : 1))),
            ...net.native,
          ),
        ),
    };
    measures[`PyTorch ${key}`] = {
      missing: torch ? null : NO_TORCH,
      run: async () => speedResult(await torch.ask({ do: 'train', ...train, threads: 1 })),
    };
    if (key !== 'deep' && key !== 'convolutional') continue;
    const inPage = (count) =>
      browser.engine.evaluate((options) => window.peer.train(options), {
        settings: pageSettings(net),
        batch: net.batch,
        seconds,
        threads: count,
        peak: key === 'deep' && count === 1,
      });
    measures[`Chromium ${key}`] = { run: async () => speedResult(await inPage(1)) };
    if (key === 'deep') measures[`Chromium ${key}, threads`] = { run: async () => speedResult(await inPage(threads)) };
    measures[`TensorFlow.js ${key}`] = {
      missing: browser.tfjs ? null : NO_TFJS,
      run: async () => speedResult(await browser.tfjs.evaluate((options) => window.peer.train(options), train)),
    };
  }
  return measures;
}

// Reading MNIST, natively and in Chromium, until it can be trained on.
export function loadingMeasures({ browser, mnist, threads }) {
  const missing = mnist ? null : 'MNIST is not here (./dev data)';
  const loadResult = (result) => ({ ...result, text: `${result.seconds.toFixed(3)} s` });
  return {
    'native loading': {
      missing,
      run: async () => loadResult(await hourglassBench('--load', 'mnist', '--seconds', '1')),
    },
    'Chromium loading': {
      missing,
      run: async () => loadResult(await browser.engine.evaluate((count) => window.peer.load('mnist', count), threads)),
    },
  };
}
