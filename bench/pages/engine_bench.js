// Hourglass's engine in its worker, without the front end, under the same commands as the peer.

import { createEngine } from '/site/engine_client.js';
import { fmaPeak } from '/pages/fma_probe.js';

const PEAK_SECONDS = 0.15;

const engines = new Map();

const seconds = (count) => new Promise((resolve) => setTimeout(resolve, count * 1000));

async function makeEngine({ settings, threads, worker = true }) {
  const engine = await createEngine({ threads, worker });
  await engine.command('set_settings', { values: settings });
  await engine.set('train.epochs', 100000);
  // What is on display is kept small: the peer displays nothing.
  await engine.set('view.images', 1);
  await engine.set('view.map_points', 100);
  await engine.command('step', { count: 20 });
  return engine;
}

// Resolves when the engine has the data set and trains on it, after so many seconds.
async function loadData(engine, name) {
  const began = performance.now();
  const ready = new Promise((resolve, reject) => {
    const stops = [
      engine.on('data_ready', (data) => {
        if (data.name !== name) return;
        stops.forEach((stop) => stop());
        resolve((performance.now() - began) / 1000);
      }),
      engine.on('failure', ({ message }) => reject(new Error(message))),
    ];
  });
  await engine.set('data.set', name);
  return ready;
}

const variant = (engine) => {
  const { engine: name, threads } = engine.state().network;
  return { engine: name, threads };
};

async function speed(engine, batch, time) {
  await engine.command('run');
  await seconds(0.3);
  // Steps are counted from one status message to another, by the clock at their arrival.
  const status = () =>
    new Promise((resolve) => {
      const stop = engine.on('status', ({ step }) => {
        stop();
        resolve({ step, now: performance.now() });
      });
    });
  const before = await status();
  await seconds(time);
  const after = await status();
  await engine.command('pause');
  return ((after.step - before.step) * batch * 1000) / (after.now - before.now);
}

let here = null; // the engine in this page's own thread

window.peer = {
  // For the profiler, which sees this thread only.
  async startHere(options) {
    here = await makeEngine({ ...options, threads: 1, worker: false });
  },

  async trainHere(time) {
    await here.command('run');
    await seconds(time);
    await here.command('pause');
  },

  // Which of the engine's modules that was: "engine". The engine says so itself: the browser's list of what was loaded is
  // full after 250 files.
  moduleHere() {
    return /fma/.test(variant(here).engine) ? 'engine-fma' : 'engine';
  },

  endHere() {
    here.close();
    here = null;
  },

  // { settings, batch, threads, seconds, peak, once }: with `peak` the speed of multiply-adds is measured before and after;
  // with `once` the engine is closed again.
  async train(options) {
    const key = JSON.stringify([options.settings, options.threads]);
    if (!engines.has(key)) engines.set(key, await makeEngine(options));
    const engine = engines.get(key);
    const peak = (relaxed) => (options.peak ? fmaPeak(PEAK_SECONDS, relaxed) : null);
    const before = { fma: peak(true), plain: peak(false) };
    const images_per_second = await speed(engine, options.batch, options.seconds);
    const after = { fma: peak(true), plain: peak(false) };
    const losses = engine.history().losses.map(({ loss }) => loss);
    const result = {
      images_per_second,
      loss_first: losses[0],
      loss_last: losses.at(-1),
      ...variant(engine),
    };
    if (options.peak) {
      result.plain_peak_gflops = (before.plain + after.plain) / 2;
      if (before.fma) result.fma_peak_gflops = (before.fma + after.fma) / 2;
    }
    if (options.once) {
      engine.close();
      engines.delete(key);
    }
    return result;
  },

  // The seconds of a t-SNE map of all the held-out samples' codes by the network of a checkpoint (its bytes in base64),
  // from the job's start to its end: neighbours and what the map is worth are in it.
  async tsne({ checkpoint, points, perplexity, iterations, threads }) {
    const engine = await createEngine({ threads });
    await engine.command('load_checkpoint', {
      checkpoint: Uint8Array.from(atob(checkpoint), (letter) => letter.charCodeAt(0)),
    });
    await engine.set('tsne.perplexity', perplexity);
    await engine.set('tsne.iterations', iterations);
    let fields = {};
    const ended = new Promise((resolve) => {
      engine.on('job_result', (result) => (fields = JSON.parse(result.fields)));
      engine.on('job_ended', resolve);
    });
    const began = performance.now();
    await engine.command('start_job', { job: 1, kind: 'tsne', arguments: JSON.stringify({ points }) });
    const { reason, message } = await ended;
    const seconds = (performance.now() - began) / 1000;
    const made = variant(engine);
    engine.close();
    if (reason !== 'done') throw new Error(message || reason);
    return { seconds, kl_divergence: fields.kl_divergence, ...made };
  },

  // What the network of a checkpoint (its bytes in base64) makes of the first held-out images: { inputs, outputs }, image
  // by image.
  async reconstruct(checkpoint, count, threads) {
    const engine = await createEngine({ threads });
    await engine.command('load_checkpoint', {
      checkpoint: Uint8Array.from(atob(checkpoint), (letter) => letter.charCodeAt(0)),
    });
    const inputs = [];
    const outputs = [];
    for (let sample = 0; sample < count; ++sample) {
      const shown = new Promise((resolve) => {
        const stop = engine.on('snapshot', (snapshot) => {
          if (snapshot.sample !== sample || !snapshot.activations?.length) return;
          stop();
          resolve(Array.from(snapshot.activations));
        });
      });
      await engine.set('view.sample', sample);
      const activations = await shown;
      inputs.push(...activations.slice(0, 784));
      outputs.push(...activations.slice(-784));
    }
    const made = variant(engine);
    engine.close();
    return { inputs, outputs, ...made };
  },

  // How long a data set takes from being asked for to being trained on.
  async load(name, threads) {
    const engine = await createEngine({ threads });
    const time = await loadData(engine, name);
    engine.close();
    return { seconds: time };
  },
};
