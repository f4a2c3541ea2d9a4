// Words for the front end's text fields that no key of a keyboard makes: what an input method composes, as Chinese is
// typed, and what is pasted. A canvas gets neither, so while such a field is edited the browser's keyboard is in a field
// that nobody sees: what is written there goes on to the front end, and all other keys to the canvas.

import { copyOf, keyLetter } from './keys.js';

// Whether an element is the canvas, or one of those that have the keyboard in its place.
export const isPlayground = (element, canvas) => element === canvas || Boolean(element?.closest?.('.words, .mirror'));

// `front`: wantsWords() whether a field for words is edited, text(words) what was written, focused(false) when the
// keyboard has gone elsewhere. The result's follow() is to be called after each frame.
export function listenForText(canvas, front, focusCanvas) {
  const field = document.createElement('textarea');
  field.className = 'words';
  field.tabIndex = -1;
  field.autocomplete = 'off';
  field.spellcheck = false;
  field.setAttribute('aria-hidden', 'true');
  field.style.cssText =
    'position:fixed;left:0;top:0;width:1px;height:1px;opacity:0;border:0;padding:0;pointer-events:none';
  canvas.after(field);
  let composing = false;
  const give = () => {
    if (composing || field.value === '') return;
    front.text(field.value);
    field.value = '';
  };
  field.addEventListener('compositionstart', () => (composing = true));
  field.addEventListener('compositionend', () => {
    composing = false;
    give();
  });
  field.addEventListener('input', give);
  const forward = (event) => {
    event.stopPropagation();
    const { key, ctrlKey, metaKey } = event;
    if (composing || event.isComposing || event.keyCode === 229) return;
    const edits = ctrlKey || metaKey;
    if (edits && keyLetter(event) === 'v') return; // pasted into the field
    canvas.dispatchEvent(copyOf(event));
    if (key.length > 1 || edits) event.preventDefault();
  };
  field.addEventListener('keydown', forward);
  field.addEventListener('keyup', forward);
  field.addEventListener('blur', ({ relatedTarget }) => {
    composing = false;
    field.value = '';
    if (!isPlayground(relatedTarget, canvas)) front.focused(false);
  });
  return {
    field,
    follow() {
      const wanted = front.wantsWords();
      if (wanted && document.activeElement === canvas) field.focus({ preventScroll: true });
      else if (!wanted && document.activeElement === field) focusCanvas(canvas);
    },
  };
}
