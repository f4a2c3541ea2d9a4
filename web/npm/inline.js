// The entry hourglass-engine/inline: the engine and its worker are in this module, packed.

export { availableThreads, createEngine } from '../client/engine_client.js';
