// In front of Emscripten's script of a module that may be split (web/split/split_module.mjs): the primary part calls what is in
// the secondary one by its place in the table, and until that part is there, this function instead, which then gets it while the
// caller waits. Binaryen's wasm-split says how: https://github.com/WebAssembly/binaryen, tools/wasm-split.
//
// Every thread has an instance of its own, and with it the secondary part once more: from the memory that all of them share, once
// the first of them has it.

/* global Module, wasmExports, wasmMemory, getWasmImports:writable, require, HOURGLASS_SECONDARY_PART */
{
  let isThere = false;

  const take = () => {
    if (isThere) return;
    new WebAssembly.Instance(compileNow(), { primary: wasmExports });
    isThere = true;
  };

  const compileNow = () => {
    const file = HOURGLASS_SECONDARY_PART; // its name, by web/tools/build-site.mjs
    try {
      return new WebAssembly.Module(sharedBytes() ?? bytesOf(new URL(file, import.meta.url)));
    } catch (error) {
      throw new Error(`${file} could not be loaded: ${error.message}`);
    }
  };

  const bytesOf = (address) => {
    if (typeof XMLHttpRequest === 'undefined') return require('node:fs').readFileSync(address); // in Node.js
    const request = new XMLHttpRequest();
    request.open('GET', address, false);
    // A page may ask for text alone in this way: one character a byte.
    request.overrideMimeType('text/plain; charset=x-user-defined');
    request.send();
    if (request.status !== 200) throw new Error(`${request.status} ${request.statusText}`);
    return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 255);
  };

  // Where the part lies in the shared memory, and its size: two numbers of 32 bits (engine_secondary_part()).
  const shared = () => {
    if (typeof SharedArrayBuffer === 'undefined' || !(wasmMemory?.buffer instanceof SharedArrayBuffer)) return null;
    const at = Module['_engine_secondary_part']();
    return new Uint32Array(wasmMemory.buffer, at, 2);
  };
  const sharedBytes = () => {
    const [place, size] = shared() ?? [0, 0];
    return place > 0 ? new Uint8Array(wasmMemory.buffer).slice(place, place + size) : null;
  };

  const call = (place, args) => {
    take();
    const table = Object.values(wasmExports).find((each) => each instanceof WebAssembly.Table);
    return table.get(place)(...args);
  };
  const placeholder = new Proxy(
    {},
    {
      get:
        (_, place) =>
        (...args) =>
          call(Number(place), args),
    },
  );

  const ownImports = getWasmImports;
  getWasmImports = () => ({ ...ownImports(), placeholder });

  // The part as a WebAssembly.Module, and the bytes that it was made of, for the other threads.
  Module['takeSecondaryPart'] = async (compiled, bytes) => {
    // In a page older browsers make instances of large modules in no other way than this one.
    if (!isThere) await WebAssembly.instantiate(compiled, { primary: wasmExports });
    isThere = true;
    const place = shared() && Module['_malloc'](bytes.length);
    if (!place) return;
    new Uint8Array(wasmMemory.buffer).set(bytes, place);
    const told = shared();
    told[1] = bytes.length;
    Atomics.store(told, 0, place);
  };
}
