// Unpacks .lzma files, which are a fifth smaller than what a host's gzip makes of a WebAssembly module.
//
// The format is that of the LZMA SDK (lzma-specification.txt, I. Pavlov, 2015): one byte of properties, four of the
// dictionary's size, eight of the unpacked size, all little-endian, then what the range coder made.

// Where each kind of probability begins in the one array of them.
const IS_MATCH = 0; // [state][position]
const IS_REP = IS_MATCH + (12 << 4); // [state]
const IS_REP0 = IS_REP + 12;
const IS_REP1 = IS_REP0 + 12;
const IS_REP2 = IS_REP1 + 12;
const IS_LONG_REP0 = IS_REP2 + 12; // [state][position]
const SLOT = IS_LONG_REP0 + (12 << 4); // [length][64]
const SPECIAL = SLOT + 4 * 64;
const ALIGN = SPECIAL + 128;
const LENGTH = ALIGN + 16; // two choices, low and middle [position][8], high [256]
const LENGTHS = 2 + 2 * 16 * 8 + 256;
const REP_LENGTH = LENGTH + LENGTHS;
const LITERAL = REP_LENGTH + LENGTHS;

const damaged = () => new Error('the packed file is damaged');

// The unpacked bytes of `input` (a Uint8Array), at most `most` of them. Throws an Error if it is no such file or damaged.
export function unpackLzma(input, most) {
  if (input.length < 18 || input[0] >= 9 * 5 * 5) throw damaged();
  const literalContext = input[0] % 9;
  const literalPosition = Math.floor(input[0] / 9) % 5;
  const positionMask = (1 << Math.floor(input[0] / 45)) - 1;
  const size = Number(new DataView(input.buffer, input.byteOffset).getBigUint64(5, true));
  if (!(size <= most)) throw damaged();

  const output = new Uint8Array(size);
  const chances = new Uint16Array(LITERAL + (0x300 << (literalContext + literalPosition))).fill(1024);
  // Range and code of the range coder. In variables, numbers beyond 31 bits would be objects.
  const coder = new Uint32Array([0xffffffff, new DataView(input.buffer, input.byteOffset).getUint32(14)]);
  let next = 18;

  const bit = (at) => {
    const chance = chances[at];
    const bound = Math.imul(coder[0] >>> 11, chance) >>> 0; // * would make it a floating-point number
    let value;
    if (coder[1] < bound) {
      coder[0] = bound;
      chances[at] = chance + ((2048 - chance) >> 5);
      value = 0;
    } else {
      coder[0] = (coder[0] - bound) | 0;
      coder[1] = (coder[1] - bound) | 0;
      chances[at] = chance - (chance >> 5);
      value = 1;
    }
    if (coder[0] < 0x1000000) {
      coder[0] <<= 8;
      coder[1] = (coder[1] << 8) | input[next++];
    }
    return value;
  };
  const bits = (at, count) => {
    let value = 1;
    for (let i = 0; i < count; i += 1) value = (value << 1) | bit(at + value);
    return value - (1 << count);
  };
  const reverseBits = (at, count) => {
    let node = 1;
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      const one = bit(at + node);
      node = (node << 1) | one;
      value |= one << i;
    }
    return value;
  };
  const directBits = (count) => {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      coder[0] >>>= 1;
      const one = coder[1] >= coder[0] ? 1 : 0;
      if (one) coder[1] -= coder[0];
      if (coder[0] < 0x1000000) {
        coder[0] <<= 8;
        coder[1] = (coder[1] << 8) | input[next++];
      }
      value = value * 2 + one;
    }
    return value;
  };
  const length = (at, position) => {
    if (!bit(at)) return 2 + bits(at + 2 + position * 8, 3);
    if (!bit(at + 1)) return 10 + bits(at + 2 + 128 + position * 8, 3);
    return 18 + bits(at + 2 + 256, 8);
  };
  const distance = (count) => {
    const slot = bits(SLOT + Math.min(count - 2, 3) * 64, 6);
    if (slot < 4) return slot;
    const direct = (slot >> 1) - 1;
    const start = (2 | (slot & 1)) * 2 ** direct;
    if (slot < 14) return start + reverseBits(SPECIAL + start - slot, direct);
    return start + directBits(direct - 4) * 16 + reverseBits(ALIGN, 4);
  };
  const literal = (done, state, rep0) => {
    const before = done > 0 ? output[done - 1] : 0;
    const context = ((done & ((1 << literalPosition) - 1)) << literalContext) + (before >> (8 - literalContext));
    const at = LITERAL + 0x300 * context;
    let symbol = 1;
    if (state >= 7) {
      let match = output[done - rep0 - 1];
      while (symbol < 0x100) {
        const expected = (match >> 7) & 1;
        match <<= 1;
        const one = bit(at + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | one;
        if (one !== expected) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | bit(at + symbol);
    return symbol & 0xff;
  };

  const reps = [0, 0, 0, 0];
  let state = 0;
  let done = 0;
  while (done < size) {
    const position = done & positionMask;
    if (!bit(IS_MATCH + (state << 4) + position)) {
      output[done] = literal(done, state, reps[0]);
      done += 1;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let count;
    if (bit(IS_REP + state)) {
      if (!bit(IS_REP0 + state)) {
        count = bit(IS_LONG_REP0 + (state << 4) + position) ? 0 : 1;
      } else {
        const which = bit(IS_REP1 + state) ? 2 + bit(IS_REP2 + state) : 1;
        reps.unshift(...reps.splice(which, 1));
        count = 0;
      }
      state = count === 1 ? (state < 7 ? 9 : 11) : state < 7 ? 8 : 11;
      if (count === 0) count = length(REP_LENGTH, position);
    } else {
      count = length(LENGTH, position);
      state = state < 7 ? 7 : 10;
      reps.pop();
      reps.unshift(distance(count));
    }
    const from = done - reps[0] - 1;
    // A file that ends too early reads as zeros, and so ends up here or with fewer bytes than were told.
    if (from < 0 || done + count > size || next > input.length + 8) throw damaged();
    for (let i = 0; i < count; i += 1) output[done + i] = output[from + i];
    done += count;
  }
  if (next > input.length) throw damaged();
  return output;
}
