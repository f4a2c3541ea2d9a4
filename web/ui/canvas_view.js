// The front end module on its canvas: size, drawing when there is something to draw, and the calls that cross into the
// module.

import { CanvasGraphics } from './canvas_graphics.js';
import { focusCanvas, listenForInput } from './canvas_input.js';
import { copyOf } from './keys.js';
import { pageText } from '../loading/page_text.js';
import { completeModule } from '../loading/wasm_loading.js';

// What SDL hears, on the canvas and the window around it. Each of them wants a frame, for only a frame takes in what SDL
// has heard; pointer events would not do, for the mouse's events that a browser makes of a tap come some time after them.
const CANVAS_EVENTS = [
  'mousemove',
  'mousedown',
  'mouseenter',
  'mouseleave',
  'wheel',
  'touchstart',
  'touchmove',
  'touchend',
  'touchcancel',
  'keydown',
  'keyup',
  'keypress',
  'focus',
  'blur',
];
const WINDOW_EVENTS = ['mouseup', 'focus', 'blur'];

// How long a page that is magnified rests before it is drawn anew, and how many pixels its longer side has at most then.
const MAGNIFIED_MS = 150;
const LONGEST_SIDE = 4096;

export class CanvasView {
  frames = 0;

  #canvas;
  #module;
  #graphics;
  #frameRequested = false;
  #size = null;
  #firstFrame;
  #followText = () => {};
  #drawn = () => {};
  #entry;
  #pixels = 0; // for each point of the page, when the canvas was measured last

