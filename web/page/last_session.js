// The last session comes back after a reload: what was trained, with its settings and curves, as a checkpoint in the
// browser's storage, which the engine checks as it does any other.
//
// Every tab has a session of its own, by a name in its sessionStorage. A lock of that name says that the tab lives: a copy
// of the tab begins another session, and a new tab goes on with the newest that nobody has.

import { settingsIn } from './address.js';

const DATABASE = 'hourglass-session';
const VERSION = 1; // stores "about" of { place, address, data, time } and "bytes" of checkpoints, by the session's name
const MAX_SESSIONS = 4;
const MAX_BYTES = 64 * 2 ** 20; // of one
const MARK = 'hourglass.session';

const SOON_MS = 500; // after what has changed last
const EVERY_MS = 15_000; // while training goes on
const PATIENCE_MS = 2000; // for the lock of a page that is just going

const TEXTS = {
  en: {
    continued: 'Continued from where you left.',
    afresh: 'Begin afresh',
    damaged: 'The session that was stored could not be read and was dropped: {reason}',
    refused: 'The browser stores nothing for this page, so this session ends with it. All else works.',
    full: 'The browser has no room for this session: it ends with the page.',
    ownData: 'The last session was on data of your own, which are not kept; it was dropped.',
  },
  zh: {
    continued: '已从上次离开的地方继续。',
    afresh: '重新开始',
    damaged: '存储的会话无法读取，已丢弃：{reason}',
    refused: '浏览器不为本页面存储数据，所以这次会话会随页面关闭而消失。其他功能不受影响。',
    full: '浏览器没有空间存储这次会话：它会随页面关闭而消失。',
    ownData: '上次会话使用的是你自己的数据，而这些数据没有保留；会话已丢弃。',
  },
};

export class LastSession {
  #hourglass;
  #place;
  #asked;
  #tell;
  #name = null; // once this page has the session
  #database = null;
  #told = new Set();
  #restored = false; // and its data may still be on their way
  #stored = false;

