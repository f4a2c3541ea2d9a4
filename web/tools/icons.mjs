// The icons of the installed page, drawn from the mark in web/page/favicon.svg: filled paths of straight lines and cubic
// curves, sampled 4 x 4 times a pixel.

import { readFile } from 'node:fs/promises';
import zlib from 'node:zlib';

const SAMPLES = 4;
const CURVE_STEPS = 24;

// Reads the mark: { size, shapes: [{ points: [[x, y], ...], colour: [red, green, blue] }] }, from below to above.
export async function readMark(file) {
  const svg = await readFile(file, 'utf8');
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const shapes = [...svg.matchAll(/<path d="([^"]+)" fill="(#[0-9a-f]{3,6})"\/>/g)].map(([, path, colour]) => ({
    points: flattened(path),
    colour: colourOf(colour),
  }));
  if (!size || shapes.length === 0) throw new Error(`${file} has no square mark of filled paths.`);
  return { size, shapes };
}

function colourOf(text) {
  const digits = text.slice(1);
  const pairs = digits.length === 3 ? [...digits].map((digit) => digit + digit) : digits.match(/../g);
  return pairs.map((pair) => parseInt(pair, 16));
}

// The corners of a closed path; curves become lines. Takes M, H, V, L, C and Z in either case.
function flattened(path) {
  const points = [];
  let [x, y] = [0, 0];
  for (const [, letter, list] of path.matchAll(/([a-z])([^a-z]*)/gi)) {
    const numbers = (list.match(/-?(\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
    const relative = letter === letter.toLowerCase();
    const [fromX, fromY] = relative ? [() => x, () => y] : [() => 0, () => 0];
    const line = (toX, toY) => points.push([(x = toX), (y = toY)]);
    switch (letter.toUpperCase()) {
      case 'M':
      case 'L':
        for (let i = 0; i < numbers.length; i += 2) line(fromX() + numbers[i], fromY() + numbers[i + 1]);
        break;
      case 'H':
        for (const number of numbers) line(fromX() + number, y);
        break;
      case 'V':
        for (const number of numbers) line(x, fromY() + number);
        break;
      case 'C':
        for (let i = 0; i < numbers.length; i += 6) {
          const [ax, ay, bx, by, cx, cy] = numbers
            .slice(i, i + 6)
            .map((number, k) => number + (k % 2 === 0 ? fromX() : fromY()));
          const [startX, startY] = [x, y];
          for (let step = 1; step <= CURVE_STEPS; step += 1) {
            const t = step / CURVE_STEPS;
            const [p, q, r, s] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
            line(p * startX + q * ax + r * bx + s * cx, p * startY + q * ay + r * by + s * cy);
          }
        }
        break;
      case 'Z':
        break;
      default:
        throw new Error(`The mark has a path with ${letter}, which is not drawn here.`);
    }
  }
  return points;
}

// A PNG of `side` x `side` pixels. `share` is how much of the side the mark's own square takes; around it is `ground`, a
// colour, or nothing where that is null.
export function drawIcon({ size, shapes }, side, { ground = null, share = 1 } = {}) {
  const fine = side * SAMPLES;
  const scale = (fine * share) / size;
  const offset = (fine * (1 - share)) / 2;
  const paint = new Int8Array(fine * fine).fill(-1); // shape of each sample
  shapes.forEach(({ points }, index) => {
    const corners = points.map(([x, y]) => [offset + x * scale, offset + y * scale]);
    for (let row = 0; row < fine; row += 1) {
      const crossings = [];
      const y = row + 0.5;
      corners.forEach(([x1, y1], i) => {
        const [x2, y2] = corners[(i + 1) % corners.length];
        if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) * (x2 - x1)) / (y2 - y1));
      });
      crossings.sort((a, b) => a - b);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const begin = Math.max(0, Math.ceil(crossings[i] - 0.5));
        paint.fill(index, row * fine + begin, row * fine + Math.max(begin, Math.ceil(crossings[i + 1] - 0.5)));
      }
    }
  });
  const pixels = Buffer.alloc(side * side * 4);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const sum = [0, 0, 0, 0];
      for (let i = 0; i < SAMPLES * SAMPLES; i += 1) {
        const at = (row * SAMPLES + Math.floor(i / SAMPLES)) * fine + column * SAMPLES + (i % SAMPLES);
        const colour = paint[at] < 0 ? ground : shapes[paint[at]].colour;
        if (!colour) continue;
        colour.forEach((value, k) => {
          sum[k] += value;
        });
        sum[3] += 1;
      }
      const place = 4 * (row * side + column);
      for (let k = 0; k < 3; k += 1) pixels[place + k] = sum[3] ? Math.round(sum[k] / sum[3]) : 0;
      pixels[place + 3] = Math.round((255 * sum[3]) / SAMPLES ** 2);
    }
  }
  return pngOf(pixels, side);
}

function pngOf(pixels, side) {
  const rows = Buffer.alloc(side * (4 * side + 1)); // each begins with its filter, which is none
  for (let row = 0; row < side; row += 1) {
    pixels.copy(rows, row * (4 * side + 1) + 1, row * 4 * side, (row + 1) * 4 * side);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 6], 8); // eight bits of red, green, blue and opacity
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', zlib.deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
