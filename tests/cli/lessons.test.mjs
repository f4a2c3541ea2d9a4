// The lessons that come with Hourglass, gone through as a learner is told to: each goal is met by what its step asks
// for, and by nothing less, and the numbers in the texts are those that come out.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { isMet, leaves, lessonsFolder, readLesson, Walk } from '../support/lessons.mjs';
import { hourglass, temporaryFolder } from './support.mjs';

const names = readdirSync(lessonsFolder).map((file) => path.basename(file, '.json'));

// What a learner changes in a step before it is trained; of steps that have something trained.
const WAYS = {
  'first-visit': { 2: {} },
  'why-not-zero': {
    1: {},
    4: { 'model.encoder': [{ type: 'dense', units: 64, activation: 'relu' }] },
    5: { 'model.loss': 'mse' },
  },
  'all-the-same': {
    0: {},
    3: { 'train.optimizer': 'adam', 'train.learning_rate': 0.005 },
    4: {},
    6: { 'train.learning_rate': 0.001 },
  },
  'scaling-and-last-layer': { 1: {}, 2: { 'model.decoder': 'tanh' }, 3: { 'data.scaling': 'unit' } },
  'kl-collapse': {
    1: {},
    3: { 'penalty.kl': 0.00128 },
    4: { 'model.loss': 'sse' },
    5: {},
    6: { 'penalty.kl_warmup': 5 },
  },
  'blur-and-holes': { 0: {}, 4: {}, 5: { 'penalty.kl': 0.01 } },
  'am-i-done': { 2: {}, 3: {}, 5: { 'train.patience': 5 } },
  'code-size': { 0: {}, 5: { 'model.encoder': [{ type: 'dense', units: 16, activation: 'relu' }] } },
  'only-copies': {
    1: {},
    3: { 'noise.kind': 'gaussian', 'noise.level': 0.3 },
    4: {},
    5: { 'train.learning_rate': 0.003 },
  },
  'linear-and-pca': { 1: {}, 4: {}, 5: {} },
  'denoising-and-dropout': {
    0: { 'view.noise.level': 0.5 },
    1: { 'noise.kind': 'gaussian', 'noise.level': 0.5 },
    3: { 'noise.kind': 'dropout', 'noise.level': 0.5 },
  },
  'reading-tsne': { 0: {} },
};

// The last layer of the step's network with another activation, as the window makes it.
function spelledOut(walk, changes) {
  if (typeof changes['model.decoder'] !== 'string') return changes;
  const layers = walk.settings['model.decoder'];
  return { 'model.decoder': [...layers.slice(0, -1), { ...layers.at(-1), activation: changes['model.decoder'] }] };
}

// The texts of a step, in both languages, say `measured` to as many digits as `said` has.
function says(lesson, index, said, measured) {
  const step = lesson.steps[index];
  for (const language of ['en', 'zh']) {
    const words = JSON.stringify(step, (key, value) => (value?.[language] && value.en ? value[language] : value));
    assert.ok(words.includes(said), `${lesson.name}, step ${index} (${language}) says ${said}`);
  }
  const error = Math.abs(Number(said) - measured) / Math.abs(measured);
  assert.ok(error < 0.04, `${lesson.name}, step ${index}: ${said} is said, and ${measured} comes out`);
}

// Goes through a lesson; returns the facts after each step that is trained, by the step's index.
function follow(name, folder) {
  const walk = new Walk(name, folder);
  const found = {};
  for (const [index, step] of walk.lesson.steps.entries()) {
    walk.enter(index);
    if (!(index in WAYS[name])) continue;
    const changes = spelledOut(walk, WAYS[name][index]);
    const place = `${name}, step ${index}: ${step.title.en}`;
    if (leaves(step.goal, 'value').length > 0) {
      // A step may ask about the run that the one before has begun.
      const asks = step.start || Object.keys(changes).length > 0 || Object.keys(found).length === 0;
      if (asks) assert.ok(!isMet(step.goal, walk.facts), `${place}: its goal is met by doing nothing`);
      if (asks) assert.ok(!isMet(step.goal, walk.changed(changes)), `${place}: its goal is met without training`);
    }
    const { 'view.noise.level': shown, ...trained } = changes;
    found[index] = { ...walk.train(trained), restored: (noise) => walk.restored(noise, found[index].model) };
    if (shown) found[index]['setting.view.noise.level'] = shown;
    assert.ok(isMet(step.goal, found[index]), `${place}: ${JSON.stringify([step.goal, found[index]])}`);
  }
  return [walk.lesson, found];
}

