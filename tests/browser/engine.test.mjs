// The bare engine: in Node, in the caller's own thread; and in a page, by its documented way in.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { happens, stopwatch } from '../support/waiting.mjs';
import { launchBrowser, newPage, serveSite, site, siteHasData } from './support.mjs';

const { createEngine } = await import(pathToFileURL(path.join(site, 'engine_client.js')));

// Trains `count` mini-batches and resolves when the engine has paused again.
async function train(engine, count) {
  const goal = engine.state().step + count;
  const paused = new Promise((resolve) => {
    const stop = engine.on('status', ({ phase, step }) => {
      if (phase === 'running' || step < goal) return;
      stop();
      resolve();
    });
  });
  await engine.command('step', { count });
  await paused;
}

for (const threads of [1, 2]) {
  test(`trains vanilla on Strokes in Node with ${threads} thread(s)`, async () => {
    const engine = await createEngine({ threads });
    try {
      assert.equal(engine.threads, threads);
      await engine.command('load_preset', { name: 'vanilla' });
      await engine.set('data.set', 'strokes');
      await train(engine, 5);
      const before = engine.state().loss;
      await train(engine, 195);
      const { loss, step, phase } = engine.state();
      assert.equal(step, 200);
      assert.equal(phase, 'paused');
      assert.ok(loss < 0.6 * before, `from ${before} to ${loss}`);
      const { image_count: count, originals, reconstructed } = engine.snapshot();
      assert.equal(originals.length, count * 784);
      assert.equal(reconstructed.length, count * 784);
    } finally {
      engine.close();
    }
  });
}

test('every preset trains, and its codes become images', async () => {
  const folder = new URL('../../assets/presets/', import.meta.url);
  const names = readdirSync(folder).map((file) => file.replace('.json', ''));
  assert.ok(names.length >= 20);
  const engine = await createEngine({ threads: 1 });
  try {
    for (const name of names) {
      await engine.command('load_preset', { name });
      await engine.set('data.set', 'strokes');
      await engine.set('data.strokes_train', 500);
      await engine.set('data.strokes_test', 200);
      await engine.command('reset'); // so that the state is of this network
      await train(engine, 3);
      const { loss, network } = engine.state();
      assert.ok(Number.isFinite(loss) && loss > 0, `${name}: ${loss}`);
      const { images } = await engine.command('decode', { codes: new Float32Array(2 * network.code_size).fill(0.5) });
      assert.equal(images.length, 2 * 784, name);
      assert.ok(images.every(Number.isFinite), name);
    }
  } finally {
    engine.close();
  }
});

test('one thread and two train to the same weights, bit for bit', async () => {
  const arrays = async (threads) => {
    const engine = await createEngine({ threads });
    await train(engine, 30);
    const { checkpoint } = await engine.command('save_checkpoint');
    engine.close();
    // Behind the header, which also says how many seconds it took.
    const bytes = Buffer.from(checkpoint);
    return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
  };
  const [one, two] = [await arrays(1), await arrays(2)];
  assert.ok(one.length > 100_000, `${one.length} bytes`);
  assert.ok(one.equals(two));
});

test('the number of threads can be changed again and again', async () => {
  const engine = await createEngine({ threads: 2 });
  try {
    for (let i = 0; i < 12; i++) await engine.set('train.threads', 1 + (i % 2));
    await train(engine, 3);
    assert.equal(engine.state().network.threads, 2);
  } finally {
    engine.close();
  }
});

test('several settings at once, images by index, and training that can be followed', async () => {
  const engine = await createEngine({ threads: 1 });
  try {
    const encoder = '[{"units":3,"activation":"relu"}]';
    const decoder = '[{"units":"input","activation":"sigmoid"}]';
    await engine.command('set_settings', {
      values: { 'model.encoder': encoder, 'model.decoder': decoder, 'train.batch_size': 32 },
    });
    assert.equal(engine.state().network.code_size, 3);
    assert.equal(engine.get('train.batch_size'), 32);
    await assert.rejects(
      engine.command('set_settings', {
        values: { 'train.batch_size': 64, 'model.encoder': encoder, 'model.decoder': encoder },
      }),
    );
    assert.equal(engine.get('train.batch_size'), 32);
    const { images } = await engine.command('get_images', { indices: [5, 0] });
    assert.equal(images.length, 2 * 784);

    // At most ten steps a second, however many seconds these steps take.
    await engine.set('view.steps_per_second', 10);
    const seconds = stopwatch();
    const fifth = new Promise((resolve) => {
      engine.on('status', ({ step }) => step >= 5 && resolve());
    });
    await engine.command('run');
    await fifth;
    await engine.command('pause');
    const { step } = engine.state();
    assert.ok(step <= 2 + 10 * seconds(), `${step} steps in ${seconds()} s`);
  } finally {
    engine.close();
  }
});

