// A checkpoint of every preset, exported, computes in onnxruntime, TensorFlow.js, PyTorch and Keras what the engine
// computes. See tests/peers.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { readArray, writeArray } from '../peers/arrays.mjs';
import { difference, exportAll, jobsFor, PARTS, pythonWith, readers, runJobs } from '../peers/parity.mjs';
import { hourglass, idx, npy, readSafetensors, refused, repository, train } from './support.mjs';

const SAMPLES = 6;
const TOLERANCE = 1e-5;

const presets = readdirSync(path.join(repository, 'assets/presets')).map((file) => path.basename(file, '.json'));
const layers = (list) => JSON.stringify(list);
// What no preset has: each name stands for vanilla with these settings.
const extras = {
  'every other layer': [
    'data.scaling=standardised',
    'model.loss=mse',
    `model.encoder=${layers([
      { type: 'convolution', channels: 3, kernel: 3, stride: 2, activation: 'elu' },
      { type: 'max-pool', size: 2 },
      { type: 'convolution', channels: 4, kernel: 3, activation: 'leaky-relu' },
    ])}`,
    `model.decoder=${layers([
      { type: 'transposed-convolution', tied: 'encoder.2', activation: 'tanh' },
      { type: 'unpool', mode: 'remembered', pool: 'encoder.1' },
      { type: 'transposed-convolution', tied: 'encoder.0' },
      { type: 'average-pool' },
      { type: 'dropout', rate: 0.1 },
      { type: 'unpool' },
    ])}`,
  ],
  // 28 -> 13 -> 5 -> 2 and back: odd planes, whose last row and column no window covers.
  'places on odd planes': [
    'model.loss=mse',
    `model.encoder=${layers([
      { type: 'convolution', channels: 2, kernel: 4, stride: 2, padding: 0, activation: 'relu' },
      { type: 'max-pool', size: 2 },
      { type: 'convolution', channels: 3, kernel: 2, padding: 0, activation: 'leaky-relu' },
      { type: 'layer-norm' },
      { type: 'max-pool', size: 2 },
      { type: 'k-sparse', k: 5 },
    ])}`,
    `model.decoder=${layers([
      { type: 'unpool', mode: 'remembered', pool: 'encoder.4' },
      { type: 'transposed-convolution', tied: 'encoder.2' },
      { type: 'unpool', mode: 'remembered', pool: 'encoder.1' },
      { type: 'transposed-convolution', channels: 2, kernel: 3, stride: 5, padding: 0, output_padding: 4 },
      { type: 'convolution', channels: 1, kernel: 5, stride: 2, padding: 0 },
      { type: 'transposed-convolution', channels: 1, kernel: 1, stride: 1, padding: 0, activation: 'elu' },
      { type: 'dense', units: 'input', activation: 'linear' },
    ])}`,
  ],
  'a distribution as its output': [
    'model.loss=cce',
    'model.decoder=[{"type":"dense","units":"input","activation":"softmax"}]',
  ],
  'negative scaling': ['data.scaling=negative', 'model.loss=mse', 'model.decoder=[{"type":"dense","units":"input"}]'],
};
const models = [...presets, ...Object.keys(extras)].sort();

const all = readers();
const ready = all.filter(({ missing }) => !missing);
const someMissing = all.map(({ missing }) => missing).find(Boolean) ?? false;
const checker = pythonWith('onnx');
const results = {}; // by model: { exported, error }

let folder;
const at = (...names) => path.join(folder, ...names);
const run = (args) => hourglass(args);

// Images of something else than the models have seen, so that no output is near 0 or 1 for want of surprise.
const pixels = Array.from({ length: SAMPLES * 784 }, (_, i) => {
  const sample = Math.floor(i / 784),
    row = Math.floor((i % 784) / 28),
    column = i % 28;
  const wave = Math.sin((row * (sample + 2)) / 9) * Math.cos((column * (sample + 3)) / 11);
  return Math.max(0, Math.round(wave * 255));
});

