// Principal component analysis of an IDX set: what a linear autoencoder cannot beat.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

// Images as bytes, one after another: 16 bytes of header, then count x rows x columns.
function readImages(folder, name) {
  const plain = path.join(folder, name);
  const bytes = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
  const [magic, count, rows, columns] = [0, 4, 8, 12].map((at) => bytes.readUInt32BE(at));
  const features = rows * columns;
  if (magic !== 0x803 || bytes.length !== 16 + count * features) throw new Error(`${plain} is no file of images.`);
  return { count, features, at: (i) => bytes.subarray(16 + i * features, 16 + (i + 1) * features) };
}

// Mean and covariance over the images, in units of 255. Most pixels are 0, and only the others are multiplied.
function moments({ count, features, at }) {
  const mean = new Float64Array(features);
  const covariance = new Float64Array(features * features);
  const inked = new Uint16Array(features);
  for (let i = 0; i < count; ++i) {
    const image = at(i);
    let n = 0;
    for (let j = 0; j < features; ++j) if (image[j]) inked[n++] = j;
    for (let a = 0; a < n; ++a) {
      const row = inked[a] * features;
      const value = image[inked[a]];
      mean[inked[a]] += value;
      for (let b = 0; b <= a; ++b) covariance[row + inked[b]] += value * image[inked[b]];
    }
  }
  for (let j = 0; j < features; ++j) mean[j] /= 255 * count;
  for (let j = 0; j < features; ++j) {
    for (let k = 0; k <= j; ++k) {
      const value = covariance[j * features + k] / (255 * 255 * count) - mean[j] * mean[k];
      covariance[j * features + k] = covariance[k * features + j] = value;
    }
  }
  return { mean, covariance };
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += a[i] * b[i];
  return sum;
}

// Gram-Schmidt, twice, for what rounding leaves.
function orthonormalise(vectors) {
  vectors.forEach((vector, i) => {
    for (let pass = 0; pass < 2; ++pass) {
      for (let j = 0; j < i; ++j) {
        const share = dot(vector, vectors[j]);
        for (let k = 0; k < vector.length; ++k) vector[k] -= share * vectors[j][k];
      }
    }
    const length = Math.sqrt(dot(vector, vector));
    vector.forEach((value, k) => {
      vector[k] = value / length;
    });
  });
}

// The directions of the greatest variance, by orthogonal iteration with twice as many vectors as are wanted: the first
// ones are in order, so the first half spans the principal subspace once it stands still.
function principalDirections(covariance, features, components) {
  const vectors = Array.from({ length: Math.min(2 * components, features) }, (_, i) =>
    Float64Array.from({ length: features }, (_, k) => Math.sin((i + 1) * (k + 1) * 0.7391)),
  );
  orthonormalise(vectors);
  for (let iteration = 0; iteration < 60; ++iteration) {
    vectors.forEach((vector, i) => {
      vectors[i] = Float64Array.from({ length: features }, (_, row) =>
        dot(covariance.subarray(row * features, (row + 1) * features), vector),
      );
    });
    orthonormalise(vectors);
  }
  return vectors.slice(0, components);
}

// The mean over pixels and held-out images of the squared error, with pixels from 0 to 1, of the PCA of the training
// images with that many components (pca), and of the mean training image (mean).
export function pcaErrors(folder, components) {
  const train = readImages(folder, 'train-images-idx3-ubyte');
  const test = readImages(folder, 't10k-images-idx3-ubyte');
  const { mean, covariance } = moments(train);
  const directions = principalDirections(covariance, train.features, components);
  let all = 0;
  let kept = 0;
  for (let i = 0; i < test.count; ++i) {
    const difference = Float64Array.from(test.at(i), (value, j) => value / 255 - mean[j]);
    all += dot(difference, difference);
    for (const direction of directions) kept += dot(difference, direction) ** 2;
  }
  const values = test.count * test.features;
  return { pca: (all - kept) / values, mean: all / values };
}
