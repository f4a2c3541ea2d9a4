// What the files of a run stand: names in any bytes, other data of the same name, several runs at once, a kill at
// any moment, memory and disk that are short.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {
  environment,
  essence,
  hourglass,
  png,
  program,
  readHistory,
  readSafetensors,
  small,
  start,
  temporaryFolder,
  train,
} from './support.mjs';
import { PATIENCE_MS } from '../support/waiting.mjs';

const quick = ['--preset', 'quick', '--threads', '1', '--epochs', '1'];
const wroteByRun = ['history.csv', 'latent.png', 'model.safetensors', 'reconstructions.png'];

// Rows of numbers with a label, the same each time; every column comes to its ends again and again, so that no held-out
// value lies beyond those that are trained on.
function points(rows, { scale = 1, names = ['cat', 'dog'] } = {}) {
  const cell = (i, j) => ((((i * (2 * j + 3) + ((i * i) % (5 + j))) % 11) / 10) * scale).toFixed(4);
  const lines = Array.from({ length: rows }, (_, i) =>
    [...[0, 1, 2, 3, 4].map((j) => cell(i, j)), names[i % names.length]].join(','),
  );
  return ['a,b,c,d,e,label', ...lines, ''].join('\n');
}

// Runs a command of bash, in which $H is the program, and $'\xE9' any byte.
function bash(command, options = {}) {
  const run = spawnSync('bash', ['-c', command], {
    env: { ...environment, H: program },
    maxBuffer: 1 << 26,
    timeout: PATIENCE_MS,
    ...options,
  });
  if (run.error) throw run.error;
  // Everything that the program says is UTF-8, whatever it was given.
  const text = new TextDecoder('utf-8', { fatal: true });
  return { code: run.status, stdout: text.decode(run.stdout), stderr: text.decode(run.stderr) };
}

const inFolder = (folder, bytes) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(bytes)]);
const gbk = Buffer.from([0xd6, 0xd0, 0xce, 0xc4]),
  gbkInBash = "$'\\xD6\\xD0\\xCE\\xC4'";

test('files, folders and labels whose names are no UTF-8 train, are saved, resumed and measured', (t) => {
  const folder = temporaryFolder(t);
  const table = Buffer.from(points(60, { names: ['caf?', 'm?re'] }).replace(',e,', ',gr??e,'), 'latin1');
  for (let i = 0; i < table.length; ++i) if (table[i] === 0x3f) table[i] = 0xe9;
  writeFileSync(inFolder(folder, Buffer.concat([gbk, Buffer.from('.csv')])), table);
  const data = `${gbkInBash}.csv`;
  const trained = bash(`"$H" train ${quick.join(' ')} --data ${data} --out out${gbkInBash} --json`, { cwd: folder });
  assert.equal(trained.code, 0, trained.stderr);
  const summary = JSON.parse(trained.stdout.trim().split('\n').at(-1));
  assert.equal(summary.dataset, '\\xD6\\xD0\\xCE\\xC4.csv');
  const out = inFolder(folder, Buffer.concat([Buffer.from('out'), gbk]));
  assert.deepEqual(readdirSync(out).sort(), wroteByRun);
  const model = `out${gbkInBash}/model.safetensors`;
  const resumed = bash(`"$H" train --resume ${model} --data ${data} --epochs 2`, { cwd: folder });
  assert.equal(resumed.code, 0, resumed.stderr);
  for (const json of ['', '--json']) {
    const measured = bash(`"$H" eval --model ${model} --data ${data} ${json}`, { cwd: folder });
    assert.equal(measured.code, 0, measured.stderr);
    if (json) assert.equal(JSON.parse(measured.stdout).same_data, true);
  }
  // A label column is found by its name in any bytes, and again by the run that goes on.
  writeFileSync(
    path.join(folder, 'named.csv'),
    Buffer.from(points(60, { names: ['1', '2'] }).replace('label', 'caf\xe9'), 'latin1'),
  );
  const named = `--data named.csv --set data.label=$'caf\\xE9'`;
  const first = bash(`"$H" train ${quick.join(' ')} ${named} --out named`, { cwd: folder });
  assert.equal(first.code, 0, first.stderr);
  const second = bash('"$H" train --resume named/model.safetensors --data named.csv --epochs 2', { cwd: folder });
  assert.equal(second.code, 0, second.stderr);
});

