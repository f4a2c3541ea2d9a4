// What of the keyboard, the wheel and the fingers on the canvas belongs to the front end, and what to the browser and
// the page around. SDL takes every event that reaches the canvas and prevents what the browser would do with it; what is
// not the front end's is kept from SDL here, by listeners that come before it.

import { keyLetter, withLetterCode } from './keys.js';
import { isPlayground, listenForText } from './text_input.js';

// With Ctrl or Command these edit text ...
const TEXT_KEYS = [
  'a',
  'c',
  'v',
  'x',
  'y',
  'z',
  'ArrowLeft',
  'ArrowRight',
  'Home',
  'End',
  'Backspace',
  'Delete',
  'Enter',
];
// ... and where none is edited these step through the changes of settings. All other combinations are the browser's.
const STEP_KEYS = ['y', 'z'];
const MODIFIERS = ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph'];

// `front` answers for the front end, with points in CSS pixels of the canvas:
//   wantsWheel(x, y, direction), wantsTouch(x, y), wantsText(), escapeLeaves()   whether
//   wantsWords(), and what text_input.js tells                                    likewise
//   pinch(x, y, factor, dx, dy), focused(on)                                     what happened
// Returns what is to be called after each frame.
// `wayOut` is what a person reads who has left the playground in somebody's page and comes by it again with Tab.
export function listenForInput(canvas, front, wayOut) {
  const place = ({ clientX, clientY }) => {
    const { left, top } = canvas.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };
  listenForKeys(
    canvas,
    front,
    window.parent === window ? () => document.activeElement?.blur() : leaveFrame(canvas, wayOut),
  );
  listenForWheel(canvas, front, place);
  listenForPinch(canvas, front, place);
  // In a page of its own a finger always moves what is in it.
  if (window.parent !== window) shareTouches(canvas, front, place);
  canvas.addEventListener('focus', () => {
    canvas.classList.toggle('by-keyboard', !canvas.focusedByScript && canvas.matches(':focus-visible'));
    front.focused(true);
  });
  const text = listenForText(canvas, front, focusCanvas);
  canvas.addEventListener('blur', ({ relatedTarget }) => {
    canvas.classList.remove('by-keyboard');
    if (!isPlayground(relatedTarget, canvas)) front.focused(false);
  });
  // A canvas gets the focus by a click only if somebody gives it: SDL takes the event for itself.
  canvas.addEventListener('pointerdown', () => focusCanvas(canvas));
  return text.follow;
}

// Gives the canvas the keyboard without the ring that shows people who move by Tab where they are.
export function focusCanvas(canvas) {
  canvas.focusedByScript = true;
  canvas.focus({ preventScroll: true });
  canvas.focusedByScript = false;
}

function belongsToBrowser(event, typing) {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (MODIFIERS.includes(key)) return false;
  if (/^F\d+$/.test(key) || /^(Browser|Media|Audio|Launch)/.test(key)) return true;
  if (event.getModifierState('AltGraph')) return !typing; // makes characters, and counts as Ctrl+Alt on Windows
  if (ctrlKey || metaKey) {
    const ours = typing ? TEXT_KEYS : STEP_KEYS;
    return altKey || !ours.includes(keyLetter(event) || key);
  }
  return altKey;
}

// Returns a function that gives the keyboard to the page around this iframe.
//
// A canvas that is only blurred leaves it with the iframe's document, where the other page's keys are lost. A browser then
// counts the next Tab from where the focus in that page was before, which may be ahead of the iframe, so that it would
// come back in here for ever. So until somebody has passed, the canvas is not on Tab's way; the next Tab that comes in
// here finds a line that says so, and goes on behind it.
function leaveFrame(canvas, wayOut) {
  const passage = document.createElement('span');
  passage.className = 'way-out';
  passage.textContent = wayOut;
  passage.tabIndex = 0;
  passage.hidden = true;
  canvas.after(passage);
  const open = (left) => {
    canvas.tabIndex = left ? -1 : 0;
    passage.hidden = !left;
  };
  passage.addEventListener('focus', () => {
    canvas.tabIndex = 0; // Shift+Tab goes back in
  });
  passage.addEventListener('blur', () => open(false));
  canvas.addEventListener('focus', () => open(false));
  return () => {
    open(true);
    document.activeElement?.blur();
    window.parent.focus();
    // For a page that wants to know, or has something of its own to focus. It says nothing that is anybody's secret.
    window.parent.postMessage({ hourglass: 'left' }, '*');
  };
}

