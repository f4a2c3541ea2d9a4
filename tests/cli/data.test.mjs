// Runs on a person's own data: tables, arrays and folders of images, and inputs scaled in every way.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

import {
  essence,
  hourglass,
  idx,
  npy,
  png,
  readHistory,
  readNpy,
  readPng,
  readSafetensors,
  small,
  temporaryFolder,
  train,
} from './support.mjs';

// A network with a code of two numbers and linear outputs, which any range of values suits.
const linear = [
  'model.loss=mse',
  'train.optimizer=adam',
  'train.learning_rate=0.05',
  'train.batch_size=16',
  'model.encoder=[{"type":"dense","units":2,"activation":"linear"}]',
  'model.decoder=[{"type":"dense","units":"input","activation":"linear"}]',
];
const SCALINGS = ['unit', 'signed', 'negative', 'standardised'];

function run(...args) {
  const { code, stdout, stderr } = hourglass(args);
  assert.equal(code, 0, stderr);
  return stdout;
}

const metadata = (folder) => readSafetensors(path.join(folder, 'model.safetensors')).metadata;

// Three groups of points on a plane in four dimensions: two numbers are enough for them. Large, small and
// negative values, and a column that is always the same.
const rows = Array.from({ length: 120 }, (_, i) => {
  const [u, v] = [Math.cos(i) + 3 * (i % 3), Math.sin(2 * i)];
  return [1000 + 50 * u, 0.01 * v - 0.2, u - v, 7];
});
const table = `width,height,depth,always,class\n${rows.map((row, i) => `${row.join(',')},${'abc'[i % 3]}\n`).join('')}`;

const squaredError = (a, b) => a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length;

for (const scaling of SCALINGS) {
  test(`a CSV table, ${scaling}: train, resume, eval and reconstruct in its own units`, (t) => {
    const folder = temporaryFolder(t),
      file = path.join(folder, 'points.csv'),
      out = path.join(folder, 'run');
    const whole = path.join(folder, 'whole'),
      model = path.join(out, 'model.safetensors');
    writeFileSync(file, table);
    const flags = ['--preset', 'vanilla', '--data', file, '--set', `data.scaling=${scaling}`, ...linear];
    const summary = train(out, ...flags, '--epochs', '20');
    assert.equal(summary.dataset, 'points.csv');
    assert.equal(summary.parameters, 4 * 2 + 2 + 2 * 4 + 4);
    assert.equal(readPng(path.join(out, 'latent.png')).channels, 3);

    // Without its file a run cannot go on; with it, it goes on as if it had never stopped.
    const lost = hourglass(['train', '--resume', model, '--epochs', '60']);
    assert.equal(lost.code, 2);
    assert.match(lost.stderr, /'points\.csv'.*--data PATH/);
    train(out, '--resume', model, '--data', file, '--epochs', '60');
    train(whole, ...flags, '--epochs', '60');
    assert.deepEqual(essence(model), essence(path.join(whole, 'model.safetensors')));

    const last = readHistory(out).at(-1);
    const measured = JSON.parse(run('eval', '--model', model, '--data', file, '--json'));
    assert.equal(measured.samples, 20);
    for (const key of ['test_loss', 'test_penalty', 'test_mse', 'rounded_accuracy'])
      assert.equal(measured[key], last[key], key);

    run('reconstruct', '--model', model, '--in', file, '--out', path.join(folder, 'back.npy'));
    const { shape, values } = readNpy(path.join(folder, 'back.npy'));
    assert.deepEqual(shape, [120, 4]);
    for (const [column, allowed] of [
      [0, 20],
      [1, 0.004],
      [2, 0.6],
      [3, 0.6],
    ]) {
      const back = rows.map((_, i) => values[4 * i + column]);
      const error = Math.sqrt(
        squaredError(
          back,
          rows.map((row) => row[column]),
        ),
      );
      assert.ok(error < allowed, `column ${column}: ${error}`);
    }

    // The file itself tells how to scale: as an array, without the table.
    writeFileSync(path.join(folder, 'rows.npy'), npy(120, 4, rows.flat()));
    run('reconstruct', '--model', model, '--in', path.join(folder, 'rows.npy'), '--out', path.join(folder, 'b.npy'));
    assert.deepEqual(readNpy(path.join(folder, 'b.npy')).values, values);
    run('encode', '--model', model, '--data', file, '--out', path.join(folder, 'codes.npy'));
    assert.deepEqual(readNpy(path.join(folder, 'codes.npy')).shape, [20, 2]);
    const stored = JSON.parse(metadata(out)['hourglass.scaling']);
    assert.equal(stored.kind, scaling);
    assert.equal(stored.scale.length, 4);
    assert.equal(stored.offset.length, 4);
  });
}

