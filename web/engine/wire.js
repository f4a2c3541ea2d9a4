// The session's messages as bytes: JavaScript's side of core/session/protocol/wire.h.
//
// A message has the layout of a safetensors file: 8 bytes with the length of a JSON header (little-endian), the
// header, then raw arrays. The header's "__metadata__" has the message's name under "message" and the fields
// that are not arrays, as JSON text, under "fields". Names are those of the C++ structs and their members.

import { checkArgument, numberArray, shown } from './arguments.js';
import { COMMANDS } from './commands.js';

export { COMMANDS };

const DTYPES = {
  F32: Float32Array,
  U8: Uint8Array,
  U32: Uint32Array,
  I32: Int32Array,
};

// Bytes of the command `name`. Of `args`, arrays may be left out, and `count`; an array may be
// given as a typed array or as plain numbers. Throws an Error with one sentence for an unknown name, and for an argument
// that is unknown, missing or of the wrong kind.
export function encodeCommand(name, args = {}, id = 0) {
  const known = typeof name === 'string' && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : null;
  if (!known) {
    const given = typeof name === 'string' ? `"${name.slice(0, 40)}"` : `that is ${shown(name)}`;
    throw new Error(`There is no command ${given}; there are ${Object.keys(COMMANDS).join(', ')}.`);
  }
  if (typeof (args ?? {}) !== 'object')
    throw new Error(`The arguments of "${name}" must be an object, not ${shown(args)}.`);
  const { fields: kinds = {}, arrays: dtypes = {}, defaults = {} } = known;
  const given = Object.entries(args ?? {}).filter(([, value]) => value !== undefined);
  const fields = { id, ...defaults };
  const arrays = {};
  for (const [key, value] of given) {
    if (Object.hasOwn(kinds, key)) {
      checkArgument(kinds[key], value, kinds[key] === 'value' ? `The value of ${shown(args.key)}` : `${name}.${key}`);
      fields[key] = value;
    } else if (Object.hasOwn(dtypes, key)) {
      arrays[key] = numberArray(dtypes[key], value, `${name}.${key}`);
    } else {
      const taken = [...Object.keys(kinds), ...Object.keys(dtypes)];
      throw new Error(`The command "${name}" takes ${taken.length ? taken.join(', ') : 'no arguments'}, not "${key}".`);
    }
  }
  for (const key of Object.keys(kinds)) {
    if (!Object.hasOwn(fields, key)) throw new Error(`The command "${name}" needs ${key}, which is missing.`);
  }
  for (const [key, dtype] of Object.entries(dtypes)) arrays[key] ??= new DTYPES[dtype](0);
  return encodeMessage(name, fields, arrays);
}

// Bytes (a Uint8Array that owns its buffer) of any message.
export function encodeMessage(message, fields, arrays = {}) {
  const header = { __metadata__: { message, fields: JSON.stringify(fields) } };
  let length = 0;
  for (const [name, array] of Object.entries(arrays)) {
    header[name] = {
      dtype: Object.keys(DTYPES).find((dtype) => array instanceof DTYPES[dtype]),
      shape: [array.length],
      data_offsets: [length, length + array.byteLength],
    };
    length += array.byteLength;
  }
  let text = new TextEncoder().encode(JSON.stringify(header));
  // Blanks up to a multiple of eight, so that the arrays behind can be read in place.
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  text = padded;
  const bytes = new Uint8Array(8 + text.length + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let offset = 8 + text.length;
  for (const array of Object.values(arrays)) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  return bytes;
}

// One message as { message, fields, arrays }. The arrays look into `bytes` where alignment allows it, so whoever
// keeps them keeps the buffer. Throws an Error if these bytes are no message.
export function decodeMessage(bytes) {
  if (bytes instanceof ArrayBuffer) bytes = new Uint8Array(bytes);
  const header = readHeader(bytes);
  const start = 8 + header.length;
  const arrays = {};
  for (const [name, entry] of Object.entries(header.json)) {
    if (name === '__metadata__') continue;
    const Type = DTYPES[entry.dtype];
    const [begin, end] = entry.data_offsets ?? [];
    if (!Type || !(begin >= 0 && begin <= end && start + end <= bytes.length)) {
      throw new Error(`The array "${name}" of a message is damaged.`);
    }
    const size = (end - begin) / Type.BYTES_PER_ELEMENT;
    const offset = bytes.byteOffset + start + begin;
    arrays[name] =
      offset % Type.BYTES_PER_ELEMENT === 0
        ? new Type(bytes.buffer, offset, size)
        : new Type(bytes.slice(start + begin, start + end).buffer);
  }
  const metadata = header.json.__metadata__ ?? {};
  return { message: metadata.message, fields: JSON.parse(metadata.fields || '{}'), arrays };
}

// An event as one plain object: its fields and arrays together, with its name under `event`. Fields whose JSON
// can have more than one shape are brought to the one that the JavaScript interface documents.
export function decodeEvent(bytes) {
  const { message, fields, arrays } = decodeMessage(bytes);
  const event = { ...fields, ...arrays, event: message };
  if (message === 'settings_changed' && Array.isArray(event.values)) {
    event.values = Object.fromEntries(event.values);
  }
  if (message === 'status') event.phase = phaseName(event.phase);
  return event;
}

// The name of a message alone, without looking at its arrays.
export function messageName(bytes) {
  return readHeader(bytes).json.__metadata__?.message;
}

const PHASES = ['waiting_for_data', 'paused', 'running', 'finished'];

function phaseName(phase) {
  return typeof phase === 'number' ? PHASES[phase] : phase;
}

function readHeader(bytes) {
  if (bytes.length < 8) throw new Error('A message of fewer than 8 bytes has arrived.');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > bytes.length - 8) throw new Error('A message is shorter than its header says.');
  return { length, json: JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) };
}