function listenForKeys(canvas, front, leave) {
  const filter = (event) => {
    if (event.target !== canvas) return;
    const typing = front.wantsText();
    const command = event.ctrlKey || event.metaKey;
    if (belongsToBrowser(event, typing)) {
      event.stopImmediatePropagation();
    } else if (event.type !== 'keypress' && (command || !typing)) {
      const meant = withLetterCode(event);
      if (!meant) return;
      event.stopImmediatePropagation();
      if (!canvas.dispatchEvent(meant)) event.preventDefault();
    }
  };
  for (const kind of ['keydown', 'keypress', 'keyup'])
    window.addEventListener(kind, filter, { capture: true, passive: false });
  // Tab goes from one widget to the next and around. Escape, where it has nothing to close, gives the keyboard back to the
  // page; when the key comes up, so that it is not thought to be held down in here.
  let leaving = false;
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.target === canvas) leaving = event.key === 'Escape' && (leaving || front.escapeLeaves());
    },
    { capture: true, passive: true },
  );
  canvas.addEventListener(
    'keyup',
    (event) => {
      if (event.key === 'Escape' && leaving) setTimeout(leave);
      leaving = false;
    },
    { passive: true },
  );
}

// Over what has no use for the wheel the page scrolls, and Ctrl with it is the browser's zoom.
function listenForWheel(canvas, front, place) {
  window.addEventListener(
    'wheel',
    (event) => {
      if (event.target !== canvas) return;
      if (event.ctrlKey || !front.wantsWheel(...place(event), event.deltaY)) event.stopImmediatePropagation();
    },
    { capture: true, passive: true },
  );
}

// Two fingers zoom and move what is between them.
function listenForPinch(canvas, front, place) {
  const fingers = new Map();
  let last = null;
  const measure = () => {
    const [[ax, ay], [bx, by]] = [...fingers.values()];
    return { x: (ax + bx) / 2, y: (ay + by) / 2, distance: Math.max(1, Math.hypot(ax - bx, ay - by)) };
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'touch') return;
    fingers.set(event.pointerId, place(event));
    last = fingers.size === 2 ? measure() : null;
    if (last) front.pinch(last.x, last.y, 1, 0, 0);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, place(event));
    if (!last) return;
    const now = measure();
    front.pinch(now.x, now.y, now.distance / last.distance, now.x - last.x, now.y - last.y);
    last = now;
  });
  const lift = ({ pointerId }) => {
    fingers.delete(pointerId);
    last = fingers.size === 2 ? measure() : null;
  };
  for (const kind of ['pointerup', 'pointercancel']) window.addEventListener(kind, lift);
}

// In somebody's page a finger that begins where nothing here would follow it scrolls that page. SDL would prevent it, so
// it does not get to see such a touch; a tap still comes to it as the mouse click that browsers make of one.
function shareTouches(canvas, front, place) {
  canvas.classList.add('embedded');
  const foreign = new Set();
  const filter = (event) => {
    if (event.target !== canvas) return;
    const changed = [...event.changedTouches];
    if (event.type === 'touchstart' && event.touches.length === changed.length) {
      foreign.clear();
      if (!changed.some((touch) => front.wantsTouch(...place(touch))))
        changed.forEach(({ identifier }) => foreign.add(identifier));
    }
    if (changed.every(({ identifier }) => foreign.has(identifier))) event.stopImmediatePropagation();
  };
  for (const kind of ['touchstart', 'touchmove', 'touchend', 'touchcancel']) {
    window.addEventListener(kind, filter, { capture: true, passive: true });
  }
}
