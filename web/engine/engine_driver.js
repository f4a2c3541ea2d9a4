// Runs the engine module in the thread that loads this file: hands commands in, trains in short slices, hands events
// out, and fetches data sets when the engine asks for one. The worker and the in-process client are both this.

import { chosenSimd } from '../loading/capabilities.js';
import { DATA_PARTS } from './data_files.js';
import { hasModule, importScript } from '../loading/parts.js';
import { completeModule, instantiateWithProgress } from '../loading/wasm_loading.js';
import { encodeCommand, messageName, decodeMessage } from './wire.js';

// Long enough that the switch to JavaScript costs nothing, short enough that a click is answered within a frame.
const SLICE_MICROSECONDS = 8000;

// What the memory of an engine with threads may grow to, in bytes, the first that is granted: memory that is shared
// needs room to grow set aside in advance, and some phones refuse the larger ones. CMakeLists.txt has the ends.
const MOST_SHARED_MEMORY = [1024, 512, 256].map((megabytes) => megabytes * 2 ** 20);
const FIRST_SHARED_MEMORY = 32 * 2 ** 20;
const PAGE = 65536;

// The rest of the module's code is fetched so long after the first step, or where there will be none, after the start.
const AFTER_FIRST_STEP_MS = 500;
const PAUSED_MS = 3000;
const AGAIN_MS = 10_000;

export class EngineDriver {
  #module;
  #name;
  #onEvent;
  #onFatal;
  #loadData;
  #bringsOwn;
  #loading = null;
  #scheduled = false;
  #timer = null; // while training is held back
  #closed = false;
  #held = false; // training stands still until hold(false)
  #completing = null; // timer
  #training = false; // by the last status
  #yield;
  #stopYielding;

  // Options:
  //   threads           1 for the engine without threads; more need SharedArrayBuffer
  //   simd              "fma" or "simd", see capabilities.js; by default the faster one that runs here
  //   onEvent(bytes)    every event, a Uint8Array that owns its buffer
  //   onFatal(error)    the engine is gone and will say nothing more
  //   onProgress(loaded, total)   bytes of the engine's own file; total is 0 where it is not known
  //   loadData(name, { onProgress, signal, room })   resolves with the four files of a data set, by part: their bytes,
  //                     or what room(part, size) has returned, filled (data_files.js)
  //   onDataProgress(name, fraction)
  //   ownData           true: whoever sees the event data_wanted for "own" answers it, by provide()
  // Resolves when the engine has started.
  static async create(options) {
    let { threads = 1 } = options;
    const variant = chosenSimd(options.simd) === 'fma' ? '-fma' : '';
    let module;
    let name = `engine-mt${variant}`;
    if (threads > 1) {
      try {
        if (!hasModule(name)) throw new Error(`${name} is not built yet`);
        const wasmMemory = sharedMemory();
        module = await instantiate(name, { threads, wasmMemory }, options.onProgress);
      } catch (error) {
        // Memory for threads may be refused where growing memory is not (a phone, a nearly full machine), and a site
        // that was just built may not have this module before its next load.
        console.info(`Hourglass goes on with one thread: ${error.message}`);
        threads = 1;
      }
    }
    if (!module) {
      name = `engine${variant}`;
      module = await instantiate(name, {}, options.onProgress);
    }
    return new EngineDriver(module, threads, { ...options, name });
  }

  // `name` is the module's, without which it is whole (web/split); the rest as for create().
  constructor(module, threads, options) {
    const { onEvent, onFatal = () => {}, loadData, onDataProgress = () => {}, ownData = false, name } = options;
    this.#module = module;
    this.#name = name;
    this.#bringsOwn = ownData;
    this.#onEvent = onEvent;
    this.#onFatal = onFatal;
    this.#loadData = async (name) => {
      this.#loading?.abort();
      const loading = new AbortController();
      this.#loading = loading;
      try {
        const parts = await loadData(name, {
          signal: loading.signal,
          onProgress: (fraction) => onDataProgress(name, fraction),
          room: (part, size) => this.#room(part, size, loading.signal),
        });
        if (loading.signal.aborted) return;
        this.#provideData(name, parts, loading.signal);
      } catch (error) {
        if (loading.signal.aborted) return;
        for (const part of DATA_PARTS) this.#room(part, 0, loading.signal); // whatever was written is given back
        loading.abort(); // the other files are still on their way, to room that is gone
        this.send(encodeCommand('data_failed', { name, message: error.message }));
      }
      onDataProgress(name, 1);
    };
    [this.#yield, this.#stopYielding] = taskQueue(() => this.#turn());
    this.threads = threads;
    this.#guarded(() => module._engine_create(threads));
    this.#flush();
    this.#schedule();
  }