  // place: "" for a page of its own, otherwise what tells a frame from others. asked: somebody has said that the session
  // is to be kept. language() is the one on show, notice(sentence, { again, label }) tells a sentence.
  constructor(hourglass, { place, asked, language, notice }) {
    this.#hourglass = hourglass;
    this.#place = place;
    this.#asked = asked;
    this.#tell = (key, values = {}, more) => {
      if (this.#told.has(key)) return () => {};
      this.#told.add(key);
      const texts = TEXTS[language()] ?? TEXTS.en;
      const sentence = texts[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
      return notice(sentence, more && { ...more, label: texts[more.label] });
    };
  }

  // Resolves with whether a session has come back. A tab's own does after a reload, and where the address still asks for
  // the same settings; in a new tab an address that asks for nothing brings the newest back.
  async restore() {
    try {
      const name = await this.#find();
      if (!name) return false;
      const [about, bytes] = await Promise.all([this.#get('about', name), this.#get('bytes', name)]);
      return await this.#bringBack(about, bytes);
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  // Stores the session from now on.
  keep() {
    const hourglass = this.#hourglass;
    let timer = 0;
    let saved = '';
    let last = performance.now();
    const now = () => {
      const { step, phase } = hourglass.state();
      return { step, phase, mark: `${step} ${JSON.stringify(hourglass.settings())}` };
    };
    const save = async () => {
      clearTimeout(timer);
      timer = 0;
      const { step, mark } = now();
      if (mark === saved) return;
      saved = mark;
      last = performance.now();
      if (step > 0) await this.#store().catch((error) => this.#fail(error));
      else if (!this.#restored) await this.#drop().catch(() => {});
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(save, SOON_MS);
    };
    const look = () => {
      const { step, phase } = hourglass.state();
      if (step > 0) this.#restored = false; // it is there
      if (phase === 'running') {
        if (performance.now() - last > EVERY_MS) save();
      } else {
        soon();
      }
    };
    hourglass.on('status', look);
    hourglass.on('settings_changed', soon);
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') save();
    });
    look();
  }

  async #find() {
    const own = this.#recall();
    const asked = settingsIn(location);
    const database = await this.#open();
    if (own) {
      const about = await this.#get('about', own);
      const same = about && (about.address === asked || isReload());
      return same && (await this.#claim(own, PATIENCE_MS)) ? own : null;
    }
    if (asked || new URLSearchParams(location.search).has('run')) return null;
    const names = await done(database.transaction('about').objectStore('about').getAllKeys());
    const all = await Promise.all(names.map(async (name) => ({ name, ...(await this.#get('about', name)) })));
    const here = all.filter(({ place }) => place === this.#place).sort((a, b) => b.time - a.time);
    for (const { name } of here) if (await this.#claim(name)) return name;
    return null;
  }

  async #bringBack(about, bytes) {
    const hourglass = this.#hourglass;
    this.#stored = true; // whatever it is worth
    try {
      if (!(bytes instanceof Uint8Array) || bytes.length > MAX_BYTES) throw new Error('no checkpoint');
      if (about.data === 'own') {
        if (!localStorage.getItem('hourglass-own-data')) {
          this.#tell('ownData');
          await this.#drop();
          return false;
        }
        await hourglass.recallOwnFiles();
      }
      await hourglass.command('load_checkpoint', { checkpoint: bytes });
    } catch (error) {
      this.#tell('damaged', { reason: error.message });
      await this.#drop();
      return false;
    }
    this.#restored = true;
    const remove = this.#tell('continued', {}, { label: 'afresh', again: () => this.#beginAfresh() });
    const stop = hourglass.on('status', ({ phase }) => {
      if (phase !== 'running') return;
      stop();
      remove();
    });
    return true;
  }

  async #beginAfresh() {
    this.#restored = false;
    await this.#drop().catch(() => {});
    await this.#hourglass.command('reset').catch(() => {}); // there is nothing to reset yet
  }

  async #store() {
    await this.#take();
    const database = await this.#open();
    const data = this.#hourglass.get('data.set');
    const { checkpoint } = await this.#hourglass.command('save_checkpoint');
    if (checkpoint.byteLength > MAX_BYTES) return;
    const about = { place: this.#place, address: settingsIn(location), data, time: Date.now() };
    const writing = database.transaction(['about', 'bytes'], 'readwrite');
    writing.objectStore('about').put(about, this.#name);
    // A copy: what is stored of a view is all that it looks into.
    await done(writing.objectStore('bytes').put(checkpoint.slice(), this.#name));
    this.#stored = true;
    localStorage.setItem(MARK, '1');
    await this.#forgetOldest(database);
  }

  async #forgetOldest(database) {
    const names = await done(database.transaction('about').objectStore('about').getAllKeys());
    const all = await Promise.all(names.map(async (name) => ({ name, ...(await this.#get('about', name)) })));
    all.sort((a, b) => b.time - a.time);
    for (const { name } of all.slice(MAX_SESSIONS)) await this.#delete(database, name);
  }

  async #drop() {
    if (!this.#name || !this.#stored) return;
    this.#stored = false;
    await this.#delete(await this.#open(), this.#name);
  }

  #delete(database, name) {
    const writing = database.transaction(['about', 'bytes'], 'readwrite');
    writing.objectStore('about').delete(name);
    return done(writing.objectStore('bytes').delete(name));
  }

  async #get(store, name) {
    const database = await this.#open();
    return done(database.transaction(store).objectStore(store).get(name));
  }

  #open() {
    this.#database ??= openDatabase();
    return this.#database;
  }

  // Makes a session this page's, unless it is already: the tab's, or a new one.
  async #take() {
    if (this.#name) return;
    const own = this.#recall();
    if (own && (await this.#claim(own))) {
      this.#stored = true; // what an earlier page of this tab has stored is in the way
      return;
    }
    await this.#claim(`${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`);
  }

  // Resolves with whether no other page has the session of that name; from then on this one has. Where there are no locks
  // nobody can tell, and nobody has.
  async #claim(name, patience = 0) {
    const { locks } = navigator;
    const taken =
      !locks ||
      (await new Promise((resolve) => {
        const giveUp = new AbortController();
        const options = patience > 0 ? { signal: giveUp.signal } : { ifAvailable: true };
        if (patience > 0) setTimeout(() => giveUp.abort(), patience);
        locks
          .request(`${MARK}-${name}`, options, (lock) => {
            resolve(lock !== null);
            return lock && new Promise(() => {}); // for as long as the page lives
          })
          .catch(() => resolve(giveUp.signal.aborted === false));
      }));
    if (!taken) return false;
    this.#name = name;
    try {
      sessionStorage.setItem(MARK + this.#place, name);
    } catch {
      // The next page of this tab begins another.
    }
    return true;
  }

  #recall() {
    try {
      return sessionStorage.getItem(MARK + this.#place);
    } catch {
      return null;
    }
  }

  #fail(error) {
    if (!this.#asked) return;
    this.#tell(error?.name === 'QuotaExceededError' ? 'full' : 'refused');
  }
}

// Whether somebody has reloaded the page, whatever its address has come to be.
const isReload = () => performance.getEntriesByType('navigation')[0]?.type === 'reload';

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION); // throws where storage is refused
    request.onupgradeneeded = () => ['about', 'bytes'].forEach((name) => request.result.createObjectStore(name));
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('blocked'));
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close();
      resolve(database);
    };
  });
}

// Resolves with the result of a request when its transaction is complete.
function done(request) {
  return new Promise((resolve, reject) => {
    const { transaction } = request;
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? request.error);
  });
}
