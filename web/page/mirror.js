// What the canvas shows, as elements that nobody sees: each lies where its control is drawn, so that a finger that looks
// for it on the glass finds it, says what the control is, and hands on what is done to it. The keyboard's focus goes with
// the front end's own in both directions.

import { listOf, makeElement, readMirror, sliderAct, updateElement } from './mirror_elements.js';
import { printPicture } from './printing.js';

// So often the elements follow a picture that changes all the time, and so long they follow it closely after a key.
const PAUSE_MS = 250;
const CLOSE_MS = 1000;

const STYLE = `
.mirror { position: fixed; overflow: clip; pointer-events: none; }
.mirror :is(h2, span, button, select, input, textarea, [role='img']) {
  position: absolute; margin: 0; padding: 0; border: 0; opacity: 0; overflow: hidden; white-space: nowrap;
  font: inherit; pointer-events: none;
}
.mirror :is(input[type='text'], textarea):focus {
  box-sizing: border-box; padding: 0 0.5rem; opacity: 1; border-radius: 6px; background: var(--ground);
  color: var(--text); outline: none; font-size: 0.8125rem;
}
.mirror textarea { white-space: pre-wrap; }
.mirror .news { position: absolute; clip-path: inset(50%); }
`;

// Keys that an element of that kind has a use for; all others are the front end's.
const OWN_KEYS = {
  BUTTON: /^( |Enter)$/,
  SELECT: /^(?!Escape$)/,
  TEXTAREA: /^(?!Escape$)/,
  text: /^(?!Escape$)/,
  range: /^(Arrow|Home|End|Page)/,
};
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

// `port` is CanvasView.mirror(); takeKeyboard() gives the keyboard to the canvas. Returns the element around all others.
export function mirrorCanvas(canvas, port, takeKeyboard) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const mirror = new Mirror(canvas, port, takeKeyboard);
  printPicture(canvas, port.copy);
  return mirror.root;
}

class Mirror {
  root = document.createElement('div');

  #canvas;
  #port;
  #takeKeyboard;
  #news = document.createElement('p');
  #said = new Set();
  #elements = new Map(); // by their keys
  #shown = '';
  #focus = 0; // the item that had the ring when this was looked at last
  #follows = false; // the keyboard is being moved from here
  #readAt = -Infinity;
  #closeUntil = -Infinity;
  #timer;