  // Hands one command to the engine.
  send(bytes) {
    this.#call((module) => {
      const pointer = copyOf(module, bytes);
      try {
        module._engine_command(pointer, bytes.length);
      } finally {
        module._free(pointer);
      }
    });
  }

  #call(task) {
    if (this.#closed) return;
    this.#guarded(() => task(this.#module));
    this.#flush();
    this.#schedule();
  }

  // Holds training where it stands, and lets it go on. Commands are answered meanwhile, and the phase stays what it is.
  hold(on) {
    this.#held = on;
    if (!on) this.#schedule();
  }

  // Size of the engine's memory, which never shrinks.
  get memoryBytes() {
    return memoryOf(this.#module).length;
  }

  // Room in the engine's memory for one file of a data set: an object with an Uint8Array's set(bytes, offset). Null if
  // there is no such room.
  #room(part, size, signal) {
    if (this.#closed || signal.aborted) return { set() {} };
    const pointer = this.#guarded(() => this.#module._engine_file(DATA_PARTS.indexOf(part), size));
    if (!pointer && size > 0) return null;
    return new EngineFile((bytes, offset) => {
      // After an abort the room is another load's.
      if (this.#closed || signal.aborted) return;
      memoryOf(this.#module).set(bytes, pointer + offset);
    });
  }

  // Gives the engine a data set by its parts, also where it has not asked for one.
  provide(name, parts) {
    this.#loading?.abort();
    this.#loading = new AbortController();
    try {
      this.#provideData(name, parts, this.#loading.signal);
    } catch (error) {
      this.send(encodeCommand('data_failed', { name, message: error.message }));
    }
  }

  #provideData(name, parts, signal) {
    for (const part of DATA_PARTS) {
      const bytes = parts[part] ?? new Uint8Array(0);
      if (bytes instanceof EngineFile) continue;
      const room = this.#room(part, bytes.length, signal);
      if (!room) throw new Error('out of memory');
      room.set(bytes, 0);
    }
    this.#call((module) => {
      const pointer = copyOf(module, new TextEncoder().encode(`${name}\0`));
      try {
        module._engine_provide_data(pointer);
      } finally {
        module._free(pointer);
      }
    });
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#completing);
    this.#loading?.abort();
    this.#stopYielding();
    try {
      this.#module._engine_destroy?.();
    } catch {
      // Its code does not come any more; its memory goes with the module.
    }
  }

  #schedule() {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    clearTimeout(this.#timer);
    this.#yield();
  }

  #turn() {
    this.#scheduled = false;
    if (this.#closed || (this.#held && this.#training)) return;
    const idle = this.#guarded(() => this.#module._engine_advance(SLICE_MICROSECONDS));
    this.#flush();
    // Whoever handles an event may have sent a command, and with it asked for the next turn.
    if (idle === null || idle < 0 || this.#scheduled) return;
    if (idle === 0) this.#schedule();
    else if (!this.#closed) this.#timer = setTimeout(() => this.#schedule(), idle / 1000);
  }

  #flush() {
    while (!this.#closed) {
      const bytes = this.#guarded(() => {
        const pointer = this.#module._engine_next_event();
        if (!pointer) return null;
        return memoryOf(this.#module).slice(pointer, pointer + this.#module._engine_event_length());
      });
      if (!bytes) return;
      const name = messageName(bytes);
      if (name === 'data_wanted') this.#want(decodeMessage(bytes).fields.name);
      else if (name === 'status') this.#note(decodeMessage(bytes).fields);
      this.#onEvent(bytes);
    }
  }

  #note({ phase, step }) {
    this.#training = phase === 'running';
    if (!this.#name || this.#completing || (step === 0 && phase !== 'paused')) return;
    const complete = () =>
      completeModule(this.#module, this.#name).catch((error) => {
        if (this.#closed) return;
        console.info(`Hourglass has the first part of ${this.#name} alone as yet: ${error.message}`);
        this.#completing = setTimeout(complete, AGAIN_MS);
        this.#completing.unref?.();
      });
    this.#completing = setTimeout(complete, step > 0 ? AFTER_FIRST_STEP_MS : PAUSED_MS);
    this.#completing.unref?.(); // Node.js does not wait for it
  }

  #want(name) {
    if (name !== 'own' || !this.#bringsOwn) this.#loadData(name);
    else this.#loading?.abort();
  }

  // Calls into the module. What it throws is beyond repair (memory ran out, or a bug): the engine ends there.
  #guarded(call) {
    try {
      return call();
    } catch (error) {
      this.#closed = true;
      this.#stopYielding();
      // A C++ exception that nobody caught can only be that of the allocator: bad input is answered by a failure.
      this.#onFatal(error instanceof WebAssembly.Exception ? new Error('out of memory') : error);
      return null;
    }
  }
}

// The place that #room() has given a file.
class EngineFile {
  constructor(set) {
    this.set = set;
  }
}

function copyOf(module, bytes) {
  const pointer = module._malloc(bytes.length);
  if (pointer === 0) throw new Error('out of memory');
  memoryOf(module).set(bytes, pointer);
  return pointer;
}

// The engine's memory as it is now: when it grows, an earlier view of it ends or stays short. Where there are threads,
// any of them may have made it grow, which HEAPU8 does not know.
function memoryOf(module) {
  return new Uint8Array((module.wasmMemory ?? module.HEAPU8).buffer);
}

function instantiate(name, settings, onProgress) {
  const load = () =>
    importScript(name).catch((error) => {
      throw new Error(`${name}.js: ${error.message}`);
    });
  return instantiateWithProgress(load, settings, name, onProgress);
}

function sharedMemory() {
  if (typeof SharedArrayBuffer === 'undefined') throw new Error('the page is not isolated');
  let refusal;
  for (const bytes of MOST_SHARED_MEMORY) {
    try {
      return new WebAssembly.Memory({ initial: FIRST_SHARED_MEMORY / PAGE, maximum: bytes / PAGE, shared: true });
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

// [request, stop]: request() runs `task` after the events that wait already. A timer would do that too, but browsers
// hold timers back to 4 ms, and to a second in a hidden page.
function taskQueue(task) {
  if (typeof setImmediate === 'function') return [() => setImmediate(task), () => {}];
  const channel = new MessageChannel();
  channel.port1.onmessage = task;
  return [() => channel.port2.postMessage(null), () => channel.port1.close()];
}
