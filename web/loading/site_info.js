// What is known of the finished site. web/tools/build-site.mjs writes this file anew beside the page; this version
// stands for "nothing known", for whoever serves the modules without it.

// Bytes of the packed file beside each .wasm file, by the latter's name.
export const packedSizes = {};

// Modules that this site does not have, by name: `./dev serve` opens before the engines with threads are built.
export const absentModules = [];

// The files of the secondary parts (web/split), by the modules' names. Without one the module is whole.
export const secondaryParts = {};
