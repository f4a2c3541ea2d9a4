// `hourglass presets`, `settings`, `bench`, `--help` and `--version`.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { hourglass, repository, temporaryFolder } from './support.mjs';

function output(...args) {
  const run = hourglass(args);
  assert.equal(run.code, 0, run.stderr);
  assert.equal(run.stderr, '');
  return run.stdout;
}

test('presets lists the files of assets/presets', () => {
  const presets = JSON.parse(output('presets', '--json'));
  const files = readdirSync(path.join(repository, 'assets/presets')).filter((name) => name.endsWith('.json'));
  assert.deepEqual(presets.map(({ name }) => `${name}.json`).sort(), files.sort());
  for (const preset of presets) {
    const file = JSON.parse(readFileSync(path.join(repository, 'assets/presets', `${preset.name}.json`)));
    assert.deepEqual(preset.settings, file.settings);
    assert.deepEqual(preset.teaches, file.teaches);
    assert.deepEqual(preset.published, file.published);
    assert.equal(preset.linear_probe, file.linear_probe ?? null);
    if (file.linear_probe) {
      const percent = (100 * file.linear_probe).toFixed(1);
      assert.ok(output('presets').replace(/\s+/g, ' ').includes(`Linear probe of the code: ${percent} %.`));
    }
  }
  for (const { name, source } of presets) {
    assert.ok(output('presets').includes(name));
    assert.ok(output('presets').replace(/\s+/g, ' ').includes(source));
  }
});

test('settings lists the table, and the values that it gives are values that it takes', () => {
  const settings = JSON.parse(output('settings', '--json'));
  assert.ok(settings.length >= 20);
  const text = output('settings');
  for (const setting of settings) {
    assert.ok(text.includes(setting.key));
    assert.equal(typeof setting.live, 'boolean');
    assert.equal(setting.help, `setting.${setting.key}.help`);
    const { type, low, high, choices, default: initial } = setting;
    if (type === 'choice') assert.ok(choices.includes(initial));
    if (type === 'integer' || type === 'real') {
      assert.ok(low <= initial && initial <= high);
      assert.ok(['linear', 'logarithmic'].includes(setting.scale));
    }
  }
  assert.equal(new Set(settings.map(({ key }) => key)).size, settings.length);
  // What would do nothing here is not offered, and refused.
  const views = settings.map(({ key }) => key).filter((key) => key.startsWith('view.'));
  assert.deepEqual(views.sort(), ['view.image_set', 'view.images', 'view.map_points']);
  const refused = hourglass(['train', '--preset', 'vanilla', '--set', 'view.tiles=inputs']);
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /view\.tiles/);
});

test('--help explains every command and flag, --version says which one this is', () => {
  const help = output('--help');
  for (const command of ['train', 'eval', 'encode', 'decode', 'reconstruct', 'presets', 'settings', 'bench']) {
    assert.ok(help.includes(command));
    assert.match(output(command, '--help'), /Usage/);
    assert.doesNotMatch(output(command, '--help'), /Examples/); // those of the program are of other commands
  }
  assert.match(help, /Examples/);
  const train = output('train', '--help');
  for (const flag of [
    '--preset',
    '--data',
    '--epochs',
    '--seed',
    '--threads',
    '--set',
    '--resume',
    '--out',
    '--json',
    'runs/PRESET',
  ]) {
    assert.ok(train.includes(flag), flag);
  }
  assert.ok(
    train.split('\n').every((line) => line.length <= 100),
    'no line is too long',
  );
  const version = /project\(hourglass VERSION (\S+)/.exec(
    readFileSync(path.join(repository, 'CMakeLists.txt'), 'utf8'),
  )[1];
  assert.equal(output('--version'), `hourglass ${version}\n`);
});

test('bench measures, and its figures hang together', () => {
  const result = JSON.parse(output('bench', '--json', '--seconds', '1', '--threads', '1'));
  assert.ok(result.fma_peak_gflops > 0);
  assert.ok(result.largest_error < 1e-5);
  assert.ok(result.rounds >= 5);
  assert.deepEqual(
    result.gemm.map(({ inputs, outputs, pass }) => `${inputs}x${outputs} ${pass}`),
    ['784x128', '128x64', '64x32'].flatMap((shape) =>
      ['forward', 'backward', 'gradient'].map((pass) => `${shape} ${pass}`),
    ),
  );
  for (const { gflops, share_of_peak: share } of result.gemm) assert.ok(gflops > 0 && share > 0);
  const [training, ...others] = result.training;
  assert.equal(others.length, 0);
  assert.equal(training.threads, 1);
  assert.equal(training.batch, 256);
  assert.equal(training.rounds.length, result.rounds);
  // 1.13 million operations an image: three products for each layer but the first, which has two.
  const layers = [
    [784, 128],
    [128, 64],
    [64, 32],
    [32, 64],
    [64, 128],
    [128, 784],
  ];
  const flop = layers.reduce((sum, [a, b], i) => sum + 2 * a * b * (i === 0 ? 2 : 3), 0);
  assert.ok(Math.abs((training.gflops / training.images_per_second) * 1e9 - flop) < 1);
  assert.ok(training.images_per_second >= Math.min(...training.rounds));
});

test('bench takes another network, mini-batch and numbers of threads', () => {
  const result = JSON.parse(
    output('bench', '--json', '--seconds', '1', '--layers', '784,20,8,784', '--batch', '64', '--threads', '1,2'),
  );
  assert.deepEqual(result.gemm, []);
  assert.deepEqual(
    result.training.map(({ threads }) => threads),
    [1, 2],
  );
  for (const training of result.training) {
    assert.equal(training.preset, '784-20-8-784');
    assert.equal(training.batch, 64);
    const flop = 2 * (784 * 20 * 2 + 20 * 8 * 3 + 8 * 784 * 3);
    assert.ok(Math.abs((training.gflops / training.images_per_second) * 1e9 - flop) < 1);
  }
  const [preset] = JSON.parse(
    output('bench', '--json', '--seconds', '1', '--preset', 'denoising', '--threads', '1'),
  ).training;
  assert.equal(preset.preset, 'denoising');
  assert.ok(preset.images_per_second > 0);
});

test('bench --load reads data as training does', (t) => {
  const folder = temporaryFolder(t);
  const rows = Array.from({ length: 20 }, (_, i) => [i, i * i, 20 - i].join(','));
  writeFileSync(path.join(folder, 'table.csv'), `${['a,b,c', ...rows].join('\n')}\n`);
  const result = JSON.parse(output('bench', '--json', '--seconds', '1', '--load', path.join(folder, 'table.csv')));
  assert.equal(result.training_samples + result.test_samples, 20);
  assert.ok(result.rounds.length >= 5 && result.rounds.every((seconds) => seconds > 0));
  assert.ok(result.seconds >= Math.min(...result.rounds) && result.seconds <= Math.max(...result.rounds));
});
