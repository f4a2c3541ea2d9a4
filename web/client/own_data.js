// A person's own files in the page: understood by a worker of their own, shown by the front end's panel, handed to the
// engine as a data set, and kept in the browser where the person has said so. Nothing of them leaves the page.

import { encodeMessage } from '../engine/wire.js';
import { hasCamera, openCamera } from './camera.js';
import { FilesReader } from './files_reader.js';
import { filesOfSamples, pngOf, pngOfGreys } from './made_samples.js';
import { pixelsOf } from './pictures.js';
import { subsampleOf } from './subsample.js';
import { ownDataText } from './own_data_text.js';
import { dropStoredOwnData, storedOwnData, storeOwnData } from './own_data_store.js';

const MEGABYTE = 2 ** 20;
// Of the 2 GB that a module can have, where they are read and made numbers.
const LIMITS = { mostBytes: 600 * MEGABYTE, mostFiles: 200_000 };
const JOB = 1; // the front end's number; there is one

export class OwnData {
  #owner;
  #reader = new FilesReader();
  #files = null; // { name, files: [{ path, blob }] }, with `made` where these are samples of made_samples.js
  #options = '{}';
  #used = null; // the options with which the data were last given to the engine
  #kept = false;
  #isRead = false; // the worker has the files
  #limits; // { mostBytes, mostFiles }
  #offered = null; // { name, take } of a part of what was too much
  #turn = 0; // counts up with each preview: an older answer is none any more

  // owner: deliver(bytes) hands an event to the front end; provide(samples) gives the engine the bytes of a data set,
  //        refuse(message) says that there are none; language() is the one on show; notice(message) says a sentence
  //        over the page; data() is what is in use, and search(pixels) looks for images like one of its shape.
  constructor(owner, limits = LIMITS) {
    this.#owner = owner;
    this.#limits = limits;
  }

