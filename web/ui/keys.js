// What a key means for shortcuts, whatever the keyboard's layout. Somebody who presses S means the key that gives an s,
// wherever it lies; where a layout gives letters of another script, there is no such key, and the place decides, which is
// where most people learn such shortcuts.

// The Latin letter (in lower case) or the digit that a keyboard event means, or "".
//
// A key that gives a sign of ASCII, as the comma lies in the place of another layout's letter, is that sign.
export function keyLetter({ key, code }) {
  if (/^[a-z0-9]$/i.test(key)) return key.toLowerCase();
  const [, digit, letter] = /^(?:Digit(\d)|Key([A-Z]))$/.exec(code) ?? [];
  if (digit) return digit;
  const signs = key.length === 1 && key <= '~';
  const named = key.length > 1 && !['Process', 'Dead', 'Unidentified'].includes(key);
  return letter && !signs && !named ? letter.toLowerCase() : '';
}

// The number by which SDL knows that letter or digit.
const letterCode = (letter) => letter.toUpperCase().charCodeAt(0);

// The same event with the number that its letter has, or null where it has it already or means no letter.
export function withLetterCode(event) {
  const letter = keyLetter(event);
  if (!letter || event.keyCode === letterCode(letter)) return null;
  return copyOf(event, letterCode(letter));
}

// A keyboard event that can be dispatched anew.
export function copyOf(event, keyCode = event.keyCode) {
  const { key, code, location, repeat, ctrlKey, shiftKey, altKey, metaKey } = event;
  return new KeyboardEvent(event.type, {
    ...{ key, code, location, repeat, ctrlKey, shiftKey, altKey, metaKey, keyCode, which: keyCode },
    bubbles: true,
    cancelable: true,
  });
}
