// In front of Emscripten's script of a module that may be split (web/split/split_module.mjs): the primary part calls what is in
// the secondary one by its place in the table, and until that part is there, this function instead, which then gets it while the
// caller waits. Binaryen's wasm-split says how: https://github.com/WebAssembly/binaryen, tools/wasm-split.
//
// Every thread has an instance of its own, and with it the secondary part once more.

/* global Module, wasmExports, getWasmImports:writable, require, HOURGLASS_SECONDARY_PART */
{
  let isThere = false;

  // `compiled` is the part as a WebAssembly.Module; without it it is fetched, and nothing else happens meanwhile.
  const take = (compiled) => {
    if (isThere) return;
    new WebAssembly.Instance(compiled ?? fetchNow(), { primary: wasmExports });
    isThere = true;
  };

  const fetchNow = () => {
    const file = HOURGLASS_SECONDARY_PART; // its name, by web/tools/build-site.mjs
    try {
      return new WebAssembly.Module(bytesOf(new URL(file, import.meta.url)));
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
  Module['takeSecondaryPart'] = take;
}
