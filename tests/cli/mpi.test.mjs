// Several processes that mpirun starts and that train one model: on one machine here, which is to them like many.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { endLate, happens } from '../support/waiting.mjs';
import {
  environment,
  essence,
  hourglass,
  program,
  readHistory,
  readSafetensors,
  repository,
  small,
  temporaryFolder,
  train,
} from './support.mjs';

const parallel = path.resolve(repository, process.env.HOURGLASS_MPI_BUILD_DIR || 'build/native-mpi', 'hourglass');
const skip = spawnSync('mpirun', ['--version']).error
  ? 'mpirun is not installed'
  : !existsSync(parallel) && 'there is no build with -DHOURGLASS_MPI=ON';

const env = {
  ...environment,
  // Open MPI asks twice whether root knows what he does.
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
  OMPI_MCA_rmaps_base_oversubscribe: '1', // four processes, wherever this runs
  OMPI_MCA_hwloc_base_binding_policy: 'none',
  OMPI_MCA_btl_vader_single_copy_mechanism: 'none', // which containers do not allow
};

// Starts `ranks` processes with the same arguments. `ended` resolves with { code, stdout, stderr }.
function start(ranks, args, { binary = parallel, variables = {} } = {}) {
  return startMany(['-n', String(ranks), binary, ...args], variables);
}

function startMany(args, variables = {}) {
  const child = spawn('mpirun', ['--oversubscribe', ...args], { env: { ...env, ...variables } });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (piece) => (output.stdout += piece));
  child.stderr.on('data', (piece) => (output.stderr += piece));
  const inTime = endLate(child);
  const ended = new Promise((resolve) =>
    child.on('close', (code, signal) => {
      inTime();
      resolve({ code, signal, ...output });
    }),
  );
  return { child, output, ended };
}

const run = (ranks, args) => start(ranks, args).ended;

// Ours among the lines on stderr: mpirun has much to say about processes that do not end with 0.
const sentences = ({ stderr }) => stderr.split('\n').filter((line) => line.startsWith('hourglass:'));

async function trainTogether(ranks, out, ...flags) {
  const result = await run(ranks, ['train', '--out', out, '--json', ...flags]);
  assert.equal(result.code, 0, result.stderr);
  const lines = result.stdout.trim().split('\n');
  assert.equal(lines.length, 1, 'one process reports');
  return JSON.parse(lines[0]);
}

function assertSameLosses(a, b) {
  const [one, other] = [readHistory(a), readHistory(b)];
  assert.equal(one.length, other.length);
  one.forEach((row, i) => {
    for (const column of ['epoch', 'train_loss', 'train_penalty', 'test_loss', 'test_penalty', 'test_mse']) {
      const difference = Math.abs(row[column] - other[i][column]);
      assert.ok(difference <= 1e-5, `${column} of epoch ${i + 1}: ${row[column]} and ${other[i][column]}`);
    }
  });
}

// The processes of a running job, by rank.
function processesOf(job) {
  const pids = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!new RegExp(`^PPid:\\s+${job.child.pid}$`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'))) continue;
      const rank = /OMPI_COMM_WORLD_RANK=(\d+)/.exec(readFileSync(`/proc/${pid}/environ`, 'latin1'));
      if (rank) pids[Number(rank[1])] = Number(pid);
    } catch {
      // It has just ended.
    }
  }
  return pids;
}