test('a folder of pictures whose classes are no UTF-8 trains', (t) => {
  const folder = temporaryFolder(t);
  for (const [i, name] of [gbk, Buffer.from([0xe9])].entries()) {
    mkdirSync(inFolder(folder, name));
    for (let j = 0; j < 6; ++j) {
      writeFileSync(
        Buffer.concat([inFolder(folder, name), Buffer.from(`/${j}.png`)]),
        png(
          8,
          8,
          1,
          Array.from({ length: 64 }, (_, k) => (k * (i + 1) * (j + 1)) % 256),
        ),
      );
    }
  }
  const out = temporaryFolder(t);
  const run = bash(`"$H" train ${quick.join(' ')} --data '${folder}' --set data.image_side=8 --out '${out}' --json`);
  assert.equal(run.code, 0, run.stderr);
});

test('the command that goes on with a run is one for any name', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(inFolder(folder, Buffer.concat([gbk, Buffer.from("'s.csv")])), points(600));
  // A shell gives the program the bytes that no argument of Node.js can hold.
  const run = bash(
    `"$H" train --preset quick --threads 1 --epochs 100000 --data ${gbkInBash}\\'s.csv --out out >log & ` +
      'until grep -q ^epoch log; do sleep 0.1; done; kill -TERM $!; wait $!',
    { cwd: folder },
  );
  assert.equal(run.code, 130, run.stderr);
  const command = /go on with: (.*)$/m.exec(run.stderr)[1];
  const epochs = Math.floor(readHistory(path.join(folder, 'out')).at(-1).epoch) + 1;
  const resumed = bash(`${command} --epochs ${epochs}`, { cwd: folder });
  assert.equal(resumed.code, 0, resumed.stderr);
});

test('control characters of names and labels are shown, not acted upon', (t) => {
  const folder = temporaryFolder(t),
    evil = path.join(folder, 'a\x1b[2J\x07\u009b31m\u202eb.csv');
  writeFileSync(evil, points(60));
  writeFileSync(path.join(folder, 'bad.csv'), points(60).replace('0.', '\x1b]0;x\x07'));
  const out = path.join(folder, 'out\x1b[31m'),
    model = path.join(out, 'model.safetensors');
  for (const [args, code] of [
    [['train', ...quick, '--data', evil, '--out', out], 0],
    [['eval', '--model', model, '--data', evil], 0],
    [['encode', '--model', model, '--in', evil, '--out', path.join(folder, '\x1bcodes.npy')], 0],
    [['train', ...quick, '--data', path.join(folder, 'bad.csv'), '--out', out], 2],
    [['train', ...quick, '--data', `${evil}.absent`], 2],
    [['train', '--preset', '\x1b[2J'], 2],
    [['\x1b[2J'], 2],
    [['train', '--\x1b[2J'], 2],
  ]) {
    const run = hourglass(args, { cwd: folder });
    assert.equal(run.code, code, run.stderr);
    assert.doesNotMatch(run.stdout + run.stderr, /[\x00-\x09\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e]/, args.join(' '));
  }
});

