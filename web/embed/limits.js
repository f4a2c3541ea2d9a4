// What of messages from other pages is taken: how large, and how many.

const MAX_DEPTH = 8;
const MAX_VALUES = 20_000;
const MAX_CHARACTERS = 2 ** 20;
const MAX_BYTES = 64 * 2 ** 20; // of all arrays of numbers
const ARRAYS = [Uint8Array, Uint32Array, Float32Array];

// Whether a value that has come by postMessage is plain data of a bounded size: objects, lists, texts, numbers, booleans,
// null, and arrays of numbers.
export function isBounded(value, maxDepth = MAX_DEPTH) {
  let values = 0;
  let characters = 0;
  let bytes = 0;
  const fits = (each, depth) => {
    values += 1;
    if (depth > maxDepth || values > MAX_VALUES) return false;
    if (typeof each === 'string') {
      characters += each.length;
      return characters <= MAX_CHARACTERS;
    }
    if (each === null || ['number', 'boolean', 'undefined'].includes(typeof each)) return true;
    if (typeof each !== 'object') return false;
    if (ArrayBuffer.isView(each)) {
      bytes += each.byteLength;
      return ARRAYS.some((Type) => each instanceof Type) && bytes <= MAX_BYTES;
    }
    if (Array.isArray(each)) return each.length <= MAX_VALUES && each.every((inner) => fits(inner, depth + 1));
    if (Object.getPrototypeOf(each) !== Object.prototype) return false;
    return Object.entries(each).every(([key, inner]) => {
      characters += key.length;
      return characters <= MAX_CHARACTERS && fits(inner, depth + 1);
    });
  };
  return fits(value, 0);
}

// Lets `burst` through at once, and `perSecond` in the long run.
export class TokenBucket {
  #burst;
  #perSecond;
  #tokens;
  #last;
  #clock;

  // clock(): milliseconds.
  constructor(burst, perSecond, clock = () => performance.now()) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#tokens = burst;
    this.#clock = clock;
    this.#last = clock();
  }

  // Whether one more may pass.
  take() {
    const now = this.#clock();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#last) / 1000) * this.#perSecond);
    this.#last = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
