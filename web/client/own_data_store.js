// Keeps a person's own files in the browser from one visit of the page to the next, where the person has said so.

const DATABASE = 'hourglass-own-data';
const STORE = 'files';
// Told from the first visit on whether there is anything to look for, without opening a database.
const MARK = 'hourglass-own-data';

// { name, files: [{ path, blob }], options } under the one key, or nothing. All reject where storage is refused.
export async function storeOwnData(data) {
  await withStore('readwrite', (store) => store.put(data, 1));
  try {
    localStorage.setItem(MARK, '1');
  } catch {
    // The files are there all the same; without the mark nobody would look for them.
    await withStore('readwrite', (store) => store.clear());
    throw new DOMException('refused', 'SecurityError');
  }
}

export async function storedOwnData() {
  try {
    if (localStorage.getItem(MARK) !== '1') return null;
    return (await withStore('readonly', (store) => store.get(1))) ?? null;
  } catch {
    return null;
  }
}

export async function dropStoredOwnData() {
  try {
    if (localStorage.getItem(MARK) !== '1') return;
    localStorage.removeItem(MARK);
    await withStore('readwrite', (store) => store.clear());
  } catch {
    // Where nothing can be stored, nothing is.
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1); // throws where storage is refused
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('blocked'));
    request.onsuccess = () => resolve(request.result);
  });
}

async function withStore(mode, use) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = use(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? request.error);
    });
  } finally {
    database.close();
  }
}
