// NumPy files of float32, in and out: what the readers of exported models are given and give back.

import { readFileSync, writeFileSync } from 'node:fs';

// { shape, values } of a version 1 .npy of float32.
export function readArray(file) {
  const bytes = readFileSync(file);
  const length = bytes.readUInt16LE(8);
  const header = bytes.subarray(10, 10 + length).toString();
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)[1]
    .split(',')
    .filter((side) => side.trim())
    .map(Number);
  const start = bytes.byteOffset + 10 + length;
  return { shape, values: new Float32Array(bytes.buffer.slice(start, bytes.byteOffset + bytes.length)) };
}

export function writeArray(file, [rows, columns], values) {
  let header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  header = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n';
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0]);
  start.writeUInt16LE(header.length, 8);
  writeFileSync(file, Buffer.concat([start, Buffer.from(header), Buffer.from(Float32Array.from(values).buffer)]));
}

// A reader of models is a program of its own, so that two that clash never meet: its first argument is a JSON file of
// jobs { model, inputs: { NAME: FILE }, outputs: { NAME: FILE }, error: FILE }. What goes wrong with one is written to
// its error file, and the others go on.
export async function eachJob(file, run) {
  for (const job of JSON.parse(readFileSync(file, 'utf8'))) {
    try {
      const inputs = Object.entries(job.inputs).map(([name, path]) => [name, readArray(path)]);
      const given = await run(job.model, Object.fromEntries(inputs), Object.keys(job.outputs));
      for (const [name, path] of Object.entries(job.outputs)) writeArray(path, given[name].shape, given[name].values);
    } catch (error) {
      writeFileSync(job.error, String(error?.stack ?? error));
    }
  }
}
