// Files that are dropped onto the page or pasted. An image that comes while similar images are on show is looked for
// among them; all else is a person's own data.

import { pixelsOf } from '../client/pictures.js';

const MAX_DEPTH = 6; // of folders in folders

// tell(key, values) says a sentence of page_text.js.
export function takeDroppedFiles(hourglass, tell) {
  const search = async (file) => {
    const { data } = hourglass.state();
    if (!data || Math.min(data.rows, data.columns) < 2 || ![1, 3].includes(data.channels)) return tell('dropNoImages');
    let picture;
    try {
      picture = await createImageBitmap(file, { colorSpaceConversion: 'none' });
    } catch {
      return tell('dropNoPicture', { name: file.name });
    }
    const taken = hourglass.searchImage(pixelsOf(picture, data));
    picture.close();
    if (!taken) tell('dropNoImages');
  };
  const isFile = ({ kind }) => kind === 'file';
  const searches = () => Boolean(hourglass.widgets()['panel:search']);
  const takeItems = async (items) => {
    // All of them before anything is waited for: afterwards the browser knows nothing of them.
    const entries = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
    const [first] = items;
    const single = items.length === 1 && first.type.startsWith('image/') ? first.getAsFile() : null;
    if (single && searches()) return search(single);
    const files = [];
    try {
      for (const entry of entries) await addFiles(entry, '', files, 0);
    } catch (error) {
      return tell('fileFailed', { file: error.entry ?? '', reason: error.message });
    }
    return hourglass.ownFiles(files);
  };

  // Without this the browser leaves the page and shows the file.
  window.addEventListener('dragover', (event) => {
    if ([...(event.dataTransfer?.items ?? [])].some(isFile)) event.preventDefault();
  });
  window.addEventListener('drop', (event) => {
    const items = [...(event.dataTransfer?.items ?? [])].filter(isFile);
    if (items.length === 0) return;
    event.preventDefault();
    takeItems(items);
  });
  window.addEventListener('paste', (event) => {
    // What goes into a field is the field's.
    if (event.defaultPrevented || event.target.closest?.('input, textarea')) return;
    const items = [...(event.clipboardData?.items ?? [])].filter(isFile);
    if (items.length > 0) return void takeItems(items);
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (/^\s*\{/.test(text) && /"lesson"\s*:/.test(text)) {
      hourglass.ownFiles([{ path: 'pasted.json', blob: new Blob([text], { type: 'application/json' }) }]);
      return;
    }
    if (isTable(text)) hourglass.ownFiles([{ path: 'pasted.csv', blob: new Blob([text], { type: 'text/csv' }) }]);
  });
}

// Whether a text may be a table: several lines with something that parts columns in them.
function isTable(text) {
  const lines = text.trim().split('\n');
  return lines.length > 1 && lines.slice(0, 5).every((line) => /\S[\t,; ]+\S/.test(line));
}

// The files of an entry of a drop, those of folders with their paths.
async function addFiles(entry, prefix, files, depth) {
  if (!entry || entry.name.startsWith('.')) return;
  if (entry instanceof File) {
    files.push({ path: prefix + entry.name, blob: entry });
  } else if (entry.isFile) {
    const blob = await new Promise((resolve, reject) => {
      entry.file(resolve, reject);
    }).catch((error) => {
      throw Object.assign(error, { entry: prefix + entry.name });
    });
    files.push({ path: prefix + entry.name, blob });
  } else if (entry.isDirectory && depth <= MAX_DEPTH) {
    const reader = entry.createReader();
    // A reader gives some at a time, and none at the end.
    for (;;) {
      const some = await new Promise((resolve, reject) => {
        reader.readEntries(resolve, reject);
      });
      if (some.length === 0) return;
      for (const inner of some) await addFiles(inner, `${prefix}${entry.name}/`, files, depth + 1);
    }
  }
}
