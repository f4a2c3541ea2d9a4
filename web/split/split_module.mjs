// Splits a linked module in two: what runs until the first training step, and the rest, which the page fetches afterwards.
//
//   node split_module.mjs NAME.wasm FUNCTIONS.txt WASM_SPLIT
//
// writes NAME.primary.wasm and NAME.secondary.wasm beside NAME.wasm. FUNCTIONS.txt has the functions of the primary part
// (primary_functions.mjs finds them), by hashes of their names, which are long; NAME.js.symbols, by Emscripten's
// --emit-symbol-map, has the names of those in the module. A function that is new since is in the secondary part, where it is
// only slower to come.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// What our modules use. With more (reference types) wasm-split adds a second table, which fewer browsers know.
const FEATURES = [
  'bulk-memory',
  'exception-handling',
  'multivalue',
  'mutable-globals',
  'nontrapping-float-to-int',
  'relaxed-simd',
  'sign-ext',
  'simd',
  'threads',
];

// Eight hexadecimal digits.
export const hashOf = (name) => createHash('sha256').update(name).digest('hex').slice(0, 8);

// How many functions a module imports (WebAssembly core specification, 5.5.5). A WebAssembly.Module would say that, too, but
// knows only instructions that this Node.js runs.
export function countImportedFunctions(bytes) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at];
      at += 1;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const skip = () => {
    const length = number();
    at += length;
  };
  const skipLimits = () => {
    const flags = number();
    number();
    if (flags & 1) number();
  };
  for (;;) {
    const section = number();
    if (section === 2) break;
    skip();
  }
  number();
  let functions = 0;
  for (let left = number(); left > 0; left -= 1) {
    skip(); // name of the module
    skip(); // and in it
    const kind = number();
    if (kind === 0) {
      functions += 1;
      number();
    } else if (kind === 1) {
      number();
      skipLimits();
    } else if (kind === 2) {
      skipLimits();
    } else {
      number();
      number();
    }
  }
  return functions;
}

// The functions of a linked module in their order, as { name, index }: that by which wasm-split calls what has no name in the
// module itself, where imported functions do not count.
export function functionsOf(file) {
  const imported = countImportedFunctions(readFileSync(file));
  return readFileSync(file.replace(/\.wasm$/, '.js.symbols'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const colon = line.indexOf(':');
      return { name: line.slice(colon + 1), index: Number(line.slice(0, colon)) - imported };
    })
    .filter(({ index }) => index >= 0);
}

export function splitModule(file, list, wasmSplit) {
  const wanted = new Set(readFileSync(list, 'utf8').split(/\s+/));
  const primary = functionsOf(file)
    .filter(({ name }) => wanted.has(hashOf(name)))
    .map(({ index }) => index);
  const stem = file.replace(/\.wasm$/, '');
  const names = `${stem}.primary.txt`;
  writeFileSync(names, primary.join('\n'));
  try {
    execFileSync(wasmSplit, [
      file,
      ...FEATURES.map((name) => `--enable-${name}`),
      `--keep-funcs=@${names}`,
      '--export-prefix=%',
      `--primary-output=${stem}.primary.wasm`,
      `--secondary-output=${stem}.secondary.wasm`,
    ]);
  } finally {
    rmSync(names);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) splitModule(...process.argv.slice(2));
