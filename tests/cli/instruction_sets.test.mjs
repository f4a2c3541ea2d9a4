// One binary for every processor: the kernels' files and their choice at start.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { hourglass, program, temporaryFolder } from './support.mjs';

const objects = path.join(path.dirname(program), 'core/CMakeFiles/hourglass_core.dir/math/simd/isa');

// The sets that can run here, from the sentence that names them.
function runnableSets() {
  const { code, stderr } = hourglass(['presets'], { env: { HOURGLASS_ISA: 'abacus' } });
  assert.equal(code, 2, stderr);
  const names = /cannot be 'abacus'; on this processor it can be ([a-z0-9, ]+), or unset/.exec(stderr);
  assert.ok(names, stderr);
  return names[1].split(', ');
}

test('files compiled for one instruction set define nothing that the linker could share with the others', () => {
  const files = readdirSync(objects).filter((name) => /\.o$/.test(name));
  assert.ok(files.length >= (process.arch === 'x64' ? 3 : 1), `${files} in ${objects}`);
  for (const file of files) {
    const { stdout, status } = spawnSync('nm', [path.join(objects, file)], { encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, / T /, `${file} defines its table`);
    // Weak and unique symbols are inline functions and templates: one of several copies would win.
    assert.deepEqual(
      stdout.split('\n').filter((line) => / [VvWwu] /.test(line)),
      [],
      file,
    );
  }
});

test('every instruction set trains to the same losses', (t) => {
  const sets = runnableSets();
  const losses = sets.map((set) => {
    const { code, stdout, stderr } = hourglass(
      [
        'train',
        '--preset',
        'deep',
        '--data',
        'strokes',
        '--epochs',
        '1',
        '--json',
        '--set',
        'data.strokes_train=2000',
        'train.optimizer=adam',
        'train.learning_rate=0.001',
        '--out',
        temporaryFolder(t),
      ],
      { env: { HOURGLASS_ISA: set } },
    );
    assert.equal(code, 0, stderr);
    const { train_loss: train, test_loss: held } = JSON.parse(stdout.trim().split('\n').at(-1));
    return { set, train, held };
  });
  for (const { set, train, held } of losses) {
    assert.ok(Math.abs(train - losses[0].train) <= 1e-5 * losses[0].train, `${set}: ${JSON.stringify(losses)}`);
    assert.ok(Math.abs(held - losses[0].held) <= 1e-5 * losses[0].held, `${set}: ${JSON.stringify(losses)}`);
  }
  if (process.arch === 'x64') assert.ok(sets.includes('baseline'));
});
