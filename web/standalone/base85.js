// Bytes as text that may stand in an HTML page, in a script and in a string of one: five characters for four bytes, where
// base64 takes five and a third. The last group of fewer bytes has one character more than it has bytes. No sign has a
// meaning in HTML or in JavaScript's strings.

const SIGNS = '!#%()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}';

// Text of `bytes`, a Uint8Array.
export function toBase85(bytes) {
  const text = [];
  for (let i = 0; i < bytes.length; i += 4) {
    const count = Math.min(4, bytes.length - i);
    let value = 0;
    for (let k = 0; k < 4; k += 1) value = value * 256 + (k < count ? bytes[i + k] : 0);
    let group = '';
    for (let k = 0; k < 5; k += 1) {
      group = SIGNS[value % 85] + group;
      value = Math.floor(value / 85);
    }
    text.push(group.slice(0, count + 1));
  }
  return text.join('');
}

// The bytes of a text of toBase85(). Throws an Error where it is none.
export function fromBase85(text) {
  const digits = new Int16Array(128).fill(-1);
  for (let i = 0; i < SIGNS.length; i += 1) digits[SIGNS.charCodeAt(i)] = i;
  const bytes = new Uint8Array(Math.floor((text.length * 4) / 5));
  for (let i = 0, to = 0; i < text.length; i += 5, to += 4) {
    let value = 0;
    for (let k = 0; k < 5; k += 1) {
      // What is missing of the last group counts most, so that what is cut off of it carries nothing.
      const digit = i + k < text.length ? digits[text.charCodeAt(i + k)] : 84;
      if (!(digit >= 0)) throw new Error('a character that is no digit');
      value = value * 85 + digit;
    }
    if (value >= 2 ** 32) throw new Error('a group that is no number of 32 bits');
    for (let k = 0; k < 4 && to + k < bytes.length; k += 1) bytes[to + k] = value >>> (24 - 8 * k);
  }
  return bytes;
}
