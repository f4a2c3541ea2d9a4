// A look at what a program drew: PNG files as pixels, and what is to be seen in them.

import assert from 'node:assert/strict';
import zlib from 'node:zlib';

// The pixels of a rectangle in points of `scale` pixels, as [[red, green, blue], ...], row by row.
export function pixelsIn(image, { x, y, width, height }, scale = 1) {
  const pixels = [];
  for (let row = Math.ceil(y * scale); row < Math.floor((y + height) * scale); ++row) {
    for (let column = Math.ceil(x * scale); column < Math.floor((x + width) * scale); ++column) {
      if (row >= 0 && row < image.height && column >= 0 && column < image.width) pixels.push(image.pixel(column, row));
    }
  }
  return pixels;
}

const brightness = ([red, green, blue]) => (red + green + blue) / 3;

// How much is to be seen in some pixels: `spread` is the standard deviation of their brightness (0 to 128), `colours`
// the number of hues (of 12) that at least 20 well-coloured pixels have.
export function describe(pixels) {
  const mean = pixels.reduce((sum, pixel) => sum + brightness(pixel), 0) / pixels.length;
  const variance = pixels.reduce((sum, pixel) => sum + (brightness(pixel) - mean) ** 2, 0) / pixels.length;
  const hues = new Array(12).fill(0);
  for (const [red, green, blue] of pixels) {
    const high = Math.max(red, green, blue);
    const chroma = high - Math.min(red, green, blue);
    if (chroma < 60) continue;
    const sixth =
      high === red ? (green - blue) / chroma : high === green ? 2 + (blue - red) / chroma : 4 + (red - green) / chroma;
    hues[Math.floor(((sixth + 6) % 6) * 2)] += 1;
  }
  return { mean, spread: Math.sqrt(variance), colours: hues.filter((count) => count >= 20).length };
}

// Mean absolute difference of brightness between two lists of pixels of the same rectangle, 0 to 255.
export function difference(first, second) {
  assert.equal(first.length, second.length);
  return (
    first.reduce((sum, pixel, index) => sum + Math.abs(brightness(pixel) - brightness(second[index])), 0) / first.length
  );
}

// Reads what Chromium writes: 8 bits a channel, RGB or RGBA, not interlaced (PNG specification, sections 5, 9 and 11).
export function decodePng(bytes) {
  assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const [depth, colour, , , interlaced] = bytes.subarray(24, 29);
  assert.deepEqual([depth, interlaced], [8, 0]);
  const channels = { 2: 3, 6: 4 }[colour];
  assert.ok(channels, `colour type ${colour}`);
  const packed = [];
  for (let offset = 8; offset < bytes.length;) {
    const length = bytes.readUInt32BE(offset);
    if (bytes.toString('latin1', offset + 4, offset + 8) === 'IDAT')
      packed.push(bytes.subarray(offset + 8, offset + 8 + length));
    offset += length + 12;
  }
  const raw = zlib.inflateSync(Buffer.concat(packed));
  const stride = width * channels;
  const data = Buffer.alloc(stride * height);
  for (let row = 0; row < height; ++row) {
    const filter = raw[row * (stride + 1)];
    for (let i = 0; i < stride; ++i) {
      const left = i >= channels ? data[row * stride + i - channels] : 0;
      const above = row > 0 ? data[(row - 1) * stride + i] : 0;
      const corner = row > 0 && i >= channels ? data[(row - 1) * stride + i - channels] : 0;
      const predicted = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter];
      data[row * stride + i] = raw[row * (stride + 1) + 1 + i] + predicted;
    }
  }
  return {
    width,
    height,
    pixel: (x, y) => [...data.subarray((y * width + x) * channels, (y * width + x) * channels + 3)],
  };
}

function paeth(left, above, corner) {
  const estimate = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(estimate - value));
  return a <= b && a <= c ? left : b <= c ? above : corner;
}
