// Pictures as the network sees them.

const MAX_SIDE = 4096; // of a picture that is looked at pixel by pixel

// channels x rows x columns numbers of 0 to 255, averaged by area as core/data/resize.h does it, on white.
export function pixelsOf(picture, { channels, rows, columns }) {
  const scale = Math.min(1, MAX_SIDE / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale)),
    height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  const { data: pixels } = context.getImageData(0, 0, width, height);
  const across = taps(width, columns),
    down = taps(height, rows);
  const out = new Uint8Array(channels * rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const sum = [0, 0, 0];
      for (const [y, high] of down[row]) {
        for (const [x, wide] of across[column]) {
          const at = 4 * (y * width + x);
          for (let c = 0; c < 3; c += 1) sum[c] += high * wide * pixels[at + c];
        }
      }
      const values = channels === 1 ? [0.299 * sum[0] + 0.587 * sum[1] + 0.114 * sum[2]] : sum;
      values.forEach((value, c) => {
        out[(c * rows + row) * columns + column] = Math.floor(value + 0.5);
      });
    }
  }
  return out;
}

// For each new pixel of a side the old ones that it is made of, with weights that sum to 1.
function taps(from, to) {
  const step = from / to;
  return Array.from({ length: to }, (_, i) => {
    if (from <= to) {
      const centre = Math.min(Math.max((i + 0.5) * step - 0.5, 0), from - 1);
      const first = Math.floor(centre);
      const behind = centre - first;
      return behind > 0
        ? [
            [first, 1 - behind],
            [first + 1, behind],
          ]
        : [[first, 1]];
    }
    const begin = i * step,
      end = Math.min(from, (i + 1) * step);
    const all = [];
    for (let x = Math.floor(begin); x < end - 1e-9; x += 1) {
      all.push([x, (Math.min(end, x + 1) - Math.max(begin, x)) / step]);
    }
    return all;
  });
}