test('what does not fit is refused with a sentence', async () => {
  const engine = await createEngine({ threads: 1 });
  await assert.rejects(engine.set('train.learning_rate', -1), /train\.learning_rate/);
  await assert.rejects(engine.set('train.learning_rat', 1), /train\.learning_rate/);
  await assert.rejects(engine.command('fly'), /There is no command "fly"/);
  await assert.rejects(engine.command('run', { fast: true }), /takes no arguments/);
  await assert.rejects(engine.command('load_preset', { name: 'x' }), /x/);
  await assert.rejects(engine.command('load_checkpoint', { checkpoint: new Uint8Array(100) }), Error);
  assert.throws(() => engine.get('nothing'), /no setting "nothing"/);
  const waiting = engine.command('run');
  engine.close();
  await assert.rejects(engine.command('run'), /closed/);
  await waiting.catch(() => {});
});

test('what the rest of a failed load brings is dropped', async () => {
  let kept;
  const engine = await createEngine({
    threads: 1,
    loadData: async (name, { room, signal }) => {
      kept = { signal, images: room('train_images', 1000) };
      throw new Error('The shelf is empty.');
    },
  });
  await assert.rejects(
    Promise.all([
      engine.set('data.set', 'mnist'),
      new Promise((resolve, reject) => {
        engine.on('failure', ({ message }) => reject(new Error(message)));
      }),
    ]),
    /The shelf is empty/,
  );
  // The room was given back: a file that comes late must not be written there.
  assert.equal(kept.signal.aborted, true);
  kept.images.set(new Uint8Array(1000).fill(255), 0);
  await engine.command('step', { count: 2 });
  engine.close();
});

test('every command with an id has one answer, whatever is in it', async () => {
  const { encodeMessage, decodeEvent, encodeCommand } = await import(pathToFileURL(path.join(site, 'wire.js')));
  const { EngineDriver } = await import(pathToFileURL(path.join(site, 'engine_driver.js')));
  const answers = new Map();
  let snapshots = 0;
  const driver = await EngineDriver.create({
    threads: 1,
    onEvent: (bytes) => {
      const event = decodeEvent(bytes);
      if (event.event === 'snapshot') snapshots += 1;
      if (event.id > 0) answers.set(event.id, [...(answers.get(event.id) ?? []), event]);
    },
    onFatal: (error) => assert.fail(error),
    loadData: () => new Promise(() => {}),
  });
  try {
    let id = 0;
    const refused = [];
    const send = (name, fields, arrays) => {
      driver.send(encodeMessage(name, { id: ++id, ...fields }, arrays));
      refused.push(id);
    };
    // Images by indices that have no sign of their own: with 32 bits, half of them would be negative.
    for (const index of [2000, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 5, 2 ** 32 - 1]) {
      send('get_images', {}, { indices: Uint32Array.of(0, index) });
    }
    send('get_images', {}, { indices: new Uint32Array(1025) });
    send('get_images', {}, { indices: Float32Array.of(0) });
    send('decode', {}, { codes: new Float32Array(5) });
    send('decode', {}, { codes: new Float32Array(32).fill(NaN) });
    send('decode', {}, { codes: new Float32Array(32 * 5000) });
    send('decode_map', {}, { points: Float32Array.of(Infinity, 0) });
    send('decode_map', {}, { points: Float32Array.of(3e38, 3e38) });
    for (const value of [NaN, null, [], {}, 2 ** 53, 1e300, 'x', true, -1])
      send('set_setting', { key: 'train.seed', value });
    send('set_setting', { key: 'train.learning_rate', value: NaN });
    send('set_setting', { key: 5, value: 5 });
    send('set_setting', { value: 5 });
    for (const values of [null, [], 5, { 'train.seed': null }, { 'view.sample': 2 ** 31 }, { nothing: 1 }])
      send('set_settings', { values });
    for (const name of [undefined, null, 7, '\ud800', 'x\udc00']) send('load_preset', { name });
    for (const count of ['x', NaN, 0, -1, 1.5, 1e300, 2 ** 64, undefined]) send('step', { count });
    send('data_failed', { name: {}, message: 5 });
    send('load_checkpoint', {}, { checkpoint: new Uint8Array(100) });
    send('fly', {});
    driver.send(encodeCommand('get_images', { indices: [1, 0] }, ++id));
    await happens(
      () => answers.size >= id && snapshots > 0,
      () => `${id} commands are answered, with ${answers.size} answers and ${snapshots} snapshots`,
    );
    for (const refusedId of refused) {
      const [answer, ...more] = answers.get(refusedId) ?? [];
      assert.equal(answer?.event, 'failure', `answer to ${refusedId}: ${JSON.stringify(answer)?.slice(0, 200)}`);
      assert.match(answer.message, /^[A-Z].{10,}\.$/s);
      assert.doesNotMatch(answer.message, /json\.exception/);
      assert.equal(more.length, 0);
    }
    assert.equal(answers.get(id)[0].images.length, 2 * 784);
  } finally {
    driver.close();
  }
});

