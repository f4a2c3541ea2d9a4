// The worker in which a person's files are read and written (web/files/files_worker.js), asked one thing after the other.

import { startWorker } from '../loading/parts.js';

export class FilesReader {
  #worker = null;
  #waiting = [];

  // Resolves with the answer to a message, { bytes, name } or { error }; the answers come in the order of the questions.
  ask(message, transfer = []) {
    this.#worker ??= this.#start();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#worker.postMessage(message, transfer);
    });
  }

  get isIdle() {
    return this.#waiting.length === 0;
  }

  // Ends the worker, whose memory never shrinks; what waits is answered with the sentence. It may be asked again.
  end(sentence) {
    this.#worker?.terminate();
    this.#worker = null;
    for (const settle of this.#waiting.splice(0)) settle({ error: sentence });
  }

  #start() {
    const worker = startWorker('files_worker.js', 'hourglass-files');
    worker.onmessage = ({ data }) => this.#waiting.shift()?.(data);
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.#worker = null;
      const failed = event.message || 'files_worker.js';
      for (const settle of this.#waiting.splice(0)) settle({ error: failed, failed });
    };
    return worker;
  }
}
