// Flags that cannot be used: one sentence on stderr that says what would be right, exit code 2, and no files.

import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { hourglass, temporaryFolder } from './support.mjs';

const preset = ['--preset', 'vanilla'];

for (const [flags, expected] of [
  [[], /train.*--help/],
  [['trian'], /'trian'.*nearest is 'train'/],
  [['fly'], /'fly'; there are train, eval/],
  [['--preset', 'vanilla'], /--preset.*after/],
  [['train'], /--preset NAME.*--resume FILE/],
  [['train', 'vanilla'], /'vanilla'/],
  [['train', '--epoch', '3'], /'--epoch'.*nearest is '--epochs'/],
  [['train', '--colour', 'red'], /'--colour'.*--help/],
  [['train', '-x'], /'-x'/],
  [['train', '--preset'], /'--preset' needs a value/],
  [['train', '--preset', 'vanila'], /'vanila'.*nearest is 'vanilla'/],
  [['train', '--preset', 'resnet'], /'resnet'; there are .*deep/],
  [['train', '--preset', ''], /preset/],
  [['train', ...preset, '--epochs', '0'], /--epochs.*1 to 100000/],
  [['train', ...preset, '--epochs', '-3'], /--epochs.*1 to 100000/],
  [['train', ...preset, '--epochs', '2.5'], /--epochs.*whole number/],
  [['train', ...preset, '--epochs', 'ten'], /--epochs.*whole number/],
  [['train', ...preset, '--epochs', '99999999999999999999'], /--epochs.*100000/],
  [['train', ...preset, '--epochs', '3', '--epochs', '4'], /'--epochs'.*once/],
  [['train', ...preset, '--seed', '-1'], /--seed.*whole number/],
  [['train', ...preset, '--threads', '1000'], /--threads.*0 to 64/],
  [['train', ...preset, '--data', 'mnsit'], /'mnsit'.*'mnist'.*strokes/],
  [['train', ...preset, '--data', '/no/such/folder'], /\/no\/such\/folder/],
  [['train', ...preset, '--data', '.'], /holds one sample; at least two are needed/],
  [['train', ...preset, '--data', 'file'], /'file' holds one sample; at least two are needed/],
  [['train', ...preset, '--data', 'table.csv'], /no data set, file or folder 'table\.csv'/],
  [['train', ...preset, '--set', 'data.scaling=half'], /unit, signed, negative, standardised/],
  [['train', ...preset, '--set', 'data.image_side=65'], /data\.image_side.*4 to 64/],
  [['train', ...preset, '--set', 'data.colour=red'], /data\.colour.*true or false/],
  [['train', ...preset, '--data', 'mnist'], /mnist.*\.\/dev data/],
  [['train', ...preset, '--set'], /'--set' needs a value/],
  [['train', ...preset, '--set', 'train.learning_rate'], /key=value/],
  [['train', ...preset, '--set', '=3'], /key=value/],
  [['train', ...preset, '--set', 'train.learningrate=1'], /nearest is 'train\.learning_rate'/],
  [['train', ...preset, '--set', 'train.learning_rate=fast'], /train\.learning_rate.*from 1e-06 to 10/],
  [['train', ...preset, '--set', 'train.learning_rate=nan'], /train\.learning_rate/],
  [['train', ...preset, '--set', 'train.learning_rate=100'], /train\.learning_rate.*to 10/],
  [['train', ...preset, '--set', 'train.optimizer=adm'], /sgd, rmsprop, adadelta, adam/],
  [['train', ...preset, '--set', 'model.encoder=no'], /model\.encoder/],
  [['train', ...preset, '--set', 'model.encoder=[]'], /model\.encoder/],
  [['train', ...preset, '--set', 'model.encoder=[{"type":"dense","units":-1}]'], /model\.encoder/],
  [['train', ...preset, '--set', 'model.encoder=[{"type":"dense","units":32,"activation":"rulu"}]'], /rulu.*relu/],
  [
    ['train', ...preset, '--data', 'strokes', '--set', 'model.decoder=[{"type":"dense","units":10}]'],
    /decoder\.0 gives 10 numbers.*1 x 28 x 28/,
  ],
  [['train', ...preset, '--epochs', '3', '--set', 'train.epochs=4'], /--epochs 3.*contradict/],
  [['train', ...preset, '--data', 'strokes', '--set', 'data.set=mnist'], /contradict/],
  [['train', ...preset, '--json=no'], /'--json' takes no value/],
  [['train', ...preset, '--data', 'strokes', '--out', 'file'], /'file'.*--out/],
  [['train', ...preset, '--data', 'strokes', '--out', 'file/below'], /'file\/below'.*--out/],
  [['train', ...preset, '--data', 'strokes', '--out', ''], /--out/],
  [['train', '--resume', 'absent.safetensors'], /absent\.safetensors/],
  [['train', '--resume', '.'], /folder/],
  [['train', '--resume', 'file'], /'file'/],
  [['presets', '--jsn'], /'--jsn'.*'--json'/],
  [['presets', 'vanilla'], /'vanilla'/],
  [['settings', '--set', 'a=b'], /'--set'/],
  [['bench', '--seconds', 'long'], /--seconds.*1 to 3600/],
  [['bench', '--threads', '0'], /--threads.*1 to 64/],
  [['bench', '--threads', '1,'], /--threads.*1 to 64/],
  [['bench', '--threads', Array(17).fill(1).join(',')], /--threads.*up to 16/],
  [['bench', '--layers', '784'], /--layers.*3 to 32 whole numbers/],
  [['bench', '--layers', '784,,784'], /--layers.*'784,,784'/],
  [['bench', '--layers', '784,32,10'], /--layers.*784 pixels/],
  [['bench', '--layers', '784,99999,784'], /--layers.*1 to 8192/],
  [['bench', '--layers', '784,wide,784'], /--layers.*784,32,784/],
  [['bench', '--batch', '0'], /--batch.*1 to 4096/],
  [['bench', '--batch', '2.5'], /--batch.*whole number/],
  [['bench', '--preset', 'deap'], /'deap'.*deep/],
  [['bench', '--preset', 'deep', '--layers', '784,32,784'], /--preset and --layers contradict/],
  [['bench', '--load', 'absent'], /'absent'/],
  [['bench', '--load', 'strokes', '--batch', '3'], /--load.*leave.*--batch out/],
  [['eval'], /--model FILE/],
  [['decode', '--modle', 'x'], /nearest is '--model'/],
]) {
  test(`hourglass ${flags.join(' ')}`, (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(path.join(folder, 'file'), 'not a model');
    const run = hourglass(flags, { cwd: folder });
    assert.equal(run.code, 2, run.stderr);
    assert.match(run.stderr, /^hourglass: .*\.\n$/, 'one sentence on one line');
    assert.match(run.stderr, expected);
    assert.equal(run.stdout, '');
    assert.deepEqual(readdirSync(folder), ['file']);
  });
}