before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hourglass-export-test-'));
  writeFileSync(
    at('images.npy'),
    npy(
      SAMPLES,
      784,
      pixels.map((value) => Math.fround(value / 255)),
    ),
  );
  const few = ['--data', 'strokes', '--epochs', '1', '--set', 'data.strokes_train=100', 'data.strokes_test=100'];
  for (const name of models) {
    try {
      train(at(name), '--preset', extras[name] ? 'vanilla' : name, ...few, ...(extras[name] ?? []));
      results[name] = { exported: exportAll(run, at(name, 'model.safetensors'), at(name), at('images.npy')) };
    } catch (error) {
      results[name] = { error };
    }
  }
  for (const reader of ready) {
    const jobs = models.flatMap((name) =>
      results[name].error ? [] : jobsFor(reader, results[name].exported, at(name)),
    );
    runJobs(reader, jobs, folder);
  }
});

after(() => rmSync(folder, { recursive: true, force: true }));

// What a format has nothing for: the layer is named.
const hasSparse = (name) => ['k-sparse', 'places on odd planes'].includes(name);
function mayRefuse(format, name, part) {
  if (format !== 'tfjs') return false;
  if (hasSparse(name)) return part !== 'decoder';
  return part === 'whole' && name === 'every other layer';
}

for (const reader of all) {
  const skip = reader.missing || false;
  for (const name of models) {
    test(`${name}: ${reader.name} computes what hourglass does`, { skip }, () => {
      const { exported, error } = results[name];
      if (error) throw error;
      for (const part of PARTS) {
        const { refused: sentence } = exported[reader.format][part];
        if (sentence) {
          assert.ok(mayRefuse(reader.format, name, part), sentence);
          assert.match(sentence, /^hourglass: Layer (en|de)coder\.\d .*TensorFlow\.js.*\.$/);
          continue;
        }
        assert.ok(!mayRefuse(reader.format, name, part), part);
        const { largest, size } = difference(reader, exported, at(name), part);
        assert.ok(largest <= TOLERANCE * Math.max(1, size), `${part}: ${largest} apart, values up to ${size}`);
      }
      const { values } = readArray(at(name, 'copies.npy'));
      assert.ok(new Set(values.map((value) => Math.round(value * 1e4))).size > 1, 'not one value everywhere');
    });
  }
}

test('what is compared has every type of layer and every activation', () => {
  const found = models.flatMap((name) => {
    const settings = JSON.parse(readSafetensors(at(name, 'model.safetensors')).metadata['hourglass.settings']);
    return [...settings.model.encoder, ...settings.model.decoder];
  });
  const listed = (layer, sentence) => {
    const { stderr } = hourglass([
      'train',
      '--preset',
      'vanilla',
      '--data',
      'strokes',
      '--set',
      `model.encoder=[${layer}]`,
    ]);
    return sentence.exec(stderr)[1].split(/, | and /);
  };
  const types = new Set(found.map(({ type = 'dense' }) => type));
  const activations = new Set(found.map(({ activation = 'linear' }) => activation));
  for (const type of listed('{"type":"none"}', /There are (.*)\.\n/)) assert.ok(types.has(type), type);
  for (const name of listed('{"type":"dense","units":4,"activation":"none"}', /there are (.*)\.\n/)) {
    assert.ok(activations.has(name), name);
  }
});

test(
  "the format's own checker has nothing against any ONNX file",
  { skip: checker ? false : 'no python3 has onnx' },
  () => {
    const files = models.flatMap((name) => PARTS.map((part) => at(name, `${part}.onnx`)));
    const script = path.join(repository, 'tests/peers/check_onnx.py');
    const { status, stdout, stderr } = spawnSync(checker, [script, ...files], { encoding: 'utf8', maxBuffer: 1 << 26 });
    assert.equal(status, 0, stderr);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(lines.length, files.length);
    for (const line of lines) {
      assert.equal(line.error, undefined, `${line.file}: ${line.error}`);
      assert.deepEqual([line.opset, line.ir], [17, 8]);
      assert.deepEqual([line.without_shape, line.unknown_sides], [[], []], line.file);
      for (const sides of [...Object.values(line.inputs), ...Object.values(line.outputs)]) {
        assert.equal(sides.length, 2);
        assert.equal(sides[0], 'batch');
      }
      const whole = ['input', 'code', 'output'];
      const [first, ...rest] = { encoder: whole.slice(0, 2), decoder: whole.slice(1), whole }[
        path.basename(line.file, '.onnx')
      ];
      assert.deepEqual(Object.keys(line.inputs), [first]);
      assert.deepEqual(Object.keys(line.outputs), rest);
      assert.deepEqual(line.metadata, ['hourglass.info']);
      assert.match(line.about, /flat/);
    }
    const operators = new Set(lines.flatMap((line) => line.operators));
    for (const never of ['RandomNormal', 'RandomNormalLike', 'Dropout']) assert.ok(!operators.has(never));
  },
);

