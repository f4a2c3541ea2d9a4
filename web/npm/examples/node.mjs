// Trains an autoencoder on the built-in digits and saves it: node node.mjs [FILE]

import { writeFile } from 'node:fs/promises';

import { createEngine } from 'hourglass-engine';

const engine = await createEngine();
await engine.command('load_preset', { name: 'quick' });
engine.on('failure', ({ message }) => console.error(message));

// A step is a mini-batch. The command is answered when training has begun; the status tells when it has ended.
const trained = new Promise((resolve) => {
  engine.on('status', ({ phase, step }) => phase === 'paused' && step >= 200 && resolve());
});
await engine.command('step', { count: 200 });
await trained;

const { loss, network, step } = engine.state();
console.log(`${network.engine}, ${engine.threads} threads: loss ${loss.toFixed(4)} after ${step} mini-batches`);

const { checkpoint } = await engine.command('save_checkpoint');
const file = process.argv[2] ?? 'model.safetensors';
await writeFile(file, checkpoint);
console.log(`${file}: ${checkpoint.length} bytes`);
engine.close();