  constructor(canvas, module, { language, theme, textScale, stats, onNotice }) {
    this.#canvas = canvas;
    this.#module = module;
    this.firstFrame = new Promise((resolve) => {
      this.#firstFrame = resolve;
    });
    this.#measure();
    this.#call('_ui_start');
    this.setLanguage(language);
    this.setTheme(theme);
    this.setTextScale(textScale);
    if (stats) this.#call('_ui_set_stats', 1);
    this.#graphics = new CanvasGraphics(canvas, {
      draw: () => this.#drawAgain(),
      restored: () => {
        this.#module._ui_context_restored();
        this.requestFrame();
      },
      notice: () => onNotice(pageText(language, 'contextLost')),
    });
    this.#listen(pageText(language, 'wayOut'));
    this.#followMotionPreference();
    this.requestFrame();
  }

  // Hands one event's bytes to the module.
  receive(bytes) {
    this.#callWithBytes('_ui_receive', bytes);
    if (this.#module._ui_wants_frame()) this.requestFrame();
  }

  dataProgress(name, fraction) {
    this.#callWithText('_ui_data_progress', name, fraction);
    this.requestFrame();
  }

  // Returns whether the image has the size of those in use.
  searchImage(bytes) {
    const taken = this.#callWithBytes('_ui_search_image', bytes) !== 0;
    this.requestFrame();
    return taken;
  }

  // Begins a lesson; returns "", or the sentence that says why it cannot be.
  openLesson(text, saved, student) {
    const texts = [saved, student].map((each) => this.#module.stringToNewUTF8(each));
    const refusal = this.#callWithBytes('_ui_open_lesson', new TextEncoder().encode(text), ...texts);
    texts.forEach((pointer) => this.#module._free(pointer));
    this.requestFrame();
    return this.#module.UTF8ToString(refusal);
  }

  teach(draft) {
    this.#callWithText('_ui_teach', draft);
    this.requestFrame();
  }

  closeLesson() {
    this.#call('_ui_close_lesson');
    this.requestFrame();
  }

  // The list of lessons, as JSON text, or why there is none.
  lessonList(json, error) {
    const pointer = this.#module.stringToNewUTF8(error);
    this.#callWithText('_ui_lesson_list', json, pointer);
    this.#module._free(pointer);
    this.requestFrame();
  }

  offerLesson(name) {
    this.#callWithText('_ui_offer_lesson', name);
    this.requestFrame();
  }

  // Why a command may not be sent while a lesson lasts, or "".
  refusal(bytes) {
    return this.#module.UTF8ToString(this.#callWithBytes('_ui_refusal', bytes));
  }

  setLanguage(language) {
    this.#callWithText('_ui_set_language', language);
    this.requestFrame();
  }

  setTheme(theme) {
    this.#callWithText('_ui_set_theme', theme);
    this.requestFrame();
  }

  setTextScale(scale) {
    this.#call('_ui_text_scale', scale);
    this.requestFrame();
  }

  // What building the last frames has cost this thread: { frames, median_ms, p95_ms, max_ms }.
  frameStats() {
    return JSON.parse(this.#module.UTF8ToString(this.#call('_ui_stats')));
  }

  // See hourglass.js.
  link() {
    return this.#module.UTF8ToString(this.#call('_ui_link'));
  }

  // Takes the keyboard for the front end.
  focus() {
    focusCanvas(this.#canvas);
  }

  // Gives the module another font (the bytes of a TrueType file) for characters that its own has not.
  addFont(bytes) {
    this.#callWithBytes('_ui_add_font', bytes);
    this.requestFrame();
  }

  // Fetches the rest of the module's code.
  complete() {
    return completeModule(this.#module, 'ui');
  }

  // Gives the module the texts of a language (the bytes of texts/zh.json, and of texts/en.json, of which it has some). It
  // uses the Chinese ones once it also has such a font.
  addTexts(bytes, language) {
    const pointer = this.#module.stringToNewUTF8(language);
    const taken = this.#callWithBytes('_ui_add_texts', bytes, pointer);
    this.#module._free(pointer);
    if (!taken) throw Object.assign(new Error('JSON'), { file: `texts/${language}.json` });
    this.requestFrame();
  }

  widgets() {
    const json = this.#module.UTF8ToString(this.#module._ui_widgets());
    const { left, top } = this.#canvas.getBoundingClientRect();
    return Object.fromEntries(
      Object.entries(JSON.parse(json)).map(([id, [x, y, width, height]]) => [
        id,
        { x: x + left, y: y + top, width, height },
      ]),
    );
  }

  // Whether anybody can see the canvas: while nobody can, its graphics are another's.
  inSight(seen) {
    if (seen) {
      this.#graphics.bringBack();
      this.requestFrame();
    } else {
      this.#graphics.release();
    }
  }

  // Draws at the browser's next opportunity. Asking twice draws once; a hidden page draws when it is seen again.
  requestFrame() {
    if (this.#frameRequested) return;
    this.#frameRequested = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frameRequested = false;
    // Not every browser tells of a window that has come to another screen.
    if (this.#pixels !== window.devicePixelRatio) this.#measure();
    const { width, height, ratio } = this.#size;
    if (width === 0 || height === 0) return; // not laid out; the observer asks again
    if (this.#graphics.lost) return; // what is there to draw comes when the context has come back
    this.frames += 1;
    if (this.#module._ui_frame(width, height, ratio)) this.requestFrame();
    this.#graphics.drawn();
    this.#followText();
    this.#drawn();
    this.#firstFrame();
  }

  // For mirror.js, which see.
  mirror() {
    const module = this.#module;
    return {
      watch: () => {
        module._ui_watch_mirror();
        this.requestFrame();
      },
      read: () => module.UTF8ToString(module._ui_mirror()),
      act: (act, item, text = '') => {
        this.#callWithText('_ui_act', String(text), act.charCodeAt(0), item);
        this.requestFrame();
      },
      focused: (on) => {
        module._ui_focused(on ? 1 : 0);
        this.requestFrame();
      },
      // Returns whether the browser may do with it what it does.
      key: (event) => this.#canvas.dispatchEvent(copyOf(event)),
      drawn: (callback) => {
        this.#drawn = callback;
        this.requestFrame();
      },
      copy: (context) => {
        if (!this.#graphics.lost) this.#drawAgain();
        context.drawImage(this.#canvas, 0, 0);
      },
    };
  }

  // What is on the canvas as a PNG, or null where there is nothing.
  picture() {
    if (this.#graphics.lost) return null;
    this.#drawAgain(); // a browser keeps what was drawn only until it has shown it
    return new Promise((resolve) => this.#canvas.toBlob(resolve));
  }

  #drawAgain() {
    const { width, height, ratio } = this.#size;
    this.#module._ui_draw_again();
    if (this.#module._ui_frame(width, height, ratio)) this.requestFrame();
  }

  #listen(wayOut) {
    const canvas = this.#canvas;
    const wanted = () => this.requestFrame();
    for (const event of CANVAS_EVENTS) canvas.addEventListener(event, wanted, { passive: true });
    for (const event of WINDOW_EVENTS) window.addEventListener(event, wanted, { passive: true });
    document.addEventListener('visibilitychange', wanted);
    const { _ui_wants_wheel, _ui_wants_touch, _ui_wants_text, _ui_escape_leaves, _ui_pinch, _ui_focused } =
      this.#module;
    this.#followText = listenForInput(
      canvas,
      {
        wantsWheel: (x, y, direction) => _ui_wants_wheel(x, y, direction) !== 0,
        wantsTouch: (x, y) => _ui_wants_touch(x, y) !== 0,
        wantsText: () => _ui_wants_text() !== 0,
        wantsWords: () => this.#module._ui_wants_words() !== 0,
        text: (words) => {
          this.#callWithBytes('_ui_text', new TextEncoder().encode(words));
          this.requestFrame();
        },
        escapeLeaves: () => _ui_escape_leaves() !== 0,
        pinch: (x, y, factor, dx, dy) => {
          _ui_pinch(x, y, factor, dx, dy);
          this.requestFrame();
        },
        focused: (on) => {
          _ui_focused(on ? 1 : 0);
          this.requestFrame();
        },
      },
      wayOut,
    );
    const observer = new ResizeObserver((entries) => {
      this.#measure(entries.at(-1));
      this.requestFrame();
    });
    try {
      observer.observe(canvas, { box: 'device-pixel-content-box' });
    } catch {
      observer.observe(canvas); // Safari before 18 counts CSS pixels only
    }
    this.#followMagnifying();
  }

  // Nothing has another size when the browser shows more pixels of the same, or a page is magnified by two fingers.
  #followMagnifying() {
    const again = () => {
      this.#measure();
      this.requestFrame();
    };
    const followRatio = () => {
      const same = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
      same.addEventListener('change', () => (again(), followRatio()), { once: true });
    };
    followRatio();
    let timer;
    window.visualViewport?.addEventListener('resize', () => {
      clearTimeout(timer);
      timer = setTimeout(again, MAGNIFIED_MS);
    });
  }

  #followMotionPreference() {
    const reduced = matchMedia('(prefers-reduced-motion: reduce)');
    const tell = () => {
      this.#call('_ui_set_reduced_motion', reduced.matches ? 1 : 0);
      this.requestFrame();
    };
    reduced.addEventListener('change', tell);
    tell();
  }

  // The canvas's size in device pixels, exact where the browser says it. What it says is not believed where it is far
  // from the size in CSS pixels: a browser that imitates another device's screen counts its own pixels.
  #measure(entry) {
    this.#entry = entry ?? this.#entry;
    const { width, height } = this.#canvas.getBoundingClientRect();
    this.#pixels = window.devicePixelRatio;
    const pixels = this.#pixels || 1;
    const scale = window.visualViewport?.scale ?? 1;
    const ratio = pixels * Math.max(1, Math.min(scale, LONGEST_SIDE / (Math.max(width, height, 1) * pixels)));
    const device = this.#entry?.devicePixelContentBoxSize?.[0];
    const exact = (said, computed) => (Math.abs(said - computed) < 2 ? said : Math.round(computed));
    this.#size = {
      width: exact(device?.inlineSize, width * ratio),
      height: exact(device?.blockSize, height * ratio),
      ratio,
    };
  }

  #call(name, ...args) {
    return this.#module[name](...args);
  }

  #callWithBytes(name, bytes, ...more) {
    const pointer = this.#module._malloc(bytes.length);
    this.#module.HEAPU8.set(bytes, pointer);
    const result = this.#module[name](pointer, bytes.length, ...more);
    this.#module._free(pointer);
    return result;
  }

  #callWithText(name, text, ...more) {
    const pointer = this.#module.stringToNewUTF8(text);
    this.#module[name](pointer, ...more);
    this.#module._free(pointer);
  }
}
