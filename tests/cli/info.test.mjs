// `hourglass info` of models of other programs, and what is said of a model that was imported.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { hourglass, npy, refused, small, train } from './support.mjs';

let folder, model;
const at = (name) => path.join(folder, name);
const said = (...flags) => {
  const run = hourglass(flags);
  assert.equal(run.code, 0, run.stderr);
  return run.stdout;
};
const asJson = (...flags) =>
  JSON.parse(
    said(...flags, '--json')
      .trim()
      .split('\n')
      .at(-1),
  );

before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hourglass-cli-test-'));
  train(at('run'), '--preset', 'quick', '--epochs', '1', ...small);
  model = at('run/model.safetensors');
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('exports for TensorFlow.js and Keras are told, layer by layer', () => {
  said('export', '--model', model, '--to', 'tfjs', '--out', at('web'));
  const { parameters } = asJson('info', model);
  for (const place of ['web', 'web/model.json']) {
    const info = asJson('info', at(place));
    assert.equal(info.kind, 'tfjs');
    assert.equal(info.parameters, parameters);
    assert.deepEqual(
      info.layers.filter((layer) => layer.type === 'Dense').map((layer) => layer.shape),
      ['32, relu', '784, sigmoid'],
    );
    assert.match(
      said('info', at(place)),
      /model\.json: a model of TensorFlow\.js, made by Hourglass, \d layers, 50,992 parameters/,
    );
  }
  said('export', '--model', model, '--to', 'keras', '--out', at('net.py'));
  const arrays = asJson('info', at('net.weights.npz'));
  assert.equal(arrays.kind, 'npz');
  assert.equal(arrays.parameters, parameters);
  assert.equal(asJson('info', at('net.info.json')).parameters, parameters);
});

// A ZIP archive of one stored member.
function zip(name, text) {
  const data = Buffer.from(text),
    local = Buffer.alloc(30),
    central = Buffer.alloc(46),
    end = Buffer.alloc(22);
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  local.write('PK\x03\x04', 'latin1');
  central.write('PK\x01\x02', 'latin1');
  end.write('PK\x05\x06', 'latin1');
  for (const [header, from] of [
    [local, 14],
    [central, 16],
  ]) {
    header.writeUInt32LE(~crc >>> 0, from);
    header.writeUInt32LE(data.length, from + 4);
    header.writeUInt32LE(data.length, from + 8);
    header.writeUInt16LE(name.length, from + 12);
  }
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + data.length, 16);
  return Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name), end]);
}

test("Keras's own files are told, or what would be read instead", () => {
  const config = {
    class_name: 'Sequential',
    config: {
      layers: [
        { class_name: 'InputLayer', config: { name: 'in', batch_shape: [null, 784] } },
        { class_name: 'Dense', config: { name: 'code', units: 16, activation: 'relu' } },
      ],
    },
  };
  writeFileSync(at('net.keras'), zip('config.json', JSON.stringify(config)));
  const info = asJson('info', at('net.keras'));
  assert.equal(info.kind, 'keras');
  assert.deepEqual(info.layers[1], { name: 'code', type: 'Dense', shape: '16, relu' });
  writeFileSync(at('net.h5'), Buffer.concat([Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), Buffer.alloc(64)]));
  refused(/net\.h5' is HDF5, as Keras writes \.h5.*\.keras/, 'info', at('net.h5'));
  for (const [name, content] of [
    ['plain.json', '{"a": [1, 2]}'],
    ['broken.json', '{"modelTopology": '],
    ['other.zip', zip('a.txt', 'text')],
  ]) {
    writeFileSync(at(name), content);
    refused(/no model that is known.*model\.json/, 'info', at(name));
  }
});

test('a model that was imported is called that, and says what it cannot do', () => {
  // A dense autoencoder of another program is one of safetensors without settings.
  const weights = [
    ['enc.weight', [3, 8]],
    ['enc.bias', [3]],
    ['dec.weight', [8, 3]],
    ['dec.bias', [8]],
  ];
  const header = {};
  let size = 0;
  for (const [name, shape] of weights) {
    const bytes = 4 * shape.reduce((a, b) => a * b, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [size, (size += bytes)] };
  }
  const text = JSON.stringify(header),
    length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const numbers = Float32Array.from({ length: size / 4 }, (_, i) => Math.sin(i) / 4);
  writeFileSync(at('net.safetensors'), Buffer.concat([length, Buffer.from(text), Buffer.from(numbers.buffer)]));
  said('import', at('net.safetensors'), '--out', at('imported.safetensors'));
  assert.match(
    said('info', at('imported.safetensors')),
    /a model that was imported, [\s\S]*imported from +.*net\.safet/,
  );
  assert.equal(asJson('info', at('imported.safetensors')).kind, 'imported');
  refused(
    /'.*imported\.safetensors' was imported and has no state of an optimizer, so no run can go on from it/,
    'train',
    '--resume',
    at('imported.safetensors'),
  );
  for (const command of ['eval', 'compress']) {
    refused(/was imported.*--data NAME or PATH/, command, '--model', at('imported.safetensors'));
  }
  writeFileSync(at('x.npy'), npy(5, 8, new Array(40).fill(0.5)));
  said('encode', '--model', at('imported.safetensors'), '--in', at('x.npy'), '--out', at('codes.npy'));
});

test('settings of data that are words say which', () => {
  const settings = said('settings');
  assert.match(settings, /data\.shape +auto +\(auto, table, documents, or sides as 28x28 and 3x32x32\)/);
  assert.match(settings, /data\.label +auto +\(auto, none, first, last, /);
  assert.doesNotMatch(settings, /\(text\)/);
});

test('what lies beside an array, and what a setting cannot do, is said', () => {
  const values = Array.from({ length: 40 * 3 }, (_, i) => Math.sin(i));
  const data = mkdtempSync(path.join(folder, 'beside-'));
  writeFileSync(path.join(data, 'x.npy'), npy(40, 3, values));
  writeFileSync(path.join(data, 'people.csv'), 'name,age\na,1\nb,2\n');
  const inspected = asJson('inspect', data);
  assert.ok(inspected.notes.some((note) => /Left out, for NPY is what is read of '.*': 'people\.csv'\./.test(note)));
  assert.equal(inspected.left_out, 1);
  const { notes } = asJson('inspect', path.join(data, 'x.npy'), '--set', 'data.fit=crop', 'data.header=yes');
  assert.deepEqual(notes, [
    'data.fit and data.header change nothing: they say nothing about an array of plain numbers.',
  ]);
  refused(/data\.most_samples cannot be 1/, 'inspect', path.join(data, 'x.npy'), '--set', 'data.most_samples=1');
});
