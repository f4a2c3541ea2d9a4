// The networks that are measured, once, for everybody who builds them: Hourglass's settings, PyTorch and TensorFlow.js.

import { readFileSync } from 'node:fs';

import { repository } from './peers/processes.mjs';

// A dense net of these widths: relu, a sigmoid at the end, binary cross-entropy, Adam; the narrowest layer is the code.
export function denseNet(sizes, batch) {
  const hidden = sizes.slice(1, -1);
  const code = 1 + hidden.indexOf(Math.min(...hidden));
  const layers = sizes.slice(1).map((units) => ({ type: 'dense', units, activation: 'relu' }));
  Object.assign(layers.at(-1), { units: 'input', activation: 'sigmoid' });
  return {
    name: sizes.join('-'),
    peer: sizes,
    batch,
    // Multiplications and additions of one image's step: forward, deltas (not for the input), weights.
    mflop: (2 * sizes.slice(1).reduce((sum, units, i) => sum + sizes[i] * units * (i === 0 ? 2 : 3), 0)) / 1e6,
    native: ['--layers', sizes.join(','), '--batch', String(batch)],
    settings: {
      'model.encoder': JSON.stringify(layers.slice(0, code)),
      'model.decoder': JSON.stringify(layers.slice(code)),
    },
  };
}

function convolutionalNet() {
  const { settings } = JSON.parse(readFileSync(`${repository}assets/presets/convolutional.json`, 'utf8'));
  return {
    name: 'convolutional',
    peer: 'convolutional', // written out in each peer
    batch: settings.train.batch_size,
    native: ['--preset', 'convolutional'],
    settings: {
      'model.encoder': JSON.stringify(settings.model.encoder),
      'model.decoder': JSON.stringify(settings.model.decoder),
    },
  };
}

export const NETS = {
  deep: denseNet([784, 128, 64, 32, 64, 128, 784], 256),
  shallow: denseNet([784, 32, 784], 64),
  wide: denseNet([784, 256, 64, 20, 64, 256, 784], 64),
  convolutional: convolutionalNet(),
};

// Hourglass's settings for a net, as peers train it.
export const trainingSettings = (net) => ({
  ...net.settings,
  'train.optimizer': 'adam',
  'train.learning_rate': 0.001,
  'train.batch_size': net.batch,
});

// The same for the page, on as many images as `hourglass bench` has: whole mini-batches only, so that steps can be counted
// as images, and little to be evaluated between epochs, which peers do not.
export const pageSettings = (net) => ({
  ...trainingSettings(net),
  'data.strokes_train': Math.ceil(10240 / net.batch) * net.batch,
  'data.strokes_test': 100,
});
