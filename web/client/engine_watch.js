// Notices when the engine's worker is gone or answers no more. A browser tells of neither: a worker that is ended (short
// of memory, by its own close(), by a task manager) fires no event.
//
// That it is gone is certain by a lock (Web Locks) that it holds as long as it lives. That it hangs is only a guess, made
// from how long it leaves a ping unanswered: it answers between two slices of its work, and one slice can be long. So the
// guess is said early and taken back when an answer comes; what waits is given up late; nothing is ended by it.

const TICK_MS = 2000;
const SILENT_MS = 20_000;
const LOST_MS = 120_000;

export class EngineWatch {
  #worker;
  #listeners;
  #timer = null;
  #asked = false; // a ping is under way
  #silent = 0; // milliseconds that it has been
  #last = 0;
  #busy = false;
  #lock = new AbortController();

  // worker        a Worker that answers { type: 'ping' } by { type: 'pong' } and holds the lock `lockName` if it can
  // listeners     onGone(): it is no more; onSilent(seconds | null): it has not answered for so long, null when it has
  //               again; onLost(seconds): it has not answered for so long that nobody should wait any longer
  constructor(worker, listeners) {
    this.#worker = worker;
    this.#listeners = listeners;
  }

  // The worker holds its lock, which will be free when it is gone.
  held(lockName) {
    const gone = () => {
      if (!this.#lock.signal.aborted) this.#listeners.onGone();
    };
    globalThis.navigator?.locks?.request(lockName, { signal: this.#lock.signal }, gone).catch(() => {});
  }

  // Something was asked of the worker, or it works by itself (`busy`): it should be there.
  expect(busy = this.#busy) {
    this.#busy = busy;
    if (this.#timer !== null || this.#lock.signal.aborted) return;
    this.#last = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  // The worker has said something, whatever it was.
  heard() {
    if (this.#silent >= SILENT_MS) this.#listeners.onSilent(null);
    this.#silent = 0;
  }

  pong() {
    this.#asked = false;
    this.heard();
    if (!this.#busy) this.#stop();
  }

  close() {
    this.#stop();
    this.#lock.abort();
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick() {
    const now = performance.now();
    // A page that was asleep itself (hidden, in a debugger, a closed lid) has not waited all that time.
    const waited = Math.min(now - this.#last, 2 * TICK_MS);
    this.#last = now;
    if (!this.#asked) {
      this.#asked = true;
      this.#worker.postMessage({ type: 'ping' });
      return;
    }
    const before = this.#silent;
    this.#silent += waited;
    const passes = (bound) => before < bound && this.#silent >= bound;
    if (passes(SILENT_MS)) this.#listeners.onSilent(SILENT_MS / 1000);
    // Again and again, for what was asked since.
    if (Math.floor(before / LOST_MS) < Math.floor(this.#silent / LOST_MS)) this.#listeners.onLost(LOST_MS / 1000);
  }
}
