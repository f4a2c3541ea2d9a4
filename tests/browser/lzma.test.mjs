// The page's own unpacking against the packer of everybody, and against files that are damaged.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { unpackLzma } from '../../web/loading/lzma.js';

// As web/tools/build-site.mjs packs, with other properties where asked.
function pack(bytes, properties = 'lc=4,lp=0,pb=0') {
  const packed = execFileSync('xz', ['--format=lzma', `--lzma1=preset=9e,${properties}`, '--stdout'], {
    input: bytes,
    maxBuffer: 2 ** 28,
  });
  packed.writeBigUInt64LE(BigInt(bytes.length), 5);
  return new Uint8Array(packed);
}

// Numbers that are the same each time (xorshift).
function randomNumbers(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

// Bytes with repetitions near and far, runs, and noise.
function sample(length, seed) {
  const random = randomNumbers(seed);
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length;) {
    const count = Math.min(1 + random(400), length - i);
    const kind = random(4);
    const from = random(i + 1);
    const value = random(256);
    for (let k = 0; k < count; k += 1, i += 1) {
      bytes[i] =
        kind === 0
          ? random(256)
          : kind === 1
            ? value
            : kind === 2
              ? bytes[from + k]
              : 'module function '.charCodeAt(k % 16);
    }
  }
  return bytes;
}

test('unpacks what xz has packed, whatever its properties', () => {
  for (const properties of ['lc=4,lp=0,pb=0', 'lc=0,lp=2,pb=2', 'lc=4,lp=0,pb=4', 'lc=1,lp=3,pb=1']) {
    for (const length of [0, 1, 2, 273, 5000, 300_000]) {
      const bytes = sample(length, 7 + length);
      const unpacked = unpackLzma(pack(bytes, properties), 300_000);
      assert.ok(bytes.equals(Buffer.from(unpacked)), `${length} bytes, ${properties}`);
    }
  }
});

test('a file that is damaged, cut short or larger than allowed is refused or of the size it says', () => {
  const bytes = sample(20_000, 3);
  const packed = pack(bytes);
  const refused = /the packed file is damaged/;
  assert.throws(() => unpackLzma(packed, 19_999), refused);
  assert.throws(() => unpackLzma(new Uint8Array(0), 1), refused);
  assert.throws(
    () => unpackLzma(new TextEncoder().encode('<!doctype html><title>Not found</title>'), 2 ** 26),
    refused,
  );
  for (const size of [5, 17, 18, 100, packed.length >> 1])
    assert.throws(() => unpackLzma(packed.slice(0, size), 20_000), refused);
  const random = randomNumbers(11);
  let refusals = 0;
  for (let i = 0; i < 300; i += 1) {
    const bad = packed.slice();
    bad[random(bad.length)] ^= 1 << random(8);
    try {
      assert.ok(unpackLzma(bad, 20_000).length <= 20_000);
    } catch (error) {
      assert.match(error.message, refused);
      refusals += 1;
    }
  }
  assert.ok(refusals > 20, `${refusals}`);
});