test('other data of the same name are noticed by what they hold', (t) => {
  const folder = temporaryFolder(t),
    out = path.join(folder, 'out'),
    model = path.join(out, 'model.safetensors');
  const write = (name, text) => {
    mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, name, 'points.csv'), text);
    return path.join(folder, name, 'points.csv');
  };
  const data = write('one', points(60));
  train(out, ...quick, '--data', data);
  assert.match(readSafetensors(model).metadata['hourglass.data_hash'], /^[0-9a-f]{16}$/);
  const before = essence(model);
  // One value of one row (within the range, so that the scaling stays), other labels, another range, fewer and more.
  const lines = points(60).split('\n');
  const middle = lines.findIndex((line) => /^0\.5/.test(line));
  lines[middle] = lines[middle].replace('0.5', '0.4');
  for (const [name, text, reason] of [
    ['value', lines.join('\n'), /other values or labels.*hash/],
    ['scaled', points(60, { scale: 3 }), /another range/],
    ['fewer', points(48), /holds 40 samples to train on and 8 held out.*trained on 50 with 10/],
    ['more', points(600), /holds 500 samples to train on and 100 held out.*trained on 50 with 10/],
  ]) {
    const other = write(name, text);
    const run = hourglass(['train', '--resume', model, '--data', other, '--epochs', '3']);
    assert.equal(run.code, 2, name);
    assert.match(run.stderr, reason);
    assert.match(run.stderr, /--other-data/);
    assert.equal(run.stderr.trim().split('\n').length, 1);
    assert.deepEqual(essence(model), before);

    const measured = hourglass(['eval', '--model', model, '--data', other, '--json']);
    assert.equal(measured.code, 0, measured.stderr);
    assert.match(measured.stderr, reason);
    assert.equal(JSON.parse(measured.stdout).same_data, false);
    assert.match(
      hourglass(['eval', '--model', model, '--data', other]).stdout,
      /not the data that the model was trained on/,
    );

    const copy = path.join(folder, `${name}-out`);
    const knowing = hourglass([
      'train',
      '--resume',
      model,
      '--data',
      other,
      '--epochs',
      '3',
      '--other-data',
      '--out',
      copy,
    ]);
    if (name === 'scaled') {
      // In the scale of the run these are no probabilities, and its loss has no meaning for them.
      assert.equal(knowing.code, 2);
      assert.match(knowing.stderr, /48 of 50 training rows .* have values outside 0 to 1/);
      continue;
    }
    assert.equal(knowing.code, 0, knowing.stderr);
    assert.match(knowing.stderr, reason);
    assert.equal(readHistory(copy).length, 3);
    // In the scale of the run, for that is what the weights know.
    const now = readSafetensors(path.join(copy, 'model.safetensors')).metadata;
    assert.equal(now['hourglass.scaling'], readSafetensors(model).metadata['hourglass.scaling']);
    assert.notEqual(now['hourglass.data_hash'], readSafetensors(model).metadata['hourglass.data_hash']);
  }
  // The same data under another name are the same data.
  const moved = path.join(folder, 'moved.csv');
  renameSync(data, moved);
  train(out, '--resume', model, '--data', moved, '--epochs', '2');
  const measured = hourglass(['eval', '--model', model, '--data', moved, '--json']);
  assert.equal(JSON.parse(measured.stdout).same_data, true);
  assert.equal(measured.stderr, '');
  assert.match(hourglass(['train', ...quick, '--data', moved, '--other-data']).stderr, /--resume/);
});

test('runs that start at the same moment have a folder each', async (t) => {
  const folder = temporaryFolder(t),
    count = 8;
  const runs = Array.from({ length: count }, () => start(['train', ...quick, ...small, '--json'], { cwd: folder }));
  const ended = await Promise.all(runs.map((run) => run.ended));
  const models = ended.map(({ code, stdout, stderr }) => {
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout.trim().split('\n').at(-1)).model;
  });
  assert.equal(new Set(models).size, count);
  assert.deepEqual(readdirSync(path.join(folder, 'runs')).sort(), [
    'quick',
    ...Array.from({ length: count - 1 }, (_, i) => `quick-${i + 2}`),
  ]);
  for (const model of models) assert.deepEqual(readdirSync(path.join(folder, path.dirname(model))).sort(), wroteByRun);
  // A run that is refused leaves no folder behind.
  assert.equal(hourglass(['train', '--preset', 'quick', '--epochs', '0'], { cwd: folder }).code, 2);
  assert.equal(readdirSync(path.join(folder, 'runs')).length, count);
});

