// `hourglass project`: a run with its data in one file, and `train --resume` of it.

import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { hourglass, readSafetensors, refused, temporaryFolder } from './support.mjs';

// The last line of stdout; throws unless it went well.
function run(...args) {
  const { code, stdout, stderr } = hourglass([...args, '--json']);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

// 60 rows of three measures.
function table() {
  const lines = ['width,height,weight'];
  for (let i = 0; i < 60; i += 1) lines.push(`${(i * 7) % 13},${(i * 5) % 11},${i % 9}`);
  return `${lines.join('\n')}\n`;
}

const linear = [
  'model.encoder=[{"type":"dense","units":2}]',
  'model.decoder=[{"type":"dense","units":"input"}]',
  'model.loss=mse',
].flatMap((each) => ['--set', each]);

test('a project goes on without the data it was made of, with the bits of the run itself', (t) => {
  const folder = temporaryFolder(t);
  const at = (...names) => path.join(folder, ...names);
  writeFileSync(at('measures.csv'), table());
  run('train', '--preset', 'quick', '--data', at('measures.csv'), ...linear, '--epochs', '2', '--out', at('one'));
  const model = at('one', 'model.safetensors');
  refused(/say where that is with --data PATH/, 'project', '--model', model, '--out', at('p.zip'));
  const made = run('project', '--model', model, '--data', at('measures.csv'), '--out', at('p.zip'));
  assert.equal(made.has_data, true);

  run('train', '--resume', model, '--data', at('measures.csv'), '--epochs', '3', '--out', at('with'));
  rmSync(at('measures.csv'));
  run('train', '--resume', at('p.zip'), '--epochs', '3', '--out', at('without'));
  // What the header says besides has the time that epochs took.
  const arrays = (name) => readSafetensors(at(name, 'model.safetensors')).tensors;
  assert.deepEqual(arrays('with'), arrays('without'));
});

test('what is no project, and other data, are refused', (t) => {
  const folder = temporaryFolder(t);
  const at = (...names) => path.join(folder, ...names);
  run(
    'train',
    '--preset',
    'quick',
    '--data',
    'strokes',
    '--epochs',
    '1',
    '--set',
    'data.strokes_train=200',
    '--out',
    at('one'),
  );
  const model = at('one', 'model.safetensors');
  const made = run('project', '--model', model, '--out', at('p.zip'));
  assert.equal(made.has_data, false);
  writeFileSync(at('measures.csv'), table());
  refused(/is not what/, 'project', '--model', model, '--data', at('measures.csv'), '--out', at('q.zip'));
  const bytes = readFileSync(at('p.zip'));
  writeFileSync(at('cut.zip'), bytes.subarray(0, 2000));
  refused(/cut\.zip/, 'train', '--resume', at('cut.zip'));
  refused(/project needs --out/, 'project', '--model', model);
  // A project replaces neither the run nor anything else that is no project.
  const before = readFileSync(model);
  refused(/does not end in \.zip/, 'project', '--model', model, '--out', model);
  refused(/does not end in \.zip/, 'project', '--model', model, '--out', at('measures.csv'));
  renameSync(at('measures.csv'), at('data.zip'));
  refused(
    /is what the project is made of/,
    'project',
    '--model',
    model,
    '--data',
    at('data.zip'),
    '--out',
    at('data.zip'),
  );
  assert.ok(readFileSync(model).equals(before));
});
