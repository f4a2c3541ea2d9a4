// What the playground cannot do without, found by trying it and never by the browser's name.

// A module with one function that makes a vector: (i32x4.splat (i32.const 0)) drop.
const SIMD_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 17, 26, 11,
];
// A module with one function that catches what nobody throws: try, catch_all, end.
const EXCEPTIONS_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11,
];

// Whether networks can be trained here.
export function hasSimd() {
  const validates = (bytes) => {
    try {
      return WebAssembly.validate(new Uint8Array(bytes));
    } catch (error) {
      return false;
    }
  };
  return typeof WebAssembly === 'object' && validates(SIMD_PROBE) && validates(EXCEPTIONS_PROBE);
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
