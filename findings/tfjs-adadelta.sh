#!/usr/bin/env bash
# TensorFlow.js's Adadelta is gradient descent.
#
# Guess: tf.train.adadelta(1, 0.95, 1e-7) takes the steps of Zeiler, "ADADELTA: An Adaptive Learning Rate Method" (2012),
# algorithm 1, as Keras's and PyTorch's do: tiny at first, since the mean of past updates begins at 0.
# Really: each step is the learning rate times the gradient. The update is scaled by the means of past gradients and of
# past updates as they were before this step; both begin at 0, so the first update is the gradient, so both means get the
# same value, so the next update is the gradient again.
# Version: @tensorflow/tfjs 4.22.0.
# For us: no figures of TensorFlow.js to compare a run with Adadelta with.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/common.sh"

npm_packages @tensorflow/tfjs@4.22.0

cat >adadelta.cjs <<'JS'
console.warn = () => {};
const tf = require('@tensorflow/tfjs');

(async () => {
  await tf.setBackend('cpu');
  const rho = 0.95, epsilon = 1e-7, learningRate = 1, gradient = 0.5;
  const optimizer = tf.train.adadelta(learningRate, rho, epsilon);
  const weight = tf.variable(tf.scalar(1));
  let paper = 1, descent = 1, gradients = 0, updates = 0;
  for (let step = 1; step <= 20; ++step) {
    optimizer.minimize(() => tf.mul(weight, tf.scalar(gradient)));
    gradients = rho * gradients + (1 - rho) * gradient ** 2;
    const update = Math.sqrt(updates + epsilon) / Math.sqrt(gradients + epsilon) * gradient;
    updates = rho * updates + (1 - rho) * update ** 2;
    paper -= learningRate * update;
    descent -= learningRate * gradient;
  }
  console.log(`version ${tf.version.tfjs}`);
  console.log(`a weight of 1 whose gradient is 0.5, after 20 steps: ${weight.dataSync()[0]}`);
  console.log(`by the paper it would be: ${paper.toFixed(4)}`);
  console.log(`by gradient descent it would be: ${descent}`);
})();
JS
says node adadelta.cjs
expect 'the version' 'version 4.22.0'
expect 'Adadelta in TensorFlow.js is gradient descent' 'a weight of 1 whose gradient is 0.5, after 20 steps: -9'
expect 'the step of the paper' 'by the paper it would be: 0.9703'
expect 'the step of gradient descent' 'by gradient descent it would be: -9'
