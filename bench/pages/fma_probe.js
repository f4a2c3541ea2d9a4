// How fast 128-bit vectors can be multiplied and added in this browser: independent chains in registers, in a module that
// is put together here, byte by byte.

const V128 = 0x7b;
const I32 = 0x7f;
const F32 = 0x7d;
// 12 chains and two constants fit into the 16 registers of x86; 8 would keep two units of 4 cycles' latency busy.
const CHAINS = 12;
const ROUNDS = 2000; // of each chain in one call: about 6 microseconds

const leb = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);
const vector = (items) => [...leb(items.length), ...items.flat()];
const section = (id, body) => [id, ...leb(body.length), ...body];
const float = (value) => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)];
const simd = (code) => [0xfd, ...leb(code)];
const get = (local) => [0x20, ...leb(local)];
const set = (local) => [0x21, ...leb(local)];

const SPLAT = simd(0x13);
const LANE_0 = [...simd(0x1f), 0];
const MUL = simd(0xe6);
const ADD = simd(0xe4);
const MADD = simd(0x105); // relaxed: a * b + c, rounded once or twice

// run(rounds) -> a number that depends on all of the work. Short, so that calling it often lets the browser compile it
// well: a loop that has begun in unoptimised code ends there.
function moduleBytes(relaxed) {
  const rounds = 0;
  const chain = (i) => 1 + i;
  const factor = CHAINS + 1;
  const addend = CHAINS + 2;
  const body = [
    ...Array.from({ length: CHAINS }, (_, i) => [...float(i + 1), ...SPLAT, ...set(chain(i))]).flat(),
    ...float(0.999),
    ...SPLAT,
    ...set(factor),
    ...float(0.001),
    ...SPLAT,
    ...set(addend),
    0x03,
    0x40, // loop
    // With the fused one the running sum is what is added to, which x86 does in place.
    ...Array.from({ length: CHAINS }, (_, i) =>
      relaxed
        ? [...get(factor), ...get(addend), ...get(chain(i)), ...MADD, ...set(chain(i))]
        : [...get(chain(i)), ...get(factor), ...MUL, ...get(addend), ...ADD, ...set(chain(i))],
    ).flat(),
    ...get(rounds),
    0x41,
    1,
    0x6b,
    0x22,
    rounds, // rounds - 1, kept
    0x0d,
    0,
    0x0b, // again, if that is not 0
    ...get(chain(0)),
    ...Array.from({ length: CHAINS - 1 }, (_, i) => [...get(chain(i + 1)), ...ADD]).flat(),
    ...LANE_0,
    0x0b,
  ];
  const code = [...leb(1), ...leb(CHAINS + 2), V128, ...body];
  return new Uint8Array([
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(1, vector([[0x60, ...vector([[I32]]), ...vector([[F32]])]])),
    ...section(3, vector([[0]])),
    ...section(7, vector([[...vector([...'run'].map((letter) => [letter.charCodeAt(0)])), 0, 0]])),
    ...section(10, vector([[...leb(code.length), ...code]])),
  ]);
}

const probes = new Map();

function probe(relaxed) {
  if (!probes.has(relaxed)) {
    const bytes = moduleBytes(relaxed);
    if (!WebAssembly.validate(bytes)) return null;
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    for (let i = 0; i < 5000; ++i) run(ROUNDS); // until it is compiled well
    probes.set(relaxed, run);
  }
  return probes.get(relaxed);
}

// GFLOP/s over about `seconds`, with relaxed multiply-add or with the two instructions of plain SIMD; null where the
// browser has no relaxed SIMD.
export function fmaPeak(seconds, relaxed) {
  const run = probe(relaxed);
  if (!run) return null;
  let calls = 0;
  let sum = 0;
  const began = performance.now();
  let now = began;
  while (now - began < seconds * 1000) {
    for (let i = 0; i < 50; ++i) sum += run(ROUNDS);
    calls += 50;
    now = performance.now();
  }
  if (!Number.isFinite(sum)) throw new Error('The probe of multiply-adds made no number.');
  return (calls * ROUNDS * CHAINS * 4 * 2) / (now - began) / 1e6;
}