test('images, however scaled, come out as pixels from 0 to 1', (t) => {
  const folder = temporaryFolder(t);
  const losses = [];
  for (const scaling of SCALINGS) {
    const out = path.join(folder, scaling),
      model = path.join(out, 'model.safetensors');
    train(
      out,
      '--preset',
      'vanilla',
      '--epochs',
      '4',
      ...small,
      'model.loss=mse',
      'train.optimizer=adam',
      'train.learning_rate=0.003',
      'train.batch_size=16',
      'model.encoder=[{"type":"dense","units":16}]',
      'model.decoder=[{"type":"dense","units":"input"}]',
      `data.scaling=${scaling}`,
    );
    run('reconstruct', '--model', model, '--data', 'strokes', '--out', path.join(folder, 'x.npy'));
    const { shape, values } = readNpy(path.join(folder, 'x.npy'));
    assert.deepEqual(shape, [200, 784]);
    const mean = values.reduce((a, b) => a + b) / values.length;
    assert.ok(mean > 0.05 && mean < 0.25, `${scaling}: ${mean}`);
    // In the model's scale the error is larger by the square of the scale.
    const stored = JSON.parse(metadata(out)['hourglass.scaling']);
    losses.push(readHistory(out).at(-1).test_mse / stored.scale[0] ** 2);
    const [low, high] = stored.range;
    assert.ok(Math.abs(high - low - stored.scale[0]) < 1e-5 && Math.abs(low - stored.offset[0]) < 1e-5);
    // What the pictures show: paper is black and ink is white in every scale.
    const picture = readPng(path.join(out, 'reconstructions.png'));
    assert.equal(picture.pixels[picture.channels * (5 * picture.width + 5)], 0);
    assert.ok(picture.pixels.filter((value) => value === 255).length > 1000);
  }
  for (const loss of losses) assert.ok(loss > 0.005 && loss < 0.06, losses.join(' '));
});

function writeImages(folder, count, side, channels) {
  for (const [kind, across] of [
    ['bars', true],
    ['columns', false],
  ]) {
    mkdirSync(path.join(folder, kind), { recursive: true });
    for (let i = 0; i < count; ++i) {
      const pixels = Array.from({ length: side * side * channels }, (_, at) => {
        const pixel = Math.floor(at / channels),
          line = across ? Math.floor(pixel / side) : pixel % side;
        return Math.abs(line / side - (i + 0.5) / count) < 0.2 ? 255 - 40 * (at % channels) : 10;
      });
      writeFileSync(path.join(folder, kind, `${i}.png`), png(side, side, channels, pixels));
    }
  }
}

