// Bytes as text in base 85, held against Python's own, which writes the same digits with other signs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { fromBase85, toBase85 } from '../../web/standalone/base85.js';

const PYTHON_SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';
const python = (bytes) =>
  execFileSync(
    'python3',
    ['-c', 'import base64, sys; print(base64.b85encode(sys.stdin.buffer.read()).decode(), end="")'],
    {
      input: bytes,
      maxBuffer: 2 ** 26,
    },
  ).toString();

const noise = (count) =>
  Buffer.concat(
    Array.from({ length: Math.ceil(count / 32) }, (_, i) => createHash('sha256').update(String(i)).digest()),
  ).subarray(0, count);

test('text and back, for every length of the last group, digit by digit as Python', () => {
  const signs = new Map(); // ours, by Python's
  for (const bytes of [noise(40_000), ...[0, 1, 2, 3, 4, 5, 6, 7].map(noise), Buffer.alloc(9), Buffer.alloc(11, 255)]) {
    const text = toBase85(bytes);
    const other = python(bytes);
    assert.equal(text.length, other.length);
    for (let i = 0; i < text.length; i += 1) {
      if (!signs.has(other[i])) signs.set(other[i], text[i]);
      assert.equal(text[i], signs.get(other[i]));
    }
    assert.deepEqual(Buffer.from(fromBase85(text)), Buffer.from(bytes));
  }
  assert.equal(signs.size, PYTHON_SIGNS.length);
  assert.equal(new Set(signs.values()).size, 85);
  // None that means something in HTML or in a string.
  assert.ok(!/[<>&"'`\\$~\s]/.test([...signs.values()].join('')));
});

test('what is no such text is refused', () => {
  const text = toBase85(noise(8));
  for (const [bad, why] of [
    [`${text.slice(0, 3)}"${text.slice(4)}`, /no digit/],
    [`${text.slice(0, 3)}é${text.slice(4)}`, /no digit/],
    ['}}}}}', /32 bits/],
  ]) {
    assert.throws(() => fromBase85(bad), why);
  }
});