const json = (...args) => JSON.parse(hourglass([...args, '--json']).stdout);

test('every lesson can be used, is in both languages and says little at a time', () => {
  for (const name of names) {
    const file = path.join(lessonsFolder, `${name}.json`);
    const { code, stderr } = hourglass(['lesson', 'check', file]);
    assert.equal(code, 0, stderr);
    const lesson = readLesson(name);
    assert.ok(lesson.steps.length >= 5 && lesson.steps.length <= 9, `${name} has 5 to 9 steps`);
    for (const { title, text } of lesson.steps) {
      assert.ok(text.en.split(/\s+/).length <= 70 && text.zh.length <= 130, `${name}, ${title.en}: too long`);
    }
    JSON.parse(readFileSync(file, 'utf8'), (key, value) => {
      if (value?.en || value?.zh) assert.ok(value.en && value.zh, `${name}: ${JSON.stringify(value)}`);
      return value;
    });
  }
});

test('every answer gets a reply, and there are hints where something is to be done', () => {
  for (const name of names) {
    for (const { title, goal, hints } of readLesson(name).steps) {
      for (const { choices, predict } of leaves(goal, 'choice')) {
        const right = choices.filter((each) => each.right).length;
        assert.ok(predict ? right > 0 : right === 1, `${name}, ${title.en}: ${right} right choices`);
        assert.ok(
          choices.every(({ reply }) => reply),
          `${name}, ${title.en}: a choice without a reply`,
        );
      }
      if (leaves(goal, 'value').length > 0) assert.ok(hints?.length > 0, `${name}, ${title.en} has a hint`);
    }
  }
});

test('losses: the floor, the mean image, PCA and a run that learns by heart', (t) => {
  const folder = temporaryFolder(t);
  const pca = json('pca', '--data', 'strokes', '--size', '32');
  const [floor, runs] = follow('why-not-zero', path.join(folder, 'floor'));
  const range = floor.steps[2].goal;
  assert.ok(range.low < pca.entropy_floor && pca.entropy_floor < range.high);
  says(floor, 2, '0.061', pca.entropy_floor);
  says(floor, 1, '0.130', runs[1].test_loss);
  says(floor, 4, '0.107', runs[4].test_loss);
  says(floor, 6, '0.0195', runs[1].test_mse);
  says(floor, 6, '0.020', runs[5].test_mse);
  const [done, curves] = follow('am-i-done', path.join(folder, 'done'));
  says(done, 1, '0.064', pca.mean_image_mse);
  says(done, 2, '0.0114', curves[2].test_mse);
  says(done, 2, '0.0153', pca.test_mse);
  says(done, 3, '0.0395', curves[3].test_loss);
  says(done, 3, '0.0379', curves[3].best_test_loss);
  follow('first-visit', path.join(folder, 'first'));
});

test('networks that learn nothing, and what wakes them', (t) => {
  const folder = temporaryFolder(t);
  const [same, runs] = follow('all-the-same', path.join(folder, 'same'));
  says(same, 3, '0.064', runs[0].test_mse);
  says(same, 3, '0.046', runs[3].test_mse);
  says(same, 6, '0.031', runs[6].test_mse);
  const [scaling, ranges] = follow('scaling-and-last-layer', path.join(folder, 'scaling'));
  says(scaling, 1, '0.91', ranges[1].test_loss);
  says(scaling, 2, '0.079', ranges[2].test_loss);
  says(scaling, 3, '0.024', ranges[3].test_loss);
  const [copies, widths] = follow('only-copies', path.join(folder, 'copies'));
  says(copies, 1, '0.0067', widths[1].test_mse);
  says(copies, 2, '0.039', widths[1].restored('gaussian:0.3'));
  says(copies, 3, '0.0104', widths[3].restored('gaussian:0.3'));
  says(copies, 4, '67', 100 * widths[4].code_zero);
  says(copies, 5, '0.017', widths[5].test_mse);
});

