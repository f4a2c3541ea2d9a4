// Lessons in the page: fetched, opened, and remembered where storage is allowed. A script that only those fetch who
// open one. What a lesson may do is the front end's affair (core/session/lesson/lesson.h): settings, and nothing else.

import { shown } from '../engine/arguments.js';
import { fetchFile } from '../loading/parts.js';
import { LessonResults } from './lesson_results.js';

const MOST_BYTES = 4 * 2 ** 20;
const NAME = /^[a-z0-9-]{1,64}$/;
const HAN = /[\u2e80-\uffff]/;
const CURRENT = 'hourglass.lesson'; // of this tab: what lesson() takes; page.js reads it
const PROGRESS = 'hourglass.lesson.'; // of each lesson, by its name
const DRAFT = 'hourglass.draft'; // of the lesson that is being made
const PACKED = 'z.'; // an address that has the lesson itself: deflated, in base64url

const TEXTS = {
  en: {
    unknown: 'There is no lesson “{name}” on this page’s server; its list of lessons has those there are.',
    address:
      'A lesson’s address begins with https:// or http://, or is a path beside this page such as lessons/mine.json, and ' +
      '“{name}” is neither.',
    refused:
      'The lesson at {address} could not be fetched: its server does not answer, or does not allow this page to read ' +
      'it (Access-Control-Allow-Origin).',
    status: 'The lesson at {address} could not be fetched: its server answers {status}.',
    large: 'A lesson has at most 4 MB, and this file has more.',
    list: 'The list of lessons could not be fetched: {reason}.',
    kind: 'lesson() takes the name of a lesson, its address, its text or an object, not {value}.',
    option: 'lesson(what, { student, saved }) takes texts for “student” and “saved”, not {value}.',
    packed: 'This address has no whole lesson in it: copy all of it, or open the lesson’s file.',
    draft:
      'This browser keeps no draft of the lesson, for its storage is full or refused: save the file before you leave.',
  },
  zh: {
    unknown: '本页所在的服务器上没有名为“{name}”的课程，可用的课程见课程列表。',
    address:
      '课程地址应以 https:// 或 http:// 开头，或是相对于本页的路径，例如 lessons/mine.json，而“{name}”两者都不是。',
    refused: '无法获取 {address} 处的课程：服务器没有应答，或不允许本页读取（Access-Control-Allow-Origin）。',
    status: '无法获取 {address} 处的课程：服务器返回 {status}。',
    large: '课程文件最大 4 MB，这个文件超过了。',
    list: '无法获取课程列表：{reason}。',
    kind: 'lesson() 接受课程名、课程地址、课程文本或对象，而不是 {value}。',
    option: 'lesson(what, { student, saved }) 的“student”和“saved”应为文本，而不是 {value}。',
    packed: '这个地址中没有完整的课程：请复制完整的地址，或打开课程文件。',
    draft: '浏览器没有保存课程草稿（存储空间已满或不允许使用）：离开前请先保存文件。',
  },
};

const stored = (storage, key) => {
  try {
    return globalThis[storage].getItem(key);
  } catch {
    return null; // refused, as in some iframes: then nothing is kept
  }
};
const store = (storage, key, value) => {
  try {
    if (value === null) globalThis[storage].removeItem(key);
    else globalThis[storage].setItem(key, value);
  } catch {
    // As above, or it is full.
  }
};

export class Lessons {
  #owner;
  #text = null; // of the lesson under way
  #own = false; // it is one of the site's
  #keeps = true; // how far somebody is in it is remembered here, and not by whoever opened it
  #results = null;
  #draft = null; // of the lesson that is being made, or null
  #told = false; // that no draft is kept
  #fonts = new Set();

  // owner: view() is the front end's; client the SessionClient; language() the one on show; font(file) brings a typeface, and chinese() what all that
  //        is Chinese needs; keeps says whether the tab remembers the lesson that is open.
  constructor(owner) {
    this.#owner = owner;
  }

  // What the front end wants: AppOptions::want_lesson.
  wanted(name) {
    if (name.startsWith('+{')) return this.#keep(name.slice(1));
    return name ? this.open(name) : this.list();
  }

