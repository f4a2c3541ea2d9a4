// The elements that stand for what is drawn on the canvas: what each kind is to a browser, and how it follows the drawing.

const DISABLED = 1;
const ON = 2;
const OPEN = 4;
const SHARE = 1000; // positions of sliders are whole thousandths

// By the letter of MirrorRole (ui/kit/mirror.h). `tag` and `type` make the element, `role` is said where the element does
// not say it by itself, and `state` is the attribute that says whether it is on.
const KINDS = {
  t: { tag: 'span', words: true },
  n: { tag: 'span', words: true },
  h: { tag: 'h2', words: true },
  b: { tag: 'button' },
  w: { tag: 'button', state: 'aria-pressed' },
  k: { tag: 'button', role: 'checkbox', state: 'aria-checked' },
  a: { tag: 'button', role: 'tab', state: 'aria-selected', list: 'tablist' },
  o: { tag: 'button', role: 'option', state: 'aria-selected', list: 'listbox' },
  c: { tag: 'select' },
  s: { tag: 'input', type: 'range' },
  f: { tag: 'input', type: 'text' },
  x: { tag: 'textarea' },
  p: { tag: 'div', role: 'img' },
};

// What Mirror::text() says: { focus, popups, nodes }.
export function readMirror(text) {
  const [head, ...lines] = text.split('\x1e').slice(0, -1);
  const [focus, popups] = head.split('\x1f').map(Number);
  const nodes = lines.map((line) => {
    const [role, item, states, x, y, width, height, layer, id, name, value, help, position, options] =
      line.split('\x1f');
    return {
      role,
      item: Number(item),
      states: Number(states),
      place: [x, y, width, height],
      layer: Number(layer),
      ...{ id, name, value, help },
      position: Number(position),
      options: options ? options.split('\x1d').slice(0, -1) : [],
    };
  });
  // Behind an open popup nothing can be used.
  const front = popups > 0 ? Math.max(...nodes.map(({ layer }) => layer)) : 0;
  return { focus, nodes: nodes.filter(({ layer }) => layer === front) };
}

const set = (element, name, value) => {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
};

// The role of the element that must be around such nodes, or undefined.
export const listOf = ({ role }) => KINDS[role].list;

export function makeElement({ role, item }) {
  const { tag, type, role: said } = KINDS[role];
  const element = document.createElement(tag);
  if (type || tag === 'button') element.type = type ?? 'button';
  if (said) element.setAttribute('role', said);
  if (type === 'range') Object.assign(element, { min: 0, max: SHARE, step: SHARE / 100 });
  if (item) element.tabIndex = -1;
  return element;
}

// Whether somebody is typing in it.
const isWritten = (element) => element === document.activeElement && element.value !== element.given;

function fillList(element, { position, options, value }) {
  const shown = [...(position < 0 ? [value] : []), ...options];
  if (shown.join('\x1d') !== element.listed) {
    element.listed = shown.join('\x1d');
    element.replaceChildren(
      ...shown.map((label, i) => {
        const index = position < 0 ? i - 1 : i;
        const option = document.createElement('option');
        option.value = index;
        option.textContent = label;
        option.disabled = option.hidden = index < 0;
        return option;
      }),
    );
  }
  element.value = position;
}

// Makes an element what the node is.
export function updateElement(element, node) {
  const { tag, words, state } = KINDS[node.role];
  element.node = node;
  ['left', 'top', 'width', 'height'].forEach((side, i) => {
    if (element.style[side] !== `${node.place[i]}px`) element.style[side] = `${node.place[i]}px`;
  });
  if (words) {
    if (element.textContent !== node.name) element.textContent = node.name;
    return;
  }
  if (tag === 'button') {
    if (element.textContent !== node.name) element.textContent = node.name;
  } else {
    set(element, 'aria-label', node.name);
  }
  if (node.id) element.dataset.id = node.id;
  set(element, 'aria-description', node.help || null);
  if (state) set(element, state, String((node.states & ON) !== 0));
  if (tag === 'button') set(element, 'aria-expanded', node.states & OPEN ? 'true' : null);
  const disabled = (node.states & DISABLED) !== 0;
  if ('disabled' in element && element.disabled !== disabled) element.disabled = disabled;
  if (tag === 'select') fillList(element, node);
  if (node.role === 's') {
    if (element.value !== String(node.position)) element.value = node.position;
    set(element, 'aria-valuetext', node.value || `${Math.round((100 * node.position) / SHARE)} %`);
  }
  if ((node.role === 'f' || node.role === 'x') && !isWritten(element)) {
    if (element.value !== node.value) element.value = node.value;
    element.given = node.value;
  }
}

// What setting a slider to `value` asks for: where it goes, or, for the smallest of changes, by how many steps, since a
// value may have steps of its own.
export function sliderAct({ position }, value) {
  const change = value - position;
  return Math.abs(change) <= SHARE / 50 ? ['s', Math.sign(change)] : ['m', value / SHARE];
}