test('one run writes to a folder, and one that was killed does not keep it', async (t) => {
  const folder = temporaryFolder(t),
    out = path.join(folder, 'out'),
    model = path.join(out, 'model.safetensors');
  train(out, ...quick, ...small);
  const long = start(['train', '--resume', model, '--epochs', '100000', '--threads', '1']);
  t.after(() => long.child.kill('SIGKILL'));
  await long.until(({ stdout }) => /^epoch +2\//m.test(stdout));
  for (const args of [
    ['train', ...quick, ...small, '--out', out],
    ['train', '--resume', model, '--epochs', '9'],
  ]) {
    const second = hourglass(args);
    assert.equal(second.code, 2);
    assert.match(second.stderr, /^hourglass: Another run is writing its results to '.*out'; .*--out\.\n$/);
  }
  assert.equal(long.child.exitCode, null, 'the first one goes on');
  // The file itself may be read, and gone on with elsewhere.
  train(path.join(folder, 'elsewhere'), '--resume', model, '--epochs', '2');
  long.child.kill('SIGKILL');
  await long.ended;
  train(out, '--resume', model, '--epochs', '3');
  assert.deepEqual(readdirSync(out).sort(), wroteByRun);
});

test('what a kill has left is cleared away, and what it has prevented is made up for', (t) => {
  const out = temporaryFolder(t),
    model = path.join(out, 'model.safetensors');
  train(out, ...quick, ...small);
  const before = essence(model),
    picture = readFileSync(path.join(out, 'latent.png'));
  for (const name of ['model.safetensors', 'history.csv', 'latent.png', 'model-0003.safetensors', 'notes.txt']) {
    writeFileSync(path.join(out, `${name}.unfinished`), 'half of');
  }
  // Killed between the model and the rest.
  for (const name of ['history.csv', 'latent.png', 'reconstructions.png']) rmSync(path.join(out, name));
  const again = hourglass(['train', '--resume', model]);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /had ended.*history\.csv, reconstructions\.png, latent\.png/);
  assert.deepEqual(readdirSync(out).sort(), [...wroteByRun, 'notes.txt.unfinished'].sort());
  assert.deepEqual(essence(model), before);
  assert.deepEqual(readFileSync(path.join(out, 'latent.png')), picture);
  // With everything there, there is nothing to do, and that is said as before.
  const nothing = hourglass(['train', '--resume', model]);
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /1 epochs already.*--epochs/);
});

