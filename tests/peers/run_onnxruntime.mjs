// Runs ONNX models in onnxruntime: node run_onnxruntime.mjs JOBS native|wasm. See arrays.mjs.
//
// The two packages share a registry of backends, so that one process which loads both may run the one for the other.

import { readFileSync } from 'node:fs';

import { eachJob } from './arrays.mjs';

const [jobs, backend] = process.argv.slice(2);
const module = await import(backend === 'wasm' ? 'onnxruntime-web' : 'onnxruntime-node');
const ort = module.default ?? module;
if (backend === 'wasm') ort.env.wasm.numThreads = 1;
const options = {
  executionProviders: [backend === 'wasm' ? 'wasm' : 'cpu'],
  intraOpNumThreads: 1,
  logSeverityLevel: 3,
};

await eachJob(jobs, async (model, inputs, outputs) => {
  const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(model)), options);
  const feeds = Object.entries(inputs).map(([name, { shape, values }]) => [
    name,
    new ort.Tensor('float32', values, shape),
  ]);
  const given = await session.run(Object.fromEntries(feeds), outputs);
  const arrays = outputs.map((name) => [name, { shape: given[name].dims, values: given[name].data }]);
  await session.release();
  return Object.fromEntries(arrays);
});