  // Opens a lesson: by its name, its address, its text, or as an object; "+" is teacher mode. `student` is the name of
  // whoever goes through it; with `saved`, what the event `lesson` has told last or "", whoever opens it remembers how far
  // that is. Rejects with a sentence.
  async open(what, options) {
    if (what === '+') return this.#teach();
    const { student = studentOfAddress(), saved } = Object(options);
    for (const each of [student, saved ?? '']) {
      if (typeof each !== 'string') throw new Error(this.#sentence('option', { value: shown(each) }));
    }
    const { text, from } = await this.#bring(what);
    const name = nameOf(text);
    const before = saved ?? ((name && stored('localStorage', PROGRESS + name)) || '');
    const last = this.#results;
    this.#results = new LessonResults(text, before); // the front end tells of it at once
    const refusal = this.#owner.view().openLesson(text, before, student);
    if (refusal) {
      this.#results = last;
      throw new Error(refusal);
    }
    this.#text = text;
    this.#keeps = saved === undefined;
    this.#own = from !== undefined && NAME.test(from);
    if (this.#owner.keeps && this.#draft === null) store('sessionStorage', CURRENT, from ?? text);
    this.spoken();
  }

  // Brings the list of lessons to the front end.
  async list() {
    try {
      this.#owner.view().lessonList(new TextDecoder().decode(await fetchFile('lessons/index.json')), '');
    } catch (error) {
      this.#owner.view().lessonList('[]', this.#sentence('list', { reason: error.message }));
    }
  }

  // The front end tells how far somebody is: `saved` is what it takes to go on, "" when the lesson has ended.
  told(result, saved) {
    if (saved === '+') return; // of a lesson that is being made
    this.#draft = null;
    if (saved) {
      if (this.#keeps) store('localStorage', PROGRESS + JSON.parse(saved).name, saved);
      if (HAN.test(result.student ?? '')) this.#bringCharacters('fonts/common.ttf');
      for (const each of this.#results?.take(result, saved) ?? []) this.#owner.client.emit('lesson_result', each);
      return;
    }
    const name = this.#text && nameOf(this.#text);
    if (name && this.#keeps) store('localStorage', PROGRESS + name, null);
    this.#text = null;
    this.#results = null;
    store('sessionStorage', CURRENT, null);
  }

  // The lesson's characters, where they are not there yet.
  spoken() {
    const text = this.#draft ?? this.#text;
    if (text === null || !(HAN.test(text) || (this.#draft !== null && this.#owner.language() === 'zh'))) return;
    const english = this.#draft === null && /"en"\s*:/.test(text);
    if (this.#owner.language() !== 'zh' && english) return;
    this.#bringCharacters(this.#own && this.#draft === null ? 'fonts/lessons.ttf' : 'fonts/common.ttf');
  }

  #bringCharacters(file) {
    this.#owner.chinese();
    if (this.#fonts.has(file)) return;
    this.#fonts.add(file);
    this.#owner.font(file).catch(() => this.#fonts.delete(file));
  }

  // A lesson is made, from the draft of last time on; the tab comes back to it.
  #teach() {
    this.#draft = stored('localStorage', DRAFT) ?? '';
    if (this.#owner.keeps) store('sessionStorage', CURRENT, '+');
    this.#owner.view().teach(this.#draft);
    this.spoken();
  }

  #keep(draft) {
    this.#draft = draft;
    this.spoken();
    try {
      localStorage.setItem(DRAFT, draft);
    } catch {
      const told = this.#told;
      this.#told = true;
      if (!told) throw new Error(this.#sentence('draft'));
    }
  }

  #sentence(key, values = {}) {
    const texts = TEXTS[this.#owner.language()] ?? TEXTS.en;
    return texts[key].replace(/\{(\w+)\}/g, (all, name) => values[name]);
  }

  // Resolves with the text of a lesson and, where it has one, the name or address it is known by.
  async #bring(what) {
    if (typeof what === 'object' && what !== null) return { text: this.#checked(JSON.stringify(what)) };
    if (typeof what !== 'string') throw new Error(this.#sentence('kind', { value: shown(what) }));
    if (/^\s*\{/.test(what)) return { text: this.#checked(what) };
    const name = what.trim();
    if (name.startsWith(PACKED)) return { text: await this.#unpacked(name.slice(PACKED.length)), from: name };
    if (NAME.test(name)) {
      return { text: await this.#siteLesson(name), from: name };
    }
    let address;
    try {
      address = new URL(name, /\/|\.json$/.test(name) ? location.href : undefined);
    } catch {
      address = null;
    }
    if (!address || !['https:', 'http:'].includes(address.protocol)) {
      throw new Error(this.#sentence('address', { name: name.slice(0, 100) }));
    }
    return { text: await this.#fetch(address), from: address.href };
  }

  // What saving.js has packed into an address; it may grow to 4 MB.
  async #unpacked(packed) {
    try {
      const bytes = Uint8Array.from(atob(packed.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
      return await this.#readCapped(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')));
    } catch {
      throw new Error(this.#sentence('packed'));
    }
  }

  #checked(text) {
    if (text.length > MOST_BYTES) throw new Error(this.#sentence('large'));
    return text;
  }

  // One that the site has.
  async #siteLesson(name) {
    const file = `lessons/${name}.json`;
    try {
      return new TextDecoder().decode(await fetchFile(file));
    } catch ({ message }) {
      if (message === '404') throw new Error(this.#sentence('unknown', { name }));
      const key = /^\d+$/.test(message) ? 'status' : 'refused';
      throw new Error(this.#sentence(key, { address: file, status: message }));
    }
  }

  async #fetch(address) {
    let response;
    try {
      response = await fetch(address, { credentials: 'same-origin', referrerPolicy: 'no-referrer' });
    } catch {
      throw new Error(this.#sentence('refused', { address: address.href.slice(0, 200) }));
    }
    if (!response.ok) {
      throw new Error(this.#sentence('status', { address: address.href.slice(0, 200), status: response.status }));
    }
    return this.#readCapped(response.body);
  }

  // What a server says of the length need not be true.
  async #readCapped(stream) {
    const reader = stream.getReader();
    const pieces = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MOST_BYTES) {
        reader.cancel().catch(() => {});
        throw new Error(this.#sentence('large'));
      }
      pieces.push(value);
    }
    return new Blob(pieces).text();
  }
}

// Whoever embeds the page may say in its address for whom it is.
const studentOfAddress = () => new URLSearchParams(location.search).get('student') ?? '';

// The name in a lesson's text, or null where there is none.
function nameOf(text) {
  try {
    const { name } = JSON.parse(text);
    return NAME.test(name) ? name : null;
  } catch {
    return null;
  }
}

// Whether a file that was dropped or pasted is a lesson: an object of JSON with "lesson" in it.
export async function lessonText(blob) {
  if (blob.size > MOST_BYTES) return null;
  const head = await blob.slice(0, 64).text();
  if (!/^\s*\{/.test(head)) return null;
  const text = await blob.text();
  try {
    const json = JSON.parse(text);
    return json !== null && typeof json === 'object' && 'lesson' in json ? text : null;
  } catch {
    return null;
  }
}
