// What `hourglass inspect` understands of arrays and binary sets: files that NumPy itself writes, and ones made after
// the layouts of published sets.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

import { hourglass, idx, refused, temporaryFolder } from './support.mjs';

function inspect(file, ...settings) {
  const run = hourglass(['inspect', file, '--json', ...settings.flatMap((pair) => ['--set', pair])]);
  assert.equal(run.code, 0, run.stderr);
  return JSON.parse(run.stdout.trim().split('\n').at(-1));
}

const says = (report, pattern) => assert.match(report.notes.join('\n'), pattern);

const interpreter = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy']).status === 0,
);
const skip = interpreter ? false : 'no python3 has numpy (Debian: python3-numpy)';

// Runs a program of Python's in `folder`, where np is NumPy and blob(n, side) are n soft discs in [0, 1].
function numpy(folder, program) {
  const begin = `
import numpy as np
def blob(n, side):
    y, x = np.mgrid[-1:1:side * 1j, -1:1:side * 1j]
    size = 0.3 + 0.05 * (np.arange(n) % 8)
    return np.clip(1.5 - (x * x + y * y)[None] / (size * size)[:, None, None], 0, 1)
`;
  const run = spawnSync(interpreter, ['-c', begin + program], { cwd: folder, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
}

test('arrays as NumPy saves them: every type, both orders', { skip }, (t) => {
  const folder = temporaryFolder(t);
  numpy(
    folder,
    `
images = blob(24, 12)
whole = np.round(images * 255)
for kind in ['f2', 'f4', 'f8', '>f2', '>f4', '>f8']:
    np.save('unit_' + kind.replace('>', 'be_'), images.astype(kind))
for kind in ['u1', 'u2', 'u4', 'u8', 'i2', 'i4', 'i8', '>u2', '>i4', '>i8', 'f2', 'f4', '>f8']:
    np.save('whole_' + kind.replace('>', 'be_'), whole.astype(kind))
np.save('bool_b1', images > 0.5)
np.save('fortran_f4', np.asfortranarray(images.astype('f4')))
`,
  );
  const files = readdirSync(folder);
  assert.equal(files.length, 21);
  for (const name of files) {
    const report = inspect(path.join(folder, name));
    assert.deepEqual(report.shape, [1, 12, 12], name);
    assert.equal(report.samples, 24, name);
    assert.equal(report.kind, 'NPY');
    assert.deepEqual(report.range, /^(unit|fortran|bool)/.test(name) ? [0, 1] : [0, 255], name);
  }
});

test('arrays of every shape, as NumPy saves them', { skip }, (t) => {
  const folder = temporaryFolder(t);
  numpy(
    folder,
    `
images = blob(24, 12).astype('f4')
np.save('n144_unit', images.reshape(24, 144))
np.save('n144_255', np.round(images.reshape(24, 144) * 255))
np.save('n144_signed', images.reshape(24, 144) * 2 - 1)
np.save('noise', np.random.default_rng(1).random((24, 144)).astype('f4'))
np.save('features', np.arange(120, dtype='f8').reshape(24, 5))
np.save('colour_last', np.stack([images] * 3, -1))
np.save('colour_first', np.stack([images] * 3, 1))
np.save('grey_last', images[..., None])
np.save('grey_first', images[:, None])
np.save('alpha', np.stack([images] * 4, -1))
np.save('wide', images[:, :6])
np.save('large', blob(4, 96).astype('f4'))
np.save('line', np.arange(5))
with open('two.npy', 'wb') as f:
    np.save(f, images)
    np.save(f, np.arange(3))
`,
  );
  const shape = (name, ...settings) => inspect(path.join(folder, name + '.npy'), ...settings).shape;
  for (const name of ['n144_unit', 'n144_255', 'n144_signed', 'grey_last', 'grey_first', 'two'])
    assert.deepEqual(shape(name), [1, 12, 12], name);
  for (const name of ['colour_last', 'colour_first']) assert.deepEqual(shape(name), [3, 12, 12], name);
  assert.deepEqual(shape('alpha'), [4, 12, 12]);
  assert.deepEqual(shape('wide'), [1, 6, 12]);
  assert.deepEqual(shape('wide', 'data.transpose=yes'), [1, 12, 6]);
  assert.deepEqual(shape('large'), [1, 64, 64]);
  assert.deepEqual(shape('large', 'data.shape=32x32'), [1, 32, 32]);
  assert.deepEqual(shape('noise'), [144]);
  assert.deepEqual(shape('noise', 'data.shape=9x16'), [1, 9, 16]);
  assert.deepEqual(shape('features'), [5]);
  assert.deepEqual(shape('n144_unit', 'data.shape=table'), [144]);
  says(inspect(path.join(folder, 'n144_255.npy')), /data\.shape=table/);
  says(inspect(path.join(folder, 'two.npy')), /Another array follows/);
  refused(/one dimension holds labels at most/, 'inspect', path.join(folder, 'line.npy'));
  refused(/no shape: auto, table/, 'inspect', path.join(folder, 'wide.npy'), '--set', 'data.shape=28');
});

test("archives as NumPy saves them: Keras's names, one array, a choice", { skip }, (t) => {
  const folder = temporaryFolder(t);
  numpy(
    folder,
    `
x, y = np.round(blob(36, 12) * 255).astype('u1'), np.arange(36) % 4
for save, name in [(np.savez, 'stored'), (np.savez_compressed, 'deflated')]:
    save(name, x_train=x[:24], y_train=y[:24], x_test=x[24:], y_test=y[24:])
np.savez('one', x)
np.savez('pair', x, y)
np.savez('choice', a=x.reshape(36, 144)[:, :5].astype('f4'), b=x.reshape(36, 144)[:, :6].astype('f4'), kind=y)
np.savez('names', images=x, labels=y, authors=np.array(['a'] * 36), notes=np.array({'a': 1}))
`,
  );
  const at = (name) => path.join(folder, name + '.npz');
  for (const name of ['stored', 'deflated']) {
    const report = inspect(at(name));
    assert.equal(report.kind, 'NPZ');
    assert.deepEqual(report.shape, [1, 12, 12]);
    assert.deepEqual([report.split.train, report.split.test, report.classes], [24, 12, 4]);
    assert.equal(report.label, "'y_train' and 'y_test'");
    assert.deepEqual(report.notes, []);
  }
  assert.equal(inspect(at('one')).samples, 36);
  assert.equal(inspect(at('pair')).classes, 4);
  assert.equal(inspect(at('pair'), 'data.label=none').classes, 0);
  const named = inspect(at('names'));
  assert.deepEqual([named.classes, named.left_out], [4, 2]);
  says(named, /'authors', 'notes'/);
  refused(/several arrays that could be the samples: 'a' \(36, 5\), 'b' \(36, 6\)/, 'inspect', at('choice'));
  assert.deepEqual(inspect(at('choice'), 'data.array=b', 'data.label=kind').shape, [6]);
});

// `count` images of 28 x 28 that are wider than high as they lie in the file.
const lying = (count) =>
  idx(
    [count, 28, 28],
    Array.from({ length: count * 784 }, (_, i) => (Math.floor((i % 784) / 28) % 28 < 10 && i % 28 > 3 ? 200 : 0)),
  );
const cycle = (count, first, classes) =>
  idx(
    [count],
    Array.from({ length: count }, (_, i) => first + (i % classes)),
  );

function qmnist(count) {
  const file = Buffer.alloc(12 + 32 * count);
  [0x0c02, count, 8].forEach((word, i) => file.writeUInt32BE(word, 4 * i));
  for (let i = 0; i < count; i++) {
    file.writeInt32BE(i % 10, 12 + 32 * i);
    file.writeInt32BE(70000 + i, 12 + 32 * i + 8);
  }
  return file;
}

test('IDX by either spelling, compressed or not, EMNIST and QMNIST', (t) => {
  const folder = temporaryFolder(t);
  const set = (name, files) => {
    mkdirSync(path.join(folder, name));
    for (const [file, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name, file), bytes);
    return path.join(folder, name);
  };
  const dots = set('dots', {
    'train-images.idx3-ubyte': lying(24),
    'train-labels.idx1-ubyte': cycle(24, 0, 4),
    't10k-images-idx3-ubyte.gz': gzipSync(lying(12)),
    't10k-labels.idx1-ubyte': cycle(12, 0, 4),
  });
  const plain = inspect(dots);
  assert.deepEqual([plain.split.train, plain.split.test, plain.classes], [24, 12, 4]);
  assert.deepEqual(plain.notes, []);
  for (const prefix of ['emnist-letters-', '']) {
    const letters = inspect(
      set(prefix || 'renamed', {
        [prefix + 'train-images-idx3-ubyte.gz']: gzipSync(lying(52)),
        [prefix + 'train-labels-idx1-ubyte.gz']: gzipSync(cycle(52, 1, 26)),
        [prefix + 'test-images-idx3-ubyte.gz']: gzipSync(lying(26)),
        [prefix + 'test-labels-idx1-ubyte.gz']: gzipSync(cycle(26, 1, 26)),
      }),
    );
    assert.equal(letters.classes, 26);
    says(letters, /turned upright; data\.transpose=no/);
  }
  const digits = inspect(
    set('qmnist', {
      'qmnist-train-images-idx3-ubyte': lying(20),
      'qmnist-train-labels-idx2-int': qmnist(20),
      'qmnist-test-images-idx3-ubyte': lying(10),
      'qmnist-test-labels-idx2-int': qmnist(10),
    }),
  );
  assert.equal(digits.classes, 10);
  says(digits, /first of the eight columns/);
  const alone = path.join(folder, 'images.idx');
  writeFileSync(alone, lying(24));
  assert.deepEqual(inspect(alone).split, { train: 20, test: 4, by: 'one in six, chosen at random' });
  const several = set('several', {
    'a-train-images-idx3-ubyte': lying(12),
    'b-train-images-idx3-ubyte': lying(18),
  });
  refused(/several data sets, but 'a', 'b': data\.array=NAME/, 'inspect', several);
  assert.equal(inspect(several, 'data.array=b').samples, 18);
});

test("CIFAR's records, STL-10's columns and the projector's vectors", (t) => {
  const folder = temporaryFolder(t);
  const record = (label) => Buffer.concat([Buffer.from([label]), Buffer.alloc(3072, 9 * label)]);
  const cifar = path.join(folder, 'cifar');
  mkdirSync(cifar);
  writeFileSync(path.join(cifar, 'data_batch_1.bin'), Buffer.concat([0, 1, 2, 3, 4].map(record)));
  writeFileSync(path.join(cifar, 'data_batch_2.bin'), Buffer.concat([5, 6, 7, 8, 9].map(record)));
  writeFileSync(path.join(cifar, 'test_batch.bin'), Buffer.concat([9, 0, 1].map(record)));
  writeFileSync(path.join(cifar, 'batches.meta.txt'), 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n');
  const images = inspect(cifar);
  assert.equal(images.kind, 'CIFAR-10');
  assert.deepEqual([images.shape, images.split.train, images.split.test, images.classes], [[3, 32, 32], 10, 3, 10]);

  const stl = path.join(folder, 'stl');
  mkdirSync(stl);
  writeFileSync(path.join(stl, 'train_X.bin'), Buffer.alloc(3 * 27648, 50));
  writeFileSync(path.join(stl, 'train_y.bin'), Buffer.from([1, 2, 10]));
  const large = inspect(stl);
  assert.equal(large.kind, 'STL-10');
  assert.deepEqual([large.shape, large.classes], [[3, 64, 64], 3]);

  const vectors = path.join(folder, 'vectors');
  mkdirSync(vectors);
  writeFileSync(path.join(vectors, 'vectors.tsv'), '1\t2\t3\n4\t5\t6\n7\t8\t9\n0\t1\t2\n');
  writeFileSync(path.join(vectors, 'metadata.tsv'), 'word\tkind\nsun\tx\nmoon\ty\nrain\tx\nsnow\ty\n');
  const table = inspect(vectors);
  assert.deepEqual([table.shape, table.classes, table.label], [[3], 2, "column 'kind' of 'metadata.tsv'"]);
  const odd = path.join(folder, 'odd.bin');
  writeFileSync(odd, Buffer.alloc(1000));
  refused(/has 1000 bytes, and a \.bin is a whole number of CIFAR-10's records/, 'inspect', odd);
});