test('a code of 6,272 numbers has its map, and the engine answers meanwhile', async () => {
  const engine = await createEngine({ threads: 1 });
  try {
    await engine.command('set_settings', {
      values: {
        'data.strokes_train': 200,
        'data.strokes_test': 500,
        'model.encoder': '[{"type":"convolution","channels":8,"kernel":3,"activation":"relu"}]',
        'model.decoder': '[{"type":"transposed-convolution","channels":1,"kernel":3,"activation":"sigmoid"}]',
      },
    });
    await engine.command('reset');
    assert.equal(engine.state().network.code_size, 6272);
    const before = engine.snapshot()?.map_points;
    await happens(
      async () => {
        await engine.command('get_images', { indices: [0] });
        return engine.snapshot()?.map_points && engine.snapshot().map_points !== before;
      },
      'the map of the new network',
      1,
    );
    const { map_points: points, code_ranges: ranges } = engine.snapshot();
    assert.equal(points.length, 2 * 500);
    assert.equal(ranges.length, 3 * 6272);
    assert.ok(points.every(Number.isFinite));
    assert.ok(points.some((value) => Math.abs(value) > 1e-3));
  } finally {
    engine.close();
  }
});

test('codes become images', async () => {
  const engine = await createEngine({ threads: 1 });
  const size = engine.state().network.code_size;
  const { images } = await engine.command('decode', { codes: new Float32Array(2 * size) });
  assert.equal(images.length, 2 * 784);
  assert.ok(images.every((value) => value >= 0 && value <= 1));
  engine.close();
});

test(
  'reads MNIST from a folder of files in Node',
  {
    skip: siteHasData('mnist') ? false : 'the site was built without data/mnist (HOURGLASS_DATA_DIR)',
  },
  async () => {
    const engine = await createEngine({ threads: 1 });
    const ready = new Promise((resolve) => {
      engine.on('data_ready', (data) => data.name === 'mnist' && resolve(data));
    });
    await engine.set('data.set', 'mnist');
    const data = await ready;
    assert.deepEqual([data.train_count, data.test_count, data.rows, data.columns], [60000, 10000, 28, 28]);
    engine.close();
  },
);

test('runs in a page of one’s own, in a worker', async () => {
  const server = await serveSite({ isolation: false });
  const browser = await launchBrowser();
  try {
    const { page, problems } = await newPage(browser, server.origin);
    await page.route('**/own.html', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><title>own</title><link rel="icon" href="data:,">',
      }),
    );
    await page.goto(`${server.origin}/own.html`);
    const losses = await page.evaluate(async () => {
      const { createEngine: create } = await import('/engine_client.js');
      const engine = await create();
      const enough = new Promise((resolve) => {
        engine.on('status', ({ step }) => step >= 100 && resolve());
      });
      await engine.command('run');
      await enough;
      await engine.command('pause');
      const seen = engine.history().losses.map(({ loss }) => loss);
      engine.close();
      return seen;
    });
    assert.ok(losses.at(-1) < 0.8 * losses[0], String(losses));
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
    await server.close();
  }
});
