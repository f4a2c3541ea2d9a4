// What a code is good for: `hourglass pca`, `tsne`, `search`, `generate`, `compress`, `anomaly` and `sweep`.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { hourglass, npy, png, readPng, readSafetensors, refused, small, temporaryFolder, train } from './support.mjs';

let folder, model, vae;
const at = (name) => path.join(folder, name);
const fewStrokes = ['data.strokes_train=1000', 'data.strokes_test=200'];

// The last line of stdout; throws unless it went well.
function run(...args) {
  const { code, stdout, stderr } = hourglass([...args, '--json']);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const lines = (file) => readFileSync(file, 'utf8').trim().split('\n');

before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hourglass-cli-test-'));
  const quick = [...small, 'train.optimizer=adam', 'train.learning_rate=0.003'];
  train(at('run'), '--preset', 'vanilla', '--epochs', '4', ...quick);
  train(at('vae'), '--preset', 'vae', '--epochs', '2', ...small);
  model = at('run/model.safetensors');
  vae = at('vae/model.safetensors');
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('pca says what a linear code comes to, and shows its components', (t) => {
  const out = path.join(temporaryFolder(t), 'pca');
  const found = run('pca', '--data', 'strokes', '--size', '16', '--out', out);
  assert.ok(found.test_mse > 0 && found.test_mse < found.mean_image_mse);
  assert.ok(found.explained_variance > 0.5 && found.explained_variance < 1);
  assert.equal(found.samples, 10000);
  assert.equal(found.size, 16);
  assert.ok(found.seconds > 0);
  const table = lines(path.join(out, 'pca.csv'));
  assert.equal(table.length, 17);
  assert.equal(table[0], 'component,variance,share,cumulative_share,test_mse');
  assert.ok(readPng(path.join(out, 'components.png')).width > 280);
  // More components never lose more, and threads change nothing.
  const larger = run('pca', '--data', 'strokes', '--size', '32', '--threads', '1');
  assert.ok(larger.test_mse < found.test_mse);
  const { seconds, ...first } = larger;
  const { seconds: again, ...second } = run('pca', '--data', 'strokes', '--size', '32', '--threads', '2');
  assert.ok(seconds > 0 && again > 0);
  assert.deepEqual(first, second);
});

test('pca says how far a linear network is from its subspace', () => {
  const linear = [
    ...small,
    'model.encoder=[{"units":2}]',
    'model.decoder=[{"units":"input"}]',
    'model.loss=mse',
    'train.optimizer=adam',
    'train.learning_rate=0.01',
    'train.batch_size=50',
  ];
  train(at('linear'), '--preset', 'vanilla', '--epochs', '1', ...linear);
  train(at('linear-longer'), '--preset', 'vanilla', '--epochs', '100', ...linear);
  const [early, late] = ['linear', 'linear-longer'].map((name) =>
    run('pca', '--model', at(`${name}/model.safetensors`)),
  );
  assert.equal(early.size, 2); // that of the code
  assert.equal(early.dimensions, 2);
  assert.ok(early.angle_degrees > 0 && early.angle_degrees <= 90);
  assert.ok(late.angle_degrees < early.angle_degrees / 2, `${early.angle_degrees} ${late.angle_degrees}`);
  assert.ok(late.mean_angle_degrees <= late.angle_degrees);
  const { stdout } = hourglass(['pca', '--model', at('linear-longer/model.safetensors')]);
  assert.match(stdout, /angle to the model {2}[\d.]+ degrees at most/);
  refused(/and encoder\.0 of this one is not linear: it is 'relu'\./, 'pca', '--model', model);
  refused(
    /A code of 2 units is held against as many principal components, and there are 1\./,
    ...['pca', '--model', at('linear/model.safetensors'), '--size', '1'],
  );
});

test('pca refuses what it cannot do', () => {
  refused(/needs --data/, 'pca', '--size', '3');
  refused(/needs --size N/, 'pca', '--data', 'strokes');
  refused(/--size cannot be '0'; it must be a whole number from 1 to/, 'pca', '--data', 'strokes', '--size', '0');
  refused(/There is no data set, file or folder 'stroke'/, 'pca', '--data', 'stroke', '--size', '3');
  refused(/--threads cannot be 'x'/, 'pca', '--data', 'strokes', '--size', '3', '--threads', 'x');
});

test('tsne maps the codes of a model, with pictures and the files of the Embedding Projector', (t) => {
  const out = path.join(temporaryFolder(t), 'map');
  const settings = ['--set', 'tsne.iterations=300', 'tsne.perplexity=15'];
  const found = run('tsne', '--model', model, '--data', 'strokes', '--out', out, ...settings);
  assert.equal(found.points, 200);
  assert.equal(found.iterations, 300);
  assert.ok(found.kl_divergence > 0 && found.kl_divergence < 3);
  assert.ok(found.trustworthiness > 0.8 && found.trustworthiness <= 1);
  const table = lines(path.join(out, 'map.csv'));
  assert.equal(table.length, 201);
  assert.match(table[0], /^x,y,label,neighbors_kept,slant,/);
  assert.match(table[1], /^-?[\d.e+-]+,-?[\d.e+-]+,\d,/);
  for (const name of ['map.png', 'thumbnails.png']) assert.ok(readPng(path.join(out, name)).width > 900);
  const vectors = lines(path.join(out, 'vectors.tsv'));
  assert.equal(vectors.length, 200);
  assert.equal(vectors[0].split('\t').length, 32);
  const metadata = lines(path.join(out, 'metadata.tsv'));
  assert.equal(metadata.length, 201);
  assert.match(metadata[0], /^index\tlabel\tslant\t/);
  const sprite = readPng(path.join(out, 'sprite.png'));
  assert.equal(sprite.width, 15 * 28);

  // The same codes from a file, on another number of threads, make the same map.
  const codes = at('codes.npy');
  assert.equal(hourglass(['encode', '--model', model, '--data', 'strokes', '--out', codes]).code, 0);
  const second = path.join(path.dirname(out), 'again');
  const again = run('tsne', '--in', codes, '--out', second, '--threads', '2', ...settings);
  assert.equal(again.kl_divergence, found.kl_divergence);
  const xy = (file) => lines(file).map((line) => line.split(',').slice(0, 2).join());
  assert.deepEqual(xy(path.join(second, 'map.csv')), xy(path.join(out, 'map.csv')));
  assert.ok(!existsSync(path.join(second, 'thumbnails.png')));
});

test('equal codes stay together on a map that is finite', (t) => {
  const out = path.join(temporaryFolder(t), 'map');
  const values = Array.from({ length: 60 * 3 }, (_, i) => (Math.floor(i / 3) < 30 ? 0.5 : 2));
  writeFileSync(at('equal.npy'), npy(60, 3, values));
  const found = run('tsne', '--in', at('equal.npy'), '--out', out, '--set', 'tsne.perplexity=5');
  assert.ok(found.kl_divergence >= 0);
  const points = lines(path.join(out, 'map.csv'))
    .slice(1)
    .map((line) => line.split(',').slice(0, 2).map(Number));
  assert.ok(points.flat().every(Number.isFinite));
  const mean = (group) => [0, 1].map((axis) => group.reduce((sum, point) => sum + point[axis], 0) / group.length);
  const groups = [points.slice(0, 30), points.slice(30)];
  const means = groups.map(mean);
  const apart = Math.hypot(means[0][0] - means[1][0], means[0][1] - means[1][1]);
  groups.forEach((group, i) => {
    for (const [x, y] of group) assert.ok(Math.hypot(x - means[i][0], y - means[i][1]) < apart / 4);
  });
});

test('tsne refuses what it cannot do', () => {
  const out = at('no-map');
  const codes = at('few.npy');
  writeFileSync(
    codes,
    npy(
      20,
      2,
      Array.from({ length: 40 }, (_, i) => (i * 7) % 11),
    ),
  );
  refused(/perplexity/, 'tsne', '--in', codes, '--out', out);
  refused(/--in FILE or makes them with --model FILE/, 'tsne', '--out', out);
  refused(/--in FILE or makes them with --model FILE/, 'tsne', '--in', codes, '--model', model, '--out', out);
  refused(/needs --out DIR/, 'tsne', '--in', codes);
  refused(/'train.epochs' is not of a map/, 'tsne', '--in', codes, '--out', out, '--set', 'train.epochs=3');
  refused(/the nearest is 'tsne.perplexity'/, 'tsne', '--in', codes, '--out', out, '--set', 'tsne.perplexit=3');
  refused(/--thumbnail-distance cannot be '0'/, 'tsne', '--in', codes, '--out', out, '--thumbnail-distance', '0');
  writeFileSync(
    codes,
    npy(
      20,
      2,
      Array.from({ length: 40 }, (_, i) => (i === 3 ? NaN : i)),
    ),
  );
  refused(/not finite/, 'tsne', '--in', codes, '--out', out, '--set', 'tsne.perplexity=3');
  refused(/is of 'hourglass tsne'/, 'train', '--preset', 'vanilla', '--set', 'tsne.perplexity=3');
  assert.ok(!existsSync(out));
});

test('search tells how often the nearest are of a class, and lists those of a query', (t) => {
  const out = path.join(temporaryFolder(t), 'search');
  const found = run('search', '--model', model, '--query', '5', '--out', out);
  assert.equal(found.samples, 200);
  for (const space of ['code', 'pixel']) {
    assert.ok(found.precision_at_10[space] > 0.2 && found.precision_at_10[space] <= 1);
    const nearest = found.nearest[space];
    assert.equal(nearest.length, 10);
    assert.ok(nearest.every(({ index }) => index !== 5));
    for (let i = 1; i < 10; ++i) assert.ok(nearest[i].distance >= nearest[i - 1].distance);
    assert.match(nearest[0].class, /^\d$/);
  }
  assert.ok(readPng(path.join(out, 'neighbors.png')).width > 900);
  assert.equal(lines(path.join(out, 'neighbors.csv')).length, 21);

  const noisy = run('search', '--model', model, '--noise', 'gaussian:0.3');
  assert.deepEqual(noisy.precision_at_10, found.precision_at_10);
  assert.ok(noisy.kept_at_10.code < 1 && noisy.kept_at_10.pixel < 1);
  assert.ok(noisy.noisy_precision_at_10.code <= 1);
  assert.deepEqual(run('search', '--model', model, '--noise', 'none:0').kept_at_10, { code: 1, pixel: 1 });
});

test('search takes a query from a file, and finds the image there is', () => {
  const image = at('query.npy');
  const run5 = hourglass(['reconstruct', '--model', model, '--data', 'strokes', '--out', at('all.npy')]);
  assert.equal(run5.code, 0, run5.stderr);
  writeFileSync(image, npy(1, 784, new Array(784).fill(0)));
  const found = run('search', '--model', model, '--query', image);
  assert.equal(found.nearest.pixel.length, 10);
  writeFileSync(at('blank.png'), png(28, 28, 1, new Array(784).fill(0)));
  assert.deepEqual(run('search', '--model', model, '--query', at('blank.png')).nearest, found.nearest);
  refused(/samples, and a query is one/, 'search', '--model', model, '--query', at('all.npy'));
});

test('search refuses what it cannot do', () => {
  refused(/needs --model FILE/, 'search');
  refused(/--query cannot be '200'; .* 0 to 199/, 'search', '--model', model, '--query', '200');
  refused(/--noise takes a kind and a level/, 'search', '--model', model, '--noise', 'gaussian');
  const table = at('ten.csv');
  const rows = Array.from({ length: 30 }, (_, i) => Array.from({ length: 784 }, (_, j) => (i * j) % 2).join());
  writeFileSync(table, rows.join('\n'));
  refused(/at least 11/, 'search', '--model', model, '--data', table);
});

test('generate draws from a prior, a Gaussian or a mixture, the same again for the same seed', (t) => {
  const out = temporaryFolder(t);
  const files = (name) => readFileSync(path.join(out, name), 'utf8');
  const prior = run('generate', '--model', vae, '--out', path.join(out, 'prior'), '--count', '20');
  assert.equal(prior.from, 'prior');
  assert.equal(prior.kl_per_unit.length, 2);
  assert.ok(prior.active_units >= 0 && prior.active_units <= 2);
  for (const name of ['samples.png', 'walks.png', 'kl.png', 'sliders.png']) {
    assert.ok(readPng(path.join(out, 'prior', name)).width > 200);
  }
  for (const more of [
    ['--from', 'gaussian'],
    ['--from', 'mixture', '--components', '3'],
  ]) {
    const draw = (name, seed) =>
      run('generate', '--model', model, '--out', path.join(out, name), '--count', '30', '--seed', seed, ...more);
    const found = draw('first', '4');
    assert.ok(Number.isFinite(found.log_likelihood));
    assert.equal(found.components, more.length === 4 ? 3 : 1);
    assert.ok(found.r_squared.slant <= 1);
    assert.equal(files('first/codes.csv').trim().split('\n').length, 30);
    draw('second', '4');
    assert.equal(files('second/codes.csv'), files('first/codes.csv'));
    draw('second', '5');
    assert.notEqual(files('second/codes.csv'), files('first/codes.csv'));
  }
});

test('generate refuses what it cannot do', () => {
  const of = ['generate', '--model', model, '--out', at('nothing')];
  refused(/needs --out DIR/, 'generate', '--model', model);
  refused(/--from prior draws codes from the prior .* --from gaussian/, ...of, '--from', 'prior');
  refused(/it is prior, gaussian or mixture/, ...of, '--from', 'gauss');
  refused(/--components goes with --from mixture/, ...of, '--components', '3');
  refused(/--components cannot be '0'/, ...of, '--from', 'mixture', '--components', '0');
  assert.ok(!existsSync(at('nothing')));
});

test('compress sets codes beside PCA, PNG and JPEG', (t) => {
  const out = path.join(temporaryFolder(t), 'compress');
  const found = run('compress', '--model', model, '--out', out);
  const of = (method) => found.curve.filter((point) => point.method === method);
  assert.deepEqual(
    [...new Set(found.curve.map(({ method }) => method))],
    ['code', 'pca', 'png', 'jpeg', 'png-sheet', 'jpeg-sheet'],
  );
  const codes = of('code');
  assert.equal(codes.length, 9);
  for (let i = 1; i < 8; ++i) {
    assert.ok(codes[i].bytes >= codes[i - 1].bytes);
    assert.ok(codes[i].ideal_bytes <= codes[i].bytes + 1e-9);
  }
  assert.ok(codes[7].mse < codes[0].mse);
  assert.ok(of('png')[0].mse < 1e-9);
  assert.equal(of('png')[0].ideal_bytes, null);
  assert.ok(found.decoder_bytes > 4 * 32 * 784);
  assert.equal(lines(path.join(out, 'compression.csv')).length, found.curve.length + 1);
  assert.ok(readPng(path.join(out, 'compression.png')).width > 900);
  assert.deepEqual(run('compress', '--model', model, '--threads', '2'), found);
  refused(/needs --model FILE/, 'compress');
});

test('anomaly trains without a class and tells it from the others', (t) => {
  const out = path.join(temporaryFolder(t), 'anomaly');
  const args = ['--preset', 'vanilla', '--data', 'strokes', '--hold-out', '1', '--epochs', '3'];
  const quick = ['--set', ...fewStrokes, 'train.optimizer=adam', 'train.learning_rate=0.003'];
  const found = run('anomaly', ...args, ...quick, '--out', out);
  assert.ok(found.auc >= 0 && found.auc <= 1);
  assert.equal(found.hold_out, '1');
  assert.equal(found.samples, 200);
  assert.ok(found.anomalies > 5 && found.anomalies < 40);
  assert.ok(found.pca_auc >= 0 && found.pca_auc <= 1);
  assert.equal(Object.keys(found.class_mse).length, 10);
  const table = lines(path.join(out, 'scores.csv'));
  assert.equal(table.length, 201);
  assert.equal(table.filter((line) => line.split(',')[2] === '1').length, found.anomalies);
  for (const name of ['histogram.png', 'roc.png']) assert.ok(readPng(path.join(out, name)).width > 900);

  // The area by hand: of all pairs, how many have the anomaly above the normal sample.
  const rows = table.slice(1).map((line) => line.split(','));
  const [odd, normal] = ['1', '0'].map((is) => rows.filter((row) => row[2] === is).map((row) => Number(row[3])));
  const above = odd.flatMap((a) => normal.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  assert.ok(Math.abs(above.reduce((a, b) => a + b) / above.length - found.auc) < 1e-3);

  // The model that was written is the one that was measured.
  const again = run('anomaly', '--model', path.join(out, 'model.safetensors'), '--hold-out', '1');
  assert.ok(Math.abs(again.auc - found.auc) < 1e-9);
  const threads = run('anomaly', ...args, ...quick, '--threads', '2');
  assert.equal(threads.auc, found.auc);
});

test('anomaly refuses what it cannot do', () => {
  const of = ['anomaly', '--preset', 'vanilla', '--data', 'strokes'];
  refused(/needs --hold-out CLASS/, ...of);
  refused(/There is no class 'cat' in 'strokes'; it has 0, 1, 2/, ...of, '--hold-out', 'cat');
  refused(/--preset NAME or takes one with --model FILE/, 'anomaly', '--hold-out', '1');
  refused(/is trained already/, 'anomaly', '--model', model, '--hold-out', '1', '--epochs', '3');
  refused(/the nearest is 'vanilla'/, 'anomaly', '--preset', 'vanila', '--hold-out', '1');
  const one = at('one.csv');
  writeFileSync(one, `a,b,label\n${Array.from({ length: 20 }, (_, i) => `${i},${i % 3},x`).join('\n')}\n`);
  refused(/one class only; a ROC curve needs/, 'anomaly', '--preset', 'vanilla', '--data', one, '--hold-out', 'x');
});

test('sweep trains codes of several sizes beside PCA', (t) => {
  const out = path.join(temporaryFolder(t), 'sweep');
  const args = ['--preset', 'vanilla', '--data', 'strokes', '--epochs', '3', '--sizes', '8,1,2,4,2'];
  const quick = ['--set', ...fewStrokes, 'train.optimizer=adam', 'train.learning_rate=0.01'];
  const found = run('sweep', ...args, ...quick, '--out', out);
  assert.deepEqual(
    found.points.map(({ size }) => size),
    [1, 2, 4, 8],
  );
  for (const point of found.points) {
    assert.ok(point.test_mse > 0 && point.pca_mse > 0 && point.epochs >= 1);
    assert.ok(point.dead_units >= 0 && point.dead_units <= point.size);
    const { tensors } = readSafetensors(path.join(out, `model-${point.size}.safetensors`));
    assert.equal(tensors.get('encoder.0.weight').shape[0], point.size);
  }
  assert.ok(found.points[3].pca_mse < found.points[0].pca_mse);
  assert.equal(lines(path.join(out, 'sweep.csv')).length, 5);
  assert.ok(readPng(path.join(out, 'sweep.png')).width > 900);
});

test('sweep refuses what it cannot do', () => {
  const of = ['sweep', '--preset', 'vanilla', '--data', 'strokes', '--sizes'];
  for (const sizes of ['', '1,,2', '0', '1,x', '1 2', '99999999']) refused(/--sizes takes whole numbers/, ...of, sizes);
  refused(/needs --preset NAME/, 'sweep');
  const maps = '[{"type":"convolution","channels":4}]';
  refused(/needs a code of a dense or a gaussian layer/, ...of, '1,2', '--set', `model.encoder=${maps}`);
});
