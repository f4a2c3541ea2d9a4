// What the tests of the command line share: running it, and reading and making the files that it deals in.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync, gunzipSync, inflateSync } from 'node:zlib';

import { happens, PATIENCE_MS } from '../support/waiting.mjs';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
const build = process.env.HOURGLASS_BUILD_DIR || path.join(repository, 'build/native');
export const program = path.resolve(build, 'hourglass');
export const dataFolder = path.resolve(repository, process.env.HOURGLASS_DATA_DIR || 'data');

// A folder that goes away when the test `t` ends.
export function temporaryFolder(t) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hourglass-cli-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// Nothing of the machine's own data: runs are on Strokes unless a test says otherwise.
export const environment = { ...process.env, HOURGLASS_DATA_DIR: path.join(os.tmpdir(), 'hourglass-no-data') };

// Runs to the end; returns { code, stdout, stderr }.
export function hourglass(args, { cwd, env = {} } = {}) {
  const run = spawnSync(program, args, {
    cwd,
    env: { ...environment, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    timeout: PATIENCE_MS,
  });
  if (run.error) throw run.error;
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

// Starts; `output` grows, and `ended` resolves with { code, signal, stdout, stderr }.
export function start(args, { cwd, env = {} } = {}) {
  const child = spawn(program, args, { cwd, env: { ...environment, ...env } });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (piece) => (output.stdout += piece));
  child.stderr.on('data', (piece) => (output.stderr += piece));
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, ...output })));
  const until = async (condition) => {
    await happens(() => condition(output) || child.exitCode !== null, condition, 10);
    if (!condition(output)) throw new Error(`it ended before ${condition}: ${output.stdout}${output.stderr}`);
  };
  return { child, output, ended, until };
}

export const small = ['--data', 'strokes', '--set', 'data.strokes_train=1000', 'data.strokes_test=200'];

// Trains quickly and returns the summary; throws unless it went well.
export function train(out, ...flags) {
  const run = hourglass(['train', '--out', out, '--json', ...flags]);
  if (run.code !== 0) throw new Error(`exit code ${run.code}: ${run.stderr}`);
  return JSON.parse(run.stdout.trim().split('\n').at(-1));
}

// { tensors: Map of name -> { dtype, shape, values }, metadata }
export function readSafetensors(file) {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const metadata = header.__metadata__;
  delete header.__metadata__;
  const tensors = new Map();
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [begin, end],
    },
  ] of Object.entries(header)) {
    const copy = bytes.buffer.slice(bytes.byteOffset + 8 + length + begin, bytes.byteOffset + 8 + length + end);
    tensors.set(name, { dtype, shape, values: new Float32Array(copy), bytes: Buffer.from(copy) });
  }
  return { tensors, metadata };
}

// What is the same in two runs that are equal bit for bit: everything but the seconds they took.
export function essence(file) {
  const { tensors, metadata } = readSafetensors(file);
  const state = JSON.parse(metadata['hourglass.state']);
  delete state.seconds;
  delete state.epoch_seconds;
  return {
    tensors: Object.fromEntries(
      [...tensors].map(([name, { shape, bytes }]) => [name, [shape, bytes.toString('base64')]]),
    ),
    state,
    settings: JSON.parse(metadata['hourglass.settings']),
    data: metadata['hourglass.data'],
    history: parseHistory(metadata['hourglass.history']).map(withoutTimes),
  };
}

export function parseHistory(text) {
  const [titles, ...lines] = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return lines.map((line) => Object.fromEntries(titles.map((title, i) => [title, Number(line[i])])));
}

export const readHistory = (folder) => parseHistory(readFileSync(path.join(folder, 'history.csv'), 'utf8'));

export function withoutTimes({ seconds, images_per_second: speed, ...rest }) {
  return rest;
}

// --- arrays --------------------------------------------------------------------------------------