const whole = (reader) => all.find(({ name }) => name === reader);

test('a variational code is its mean, or drawn with the noise that is given', { skip: someMissing }, () => {
  const model = at('vae', 'model.safetensors');
  const { code_size: units } = JSON.parse(hourglass(['info', model, '--json']).stdout);
  const noise = Float32Array.from({ length: SAMPLES * units }, (_, i) => Math.sin(7 * i + 1));
  writeArray(at('noise.npy'), [SAMPLES, units], noise);
  writeArray(
    at('silence.npy'),
    [SAMPLES, units],
    noise.map(() => 0),
  );
  const drawn = {};
  for (const [name, format, out] of [
    ['onnxruntime-node', 'onnx', 'drawn.onnx'],
    ['pytorch', 'pytorch', 'drawn.py'],
    ['keras', 'keras', 'drawn_keras.py'],
  ]) {
    const place = at('vae', out);
    const done = hourglass([
      'export',
      '--model',
      model,
      '--to',
      format,
      '--out',
      place,
      '--part',
      'encoder',
      '--sample',
    ]);
    assert.equal(done.code, 0, done.stderr);
    const job = (given) => ({
      model: place,
      inputs: { input: at('vae/scaled.npy'), noise: at(`${given}.npy`) },
      outputs: { code: at(`${name}-${given}.npy`) },
      error: at(`${name}-${given}.txt`),
    });
    runJobs(whole(name), [job('noise'), job('silence')], folder);
    for (const given of ['noise', 'silence']) {
      const error = at(`${name}-${given}.txt`);
      assert.ok(!existsSync(error), existsSync(error) && readFileSync(error, 'utf8'));
    }
    const mean = readArray(at('vae/codes.npy')).values;
    const silent = readArray(at(`${name}-silence.npy`)).values;
    mean.forEach((value, i) => assert.ok(Math.abs(value - silent[i]) <= TOLERANCE, `${value} ${silent[i]}`));
    drawn[name] = readArray(at(`${name}-noise.npy`)).values;
    assert.ok(drawn[name].some((value, i) => Math.abs(value - mean[i]) > 0.01));
  }
  for (const other of ['pytorch', 'keras']) {
    drawn['onnxruntime-node'].forEach((value, i) => assert.ok(Math.abs(value - drawn[other][i]) <= TOLERANCE));
  }
  refused(/TensorFlow\.js/, 'export', '--model', model, '--to', 'tfjs', '--out', at('never'), '--sample');
  const vanilla = at('vanilla', 'model.safetensors');
  refused(
    /does not end in a gaussian layer/,
    'export',
    '--model',
    vanilla,
    '--to',
    'onnx',
    '--out',
    at('n.onnx'),
    '--sample',
  );
  refused(
    /encoder/,
    'export',
    '--model',
    model,
    '--to',
    'onnx',
    '--out',
    at('n.onnx'),
    '--part',
    'decoder',
    '--sample',
  );
});

