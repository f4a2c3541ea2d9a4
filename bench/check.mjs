// Before anything is timed: the programs compute the same thing.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { hourglass } from './peers/processes.mjs';
import { decodeMessage } from '../web/wire.js';

const TOLERANCE = 1e-4;

// The bytes of a .npy file of float32, rows x columns.
function npy(values, rows) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${values.length / rows}), }`;
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const start = Buffer.alloc(10);
  start.write('\x93NUMPY\x01\x00', 'latin1');
  start.writeUInt16LE(length, 8);
  return Buffer.concat([start, Buffer.from(`${header.padEnd(length - 1)}\n`), Buffer.from(Float32Array.from(values).buffer)]);
}

function npyValues(bytes) {
  const start = 10 + bytes.readUInt16LE(8);
  return Array.from(new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length)));
}

// A fixed sequence of numbers in [0, 1).
const numbers = (count) => Array.from({ length: count }, (_, i) => (Math.sin(i * 12.9898) * 43758.5453 % 1 + 1) % 1);

const largestDifference = (a, b) => a.length === b.length
  ? a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) : Infinity;

// Trains `deep` for an epoch natively, then has every program run its weights. Returns lines for the report; throws if
// two programs differ by more than TOLERANCE.
export async function checkAgreement({ torch, browser }) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-bench-'));
  const lines = [];
  const compare = (what, ours, theirs) => {
    const difference = largestDifference(ours, theirs);
    if (!(difference < TOLERANCE)) throw new Error(`${what}: outputs differ by ${difference}, so nothing was timed.`);
    lines.push(`${what}: outputs differ by at most ${difference.toExponential(1)}`);
  };
  try {
    await hourglass('train', '--preset', 'deep', '--data', 'strokes', '--epochs', '1', '--set', 'train.optimizer=adam',
      '--set', 'train.learning_rate=0.001', '--out', folder);
    const model = path.join(folder, 'model.safetensors');
    if (torch) {
      const [input, output] = [path.join(folder, 'in.npy'), path.join(folder, 'out.npy')];
      await writeFile(input, npy(numbers(8 * 784), 8));
      await hourglass('reconstruct', '--model', model, '--in', input, '--out', output);
      const { output: theirs } = await torch.ask({ do: 'check', model, input });
      compare('Hourglass and PyTorch on one checkpoint', npyValues(await readFile(output)), theirs);
    }
    const checkpoint = await readFile(model);
    const codes = numbers(8 * 32);
    const ours = await browser.engine.evaluate(([file, input]) => window.peer.decode(file, input),
      [Array.from(checkpoint), codes]);
    const codeFile = path.join(folder, 'codes.npy');
    const imageFile = path.join(folder, 'images.npy');
    await writeFile(codeFile, npy(codes, 8));
    await hourglass('decode', '--model', model, '--in', codeFile, '--out', imageFile);
    compare('Hourglass natively and in Chromium', npyValues(await readFile(imageFile)), ours);
    if (browser.tfjs) {
      const { arrays } = decodeMessage(new Uint8Array(checkpoint));
      const layers = [0, 1, 2].map((i) => {
        const bias = Array.from(arrays[`decoder.${i}.bias`]);
        const weight = Array.from(arrays[`decoder.${i}.weight`]);
        return { weight, bias, outputs: bias.length, inputs: weight.length / bias.length };
      });
      const theirs = await browser.tfjs.evaluate(([net, input]) => window.peer.run(net, input, 8), [layers, codes]);
      compare('Hourglass and TensorFlow.js in Chromium', ours, theirs);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return lines;
}