// A version 1 .npy of float32, samples x features.
export function npy(samples, features, values) {
  let header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${samples}, ${features}), }`;
  header = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n';
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0]);
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(header), Buffer.from(Float32Array.from(values).buffer)]);
}

export function readNpy(file) {
  const bytes = readFileSync(file);
  const length = bytes.readUInt16LE(8);
  const header = bytes.subarray(10, 10 + length).toString();
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)[1]
    .split(',')
    .filter((n) => n.trim())
    .map(Number);
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + 10 + length, bytes.byteOffset + bytes.length));
  return { type: /'descr': '([^']*)'/.exec(header)[1], shape, values };
}

// An IDX file of unsigned bytes.
export function idx(shape, values) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = 8;
  header[3] = shape.length;
  shape.forEach((side, i) => header.writeUInt32BE(side, 4 + 4 * i));
  return Buffer.concat([header, Buffer.from(values)]);
}

// Any IDX file of bytes or floats, compressed or not.
export function readIdx(file) {
  let bytes = readFileSync(file);
  if (bytes[0] === 0x1f) bytes = gunzipSync(bytes);
  const shape = Array.from({ length: bytes[3] }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  const count = shape.reduce((a, b) => a * b);
  const start = 4 + 4 * shape.length;
  const values =
    bytes[2] === 8
      ? [...bytes.subarray(start)]
      : Array.from({ length: count }, (_, i) => bytes.readFloatBE(start + 4 * i));
  return { shape, values };
}

// The checksum of PNG's chunks; zlib has its own from Node.js 20.15 on.
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

// A PNG of 8 bits a channel, 1 or 3 channels; `pixels` row by row, channels side by side.
export function png(width, height, channels, pixels) {
  const lines = Buffer.alloc(height * (1 + width * channels));
  for (let y = 0; y < height; ++y) {
    Buffer.from(pixels.slice(y * width * channels, (y + 1) * width * channels)).copy(
      lines,
      y * (1 + width * channels) + 1,
    );
  }
  const chunk = (type, body) => {
    const out = Buffer.alloc(12 + body.length);
    out.writeUInt32BE(body.length, 0);
    out.write(type, 4, 'latin1');
    body.copy(out, 8);
    out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, channels === 3 ? 2 : 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

// A PNG of 8 bits a channel: { width, height, channels, pixels }.
export function readPng(file) {
  const bytes = readFileSync(file);
  if (bytes.readUInt32BE(0) !== 0x89504e47) throw new Error(`${file} is no PNG`);
  let at = 8,
    width = 0,
    height = 0,
    channels = 0;
  const pieces = [];
  while (at < bytes.length) {
    const length = bytes.readUInt32BE(at),
      type = bytes.toString('latin1', at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      width = body.readUInt32BE(0);
      height = body.readUInt32BE(4);
      channels = { 0: 1, 2: 3, 4: 2, 6: 4 }[body[9]];
    }
    if (type === 'IDAT') pieces.push(body);
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(pieces)),
    line = width * channels;
  const pixels = Buffer.alloc(line * height);
  for (let y = 0; y < height; ++y) {
    const filter = raw[y * (line + 1)];
    for (let x = 0; x < line; ++x) {
      const left = x >= channels ? pixels[y * line + x - channels] : 0;
      const up = y > 0 ? pixels[(y - 1) * line + x] : 0;
      const corner = x >= channels && y > 0 ? pixels[(y - 1) * line + x - channels] : 0;
      const guess = left + up - corner;
      const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(guess - value));
      const paeth = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
      const predicted = [0, left, up, (left + up) >> 1, paeth][filter];
      pixels[y * line + x] = raw[y * (line + 1) + 1 + x] + predicted;
    }
  }
  return { width, height, channels, pixels };
}

// Ends with exit code 2 and one sentence, which matches.
export function refused(sentence, ...args) {
  const { code, stdout, stderr } = hourglass(args);
  assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
  assert.equal(stdout, '');
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
  assert.match(stderr, sentence);
}
