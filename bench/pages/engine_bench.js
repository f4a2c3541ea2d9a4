// Hourglass's engine in its worker, without the front end, under the same commands as the peer.

import { createEngine } from '/site/engine_client.js';

const engines = new Map();

const layers = (sizes, last) => JSON.stringify(sizes.map((units, i) => ({
  type: 'dense', units, activation: i + 1 === sizes.length && last ? last : 'relu' })));

async function makeEngine({ net, batch, threads }) {
  const engine = await createEngine({ threads });
  const waist = net.indexOf(Math.min(...net));
  await engine.set('model.decoder', layers(net.slice(waist + 1), 'sigmoid'));
  await engine.set('model.encoder', layers(net.slice(1, waist + 1)));
  await engine.set('train.optimizer', 'adam');
  await engine.set('train.batch_size', batch);
  await engine.set('train.epochs', 100000);
  // What is on display is kept small: the peer displays nothing.
  await engine.set('view.images', 1);
  await engine.set('view.map_points', 100);
  await engine.command('step', { count: 20 });
  return engine;
}

const seconds = (count) => new Promise((resolve) => setTimeout(resolve, count * 1000));

window.peer = {
  async train(options) {
    const key = JSON.stringify([options.net, options.batch, options.threads]);
    if (!engines.has(key)) engines.set(key, await makeEngine(options));
    const engine = engines.get(key);
    await engine.command('run');
    await seconds(0.3);
    // Steps are counted from one status message to another, by the clock at their arrival.
    const status = () => new Promise((resolve) => {
      const stop = engine.on('status', ({ step }) => {
        stop();
        resolve({ step, now: performance.now() });
      });
    });
    const before = await status();
    await seconds(options.seconds);
    const after = await status();
    await engine.command('pause');
    const losses = engine.history().losses.map(({ loss }) => loss);
    return {
      images_per_second: (after.step - before.step) * options.batch * 1000 / (after.now - before.now),
      loss_first: losses[0],
      loss_last: losses.at(-1),
      threads: engine.state().network.threads,
    };
  },

  async decode(checkpoint, codes) {
    const engine = await createEngine({ threads: 1 });
    await engine.command('load_checkpoint', { checkpoint: Uint8Array.from(checkpoint) });
    const { images } = await engine.command('decode', { codes: Float32Array.from(codes) });
    engine.close();
    return Array.from(images);
  },
};
