// Holds what a script gives to a command against what the command takes, before any of it becomes bytes: the engine
// cannot answer a message that it cannot read.

// What an argument may be, by the kinds that wire.js (COMMANDS) names.
const KINDS = {
  text: { takes: 'a text', fits: (value) => typeof value === 'string' && isWellFormed(value) },
  count: {
    takes: 'a whole number from 1 to 9007199254740991',
    fits: (value) => Number.isSafeInteger(value) && value >= 1,
  },
  step: { takes: 'a whole number from -1', fits: (value) => Number.isSafeInteger(value) && value >= -1 },
  value: { takes: 'a boolean, a finite number or a text', fits: fitsSetting },
  values: { takes: 'an object of settings, such as { "train.batch_size": 32 }', fits: isPlainObject },
};

// Elements of arrays, by dtype.
const ELEMENTS = {
  F32: {
    Type: Float32Array,
    takes: 'finite numbers',
    fits: (value) => typeof value === 'number' && Number.isFinite(Math.fround(value)),
  },
  U8: {
    Type: Uint8Array,
    takes: 'whole numbers from 0 to 255',
    fits: (value) => Number.isInteger(value) && value >= 0 && value <= 255,
  },
  U32: {
    Type: Uint32Array,
    takes: 'whole numbers from 0 to 4294967295',
    fits: (value) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff,
  },
};

// Throws an Error with one sentence if `value` is not of that kind. `where` names it: "step.count".
export function checkArgument(kind, value, where) {
  const { takes, fits } = KINDS[kind];
  if (!fits(value)) throw new Error(`${where} must be ${takes}, not ${shown(value)}.`);
  if (kind !== 'values') return;
  for (const [key, each] of Object.entries(value)) {
    if (!isWellFormed(key)) throw new Error(`${where} has a key that is no text: ${shown(key)}.`);
    checkArgument('value', each, `${where}[${JSON.stringify(key)}]`);
  }
}

// `value`, a typed array, an ArrayBuffer or an Array of numbers, as the typed array that crosses to the engine. Throws an
// Error with one sentence for anything else, and for elements that would not arrive as they are.
export function numberArray(dtype, value, where) {
  const { Type, takes, fits } = ELEMENTS[dtype];
  const isTyped = ArrayBuffer.isView(value) && !(value instanceof DataView);
  if (value instanceof ArrayBuffer) {
    if (value.byteLength % Type.BYTES_PER_ELEMENT !== 0) {
      throw new Error(
        `${where} has ${value.byteLength} bytes, which is no whole number of ${Type.BYTES_PER_ELEMENT}-byte elements.`,
      );
    }
    value = new Type(value);
  } else if (!isTyped && !Array.isArray(value)) {
    throw new Error(`${where} must be an array of ${takes}, not ${shown(value)}.`);
  }
  if (value instanceof Type && dtype !== 'F32') return value; // nothing else fits in there
  for (let i = 0; i < value.length; ++i) {
    if (!fits(value[i])) throw new Error(`${where}[${i}] must be one of ${takes}, not ${shown(value[i])}.`);
  }
  return value instanceof Type ? value : Type.from(value);
}

// A value as a sentence shows it, whatever it is.
export function shown(value) {
  switch (typeof value) {
    case 'string': {
      const text = value.length > 40 ? `${value.slice(0, 40)}…` : value;
      return isWellFormed(value) ? `“${text}”` : `a text with half a character in it (a lone surrogate)`;
    }
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return 'a BigInt';
    case 'object': {
      if (value === null) return 'null';
      return Array.isArray(value) ? 'an array' : 'an object';
    }
    default:
      return `a ${typeof value}`;
  }
}

function fitsSetting(value) {
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) || KINDS.text.fits(value);
}

function isPlainObject(value) {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof Map)
  );
}

// Whether every surrogate has its other half; String's own isWellFormed() is too new.
function isWellFormed(text) {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/.test(text);
}
