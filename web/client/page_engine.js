// A playground's engine: started, started again when it has died, held where nobody looks.

import { startEngineWorker } from './engine_client.js';
import { pageText } from '../loading/page_text.js';

export class PageEngine {
  #settings;
  #client;
  #owner;
  #carrier = null;
  #runs = false; // it has, once
  #held = false;
  #withdraw = null; // takes the sentence away that the engine does not answer

  // settings: threads, simd, dataFolder, language, ownData, as for createEngine(). `client` is the SessionClient that speaks to it.
  // owner: onEvent(bytes), onProgress(loaded, total), onDataProgress(name, fraction) as for EngineDriver;
  //        onNotice(text, { again, passing }) as for start() in hourglass.js;
  //        onRestart(message) what was asked of the engine before will not be answered, and why
  //        onFatal(error) the engine is gone: one sentence
  constructor(settings, client, owner) {
    this.#settings = settings;
    this.#client = client;
    this.#owner = owner;
  }

  launch() {
    const { onEvent, onProgress, onDataProgress } = this.#owner;
    this.#carrier = startEngineWorker(this.#settings, {
      onEvent,
      onProgress,
      onDataProgress,
      onSilent: (seconds) => this.#noteSilence(seconds),
      onLost: (seconds) => this.#client.giveUp(new Error(this.#text('engineLost', { seconds }))),
      onFatal: (error) => this.#noteEnd(error),
    });
    this.#carrier.hold(this.#held);
    this.#carrier.started.then(
      () => {
        this.#runs = true;
      },
      () => {},
    ); // onFatal has said it
  }

  // Promise of the number of threads in use.
  get started() {
    return this.#carrier.started;
  }

  send(bytes) {
    this.#carrier.send(bytes);
  }

  // Gives the engine a person's own data, an ArrayBuffer that is the engine's from then on.
  provide(samples) {
    this.#carrier.provide(samples);
  }

  // Training stands still, or goes on.
  hold(on) {
    if (on === this.#held) return;
    this.#held = on;
    this.#carrier.hold(on);
  }

  close(error) {
    this.#carrier.close();
    this.#client.close(error);
  }

  // The settings outlive an engine, the network does not.
  async restart() {
    const values = this.#client.settings();
    this.#noteSilence(null);
    this.#carrier.close();
    this.#client.giveUp(new Error(this.#text('engineRestarted')));
    this.#owner.onRestart(this.#text('engineRestarted'));
    this.#client.reopen();
    this.launch();
    try {
      await this.#client.command('set_settings', { values }, true);
    } catch {
      // Some that waited for a reset may not fit together: then each for itself, as far as it goes.
      const set = ([key, value]) => this.#client.command('set_setting', { key, value }, true);
      await Promise.allSettled(Object.entries(values).map(set));
    }
  }

  #text(key, values) {
    return pageText(this.#settings.language, key, values);
  }

  // `again` for a notice.
  #startAgain() {
    this.restart().catch(() => {}); // what is in the way is told as the first time
  }

  #noteSilence(seconds) {
    this.#withdraw?.();
    this.#withdraw = null;
    if (seconds === null) return;
    const more = { again: () => this.#startAgain(), passing: true };
    this.#withdraw = this.#owner.onNotice(this.#text('engineSilent', { seconds }), more) ?? null;
  }

  #noteEnd(error) {
    this.#noteSilence(null);
    const starved = /OOM|out of memory/.test(error.message);
    const reason = starved ? this.#text('outOfMemory') : error.message;
    const sentence = new Error(this.#text(this.#runs ? 'engineStopped' : 'engineFailed', { reason }));
    this.#client.emit('fatal', sentence);
    this.#client.close(sentence);
    this.#owner.onNotice(sentence.message, this.#runs ? { again: () => this.#startAgain() } : {});
    this.#owner.onFatal(sentence);
  }
}
