// <hourglass-playground>: a playground in a page of one's own, by one script and one tag. See docs/protocol.md.
//
//   <script src="https://HOST/hourglass-playground.js"></script>
//   <hourglass-playground preset="deep" lang="zh" height="auto"></hourglass-playground>
//
// Attributes: src, preset, lesson, student, lang, theme, run, keep, sandbox, height. Methods, each of which returns a
// promise: set(key, value), set(values), get(key), command(name, args), lesson(...args), xapi(result, options). Events:
// ready, state, event, result, left and error, CustomEvents with what they tell in `detail`.

const VERSION = 1;
const AUTO_HEIGHT = 640; // until the playground has said what it wants
const PATIENCE_MS = 60_000; // after the frame has loaded
// Attributes that are part of the frame's address; of these, a change of the first three is told to the frame.
const TOLD = ['preset', 'lang', 'theme'];
const SWITCHES = ['run', 'keep'];
const ADDRESSED = [...TOLD, 'lesson', 'student', ...SWITCHES];
// A lesson that comes with the playground, or one that stands there itself; any other is a file.
const LESSON_ITSELF = /^([a-z0-9-]{1,64}$|\s*\{)/;
const LESSON_CHARACTERS = 1_000_000; // more than a message may have

const TEXTS = {
  en: { title: 'Hourglass: an autoencoder playground', enter: 'Full screen', leave: 'Leave full screen' },
  zh: { title: 'Hourglass：自编码器实验场', enter: '全屏', leave: '退出全屏' },
};

// The folder of this script, where the site is unless `src` says otherwise.
const own =
  document.currentScript?.src || document.querySelector('script[src*="hourglass-playground.js"]')?.src || null;
const site = own && new URL('./', own).href;

// The text of a lesson's file, or "" where this page cannot read it or no message could carry it.
async function textOf(file) {
  try {
    const response = await fetch(file);
    const text = response.ok ? await response.text() : '';
    return /^\s*\{/.test(text) && text.length <= LESSON_CHARACTERS ? text : '';
  } catch {
    return '';
  }
}

class HourglassPlayground extends HTMLElement {
  static observedAttributes = [...ADDRESSED, 'src', 'sandbox', 'height'];

  // The last state that the playground has told, or null.
  state = null;

  #frame = null;
  #button = null;
  #listens = false; // the frame takes requests
  #wrong = null; // why there is none, one sentence
  #requests = new Map(); // by id: { message, resolve, reject, sent }
  #nextId = 1;
  #height = AUTO_HEIGHT;
  #timer = 0;
  #hear = (event) => this.#receive(event);
  #screen = () => this.#show();

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    // Styles one by one: a page's policy may forbid style sheets that it does not know.
    Object.assign(this.style, { display: 'flex', flexDirection: 'column' });
    if (this.style.width === '') this.style.width = '100%';
    this.#button = document.createElement('button');
    this.#button.type = 'button';
    this.#button.part = 'fullscreen';
    Object.assign(this.#button.style, {
      alignSelf: 'flex-end',
      minHeight: '28px',
      padding: '2px 12px',
      border: '0',
      background: 'none',
      color: 'inherit',
      font: '14px/1.5 system-ui, sans-serif',
      cursor: 'pointer',
    });
    this.#button.hidden = !document.fullscreenEnabled;
    if (this.#button.hidden) this.#button.style.display = 'none';
    this.#button.addEventListener('click', () => this.#toggle());
    root.replaceChildren(this.#button);
    window.addEventListener('message', this.#hear);
    document.addEventListener('fullscreenchange', this.#screen);
    this.#load();
  }

  disconnectedCallback() {
    window.removeEventListener('message', this.#hear);
    document.removeEventListener('fullscreenchange', this.#screen);
    this.#end('The playground was taken out of the page.');
    this.shadowRoot.replaceChildren();
    this.#frame = null;
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#button || !this.isConnected || before === after) return undefined;
    if (name === 'height') return this.#show();
    if (this.#listens && after !== null && TOLD.includes(name)) return this.#tell(name, after);
    if (this.#listens && after !== null && name === 'lesson') return this.#beginLesson();
    return this.#load();
  }

  // Sets a setting, or several at once: set('train.learning_rate', 0.5), set({ 'model.encoder': ..., ... }). The keys
  // lang, theme and text are the page's.
  set(key, value) {
    return this.#request(typeof key === 'object' ? { type: 'set', values: key } : { type: 'set', key, value });
  }

  // The value of a setting, or without a key all of them.
  get(key) {
    return this.#request(key === undefined ? { type: 'get' } : { type: 'get', key });
  }

  command(name, args) {
    return this.#request(args === undefined ? { type: 'command', name } : { type: 'command', name, args });
  }

  // Calls the playground's lesson(...args).
  lesson(...args) {
    return this.#request({ type: 'lesson', args });
  }

  // What an event `lesson_result` has told (its detail) as a statement of xAPI.
  xapi(...args) {
    return this.#request({ type: 'xapi', args });
  }

  // The frame's address, with the origin of this page as the one that may speak to it.
  get #address() {
    const src = this.getAttribute('src') ?? site;
    if (!src) throw new Error('A <hourglass-playground> needs src, the address of a Hourglass site.');
    const url = new URL(src, document.baseURI);
    if (!/^(https?|file):$/.test(url.protocol)) throw new Error(`There is no playground at ${url.protocol} addresses.`);
    for (const name of ADDRESSED) {
      const value = name === 'lang' ? this.#language : this.getAttribute(name);
      if (value === '' && SWITCHES.includes(name)) url.searchParams.set(name, '1');
      else if (value && !(name === 'lesson' && this.#lessonFile)) url.searchParams.set(name, value);
    }
    if (this.#lessonFile) url.searchParams.delete('lesson'); // of `src`
    url.searchParams.set('embedder', window.origin);
    return url;
  }

  // The address of a lesson that is a file, beside this page or elsewhere; null for another.
  get #lessonFile() {
    const lesson = this.getAttribute('lesson');
    if (!lesson || LESSON_ITSELF.test(lesson)) return null;
    try {
      return new URL(lesson, document.baseURI).href;
    } catch {
      return lesson; // the frame says what is wrong with it
    }
  }

  // As the element says, or what it stands in.
  get #language() {
    const lang = this.closest('[lang]')?.lang?.toLowerCase() ?? '';
    return lang.startsWith('zh') ? 'zh' : lang.startsWith('en') ? 'en' : null;
  }

  get #texts() {
    return TEXTS[this.#language ?? (navigator.language.startsWith('zh') ? 'zh' : 'en')];
  }

  // Where the frame's messages come from: of a sandbox that takes the origin away, "null".
  get #origin() {
    const sandbox = this.getAttribute('sandbox');
    if (sandbox !== null && !/(^|\s)allow-same-origin(\s|$)/.test(sandbox)) return 'null';
    return new URL(this.#frame.src).origin;
  }

  #load() {
    this.#end('The playground was loaded again before it answered.');
    this.#frame?.remove();
    this.#frame = null;
    let address;
    try {
      address = this.#address;
    } catch (error) {
      this.#wrong = error.message;
      return this.#fail(error.message);
    }
    this.#wrong = null;
    const frame = document.createElement('iframe');
    this.#frame = frame;
    const sandbox = this.getAttribute('sandbox');
    if (sandbox !== null) frame.setAttribute('sandbox', sandbox);
    frame.allow = 'fullscreen; clipboard-write';
    frame.loading = 'lazy';
    frame.title = this.#texts.title;
    frame.part = 'frame';
    Object.assign(frame.style, { display: 'block', width: '100%', border: '0', flex: '1 1 auto' });
    frame.addEventListener('load', () => {
      this.#timer = setTimeout(
        () => this.#fail(`No playground answers at ${address.origin}${address.pathname}.`),
        PATIENCE_MS,
      );
    });
    frame.src = address.href;
    this.#show();
    this.shadowRoot.prepend(frame);
    return undefined;
  }

  // What waits for this frame will not be answered.
  #end(sentence) {
    clearTimeout(this.#timer);
    this.#listens = false;
    this.state = null;
    for (const [id, { sent, reject }] of [...this.#requests]) {
      if (!sent && this.isConnected) continue; // the next frame gets it
      this.#requests.delete(id);
      reject(new Error(sentence));
    }
  }

  #fail(sentence) {
    if (this.#listens) return;
    for (const { reject } of this.#requests.values()) reject(new Error(sentence));
    this.#requests.clear();
    this.#emit('error', { message: sentence });
  }

  // A file of this page's own site can be read here, and in the frame, which is of another site, only where the server lets
  // everybody read it. What cannot be read here the frame tries, and says what is wrong.
  async #beginLesson() {
    const frame = this.#frame;
    const file = this.#lessonFile;
    let lesson = this.getAttribute('lesson');
    if (file) {
      lesson = await textOf(file);
      if (frame !== this.#frame || file !== this.#lessonFile) return; // there is another by now
    }
    if (lesson) {
      this.lesson(lesson).catch((error) => {
        console.error(error);
        this.#emit('error', { message: error.message });
      });
      return;
    }
    const address = this.#address;
    address.searchParams.set('lesson', file);
    frame.src = address.href;
  }

  #tell(name, value) {
    const done =
      name === 'preset'
        ? this.command('load_preset', { name: value })
        : this.set(name, name === 'lang' ? (this.#language ?? 'en') : value);
    done.catch(console.error);
    this.#show();
  }

  #request(fields) {
    return new Promise((resolve, reject) => {
      if (this.#wrong) throw new Error(this.#wrong);
      const id = this.#nextId++;
      const request = { message: { hourglass: VERSION, id, ...fields }, resolve, reject, sent: false };
      this.#requests.set(id, request);
      if (this.#listens) this.#send(request);
      else if (this.#frame) this.#frame.loading = 'eager'; // somebody wants it now
    });
  }

  #send(request) {
    const origin = this.#origin;
    request.sent = true;
    try {
      this.#frame.contentWindow.postMessage(request.message, origin === 'null' ? '*' : origin);
    } catch (error) {
      this.#requests.delete(request.message.id);
      request.reject(error); // it has something in it that cannot be sent
    }
  }

  #receive({ source, origin, data }) {
    if (!this.#frame || source !== this.#frame.contentWindow || origin !== this.#origin) return;
    if (typeof data !== 'object' || data === null) return;
    if (data.hourglass === 'left') return this.#left();
    if (data.hourglass !== VERSION) return;
    switch (data.type) {
      case 'listening': // once for each page that is loaded in there
        this.#end('The playground was loaded again before it answered.');
        this.#listens = true;
        for (const request of this.#requests.values()) this.#send(request);
        if (this.#lessonFile && !new URL(this.#frame.src).searchParams.has('lesson')) this.#beginLesson();
        break;
      case 'ready':
        this.state = data.state;
        this.#emit('ready', { state: data.state, missing: data.missing });
        break;
      case 'state':
        this.state = data.state;
        this.#emit('state', data.state);
        break;
      case 'event':
        this.#emit('event', { event: data.event, detail: data.detail });
        break;
      case 'height':
        this.#height = Number(data.height) || AUTO_HEIGHT;
        this.#show();
        break;
      case 'result':
        this.#settle(data);
        break;
      default: // of a later version
    }
  }

  #settle({ id, ok, value, error }) {
    const request = this.#requests.get(id);
    if (!request) return;
    this.#requests.delete(id);
    this.#emit('result', { id, ok, value, error });
    if (ok) request.resolve(value);
    else request.reject(new Error(error));
  }

  // Escape gives the keyboard back: to this page, also where the frame may not do that itself.
  #left() {
    if (this.shadowRoot.activeElement === this.#frame) this.#frame.blur();
    this.#emit('left', null);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #toggle() {
    const going = document.fullscreenElement === this ? document.exitFullscreen() : this.requestFullscreen();
    going.catch((error) => this.#emit('error', { message: error.message }));
  }

  // Brings height, words and colours up to date.
  #show() {
    if (!this.#frame) return;
    const full = document.fullscreenElement === this;
    const asked = this.getAttribute('height') ?? 'auto';
    const height = /^\d+$/.test(asked) ? `${asked}px` : asked === 'auto' ? `${this.#height}px` : asked;
    Object.assign(this.#frame.style, { height: full ? 'auto' : height, minHeight: '0' });
    this.style.background = full ? 'Canvas' : '';
    this.#button.textContent = full ? this.#texts.leave : this.#texts.enter;
    this.#frame.title = this.#texts.title;
  }
}

if (!customElements.get('hourglass-playground')) customElements.define('hourglass-playground', HourglassPlayground);
