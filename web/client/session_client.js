// What a page knows of a session: sends commands, waits for their answers, and keeps the last of what came back.
// It does not care what carries the bytes; a worker, a module in the same thread and a test all do.

import { DownsampledSeries, lastOfEpochs, meanOfLosses } from './downsampled_series.js';
import { shown } from '../engine/arguments.js';
import { decodeEvent, encodeCommand } from '../engine/wire.js';

// Ids from here on are this client's. The front end module numbers its own commands from 1, and both speak to
// the same session, so an answer tells by its id whom it is for.
const FIRST_ID = 2 ** 40;

const noLosses = () => new DownsampledSeries(8192, meanOfLosses);
const noEpochs = () => new DownsampledSeries(4096, lastOfEpochs);

export class SessionClient {
  #send;
  #nextId = FIRST_ID;
  #waiting = new Map();
  #listeners = new Map();
  #settings = {};
  #status = { phase: 'paused', step: 0, epoch: 0, images_per_second: 0, pending_reset: [] };
  #network = null;
  #data = null;
  #losses = noLosses();
  #epochs = noEpochs();
  #snapshot = null;
  #diagnoses = [];
  #closed = null;

  // send(bytes, free): hands a command (a Uint8Array that owns its buffer) to the session, or throws why it may not;
  // `free` is that of command().
  constructor(send) {
    this.#send = send;
  }

  // Takes one event's bytes in; returns it decoded. Listeners are called before this returns.
  receive(bytes) {
    const event = decodeEvent(bytes);
    this.#keep(event);
    const waiting = event.id >= FIRST_ID ? this.#waiting.get(event.id) : undefined;
    if (waiting) {
      this.#waiting.delete(event.id);
      if (event.event === 'failure') {
        waiting.reject(new Error(event.message));
      } else {
        const { id, event: name, ...answer } = event;
        waiting.resolve(answer);
      }
    }
    this.emit(event.event, event);
    return event;
  }

  // Whether the answer is to a command of this client, and so nobody else's business.
  static isOwnAnswer(event) {
    return (event.event === 'reply' || event.event === 'failure') && event.id >= FIRST_ID;
  }

  // Sends a command; resolves with its answer, rejects with an Error whose message is one sentence for a person. Whatever
  // it is called with, the promise settles: what the engine could not read is refused here. `free`: past the locks of a
  // lesson, which are for others.
  command(name, args, free = false) {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw this.#closed;
      const id = this.#nextId++;
      const bytes = encodeCommand(name, args, id);
      this.#waiting.set(id, { resolve, reject });
      try {
        this.#send(bytes, free);
      } catch (error) {
        this.#waiting.delete(id);
        throw error;
      }
    }).catch((error) => {
      throw error instanceof Error ? error : new Error(`The command could not be sent: ${shown(error)}.`);
    });
  }

  // As command(), where nobody waits for the answer.
  post(name, args) {
    if (!this.#closed) this.#send(encodeCommand(name, args), true);
  }

  // Sets one setting; text is read as the settings table says for that key.
  set(key, value) {
    return this.command('set_setting', { key: key ?? null, value: value ?? null });
  }

  // How many commands have no answer yet.
  get waitingCount() {
    return this.#waiting.size;
  }

  // The value of a setting as the session last reported it. Throws an Error for a key that does not exist.
  get(key) {
    if (typeof key !== 'string' || !Object.hasOwn(this.#settings, key)) {
      const name = typeof key === 'string' ? `"${key}"` : `that is ${shown(key)}`;
      throw new Error(`There is no setting ${name}; settings() lists them all.`);
    }
    return this.#settings[key];
  }

  settings() {
    return { ...this.#settings };
  }

  // phase, step, epoch, images_per_second, pending_reset: as in the last status;
  // loss: the newest point of the training curve; metrics: those of the last whole epoch, or null;
  // network, data: what is being trained on what, or null before the session has said so;
  // diagnoses: what is wrong with the run though it goes on, each with kind, evidence and sentence.
  state() {
    return {
      ...this.#status,
      loss: this.#losses.newest?.loss ?? null,
      metrics: this.#epochs.newest ?? null,
      network: this.#network,
      data: this.#data,
      diagnoses: this.#diagnoses,
    };
  }

  // The curves since the start of the run: { losses, epochs }. Of a long run at most 8,192 and 4,096 points: each then
  // stands for as many neighbours, by the mean of their losses or by the last of their epochs.
  history() {
    return { losses: this.#losses.items(), epochs: this.#epochs.items() };
  }

  // The images and the latent map as last shown, every part the newest there is; null before the first.
  snapshot() {
    return this.#snapshot && { ...this.#snapshot };
  }

  // Calls `callback` with every event of that name ("*": with all). Returns a function that ends it.
  on(event, callback) {
    if (typeof callback !== 'function') throw new Error('on(event, callback) needs a function as its callback.');
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    // A wrapper of its own for each call, so that the same callback can be given twice and taken back once.
    const listener = (value) => callback(value);
    this.#listeners.get(event).add(listener);
    return () => this.#listeners.get(event).delete(listener);
  }

  emit(name, value) {
    for (const listener of [...(this.#listeners.get(name) ?? []), ...(this.#listeners.get('*') ?? [])]) {
      // One lesson's broken callback must not stop the run's other listeners.
      try {
        listener(value);
      } catch (error) {
        console.error(error);
      }
    }
  }

  // Rejects whatever still waits; later commands are rejected with the same error.
  close(error) {
    this.#closed = error;
    this.giveUp(error);
  }

  // Rejects whatever still waits, and takes later commands as before.
  giveUp(error) {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  // Takes commands again, to a session that begins anew.
  reopen() {
    this.#closed = null;
  }

  #keep(event) {
    const { event: name, ...rest } = event;
    if (name === 'settings_changed') {
      this.#settings = event.values;
    } else if (name === 'status') {
      this.#status = rest;
    } else if (name === 'network_info') {
      this.#network = rest;
    } else if (name === 'data_ready') {
      this.#data = rest;
      this.#snapshot = null;
    } else if (name === 'history') {
      if (event.restart) {
        this.#losses = noLosses();
        this.#epochs = noEpochs();
      }
      for (const point of event.losses ?? []) this.#losses.add(point);
      for (const epoch of event.epochs ?? []) this.#epochs.add(epoch);
    } else if (name === 'diagnoses') {
      this.#diagnoses = event.found ?? [];
    } else if (name === 'snapshot') {
      const { tile_channels, tile_rows, tile_columns, ...others } = rest;
      // The sides are those of the tiles that came last.
      const sides = rest.tiles || !this.#snapshot ? { tile_channels, tile_rows, tile_columns } : {};
      this.#snapshot = { ...this.#snapshot, ...others, ...sides };
    }
  }
}