function isGone(pid) {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

for (const [name, flags] of [
  ['vanilla', ['--preset', 'vanilla', ...small, 'train.batch_size=256']],
  // Mini-batches of three pieces, of which one of four processes gets none, and a last one of 40 images.
  [
    'deep with noise, Adam, clipping and small mini-batches',
    [
      '--preset',
      'deep',
      ...small,
      'train.batch_size=96',
      'noise.kind=gaussian',
      'train.optimizer=adam',
      'train.learning_rate=0.001',
      'train.clip_norm=1',
    ],
  ],
  [
    'sparse by the means of the code',
    [
      '--preset',
      'vanilla',
      ...small,
      'train.batch_size=160',
      'penalty.sparsity=0.1',
      'model.encoder=[{"units":32,"activation":"sigmoid"}]',
      'penalty.weight_l2=0.0001',
    ],
  ],
  ['vae', ['--preset', 'vae', ...small]],
]) {
  test(`2 and 4 processes have the losses of one: ${name}`, { skip }, async (t) => {
    const folder = temporaryFolder(t),
      alone = path.join(folder, 'alone');
    train(alone, ...flags, '--epochs', '3');
    for (const ranks of [2, 4]) {
      const together = path.join(folder, String(ranks));
      const summary = await trainTogether(ranks, together, ...flags, '--epochs', '3');
      assert.equal(summary.processes, ranks);
      assert.deepEqual(readdirSync(together).sort(), readdirSync(alone).sort());
      assertSameLosses(together, alone);
      const state = JSON.parse(readSafetensors(summary.model).metadata['hourglass.state']);
      assert.equal(state.epoch, 3);
    }
  });
}

test('a run goes on with any number of processes, in the middle of an epoch too', { skip }, async (t) => {
  const folder = temporaryFolder(t),
    whole = path.join(folder, 'whole'),
    parts = path.join(folder, 'parts');
  const flags = ['--preset', 'deep', ...small, 'train.batch_size=96', 'noise.kind=masking'];
  const model = path.join(parts, 'model.safetensors');
  train(whole, ...flags, 'train.steps=40');
  await trainTogether(2, parts, ...flags, 'train.steps=15');
  await trainTogether(4, parts, '--resume', model, '--set', 'train.steps=26');
  train(parts, '--resume', model, '--set', 'train.steps=40');
  assertSameLosses(parts, whole);
});

test('the program that several processes can share is, alone, the ordinary one', { skip }, (t) => {
  const folder = temporaryFolder(t);
  const flags = ['--preset', 'vanilla', ...small, '--epochs', '2'];
  train(path.join(folder, 'a'), ...flags);
  const alone = spawnSync(parallel, ['train', '--out', path.join(folder, 'b'), ...flags], {
    env: environment,
    encoding: 'utf8',
  });
  assert.equal(alone.status, 0, alone.stderr);
  assert.deepEqual(
    essence(path.join(folder, 'a', 'model.safetensors')),
    essence(path.join(folder, 'b', 'model.safetensors')),
  );
});

test('threads are shared out between the processes, unless a number is given', { skip }, async (t) => {
  const folder = temporaryFolder(t),
    flags = ['--preset', 'vanilla', ...small, '--epochs', '1'];
  const cores = Number(spawnSync('nproc', { encoding: 'utf8' }).stdout);
  assert.equal((await trainTogether(2, path.join(folder, 'a'), ...flags)).threads, Math.max(1, Math.floor(cores / 2)));
  assert.equal((await trainTogether(2, path.join(folder, 'b'), ...flags, '--threads', '3')).threads, 3);
});

test('what is wrong is said once, and ends all processes', { skip }, async (t) => {
  const out = path.join(temporaryFolder(t), 'out'),
    flags = ['train', '--preset', 'vanilla', ...small, '--out', out];
  const one = (...args) => ['-n', '1', parallel, ...args];
  for (const [args, wanted] of [
    [['-n', '4', parallel, 'train', '--preset', 'vanila'], /the nearest is 'vanilla'/],
    [['-n', '4', parallel, 'train', '--presets', 'vanilla'], /the nearest is '--preset'/],
    [['-n', '2', parallel, 'train', '--resume', 'absent.safetensors'], /absent\.safetensors/],
    [['-n', '2', parallel, 'train', '--preset', 'vanilla', ...small, '--out', parallel], /a folder is needed/],
    [['-n', '2', parallel, 'settings'], /'settings' is work for one process/],
    // Machines that are not alike: something is missing on one, or there is something else.
    [[...one(...flags), ':', ...one('train', '--preset', 'vanilla', '--data', 'absent.csv')], /absent\.csv/],
    [[...one(...flags, '--seed', '1'), ':', ...one(...flags, '--seed', 'x')], /--seed cannot be 'x'/],
    [[...one(...flags, '--seed', '1'), ':', ...one(...flags, '--seed', '2')], /Process 1 has other data, settings/],
    [
      [...one(...flags, '--set', 'train.batch_size=64'), ':', ...one(...flags, '--set', 'train.batch_size=128')],
      /Process 1 has other data, settings/,
    ],
    // One that does something else does not keep the others waiting.
    [[...one(...flags), ':', ...one('--version')], /Process 1 was not asked to train/],
    [[...one('--version'), ':', ...one(...flags)], /Process 0 was not asked to train/],
  ]) {
    const result = await startMany(args).ended;
    assert.equal(result.code, 2, result.stderr);
    assert.equal(sentences(result).length, 1, result.stderr);
    assert.match(sentences(result)[0], wanted);
  }
  const { code, stdout } = await run(4, ['--version']);
  assert.equal(code, 0);
  assert.match(stdout, /^hourglass [\d.]+\n$/);
});

test('a run that diverges says so once and keeps the last good parameters', { skip }, async (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  const layer = (units) => `[{"type":"dense","units":${units},"activation":"linear"}]`;
  const result = await run(2, [
    'train',
    '--preset',
    'vanilla',
    '--epochs',
    '30',
    '--out',
    out,
    ...small,
    'train.optimizer=sgd',
    'train.learning_rate=10',
    'train.momentum=0.99',
    'model.loss=sse',
    `model.encoder=${layer(32)}`,
    `model.decoder=${layer('"input"')}`,
  ]);
  assert.equal(result.code, 1);
  assert.equal(sentences(result).length, 1, result.stderr);
  assert.match(sentences(result)[0], /lower train\.learning_rate/);
  for (const { values } of readSafetensors(path.join(out, 'model.safetensors')).tensors.values()) {
    assert.ok(values.every(Number.isFinite));
  }
});

test('mini-batches that are too small for so many processes are remarked on', { skip }, async (t) => {
  const flags = ['train', '--preset', 'vanilla', ...small, 'train.batch_size=64', '--epochs', '1'];
  const result = await run(4, [...flags, '--out', path.join(temporaryFolder(t), 'out')]);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(sentences(result), [
    'hourglass: Mini-batches of 64 images give work to 2 of the 4 processes; ' +
      'a train.batch_size of at least 128 gives some to all.',
  ]);
});

const images = (count) => [
  '--preset',
  'deep',
  '--data',
  'strokes',
  '--set',
  `data.strokes_train=${count}`,
  'data.strokes_test=200',
];

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} to mpirun saves the run, and nothing is left running`, { skip }, async (t) => {
    const out = path.join(temporaryFolder(t), 'out'),
      model = path.join(out, 'model.safetensors');
    // mpirun lets so many seconds pass before it hands the request on, and as many before it kills what is still there.
    // One, which is usual, is too little for a run to be saved on a slow machine. Meanwhile it reads no output: the epochs
    // are short, so that what they say is more than a terminal holds.
    const job = start(2, ['train', ...images(300), '--epochs', '100000', '--out', out], {
      variables: { OMPI_MCA_odls_base_sigkill_timeout: '10' },
    });
    await happens(() => /^epoch +2\//m.test(job.output.stdout), 'the second epoch');
    const pids = processesOf(job);
    assert.equal(pids.length, 2);
    job.child.kill(signal);
    const { code } = await job.ended;
    assert.notEqual(code, 0);
    await happens(() => pids.every(isGone), 'the end of all processes');
    const state = JSON.parse(readSafetensors(model).metadata['hourglass.state']);
    assert.ok(state.epoch >= 2 && state.epoch < 100000);
    train(out, '--resume', model, '--epochs', String(state.epoch + 1));
    assert.equal(readHistory(out).length, state.epoch + 1);
  });
}

for (const victim of [0, 1, 3]) {
  test(`when process ${victim} dies the job ends, says so, and the last checkpoint is whole`, { skip }, async (t) => {
    const out = path.join(temporaryFolder(t), 'out'),
      model = path.join(out, 'model.safetensors');
    await trainTogether(4, out, ...images(2000), '--epochs', '1');
    const job = start(4, ['train', '--resume', model, '--epochs', '100000']);
    await happens(() => /^epoch +3\//m.test(job.output.stdout), 'the third epoch');
    const pids = processesOf(job);
    assert.equal(pids.length, 4);
    process.kill(pids[victim], 'SIGKILL');
    const { code, stderr } = await job.ended;
    assert.notEqual(code, 0);
    assert.ok(sentences({ stderr }).length <= 1, stderr);
    assert.match(stderr, new RegExp(`process rank ${victim} .*exited on signal 9`));
    await happens(() => pids.every(isGone), 'the end of all processes');
    const state = JSON.parse(readSafetensors(model).metadata['hourglass.state']);
    assert.ok(state.epoch >= 1);
    train(out, '--resume', model, '--epochs', String(state.epoch + 1));
    assert.equal(readHistory(out).length, state.epoch + 1);
  });
}

test('a program that is built without MPI does not train several times over', { skip }, async (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  const result = await start(4, ['train', '--preset', 'vanilla', ...small, '--epochs', '1', '--out', out], {
    binary: program,
  }).ended;
  assert.equal(result.code, 2);
  assert.equal(sentences(result).length, 1, result.stderr);
  assert.match(sentences(result)[0], /4 processes were started together, and this hourglass is built without MPI/);
  assert.ok(!existsSync(out));
});

test('other starters of processes are recognised, and one process alone may train', () => {
  const several = hourglass(['presets'], { env: { PMI_SIZE: '3', PMI_RANK: '0' } });
  assert.equal(several.code, 2);
  assert.match(several.stderr, /3 processes were started together/);
  assert.equal(hourglass(['presets'], { env: { PMI_SIZE: '3', PMI_RANK: '1' } }).stderr, '');
  assert.equal(hourglass(['presets'], { env: { OMPI_COMM_WORLD_SIZE: '1', OMPI_COMM_WORLD_RANK: '0' } }).code, 0);
  // Starters that do not say how many there are: the second process says that it is not alone.
  for (const name of ['PMIX_RANK', 'PMI_RANK']) {
    assert.equal(hourglass(['presets'], { env: { [name]: '0' } }).code, 0);
    const second = hourglass(['presets'], { env: { [name]: '1' } });
    assert.equal(second.code, 2);
    assert.match(second.stderr, /^hourglass: Several processes were started together.*\n$/);
    const third = hourglass(['presets'], { env: { [name]: '2' } });
    assert.equal(third.code, 2);
    assert.equal(third.stderr, '');
  }
  const slurm = hourglass(['presets'], { env: { PMIX_RANK: '0', SLURM_PROCID: '0', SLURM_STEP_NUM_TASKS: '5' } });
  assert.equal(slurm.code, 2);
  assert.match(slurm.stderr, /5 processes were started together/);
});

test('a build with MPI that was not started by MPI does not train several times over', { skip }, () => {
  const alone = (variables) => spawnSync(parallel, ['presets'], { env: { ...env, ...variables }, encoding: 'utf8' });
  const first = alone({ SLURM_PROCID: '0', SLURM_STEP_NUM_TASKS: '4' });
  assert.equal(first.status, 2);
  assert.match(
    first.stderr,
    /^hourglass: 4 processes were started together, but not by MPI: .* Start it with mpirun.*\n$/,
  );
  assert.equal(alone({ SLURM_PROCID: '1', SLURM_STEP_NUM_TASKS: '4' }).stderr, '');
  assert.equal(alone({ SLURM_PROCID: '0' }).status, 0);
});