test('a classifier is exported with its head and its classes', { skip: someMissing }, () => {
  mkdirSync(at('data/mnist'), { recursive: true });
  const write = (name, values, labels) => {
    writeFileSync(at(`data/mnist/${name}-images-idx3-ubyte`), idx([labels.length, 28, 28], values));
    writeFileSync(at(`data/mnist/${name}-labels-idx1-ubyte`), idx([labels.length], labels));
  };
  const many = Array.from({ length: 20 * 784 }, (_, i) => pixels[(3 * i) % pixels.length]);
  write(
    'train',
    many,
    Array.from({ length: 20 }, (_, i) => i % 10),
  );
  write(
    't10k',
    pixels,
    Array.from({ length: SAMPLES }, (_, i) => i),
  );
  const model = at('vanilla', 'model.safetensors'),
    classifier = at('classifier.safetensors');
  const args = ['probe', '--model', model, '--data', 'mnist', '--save', classifier, '--out', at('probe')];
  const probe = hourglass(args, { env: { HOURGLASS_DATA_DIR: at('data') } });
  assert.equal(probe.code, 0, probe.stderr);
  for (const [format, out] of Object.entries({
    onnx: 'head.onnx',
    tfjs: 'head',
    pytorch: 'head.py',
    keras: 'head_k.py',
  })) {
    const done = hourglass(['export', '--model', classifier, '--to', format, '--out', at(out), '--json']);
    assert.equal(done.code, 0, done.stderr);
    assert.equal(JSON.parse(done.stdout).classes.length, 10);
  }
  const shares = {};
  for (const [name, out] of [
    ['onnxruntime-node', 'head.onnx'],
    ['tensorflow.js', 'head'],
    ['pytorch', 'head.py'],
    ['keras', 'head_k.py'],
  ]) {
    const job = {
      model: at(out),
      inputs: { input: at('images.npy') },
      outputs: { output: at(`${name}-shares.npy`) },
      error: at(`${name}-shares.txt`),
    };
    runJobs(whole(name), [job], folder);
    assert.ok(!existsSync(job.error), existsSync(job.error) && readFileSync(job.error, 'utf8'));
    shares[name] = readArray(job.outputs.output).values;
  }
  const rows = readFileSync(at('probe/predictions.csv'), 'utf8').trim().split('\n').slice(1);
  assert.equal(rows.length, SAMPLES);
  for (const [name, values] of Object.entries(shares)) {
    rows.forEach((row, i) => {
      const [, , predicted, probability] = row.split(',').map(Number);
      assert.ok(Math.abs(values[10 * i + predicted] - probability) <= TOLERANCE, name);
    });
  }
});

test('how long an export took is said, with the files and without', () => {
  const args = ['export', '--model', at('deep/model.safetensors'), '--to', 'onnx', '--out', at('timed.onnx'), '--json'];
  const { seconds, conversion_seconds: conversion } = JSON.parse(hourglass(args).stdout);
  assert.ok(conversion > 0 && seconds > conversion);
});

test('the decoder alone says what it does without the places of maxima', () => {
  const { exported } = results['every other layer'];
  assert.match(exported.onnx.decoder.info.remarks[0], /decoder\.1 .*encoder\.1.*first place/);
  const said = hourglass([
    'export',
    '--model',
    at('every other layer/model.safetensors'),
    '--to',
    'onnx',
    '--out',
    at('d.onnx'),
    '--part',
    'decoder',
  ]);
  assert.match(said.stderr, /first place of its window/);
  assert.match(said.stdout, /Wrote .*d\.onnx and .*d\.info\.json: /);
  assert.equal(exported.onnx.whole.info.remarks, undefined);
});

test('the description beside the model has scaling, shapes and layers', () => {
  const info = JSON.parse(readFileSync(at('every other layer', 'whole.info.json'), 'utf8'));
  assert.deepEqual(info.input, { name: 'input', features: 784, image: [1, 28, 28] });
  assert.equal(info.scaling.kind, 'standardised');
  assert.equal(info.scaling.scale.length, 1);
  assert.match(info.about, /value \* scale \+ offset/);
  assert.deepEqual(info.layers[0], {
    name: 'encoder.0',
    kind: 'convolution',
    output: [3, 14, 14],
    activation: 'elu',
    parameters: 30,
  });
  const onnx = JSON.parse(hourglass(['info', at('every other layer', 'whole.onnx'), '--json']).stdout);
  assert.deepEqual(onnx.metadata['hourglass.info'].scaling, info.scaling);
  assert.equal(onnx.kind, 'onnx');
  assert.deepEqual(onnx.inputs, [{ name: 'input', shape: ['batch', '784'] }]);
});

