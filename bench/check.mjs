// Before anything is timed: the programs compute the same thing.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { NETS, trainingSettings } from './nets.mjs';
import { hourglass } from './peers/processes.mjs';

const TOLERANCE = 1e-4;
const IMAGES = 3;
const PIXELS = 784;

// The bytes of a .npy file of float32, rows x columns.
function npy(values, rows) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${values.length / rows}), }`;
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const start = Buffer.alloc(10);
  start.write('\x93NUMPY\x01\x00', 'latin1');
  start.writeUInt16LE(length, 8);
  return Buffer.concat([
    start,
    Buffer.from(`${header.padEnd(length - 1)}\n`),
    Buffer.from(Float32Array.from(values).buffer),
  ]);
}

function npyValues(bytes) {
  const start = 10 + bytes.readUInt16LE(8);
  return Array.from(new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length)));
}

// Numbers travel to a page as text: an array of millions takes minutes.
const base64 = (bytes) => bytes.toString('base64');

// The layers' weights in a checkpoint, in the order in which images go through: [{ weight, shape, bias }, ...], numbers as
// bytes in base64.
function weightsOf(file) {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + length));
  const array = (name) => base64(file.subarray(...header[name].data_offsets.map((offset) => 8 + length + offset)));
  const order = (name) => (name.startsWith('decoder.') ? 1000 : 0) + Number(name.split('.')[1]);
  return Object.keys(header)
    .filter((name) => /^(en|de)coder\.\d+\.weight$/.test(name))
    .sort((a, b) => order(a) - order(b))
    .map((name) => ({ weight: array(name), shape: header[name].shape, bias: array(name.replace('weight', 'bias')) }));
}

const largestDifference = (a, b) =>
  a.length === b.length && a.length > 0
    ? a.reduce((most, value, i) => (Math.abs(value - b[i]) <= most ? most : Math.abs(value - b[i])), 0)
    : Infinity;

// What each program makes of the same images with the same weights: name -> outputs.
async function outputsOf(net, folder, { torch, browser, threads }) {
  await hourglass(
    'train',
    '--preset',
    net.name === 'convolutional' ? 'convolutional' : 'deep',
    '--data',
    'strokes',
    '--epochs',
    '1',
    '--set',
    'data.strokes_train=2000',
    '--set',
    'data.strokes_test=100',
    '--out',
    folder,
    ...Object.entries(trainingSettings(net)).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  );
  const model = path.join(folder, 'model.safetensors');
  const checkpoint = await readFile(model);
  const inPage = (count) =>
    browser.engine.evaluate(
      ([file, images, number]) => window.peer.reconstruct(file, images, number),
      [base64(checkpoint), IMAGES, count],
    );
  const page = await inPage(1);
  const outputs = { 'Chromium, 1 thread': page.outputs };
  outputs[`Chromium, ${threads} threads`] = (await inPage(threads)).outputs;

  const [input, output] = [path.join(folder, 'in.npy'), path.join(folder, 'out.npy')];
  await writeFile(input, npy(page.inputs, IMAGES));
  await hourglass('reconstruct', '--model', model, '--in', input, '--out', output);
  outputs.native = npyValues(await readFile(output));
  if (torch) {
    ({ output: outputs.PyTorch } = await torch.ask({
      do: 'check',
      net: net.peer,
      model,
      input: page.inputs,
      count: IMAGES,
    }));
  }
  if (browser.tfjs) {
    outputs['TensorFlow.js'] = await browser.tfjs.evaluate(
      ([peer, weights, images, count]) => window.peer.run(peer, weights, images, count),
      [net.peer, weightsOf(checkpoint), page.inputs, IMAGES],
    );
  }
  return outputs;
}

// Trains each net for an epoch natively, then has every program run its weights. Returns a line for each net; throws if
// two programs differ by more than TOLERANCE.
export async function checkAgreement(programs) {
  const lines = [];
  for (const net of Object.values(NETS)) {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-bench-'));
    try {
      const outputs = Object.entries(await outputsOf(net, folder, programs));
      let largest = 0;
      for (const [one, a] of outputs) {
        for (const [other, b] of outputs) {
          const difference = largestDifference(a, b);
          if (!(difference < TOLERANCE) || a.length !== IMAGES * PIXELS) {
            throw new Error(
              `${net.name}: the outputs of ${one} and ${other} differ by ${difference}, so nothing was timed.`,
            );
          }
          largest = Math.max(largest, difference);
        }
      }
      lines.push(
        `${net.name}: outputs of ${outputs.map(([name]) => name).join(', ')} differ by at most ${largest.toExponential(1)}`,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return lines;
}