test('a folder of PNG images, grey or in colour, of any size', (t) => {
  const folder = temporaryFolder(t),
    images = path.join(folder, 'shapes');
  writeImages(images, 30, 40, 3);
  for (const [name, flags, features] of [
    ['grey', [], 784],
    ['colour', ['data.colour=true', 'data.image_side=20'], 1200],
  ]) {
    const out = path.join(folder, name),
      model = path.join(out, 'model.safetensors');
    const summary = train(
      out,
      '--preset',
      'vanilla',
      '--data',
      images,
      '--epochs',
      '10',
      '--set',
      'train.optimizer=adam',
      'train.batch_size=10',
      'train.learning_rate=0.003',
      ...flags,
    );
    assert.equal(summary.dataset, 'shapes');
    assert.equal(summary.parameters, features * 32 + 32 + 32 * features + features);
    const history = readHistory(out);
    assert.ok(history.at(-1).test_loss < history[0].test_loss);
    assert.equal(readPng(path.join(out, 'reconstructions.png')).channels, name === 'grey' ? 1 : 3);
    // The checkpoint knows how the images were read.
    const measured = JSON.parse(run('eval', '--model', model, '--data', images, '--json'));
    assert.equal(measured.samples, 10);
    assert.equal(measured.test_loss, history.at(-1).test_loss);
    train(out, '--resume', model, '--data', images, '--epochs', '11');
    run('reconstruct', '--model', model, '--data', images, '--out', path.join(folder, 'sheet.png'));
    assert.equal(readPng(path.join(folder, 'sheet.png')).width % (name === 'grey' ? 28 : 20), 0);
  }
});

test('a .npy with labels, a table of pixels and the same compressed', (t) => {
  const folder = temporaryFolder(t);
  const pixels = Array.from({ length: 60 * 64 }, (_, i) => (i * 37) % 256);
  writeFileSync(
    path.join(folder, 'dots.npy'),
    npy(
      60,
      64,
      pixels.map((value) => value / 255),
    ),
  );
  writeFileSync(
    path.join(folder, 'dots_labels.npy'),
    npy(
      60,
      1,
      pixels.slice(0, 60).map((_, i) => i % 4),
    ),
  );
  const csv = Array.from({ length: 60 }, (_, i) => [i % 4, ...pixels.slice(64 * i, 64 * i + 64)].join(',')).join('\n');
  writeFileSync(path.join(folder, 'dots.csv'), csv);
  writeFileSync(path.join(folder, 'dots.csv.gz'), gzipSync(csv));
  const runs = ['dots.npy', 'dots.csv', 'dots.csv.gz'].map((name) => {
    const out = path.join(folder, `run-${name}`);
    const summary = train(out, '--preset', 'vanilla', '--data', path.join(folder, name), '--epochs', '2');
    assert.equal(summary.parameters, 64 * 32 + 32 + 32 * 64 + 64);
    return { summary, picture: readPng(path.join(out, 'reconstructions.png')), out };
  });
  assert.equal(runs[1].summary.test_loss, runs[2].summary.test_loss);
  assert.equal(metadata(runs[0].out)['hourglass.input'], '[1,1,64]');
  assert.equal(metadata(runs[1].out)['hourglass.input'], '[1,8,8]');
});

test('a folder in the layout of MNIST may have images of any size', (t) => {
  const folder = temporaryFolder(t);
  for (const [split, count] of [
    ['train', 30],
    ['t10k', 6],
  ]) {
    writeFileSync(
      path.join(folder, `${split}-images-idx3-ubyte`),
      idx(
        [count, 5, 7],
        Array.from({ length: count * 35 }, (_, i) => i % 256),
      ),
    );
    writeFileSync(
      path.join(folder, `${split}-labels-idx1-ubyte`),
      idx(
        [count],
        Array.from({ length: count }, (_, i) => i % 3),
      ),
    );
  }
  const out = path.join(folder, 'run');
  const summary = train(
    out,
    '--preset',
    'vanilla',
    '--data',
    folder,
    '--epochs',
    '1',
    '--set',
    'data.scaling=signed',
    'model.loss=mse',
  );
  assert.equal(summary.parameters, 35 * 32 + 32 + 32 * 35 + 35);
  assert.equal(metadata(out)['hourglass.input'], '[1,5,7]');
});

