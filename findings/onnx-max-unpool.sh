#!/usr/bin/env bash
# onnxruntime's MaxUnpool needs its third input wherever a plane has odd sides.
#
# Guess: MaxUnpool(y, indices) undoes MaxPool, as PyTorch's MaxUnpool2d does: where the pooled plane was odd, the result is
# one line and column short, and values that lie in those are left out.
# Really: without the third input (the shape of what was pooled) the result is one line and column short, and the indices,
# which count the places of the longer lines, are used in it as they are. Where one lies beyond the end, running fails
# with "Index value out of bounds". Where none does, it succeeds, and the values stand in other places than they came from.
# With the third input all is right.
# Version: onnxruntime-node 1.30.0 (ONNX opset 17).
# For us: an exported MaxUnpool always has its third input; 28 pixels pooled twice are 7, which is odd.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/common.sh"

npm_packages onnxruntime-node@1.30.0 onnx-proto@8.0.1

cat >unpool.cjs <<'JS'
const { onnx } = require('onnx-proto');
const ort = require('onnxruntime-node');

const FLOAT = 1, INT64 = 7, INTS = 7;

// x -> MaxPool 2 x 2 -> MaxUnpool 2 x 2 -> z
function model(side, thirdInput) {
  const attribute = ['kernel_shape', 'strides'].map((name) => ({ name, type: INTS, ints: [2, 2] }));
  const dim = [1, 1, side, side].map((dimValue) => ({ dimValue }));
  const graph = {
    name: 'unpool',
    node: [
      { opType: 'MaxPool', input: ['x'], output: ['y', 'places'], attribute },
      { opType: 'MaxUnpool', input: ['y', 'places', ...(thirdInput ? ['shape'] : [])], output: ['z'], attribute },
    ],
    initializer: thirdInput ? [{ name: 'shape', dataType: INT64, dims: [4], int64Data: [1, 1, side, side] }] : [],
    input: [{ name: 'x', type: { tensorType: { elemType: FLOAT, shape: { dim } } } }],
    output: [{ name: 'z', type: { tensorType: { elemType: FLOAT } } }],
  };
  return onnx.ModelProto.encode(onnx.ModelProto.create({ irVersion: 8, opsetImport: [{ domain: '', version: 17 }], graph })).finish();
}

// Pixels from 1 up, brightest at the end; or from the highest down, brightest at the start.
async function run(side, order, thirdInput) {
  const pixels = Float32Array.from({ length: side * side }, (_, i) => (order === 'rising' ? i + 1 : side * side - i));
  const what = `${side} x ${side}, ${order}, ${thirdInput ? 'three inputs' : 'two inputs'}`;
  try {
    const session = await ort.InferenceSession.create(model(side, thirdInput), { logSeverityLevel: 4 });
    const { z } = await session.run({ x: new ort.Tensor('float32', pixels, [1, 1, side, side]) });
    const moved = [...z.data].flatMap((value, i) => {
      const [row, column] = [Math.floor(i / z.dims[3]), i % z.dims[3]];
      return value === 0 || value === pixels[row * side + column] ? [] : [`${value} at ${row},${column}`];
    });
    console.log(`${what}: ${z.dims.slice(2).join(' x ')}, in wrong places: ${moved.join('; ') || 'none'}`);
  } catch (error) {
    console.log(`${what}: ${/Index value out of bounds[^)]*\)/.exec(error.message)?.[0] ?? error.message}`);
  }
}

(async () => {
  console.log(`version ${require('onnxruntime-node/package.json').version}`);
  for (const thirdInput of [true, false]) {
    await run(4, 'rising', thirdInput);
    await run(5, 'rising', thirdInput);
    await run(5, 'falling', thirdInput);
  }
})();
JS
says node unpool.cjs
expect 'the version' 'version 1.30.0'
for order in rising falling; do
  expect 'odd planes with three inputs' "5 x 5, $order, three inputs: 5 x 5, in wrong places: none"
done
expect 'even planes with two inputs' '4 x 4, rising, two inputs: 4 x 4, in wrong places: none'
expect 'odd planes with two inputs, maxima at the end' \
  '5 x 5, rising, two inputs: Index value out of bounds. Got: 16. Valid range is [0, 16)'
expect 'odd planes with two inputs, maxima at the start' \
  '5 x 5, falling, two inputs: 4 x 4, in wrong places: 15 at 2,2; 13 at 3,0'
