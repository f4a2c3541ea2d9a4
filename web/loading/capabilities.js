// What the playground cannot do without, found by trying it and never by the browser's name.

// A module with one function that makes a vector: (i32x4.splat (i32.const 0)) drop.
const SIMD_PROBE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 17, 26, 11];
// A module with one function that catches what nobody throws: try, catch_all, end.
const EXCEPTIONS_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11,
];

// A module with one function that multiplies and adds vectors of four in one instruction: three times
// (i32x4.splat (i32.const 0)), f32x4.relaxed_madd, drop. Browsers that had relaxed SIMD before it was standardised know
// this instruction under another number, and say no.
const RELAXED_SIMD_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 20, 1, 18, 0, 65, 0, 253, 17, 65, 0, 253, 17, 65, 0,
  253, 17, 253, 133, 2, 26, 11,
];

function validates(bytes) {
  try {
    return WebAssembly.validate(new Uint8Array(bytes));
  } catch (error) {
    return false;
  }
}

// Whether networks can be trained here.
export function hasSimd() {
  return typeof WebAssembly === 'object' && validates(SIMD_PROBE) && validates(EXCEPTIONS_PROBE);
}

// Whether the engine can multiply and add in one instruction here, which is faster.
export function hasRelaxedSimd() {
  return hasSimd() && validates(RELAXED_SIMD_PROBE);
}

// Whether a page may compile a module of some size while it waits: Chromium before 115 refuses more than 4 KB.
export function compilesAtOnce() {
  // An empty module with a section of 8 KB that means nothing.
  const bytes = new Uint8Array(8 + 3 + 8192);
  bytes.set([0, 97, 115, 109, 1, 0, 0, 0, 0, 0x80, 0x40]);
  try {
    return Boolean(new WebAssembly.Module(bytes));
  } catch (error) {
    return false;
  }
}

// The engine's kinds of SIMD: "fma" uses relaxed SIMD, "simd" does without.
export const SIMD_KINDS = ['fma', 'simd'];

// The kind to use: `wanted`, or without it the fastest that runs here. Throws an Error if it is none, or does not run.
export function chosenSimd(wanted) {
  if (wanted !== undefined && !SIMD_KINDS.includes(wanted)) {
    throw new Error(`“${wanted}” is no kind of SIMD; there are ${SIMD_KINDS.join(' and ')}.`);
  }
  const relaxed = hasRelaxedSimd();
  if (wanted === 'fma' && !relaxed) throw new Error('Relaxed SIMD (“fma”) is not to be had here; “simd” is.');
  return wanted || (relaxed ? 'fma' : 'simd');
}

// Whether the front end can be drawn here. To be asked after a failure: making a context takes long, and browsers keep
// few of them.
function hasWebgl2() {
  const context = document.createElement('canvas').getContext('webgl2');
  if (!context) return false;
  const release = context.getExtension('WEBGL_lose_context');
  if (release) release.loseContext();
  return true;
}

// The key of the page's text that says what is missing, or null.
export function missingFeature() {
  if (!hasSimd()) return 'noSimd';
  return hasWebgl2() ? null : 'noWebgl';
}