  constructor(canvas, port, takeKeyboard) {
    this.#canvas = canvas;
    this.#port = port;
    this.#takeKeyboard = takeKeyboard;
    this.root.className = 'mirror';
    this.root.setAttribute('role', 'group');
    this.#news.className = 'news';
    this.#news.setAttribute('role', 'status');
    canvas.after(this.root, this.#news);
    this.#listen();
    port.drawn(() => this.#look());
    port.watch();
  }

  #listen() {
    const { root } = this;
    root.addEventListener('click', ({ target }) => {
      if (target.tagName === 'BUTTON') this.#act('p', target);
    });
    root.addEventListener('change', ({ target }) => {
      if (target.tagName === 'SELECT') this.#act('c', target, target.value);
      if (target.type === 'text') this.#write(target);
    });
    root.addEventListener('input', ({ target, isComposing }) => {
      if (target.type === 'range') this.#slide(target);
      if (target.tagName === 'TEXTAREA' && !isComposing) this.#write(target);
    });
    root.addEventListener('compositionend', ({ target }) => target.tagName === 'TEXTAREA' && this.#write(target));
    root.addEventListener('keydown', (event) => this.#key(event));
    root.addEventListener('keyup', (event) => this.#forward(event));
    root.addEventListener('focusin', ({ target }) => this.#focused(target));
    root.addEventListener('focusout', ({ relatedTarget }) => this.#left(relatedTarget));
    this.#canvas.addEventListener('keydown', () => this.#lookClosely(), { passive: true });
  }

  #act(act, { node }, text = '') {
    this.#closeUntil = performance.now() + CLOSE_MS;
    this.#port.act(act, node.item, text);
  }

  #lookClosely() {
    this.#closeUntil = performance.now() + CLOSE_MS;
    this.#port.watch();
  }

  #slide(slider) {
    const [act, text] = sliderAct(slider.node, Number(slider.value));
    this.#act(act, slider, text);
  }

  #write(field) {
    field.given = field.value;
    this.#act('w', field, field.value);
  }

  #key(event) {
    const { target, key } = event;
    if (target.type === 'range' && (STEPS[key] || key === 'Home' || key === 'End')) {
      event.preventDefault();
      if (STEPS[key]) this.#act('s', target, STEPS[key] * (event.shiftKey ? 10 : 1));
      else this.#act('m', target, key === 'End' ? 1 : 0);
    } else if (key === 'Escape' && (target.type === 'text' || target.tagName === 'TEXTAREA')) {
      target.value = target.given;
    }
    this.#forward(event);
  }

  // To the canvas, as if it had the keyboard.
  #forward(event) {
    const { target, key, ctrlKey, metaKey } = event;
    const own = OWN_KEYS[target.type] ?? OWN_KEYS[target.tagName];
    if (
      key === 'Tab' ||
      event.isComposing ||
      (own?.test(key) && !(target.tagName === 'BUTTON' && (ctrlKey || metaKey)))
    )
      return;
    if (!this.#port.key(event)) event.preventDefault();
  }

  #focused(element) {
    for (const each of this.root.querySelectorAll('[tabindex="-1"]')) each.tabIndex = 0;
    this.#canvas.tabIndex = 0;
    if (this.#follows || !element.node) return;
    this.#port.focused(true);
    this.#act('f', element);
  }

  // From outside, Tab comes to the canvas alone.
  #left(to) {
    if (this.root.contains(to)) return;
    for (const each of this.root.querySelectorAll('[tabindex="0"]')) each.tabIndex = -1;
    if (to !== this.#canvas && !this.#follows) this.#port.focused(false);
  }

  // After each frame.
  #look() {
    const text = this.#port.read();
    const now = performance.now();
    if (text) {
      this.#readAt = now;
      if (text !== this.#shown) this.#update((this.#shown = text));
    } else if (now < this.#closeUntil) {
      this.#port.watch();
    } else {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#port.watch(), Math.max(0, this.#readAt + PAUSE_MS - now));
    }
  }

  #update(text) {
    const { focus, nodes } = readMirror(text);
    const { left, top } = this.#canvas.getBoundingClientRect();
    const { clientWidth, clientHeight } = this.#canvas;
    Object.assign(this.root.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${clientWidth}px`,
      height: `${clientHeight}px`,
    });
    this.root.setAttribute('aria-label', this.#canvas.getAttribute('aria-label') ?? '');
    const before = document.activeElement;
    const had = this.root.contains(before);
    this.#follows = true;
    this.#arrange(nodes);
    this.#follows = false;
    if (had && document.activeElement !== before) this.#keep(before);
    this.#say(nodes.filter(({ role }) => role === 'n'));
    if (focus !== this.#focus) this.#follow((this.#focus = focus));
  }

  // Puts the elements of the nodes into their order; those that are there already stay, for the keyboard may be in one.
  #arrange(nodes) {
    const used = new Map();
    const trees = [{ element: this.root, children: [] }];
    let part = trees[0];
    let list = null;
    const take = (key, make) => {
      let unique = key;
      for (let i = 1; used.has(unique); ++i) unique = `${key}#${i}`;
      const element = this.#elements.get(unique) ?? make();
      used.set(unique, element);
      return element;
    };
    const within = (parent, key, role, name) => {
      const element = take(key, () => document.createElement(role === 'region' ? 'section' : 'div'));
      element.setAttribute('role', role);
      if (name) element.setAttribute('aria-label', name);
      parent.children.push(element);
      const tree = { element, children: [] };
      trees.push(tree);
      return tree;
    };
    for (const node of nodes) {
      const key = node.item ? `${node.role}${node.item}` : `${node.role}${node.place.join()}`;
      if (node.role === 'h') part = within(trees[0], `part ${node.name}`, 'region', node.name);
      const wanted = listOf(node);
      if (!wanted || list?.role !== wanted || list.part !== part)
        list = wanted
          ? { role: wanted, part, tree: within(part, wanted, wanted, part.element.getAttribute('aria-label')) }
          : null;
      const element = take(key, () => makeElement(node));
      updateElement(element, node);
      (list?.tree ?? part).children.push(element);
    }
    for (const [key, element] of this.#elements) if (used.get(key) !== element) element.remove();
    this.#elements = used;
    for (const { element, children } of trees) {
      let next = element.firstChild;
      for (const child of children) {
        if (child === next) next = next.nextSibling;
        else element.insertBefore(child, next);
      }
    }
    if (this.root.contains(document.activeElement))
      for (const each of this.root.querySelectorAll('[tabindex="-1"]')) each.tabIndex = 0;
  }

  // The element that had the keyboard was moved, or is gone.
  #keep(element) {
    this.#follows = true;
    if (element.isConnected && !element.disabled) element.focus({ preventScroll: true });
    else this.#takeKeyboard();
    this.#follows = false;
  }

  #say(nodes) {
    const now = new Set(nodes.map(({ name }) => name));
    const fresh = [...now].filter((name) => !this.#said.has(name));
    this.#said = now;
    if (fresh.length > 0) this.#news.textContent = fresh.join(' ');
  }

  // The front end's ring has come to another control.
  #follow(item) {
    const active = document.activeElement;
    const ours = active === this.#canvas || this.root.contains(active) || active?.classList.contains('words');
    const element = [...this.#elements.values()].find(({ node }) => item !== 0 && node?.item === item);
    if (!ours || !element || element === active) return;
    this.#follows = true;
    element.focus({ preventScroll: true });
    this.#follows = false;
    // From here on words are typed into the element, and not into the field on the canvas.
    if (element.node.role === 'f' || element.node.role === 'x') this.#act('f', element);
  }
}
