// The benchmark's net in TensorFlow.js, on its wasm backend: relu, a sigmoid at the end, binary cross-entropy, Adam,
// on random images that are tensors already.

/* global tf */

const peer = { nets: new Map() };
window.peer = peer;

peer.start = async () => {
  tf.wasm.setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  await tf.setBackend('wasm');
  await tf.ready();
  const [simd, threads] = await Promise.all([
    tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'), tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')]);
  return { version: tf.version.tfjs, backend: tf.getBackend(), simd, threads: threads ? tf.wasm.getThreadsCount() : 1 };
};

const build = (sizes) => {
  const net = tf.sequential();
  sizes.slice(1).forEach((units, i) => net.add(tf.layers.dense({
    units, activation: i + 2 === sizes.length ? 'sigmoid' : 'relu', inputShape: i === 0 ? [sizes[0]] : undefined })));
  net.compile({ optimizer: tf.train.adam(), loss: 'binaryCrossentropy' });
  return net;
};

// What the layers [{ weight, bias, outputs, inputs }], row-major outputs x inputs, make of `input` (rows x inputs).
peer.run = (layers, input, rows) => {
  const sizes = [layers[0].inputs, ...layers.map((layer) => layer.outputs)];
  const net = build(sizes);
  net.layers.forEach((layer, i) => layer.setWeights([
    tf.tensor(layers[i].weight, [layers[i].outputs, layers[i].inputs]).transpose(), tf.tensor1d(layers[i].bias)]));
  return Array.from(net.predict(tf.tensor(input, [rows, sizes[0]])).dataSync());
};

peer.train = async ({ net: sizes, batch, seconds }) => {
  const key = `${sizes} ${batch}`;
  if (!peer.nets.has(key)) {
    const net = build(sizes);
    const batches = Array.from({ length: 16 }, () => tf.randomUniform([batch, sizes[0]]));
    for (let i = 0; i < 10; ++i) await net.trainOnBatch(batches[i], batches[i]);
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
  return { images_per_second: steps * batch * 1000 / (performance.now() - began), loss_first: first, loss_last: last };
};
