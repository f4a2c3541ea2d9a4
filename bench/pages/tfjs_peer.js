// The benchmark's nets in TensorFlow.js, on its wasm backend: relu, a sigmoid at the end, binary cross-entropy, Adam, on
// random images that are tensors already. One thread, SIMD on.

/* global tf */

const peer = { nets: new Map() };
window.peer = peer;

peer.start = async () => {
  tf.wasm.setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  supplyFilterGradient();
  await tf.setBackend('wasm');
  await tf.ready();
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return { version: tf.version.tfjs, backend: tf.getBackend(), simd, threads: 1 };
};

// The wasm backend has no kernel for the gradient of a convolution by its filter, so it could train no such net at all.
// Here that is made of its own convolution: images and channels change places, and the deltas are the filter.
function supplyFilterGradient() {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return;
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => {
        const x = tf.transpose(tf.engine().makeTensorFromTensorInfo(inputs.x), [3, 1, 2, 0]);
        const dy = tf.transpose(tf.engine().makeTensorFromTensorInfo(inputs.dy), [1, 2, 0, 3]);
        const pad = attrs.pad === 'same' ? (attrs.filterShape[0] - 1) / 2 : 0;
        return tf.transpose(tf.conv2d(x, dy, 1, pad), [1, 2, 0, 3]);
      }),
  });
}

const dense = (units, activation, more = {}) => tf.layers.dense({ units, activation, ...more });

function build(description) {
  const net = tf.sequential();
  if (description === 'convolutional') {
    const conv = { filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' };
    for (const layer of [
      tf.layers.reshape({ targetShape: [28, 28, 1], inputShape: [784] }),
      tf.layers.conv2d(conv),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d(conv),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      dense(32, 'relu'),
      dense(784, 'relu'),
      tf.layers.reshape({ targetShape: [7, 7, 16] }),
      tf.layers.upSampling2d({ size: [2, 2] }),
      tf.layers.conv2dTranspose(conv),
      tf.layers.upSampling2d({ size: [2, 2] }),
      tf.layers.conv2dTranspose({ ...conv, filters: 1, activation: 'sigmoid' }),
      tf.layers.flatten(),
    ])
      net.add(layer);
  } else {
    description
      .slice(1)
      .forEach((units, i) =>
        net.add(
          dense(
            units,
            i + 2 === description.length ? 'sigmoid' : 'relu',
            i === 0 ? { inputShape: [description[0]] } : {},
          ),
        ),
      );
  }
  net.compile({ optimizer: tf.train.adam(0.001, 0.9, 0.999, 1e-8), loss: 'binaryCrossentropy' });
  return net;
}

// Where element (row, column, channel) lies in a flat image here -> where it lies channel by channel.
const places = (channels, side) =>
  Array.from({ length: channels * side * side }, (_, i) => (i % channels) * side * side + Math.floor(i / channels));

// The numbers of float32 whose bytes come in base64.
const numbers = (text) => new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);

// Weights as Hourglass and PyTorch keep them -> as TensorFlow.js does, for each layer that has some.
function convertedWeights(description, weights) {
  return weights.map(({ weight, shape, bias }, i) => {
    let kernel = tf.tensor(numbers(weight), shape);
    let offsets = tf.tensor1d(numbers(bias));
    if (shape.length === 4) {
      // (outputs, inputs, rows, columns) of a convolution, (inputs, outputs, rows, columns) of a transposed one: here the
      // sides come first and the two numbers of channels the other way round.
      kernel = tf.transpose(kernel, [2, 3, 1, 0]);
    } else {
      kernel = tf.transpose(kernel); // to inputs x outputs
      if (description === 'convolutional') {
        const order = places(16, 7);
        if (i === 2) kernel = tf.gather(kernel, order, 0);
        if (i === 3) [kernel, offsets] = [tf.gather(kernel, order, 1), tf.gather(offsets, order)];
      }
    }
    return [kernel, offsets];
  });
}

// What the net with these weights [{ weight, shape, bias }, ...], numbers in base64, makes of `count` images.
peer.run = (description, weights, input, count) => {
  const net = build(description);
  const converted = convertedWeights(description, weights);
  net.layers.filter((layer) => layer.weights.length > 0).forEach((layer, i) => layer.setWeights(converted[i]));
  // As in training: predict() takes other, fused kernels, of which one fails on the wasm backend for the convolutional net.
  let output;
  tf.variableGrads(() => {
    const y = net.apply(tf.tensor(input, [count, 784]), { training: true });
    output = Array.from(y.dataSync());
    return tf.mean(y);
  });
  return output;
};

peer.train = async ({ net: description, batch, seconds }) => {
  const key = `${description} ${batch}`;
  if (!peer.nets.has(key)) {
    const net = build(description);
    const batches = Array.from({ length: 16 }, () => tf.randomUniform([batch, 784]));
    for (let i = 0; i < 5; ++i) await net.trainOnBatch(batches[i], batches[i]);
    peer.nets.set(key, { net, batches });
  }
  const { net, batches } = peer.nets.get(key);
  const first = await net.trainOnBatch(batches[0], batches[0]);
  let last = first;
  let steps = 0;
  const began = performance.now();
  while (performance.now() - began < seconds * 1000) {
    last = await net.trainOnBatch(batches[steps % 16], batches[steps % 16]);
    ++steps;
  }
  return {
    images_per_second: (steps * batch * 1000) / (performance.now() - began),
    loss_first: first,
    loss_last: last,
  };
};
