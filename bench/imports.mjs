// A person's own files, as large as a course's: made here, read by `hourglass inspect`.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { deflateRawSync, deflateSync } from 'node:zlib';

import { hourglass } from './peers/processes.mjs';

const SIDE = 28;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 0xff];
  return ~crc >>> 0;
}

function chunk(type, body) {
  const out = Buffer.alloc(12 + body.length);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, 'latin1');
  body.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
  return out;
}

// A grey PNG of a soft line, which packs about as well as a written digit does.
function strokePng(number) {
  const angle = number * 0.37,
    shift = ((number * 7) % 9) - 4;
  const lines = Buffer.alloc(SIDE * (SIDE + 1));
  for (let y = 0; y < SIDE; ++y) {
    for (let x = 0; x < SIDE; ++x) {
      const u = x - 13.5,
        v = y - 13.5;
      const across = Math.abs(u * Math.sin(angle) - v * Math.cos(angle) - shift),
        along = Math.abs(u * Math.cos(angle) + v * Math.sin(angle));
      if (along < 9) lines[y * (SIDE + 1) + 1 + x] = Math.max(0, Math.min(255, 300 - 110 * across));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

// A ZIP archive of { name, bytes }, each deflated, as the usual programs write it.
function zip(members) {
  const parts = [],
    directory = [];
  let offset = 0;
  for (const { name, bytes } of members) {
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(0x00210000, 6);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), packed]);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, Buffer.from(name));
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory),
    end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

export const imageArchive = (count) =>
  zip(Array.from({ length: count }, (_, i) => ({ name: `${i % 10}/${i}.png`, bytes: strokePng(i) })));

export function importMeasures() {
  let folder = null;
  const archive = () => {
    if (!folder) {
      folder = mkdtempSync(path.join(os.tmpdir(), 'hourglass-bench-'));
      process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
      writeFileSync(path.join(folder, 'images.zip'), imageArchive(10_000));
    }
    return path.join(folder, 'images.zip');
  };
  return {
    'importing a zip, native': {
      run: async () => {
        const file = archive(),
          start = performance.now();
        const { samples, classes } = JSON.parse((await hourglass('inspect', file, '--json')).trim().split('\n').at(-1));
        const seconds = (performance.now() - start) / 1000;
        if (samples !== 10_000 || classes !== 10) throw new Error(`${samples} samples of ${classes} classes were read`);
        return { seconds, text: `${seconds.toFixed(3)} s` };
      },
    },
  };
}

export function importRows() {
  return [
    {
      what: '10,000 PNG images of 28x28 in a zip, ready to train, natively (whole process of `hourglass inspect`)',
      goal: { text: 'under 0.7 s', met: (value) => value < 0.7 },
      uses: ['importing a zip, native'],
      value: (round) => round['importing a zip, native'].seconds,
      show: (value) => `${value.toPrecision(3)} s`,
    },
  ];
}