test('data that cannot be used are one sentence, naming file and line', (t) => {
  const folder = temporaryFolder(t),
    at = (name) => path.join(folder, name);
  writeFileSync(at('words.csv'), 'a,b\n1,2\n3,many\n');
  writeFileSync(at('short.csv'), '1,2\n3\n');
  writeFileSync(at('good.csv'), table);
  writeFileSync(
    at('bright.npy'),
    Buffer.from(npy(3, 12, Array(36).fill(200)).toString('latin1').replace('(3, 12), }  ', '(3, 3, 4), }'), 'latin1'),
  );
  writeFileSync(at('cut.npy'), npy(3, 12, Array(36).fill(1)).subarray(0, 200));
  mkdirSync(at('broken'));
  writeFileSync(at('broken/a.png'), png(2, 2, 1, [1, 2, 3, 4]));
  writeFileSync(at('broken/b.png'), 'no image');
  mkdirSync(at('empty'));
  train(at('run'), '--preset', 'vanilla', ...small, '--epochs', '1');
  train(at('table'), '--preset', 'vanilla', '--data', at('good.csv'), '--epochs', '1');
  const model = at('run/model.safetensors'),
    tableModel = at('table/model.safetensors');
  for (const [flags, expected] of [
    [['train', '--data', at('words.csv')], /words\.csv', line 3, column 'b' holds 'many'/],
    [['train', '--data', at('short.csv')], /short\.csv', line 2, there is 1 field, and there are 2/],
    [['train', '--data', at('good.csv'), '--set', 'data.label=colour'], /no column 'colour'.*width, height/],
    [
      ['train', '--data', at('bright.npy'), '--set', 'data.range=own'],
      /up to 200; they must lie in 0 to 1, or be unsigned bytes/,
    ],
    [['train', '--data', at('cut.npy')], /cut\.npy/],
    [['train', '--data', at('broken')], /holds one sample.*'b\.png'/],
    [['train', '--data', at('empty')], /holds no data: images \(PNG, JPEG, BMP\)/],
    [['eval', '--model', model, '--data', at('good.csv')], /4 numbers, and the model takes 28 x 28 pixels/],
    [
      ['encode', '--model', model, '--in', at('good.csv'), '--out', at('x.npy')],
      /4 numbers, and the model takes 28 x 28 pixels/,
    ],
    [['encode', '--model', tableModel, '--in', at('words.csv'), '--out', at('x.npy')], /line 3/],
    [['encode', '--model', model, '--in', at('good.csv'), '--data', 'strokes', '--out', at('x.npy')], /not both/],
    [
      ['encode', '--model', tableModel, '--data', 'strokes', '--out', at('x.npy')],
      /28 x 28 pixels, and the model takes 4 numbers/,
    ],
    [['reconstruct', '--model', tableModel, '--in', at('good.csv'), '--out', at('x.png')], /\.npy/],
    [['train', '--resume', tableModel, '--data', at('words.csv'), '--epochs', '2'], /line 3/],
    [
      ['train', '--resume', model, '--data', at('good.csv'), '--epochs', '2'],
      /28 x 28 pixels, and those of 'good\.csv' have 4 numbers/,
    ],
  ]) {
    if (flags[0] === 'train' && !flags.includes('--resume')) flags.push('--preset', 'vanilla', '--out', at('never'));
    const { code, stdout, stderr } = hourglass(flags);
    assert.equal(code, 2, `${flags.join(' ')}: ${stderr}`);
    assert.match(stderr, expected);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.equal(stdout, '');
  }
});

test('a file from before scaling is one of values as they are, and a damaged scaling is noticed', (t) => {
  const folder = temporaryFolder(t),
    model = path.join(folder, 'model.safetensors');
  train(folder, '--preset', 'vanilla', ...small, '--epochs', '1');
  const before = run('eval', '--model', model);
  const bytes = readFileSync(model);
  const replaced = (from, to) => {
    const text = bytes.toString('latin1');
    assert.ok(text.includes(from) && from.length === to.length);
    const changed = path.join(folder, 'changed.safetensors');
    writeFileSync(changed, Buffer.from(text.replace(from, to), 'latin1'));
    return hourglass(['eval', '--model', changed]);
  };
  assert.equal(replaced('"hourglass.scaling"', '"hourglass.SCALING"').stdout, before);
  const damaged = replaced('\\"scale\\":[1.0]', '\\"scale\\":[0.0]');
  assert.equal(damaged.code, 2);
  assert.match(damaged.stderr, /damaged 'hourglass\.scaling'/);
});
