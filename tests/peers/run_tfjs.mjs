// Runs layers models in TensorFlow.js (its own backend in JavaScript): node run_tfjs.mjs JOBS. See arrays.mjs. A model is
// the folder of a model.json.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { eachJob } from './arrays.mjs';

console.warn = () => {}; // its advice to install its native backend
const tf = await import('@tensorflow/tfjs');
await tf.setBackend('cpu');

function fromFolder(folder) {
  const { modelTopology, weightsManifest, ...rest } = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8'));
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const files = weightsManifest.flatMap(({ paths }) => paths);
  const bytes = Buffer.concat(files.map((file) => readFileSync(path.join(folder, file))));
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return { load: async () => ({ ...rest, modelTopology, weightSpecs, weightData }) };
}

await eachJob(process.argv[2], async (model, inputs, outputs) => {
  const loaded = await tf.loadLayersModel(fromFolder(model));
  const [{ shape, values }] = Object.values(inputs);
  const given = tf.tidy(() => loaded.predict(tf.tensor2d(values, shape)));
  const made = { shape: given.shape, values: await given.data() };
  given.dispose();
  loaded.dispose();
  return { [outputs[0]]: made };
});