test('info tells what a file is', () => {
  const model = at('vanilla', 'model.safetensors');
  const info = JSON.parse(hourglass(['info', model, '--json']).stdout);
  assert.equal(info.kind, 'checkpoint');
  assert.equal(info.parameters, 784 * 32 + 32 + 32 * 784 + 784);
  assert.deepEqual(info.input.image, [1, 28, 28]);
  assert.deepEqual(
    [info.data, info.train_samples, info.test_samples, info.epochs, info.loss],
    ['strokes', 100, 100, 1, 'bce'],
  );
  const { stdout } = hourglass(['info', model]);
  assert.match(stdout, /encoder\.0 +dense +32 +relu, 25,120 parameters/);
  assert.match(stdout, /strokes, 100 samples and 100 held out/);
  const weights = JSON.parse(hourglass(['info', at('vanilla/whole.weights.safetensors'), '--json']).stdout);
  assert.equal(weights.kind, 'safetensors');
  assert.deepEqual(weights.tensors[1], { name: 'decoder.0.weight', shape: [784, 32], count: 25088 });
  assert.match(hourglass(['info', at('vanilla/whole.onnx')]).stdout, /opset 17, made by Hourglass[^]*Gemm +encoder\.0/);
  refused(/no model that is known.*safetensors.*ONNX/, 'info', at('images.npy'));
  refused(/absent/, 'info', at('absent'));
  refused(/info needs a file/, 'info');
  writeFileSync(at('cut.onnx'), readFileSync(at('vanilla/whole.onnx')).subarray(0, 5000));
  refused(/cut\.onnx.*claims \d+ bytes/, 'info', at('cut.onnx'));
});

test('what is wrong is one sentence, and nothing is written', () => {
  const model = at('vanilla', 'model.safetensors');
  const before = readFileSync(model);
  const out = at('never.onnx');
  const to = (...flags) => ['export', '--model', model, ...flags];
  refused(/--model FILE/, 'export', '--to', 'onnx', '--out', out);
  refused(/--to onnx, tfjs, keras or pytorch/, ...to('--out', out));
  refused(/--out PATH/, ...to('--to', 'onnx'));
  refused(/'caffe'; there are onnx, tfjs, keras and pytorch/, ...to('--to', 'caffe', '--out', out));
  refused(/'middle'; there are encoder, decoder and whole/, ...to('--to', 'onnx', '--out', out, '--part', 'middle'));
  refused(/ends in \.onnx/, ...to('--to', 'onnx', '--out', at('never.pb')));
  refused(/ends in \.py/, ...to('--to', 'keras', '--out', at('never.h5')));
  refused(/names the folder/, ...to('--to', 'tfjs', '--out', at('never.json')));
  refused(/it is a file, and a folder is needed/, ...to('--to', 'tfjs', '--out', model));
  refused(/no\/folder/, ...to('--to', 'onnx', '--out', at('no/folder/never.onnx')));
  refused(/images\.npy/, 'export', '--model', at('images.npy'), '--to', 'onnx', '--out', out);
  refused(/absent/, 'export', '--model', at('absent'), '--to', 'onnx', '--out', out);
  // The one name that an export shares with a checkpoint.
  copyFileSync(model, at('net.weights.safetensors'));
  refused(
    /write over .*net\.weights\.safetensors/,
    ...['export', '--model', at('net.weights.safetensors'), '--to', 'pytorch', '--out', at('net.py')],
  );
  assert.deepEqual(readFileSync(at('net.weights.safetensors')), before);
  const weights = at('vanilla/whole.weights.safetensors');
  refused(/hourglass\.settings/, 'export', '--model', weights, '--to', 'onnx', '--out', out);
  for (const name of ['never.onnx', 'never.pb', 'never', 'no', 'net.py']) assert.ok(!existsSync(at(name)), name);
});
