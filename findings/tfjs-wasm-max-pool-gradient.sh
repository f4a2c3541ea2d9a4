#!/usr/bin/env bash
# TensorFlow.js's wasm backend gives the gradient of pooled negative numbers to the first pixel.
#
# Guess: the gradient of max pooling goes to the place of each window's maximum, on every backend.
# Really: it does on the cpu backend. On the wasm backend the maxima are right, and their places are where they are above
# 0; a window without a number above 0 has its gradient sent to the first pixel of the plane, so that all of them pile up
# there. Behind relu nothing of it is seen; behind tanh, a linear layer or inputs scaled to -1 to 1 the weights below
# learn something else, and nothing is said.
# Version: @tensorflow/tfjs and @tensorflow/tfjs-backend-wasm 4.22.0.
# For us: no figures of that backend to compare a network with max pooling with, unless relu is below it.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/common.sh"

npm_packages @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0

cat >pool.cjs <<'JS'
console.warn = () => {};
const path = require('node:path');
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');

wasm.setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);

(async () => {
  console.log(`version ${wasm.version_wasm}`);
  const plane = [[-8, -1, -7, -2], [-6, -5, -4, -3], [-9, -4, -3, -7], [-2, -8, -5, -6]];
  for (const [kind, shift] of [['negative', 0], ['positive', 10]]) {
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend);
      const image = tf.tensor2d(plane).add(shift).reshape([1, 4, 4, 1]);
      const pool = (x) => tf.maxPool(x, 2, 2, 'valid');
      const [maxima, gradient] = [await pool(image).data(), await tf.grad((x) => pool(x).sum())(image).data()];
      console.log(`${kind}, ${backend}: maxima ${[...maxima].join(' ')}, gradient ${[...gradient].join(' ')}`);
    }
  }
})();
JS
says node pool.cjs
expect 'the version' 'version 4.22.0'
expect 'negative numbers on the cpu' 'negative, cpu: maxima -1 -2 -2 -3, gradient 0 1 0 1 0 0 0 0 0 0 1 0 1 0 0 0'
expect 'the gradient of negative numbers in wasm' 'negative, wasm: maxima -1 -2 -2 -3, gradient 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0'
expect 'positive numbers on the cpu' 'positive, cpu: maxima 9 8 8 7, gradient 0 1 0 1 0 0 0 0 0 0 1 0 1 0 0 0'
expect 'positive numbers in wasm' 'positive, wasm: maxima 9 8 8 7, gradient 0 1 0 1 0 0 0 0 0 0 1 0 1 0 0 0'
