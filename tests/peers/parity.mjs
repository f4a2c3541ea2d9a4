// Exported models in the programs that they are for, beside `hourglass encode`, `decode` and `reconstruct`.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { PATIENCE_MS } from '../support/waiting.mjs';
import { readArray, writeArray } from './arrays.mjs';

const here = fileURLToPath(new URL('./', import.meta.url));

export const PARTS = ['encoder', 'decoder', 'whole'];

// Debian's PyTorch and ONNX belong to Debian's Python, which need not be the first on the PATH.
export function pythonWith(...modules) {
  const test = ['-c', `import ${modules.join(', ')}`];
  return ['python3', '/usr/bin/python3'].find((program) => spawnSync(program, test).status === 0);
}

const hasNode = (name) => existsSync(path.join(here, 'node_modules', name, 'package.json'));

// Who reads exports: name, format, what is missing if it cannot run here, and the command for a file of jobs.
export function readers() {
  const torch = pythonWith('numpy', 'torch'),
    numpy = pythonWith('numpy');
  const node = (script, ...more) => ({
    command: (jobs) => [process.execPath, path.join(here, script), jobs, ...more],
  });
  const python = (program, kind) => ({ command: (jobs) => [program, path.join(here, 'run_python.py'), jobs, kind] });
  return [
    {
      name: 'onnxruntime-node',
      format: 'onnx',
      missing: hasNode('onnxruntime-node') ? '' : 'tests/peers has no onnxruntime-node',
      ...node('run_onnxruntime.mjs', 'native'),
    },
    {
      name: 'onnxruntime-web',
      format: 'onnx',
      missing: hasNode('onnxruntime-web') ? '' : 'tests/peers has no onnxruntime-web',
      ...node('run_onnxruntime.mjs', 'wasm'),
    },
    {
      name: 'tensorflow.js',
      format: 'tfjs',
      missing: hasNode('@tensorflow/tfjs') ? '' : 'tests/peers has no @tensorflow/tfjs',
      ...node('run_tfjs.mjs'),
    },
    {
      name: 'pytorch',
      format: 'pytorch',
      missing: torch ? '' : 'no python3 has torch and numpy (Debian: python3-torch)',
      ...python(torch, 'torch'),
    },
    {
      name: 'keras',
      format: 'keras',
      missing: numpy ? '' : 'no python3 has numpy (Debian: python3-numpy)',
      ...python(numpy, 'keras'),
    },
  ];
}

export const FORMATS = { onnx: 'NAME.onnx', tfjs: 'NAME', pytorch: 'NAME.py', keras: 'NAME_keras.py' };

// Values in the model's scale, and back: one number for all features or one for each.
function mapped({ shape, values }, { scale, offset }, back) {
  const at = (list, i) => list[list.length > 1 ? i % shape[1] : 0];
  return values.map((value, i) =>
    back ? (value - at(offset, i)) / at(scale, i) : Math.fround(value * at(scale, i) + at(offset, i)),
  );
}

// What Hourglass computes of images.npy in `folder`, and every export of the model. `run(args)` runs the program and
// returns { code, stdout, stderr }. The result has, by format and part, what was written, or why it was refused.
export function exportAll(run, model, folder, images) {
  mkdirSync(folder, { recursive: true });
  const at = (name) => path.join(folder, name);
  const must = (...args) => {
    const done = run(args);
    if (done.code !== 0) throw new Error(`${args.join(' ')}: ${done.stderr}`);
    return done;
  };
  must('encode', '--model', model, '--in', images, '--out', at('codes.npy'));
  must('reconstruct', '--model', model, '--in', images, '--out', at('copies.npy'));
  must('decode', '--model', model, '--in', at('codes.npy'), '--out', at('decoded.npy'));
  const exported = {};
  for (const [format, place] of Object.entries(FORMATS)) {
    exported[format] = {};
    for (const part of PARTS) {
      const out = at(place.replace('NAME', part));
      const args = ['export', '--model', model, '--to', format, '--out', out, '--part', part, '--json'];
      const { code, stdout, stderr } = run(args);
      exported[format][part] = code === 0 ? { out, info: JSON.parse(stdout) } : { refused: stderr.trim() };
    }
  }
  const { info } = exported.onnx.whole;
  const given = readArray(images);
  writeArray(at('scaled.npy'), given.shape, mapped(given, info.scaling));
  return exported;
}

// The jobs of a reader for what exportAll() has written.
export function jobsFor({ name, format }, exported, folder) {
  const at = (...names) => path.join(folder, ...names);
  return PARTS.filter((part) => exported[format][part].out).map((part) => ({
    model: exported[format][part].out,
    inputs: part === 'decoder' ? { code: at('codes.npy') } : { input: at('scaled.npy') },
    outputs: { [part === 'encoder' ? 'code' : 'output']: at(`${name}-${part}.npy`) },
    error: at(`${name}-${part}.txt`),
  }));
}

// Runs all jobs of a reader in one process. Throws if that could not do even one.
export function runJobs(reader, jobs, folder) {
  const file = path.join(folder, `${reader.name}.json`);
  writeFileSync(file, JSON.stringify(jobs));
  const [program, ...args] = reader.command(file);
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26, env, timeout: PATIENCE_MS });
  if (done.status !== 0) throw new Error(`${reader.name}: ${done.error ?? done.stderr}`);
}

const OURS = { encoder: 'codes.npy', decoder: 'decoded.npy', whole: 'copies.npy' };

// How far a reader's output is from ours, in the data's own units: { largest, size } of the largest difference and of
// the largest value. Throws what the reader said where it has failed.
export function difference(reader, exported, folder, part) {
  const at = (name) => path.join(folder, name);
  const error = at(`${reader.name}-${part}.txt`);
  if (existsSync(error)) throw new Error(readFileSync(error, 'utf8'));
  const ours = readArray(at(OURS[part])),
    theirs = readArray(at(`${reader.name}-${part}.npy`));
  if (String(ours.shape) !== String(theirs.shape)) throw new Error(`shapes ${ours.shape} and ${theirs.shape}`);
  const values = part === 'encoder' ? theirs.values : mapped(theirs, exported[reader.format][part].info.scaling, true);
  let largest = 0,
    size = 0;
  ours.values.forEach((value, i) => {
    const apart = Math.abs(value - values[i]);
    // Written so that NaN is the worst there is.
    if (!(apart <= largest)) largest = Number.isNaN(apart) ? Infinity : apart;
    size = Math.max(size, Math.abs(value));
  });
  return { largest, size };
}
