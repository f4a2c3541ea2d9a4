// On real MNIST, the presets learn as the same models do in PyTorch 1.13 (f32, Glorot-uniform weights, Adadelta at
// rate 1.0, rho 0.95, epsilon 1e-7): test loss after the first epoch.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { dataFolder, hourglass, temporaryFolder } from './support.mjs';

const REFERENCE = {
  vanilla: { test_loss: 0.2707, tolerance: 0.006, test_mse: 0.0685, rounded_accuracy: 0.8717 },
  deep: { test_loss: 0.2641, tolerance: 0.012, test_mse: 0.06814, rounded_accuracy: 0.8634 },
};

const files = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];
const missing = files.every((name) =>
  ['', '.gz'].some((ending) => existsSync(path.join(dataFolder, 'mnist', name + ending))),
)
  ? false
  : `there is no MNIST in ${dataFolder} (HOURGLASS_DATA_DIR)`;

for (const [preset, expected] of Object.entries(REFERENCE)) {
  for (const seed of ['1', '2']) {
    test(`${preset} on MNIST, seed ${seed}: epoch 1 is the reference's`, { skip: missing }, (t) => {
      const out = temporaryFolder(t);
      const run = hourglass(['train', '--preset', preset, '--epochs', '1', '--seed', seed, '--out', out, '--json'], {
        env: { HOURGLASS_DATA_DIR: dataFolder },
      });
      assert.equal(run.code, 0, run.stderr);
      const last = JSON.parse(run.stdout.trim().split('\n').at(-1));
      assert.equal(last.dataset, 'mnist', "the preset's own data, where they are");
      const { test_loss: loss, test_mse: mse, rounded_accuracy: accuracy } = last;
      assert.ok(Math.abs(loss - expected.test_loss) <= expected.tolerance, `test loss ${loss}`);
      assert.ok(Math.abs(mse - expected.test_mse) <= 0.004, `test mse ${mse}`);
      assert.ok(Math.abs(accuracy - expected.rounded_accuracy) <= 0.01, `rounded accuracy ${accuracy}`);
    });
  }
}