test('variational codes, and plain ones', (t) => {
  const folder = temporaryFolder(t);
  const [collapse, runs] = follow('kl-collapse', path.join(folder, 'kl'));
  assert.equal(runs[1]['diagnosis.collapsed_posterior'], 1);
  says(collapse, 5, '4.5', runs[3].kl);
  says(collapse, 4, '2.8', runs[4].kl);
  says(collapse, 5, '1.5', runs[5].kl);
  says(collapse, 5, '0.0513', runs[5].test_mse);
  says(collapse, 6, '0.0372', runs[6].test_mse);
  const [holes, maps] = follow('blur-and-holes', path.join(folder, 'holes'));
  says(holes, 4, '0.0485', maps[0].test_mse);
  says(holes, 4, '0.0493', maps[4].test_mse);
});

test('sizes of the code, linear ones, noise', (t) => {
  const folder = temporaryFolder(t);
  const [size, sizes] = follow('code-size', path.join(folder, 'size'));
  says(size, 0, '0.059', sizes[0].test_mse);
  says(size, 5, '0.028', sizes[5].test_mse);
  const pca = json('pca', '--data', 'strokes', '--size', '8');
  const [linear, runs] = follow('linear-and-pca', path.join(folder, 'linear'));
  says(linear, 2, '0.0348', pca.test_mse);
  says(linear, 1, '0.0349', runs[1].test_mse);
  says(linear, 4, '0.0349', runs[4].test_mse);
  says(linear, 5, '0.0261', runs[5].test_mse);
  assert.deepEqual([runs[1].parameters, runs[4].parameters], [13336, 7064]);
  const [noise, trained] = follow('denoising-and-dropout', path.join(folder, 'noise'));
  says(noise, 0, '0.017', trained[0].test_mse);
  says(noise, 0, '0.067', trained[0].restored('gaussian:0.5'));
  says(noise, 1, '0.032', trained[1].restored('gaussian:0.5'));
  says(noise, 2, '0.28', trained[1].test_loss);
  says(noise, 2, '0.067', trained[1].test_mse);
  says(noise, 3, '0.019', trained[3].test_mse);
  says(noise, 4, '0.131', trained[3].test_loss);
  says(noise, 4, '0.145', trained[3].loss);
});

test('sweep, anomalies and t-SNE find what their lessons say', (t) => {
  const folder = temporaryFolder(t);
  const rate = ['--set', 'train.learning_rate=0.003'];
  const size = readLesson('code-size');
  const sweep = json('sweep', '--preset', 'quick', '--sizes', '1,2,4,8,16,32,64', '--epochs', '5', ...rate);
  says(size, 3, '32', sweep.elbow);
  says(size, 2, '0.055', sweep.points[2].test_mse);
  says(size, 2, '0.020', sweep.points[6].test_mse);
  assert.ok(size.steps[3].goal.low <= sweep.elbow && sweep.elbow <= size.steps[3].goal.high);

  const odd = readLesson('anomaly-threshold');
  const code = `model.encoder=${JSON.stringify(odd.start.settings['model.encoder'])}`;
  const leaveOut = (name) => json('anomaly', '--preset', 'quick', '--hold-out', name, '--epochs', '5', ...rate, code);
  const zero = leaveOut('0');
  says(odd, 1, '85', 100 * zero.recall);
  const at = ({ recall, precision }) => ({ 'anomaly.recall': recall, 'anomaly.precision': precision });
  assert.ok(!isMet(odd.steps[2].goal, at(zero)) && !isMet(odd.steps[3].goal, at(zero)), 'where the threshold begins');
  const area = odd.steps[5].goal;
  const one = leaveOut('1').auc;
  assert.ok(area.low < one && one < area.high, `${one}`);

  const walk = new Walk('reading-tsne', folder);
  walk.enter(0);
  const { model } = walk.train();
  says(
    walk.lesson,
    1,
    '0.98',
    json('tsne', '--model', model, '--data', 'strokes', '--out', `${folder}/map`).trustworthiness,
  );
});