  // Takes up what was kept at an earlier visit. Opens nothing.
  async recall() {
    const stored = await storedOwnData();
    if (!stored?.files?.length || this.#files) return;
    this.#files = { name: stored.name, files: stored.files, made: stored.made };
    this.#options = stored.options ?? '{}';
    this.#kept = true;
    this.#stage('reading');
    this.#stage('kept');
    if (stored.made) this.#stage('made', String(stored.files.length));
    if (await this.#read()) await this.#preview();
  }

  // Shows what is understood of files: [{ path, blob }], of which `name` is what the data are called.
  async take(name, files) {
    this.#stage('open');
    if (files.length === 0) return this.#fail('empty');
    const { mostBytes, mostFiles } = this.#limits;
    const size = files.reduce((sum, { blob }) => sum + blob.size, 0);
    if (files.length > mostFiles || size > mostBytes) {
      if (files.length > mostFiles) this.#fail('many', { count: files.length, most: mostFiles });
      else this.#fail('large', { size: Math.ceil(size / MEGABYTE), most: Math.floor(mostBytes / MEGABYTE) });
      return this.#offer(name, files);
    }
    this.#offered = null;
    this.#files = { name, files };
    this.#options = '{}';
    this.#used = null;
    if (this.#kept) {
      this.#kept = false;
      this.#stage('page');
      dropStoredOwnData();
    }
    if (await this.#read()) await this.#preview();
  }

  // Files as a drop, a paste or a dialogue gives them: [{ path, blob }] with the folder's name before each path. Its name
  // becomes that of the data.
  takeAll(files) {
    const [first] = files;
    const tops = new Set(files.map(({ path }) => (path.includes('/') ? path.split('/')[0] : '')));
    const top = tops.size === 1 ? [...tops][0] : '';
    if (top) {
      const inner = files.map(({ path, blob }) => ({ path: path.slice(top.length + 1), blob }));
      return this.take(top, inner);
    }
    return this.take(files.length === 1 ? first.path : 'files', files);
  }

  // A part of what is too much, for a button.
  #offer(name, files) {
    const part = subsampleOf(files, this.#limits);
    this.#offered = part && { name, take: part.take };
    if (part) this.#stage('subsample', JSON.stringify({ used: part.used, of: part.of, unit: part.unit }));
  }

  async #takeOffered() {
    if (!this.#offered) return undefined;
    const { name, take } = this.#offered;
    this.#stage('reading');
    return this.take(name, await take());
  }

  // What the front end's panel asks for.
  async command({ action, options = {}, ...made }) {
    switch (action) {
      case 'hello':
        if (hasCamera()) this.#stage('camera');
        return this.#stage(this.#kept ? 'kept' : 'page');
      case 'choose':
      case 'folder':
        return this.#choose(action === 'folder');
      case 'preview':
        this.#options = JSON.stringify(options);
        await this.#preview();
        return this.#kept ? this.#keep() : undefined;
      case 'add':
        return this.#add(made, await pngOfGreys(made));
      case 'camera':
        return this.#photograph(made);
      case 'subsample':
        return this.#takeOffered();
      case 'undo':
        return this.#setMade(this.#files?.made ? this.#files.files.slice(0, -1) : [], this.#files?.name);
      case 'use':
        return this.#use(JSON.stringify(options));
      case 'keep':
        return this.#keep();
      case 'unkeep':
        this.#kept = false;
        this.#stage('page');
        return dropStoredOwnData();
      default:
        return this.#forget();
    }
  }

  // A sample that was made here, beside those before it; the first takes the place of files.
  #add({ class: label, held_out: heldOut, name }, blob) {
    const before = this.#files?.made ? this.#files.files : [];
    return this.#setMade([...before, { label, heldOut, blob }], name);
  }

  async #setMade(samples, name) {
    if (samples.length === 0) return this.#forget();
    if (!this.#files?.made) this.#options = '{}';
    this.#files = { name, files: filesOfSamples(samples), made: true };
    this.#used = null;
    this.#stage('made', String(samples.length));
    if (this.#kept) await this.#keep();
    if (await this.#read()) await this.#preview();
  }

  #search(canvas) {
    const data = this.#owner.data();
    if (data) this.#owner.search(pixelsOf(canvas, data));
  }

  // Samples by the camera, or one picture that is looked for among the images.
  async #photograph({ use, ...sample }) {
    const onPicture =
      use === 'query' ? (canvas) => this.#search(canvas) : async (canvas) => this.#add(sample, await pngOf(canvas));
    try {
      await openCamera({ language: this.#owner.language(), onPicture, one: use === 'query' });
    } catch ({ message }) {
      if (use === 'query') this.#owner.notice(message);
      else this.#say(message);
    }
  }

  // The bytes of the data that were last given to the engine, or null.
  async samples() {
    if (!this.#files) return null;
    const { bytes, error } = await this.#ask({ type: 'samples', options: this.#used ?? this.#options });
    if (error) throw new Error(this.#sentence(error));
    return bytes;
  }

  // The engine asks for the data.
  async provide() {
    if (!this.#files) return this.#owner.refuse(this.#text('none'));
    const { bytes, error } = await this.#ask({ type: 'samples', options: this.#used ?? this.#options });
    if (error) this.#owner.refuse(this.#sentence(error));
    else this.#owner.provide(bytes);
  }

  async #read() {
    this.#turn += 1;
    this.#isRead = true;
    const { error, sentence } = await this.#ask({ type: 'files', ...this.#files });
    if (error) this.#say(this.#sentence(error), sentence);
    return !error;
  }

  async #preview() {
    const turn = ++this.#turn;
    this.#stage('reading');
    const { bytes, error, sentence } = await this.#ask({ type: 'preview', options: this.#options, job: JOB });
    if (turn !== this.#turn) return;
    if (error) this.#say(this.#sentence(error), sentence);
    else this.#owner.deliver(new Uint8Array(bytes));
  }

  async #use(options) {
    const { bytes, error, sentence } = await this.#ask({ type: 'samples', options });
    if (error) return this.#say(this.#sentence(error), sentence);
    this.#used = options;
    // What was read is as large as the files once more, and a module's memory never shrinks.
    if (this.#reader.isIdle) {
      this.#isRead = false;
      this.#reader.end();
    }
    return this.#owner.provide(bytes);
  }

  async #keep() {
    try {
      await storeOwnData({ ...this.#files, options: this.#options });
      this.#kept = true;
      this.#stage('kept');
    } catch (error) {
      this.#kept = false;
      this.#stage('page');
      this.#say(this.#text(error?.name === 'QuotaExceededError' ? 'full' : 'refused'));
    }
  }

  #forget() {
    this.#turn += 1;
    this.#files = null;
    this.#kept = false;
    this.#stage('none');
    this.#stage('page');
    this.#isRead = false;
    this.#reader.end(this.#text('none'));
    return dropStoredOwnData();
  }

  // A dialogue of the browser, which opens only right after somebody has pressed something.
  #choose(folder) {
    const id = folder ? 'own-folder' : 'own-files';
    let input = document.getElementById(id);
    if (!input) {
      input = document.createElement('input');
      Object.assign(input, { type: 'file', id, multiple: true, hidden: true, webkitdirectory: folder });
      input.addEventListener('change', () => {
        const files = [...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, blob: file }));
        input.value = ''; // the same once more is a change again
        if (files.length > 0) this.takeAll(files);
      });
      document.body.append(input);
    }
    input.click();
  }

  async #ask(message) {
    if (message.type !== 'files' && !this.#isRead && this.#files) {
      this.#isRead = true;
      this.#reader.ask({ type: 'files', ...this.#files });
    }
    const { bytes, error, sentence, failed } = await this.#reader.ask(message);
    if (failed || error === 'out of memory') this.#isRead = false;
    return { bytes, sentence, error: failed ? this.#text('failed', { reason: failed }) : error };
  }

  #stage(stage, words = stage) {
    this.#owner.deliver(
      encodeMessage('job_progress', { job: JOB, kind: 'import', share: 0, stage, words, paused: false }),
    );
  }

  #say(message, sentence = '') {
    this.#stage('refused', sentence);
    this.#owner.deliver(encodeMessage('job_ended', { job: JOB, kind: 'import', reason: 'failed', message }));
  }

  #fail(key, values) {
    this.#say(this.#text(key, values));
  }

  #sentence(error) {
    return error === 'out of memory' ? this.#text('memory') : error;
  }

  #text(key, values) {
    return ownDataText(this.#owner.language(), key, values);
  }
}