// As hardly any limit can be set from within Node.js.
const limit = (child, ...limits) => {
  const run = spawnSync('prlimit', ['--pid', String(child.pid), ...limits], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
};

test('a run saves as often as it is told, and a killed one goes on from there', async (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  const saves = ['--set', 'train.save_seconds=1'];
  const run = start(['train', '--preset', 'quick', ...small, '--epochs', '100000', ...saves, '--out', out]);
  t.after(() => run.child.kill('SIGKILL'));
  const model = path.join(out, 'model.safetensors');
  await run.until(() => existsSync(path.join(out, 'history.csv')));
  run.child.kill('SIGKILL');
  await run.ended;
  const epochs = Number(readFileSync(path.join(out, 'history.csv'), 'utf8').trim().split('\n').at(-1).split(',')[0]);
  const more = hourglass(['train', '--resume', model, '--epochs', String(Math.ceil(epochs) + 1)]);
  assert.equal(more.code, 0, more.stderr);
});

test('a save that fails is said once, tried again, and forgotten when it works', async (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  const run = start(['train', '--preset', 'quick', ...small, '--epochs', '100000', '--keep-every', '1', '--out', out]);
  t.after(() => run.child.kill('SIGKILL'));
  const kept = () => (existsSync(out) ? readdirSync(out).filter((name) => name.startsWith('model-')) : []);
  await run.until(() => kept().length > 1);
  limit(run.child, '--fsize=1000:');
  await run.until(({ stderr }) => stderr.includes('tried again later'));
  const epochs = () => (run.output.stdout.match(/^epoch/gm) ?? []).length;
  const then = epochs();
  await run.until(() => epochs() > then + 3);
  assert.equal(run.output.stderr.trim().split('\n').length, 1, run.output.stderr);
  const before = kept().length;
  limit(run.child, '--fsize=unlimited:');
  await run.until(() => kept().length > before + 1);
  run.child.kill('SIGINT');
  const { code, stderr } = await run.ended;
  assert.equal(code, 130);
  assert.match(
    stderr,
    /^hourglass: Cannot write .*Training goes on, and it is tried again later\.\nhourglass: Stopped after .*\n$/,
  );
  assert.ok(readdirSync(out).every((name) => !name.endsWith('.unfinished')));
});

test('a model is saved where there is no memory for another copy of it', async (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  const layer = (units) => `[{"type":"dense","units":${units},"activation":"sigmoid"}]`;
  // 75 MB with its moments.
  const run = start([
    'train',
    '--preset',
    'vanilla',
    '--data',
    'strokes',
    '--epochs',
    '100000',
    '--threads',
    '1',
    '--out',
    out,
    '--set',
    'data.strokes_train=300',
    'data.strokes_test=100',
    'train.optimizer=adam',
    'train.learning_rate=0.001',
    `model.encoder=${layer(4000)}`,
    `model.decoder=${layer('"input"')}`,
  ]);
  t.after(() => run.child.kill('SIGKILL'));
  await run.until(({ stdout }) => /^epoch +2\//m.test(stdout));
  const size = Number(/^VmSize:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${run.child.pid}/status`, 'utf8'))[1]) * 1024;
  limit(run.child, `--as=${size + (1 << 20)}:`);
  run.child.kill('SIGINT');
  const { code, stderr } = await run.ended;
  assert.equal(code, 130, stderr);
  const { tensors, metadata } = readSafetensors(path.join(out, 'model.safetensors'));
  assert.equal(tensors.size, 12);
  assert.equal(JSON.parse(metadata['hourglass.state']).epoch, readHistory(out).at(-1).epoch);
});

test('a run goes on with the threads that it gets, and with the same result', (t) => {
  const folder = temporaryFolder(t),
    one = path.join(folder, 'one'),
    many = path.join(folder, 'many');
  // Each thread's stack is half of the memory that there is.
  const run = bash(
    `ulimit -s 2000000; ulimit -v 4000000; exec "$H" train --preset quick ${small.join(' ')} train.threads=8 ` +
      `--epochs 1 --out '${many}' --json`,
  );
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stderr, /gave [1-3] of the 8 threads/);
  assert.ok(JSON.parse(run.stdout).threads < 8);
  train(one, '--preset', 'quick', ...small, '--epochs', '1', '--threads', '1');
  assert.deepEqual(
    essence(path.join(one, 'model.safetensors')).tensors,
    essence(path.join(many, 'model.safetensors')).tensors,
  );
  const measured = bash(
    `ulimit -s 2000000; ulimit -v 4000000; exec "$H" eval --model '${one}/model.safetensors' --threads 8`,
  );
  assert.equal(measured.code, 0, measured.stderr);
  assert.match(measured.stderr, /gave [1-3] of the 8 threads/);
});

test('files that claim to become large are refused before they do', (t) => {
  const folder = temporaryFolder(t);
  const run = bash(
    `head -c 1000000000 /dev/zero | gzip -1 > bomb.npy.gz; ` +
      `ulimit -v 1500000; exec "$H" train ${quick.join(' ')} --data bomb.npy.gz`,
    { cwd: folder },
  );
  assert.equal(run.code, 2, run.stderr);
  assert.match(run.stderr, /^hourglass: 'bomb\.npy\.gz' has .* bytes and would have more than .*gunzip.*\n$/);
});
