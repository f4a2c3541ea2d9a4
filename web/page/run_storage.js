// Keeps the runs that the engine keeps (RunKept in core/session/protocol/messages.h) in the browser, from one visit of
// the page to the next. What is stored are checkpoints, which the engine checks as it does any other file.

const DATABASE = 'hourglass';
const VERSION = 1; // a store "runs" of { bytes }, numbered in the order in which they were kept
const STORE = 'runs';
const MAX_RUNS = 8;
const MAX_BYTES = 64 * 2 ** 20; // of one

// Offers the engine what is stored, and stores what it keeps from now on. tell(key, values) says a sentence of
// page_text.js. Resolves when all that was stored has been offered.
export async function storeRuns(hourglass, tell) {
  const keys = new Map(); // of stored runs, by the engine's number
  const told = new Set();
  const tellOnce = (key, values) => {
    if (told.has(key)) return;
    told.add(key);
    tell(key, values);
  };
  let offered = null; // the key of the run that the engine is to take up next
  let newest = 0;

  const opening = openDatabase();
  opening.catch(() => {}); // told when something is to be stored

  // One after the other: a run may be deleted before it is stored.
  let queue = Promise.resolve();
  const inTurn = (task) => {
    queue = queue.then(task).catch((error) => {
      tellOnce(error?.name === 'QuotaExceededError' ? 'storageFull' : 'storageRefused');
    });
    return queue;
  };

  const store = async (run) => {
    const database = await opening;
    let checkpoint;
    try {
      ({ checkpoint } = await hourglass.command('get_kept_run', { run }));
    } catch {
      return; // it had to go meanwhile
    }
    if (checkpoint.byteLength > MAX_BYTES) return;
    // A copy: what is stored of a view is all that it looks into.
    const key = await done(runsOf(database).add({ bytes: checkpoint.slice() }));
    keys.set(run, key);
    const all = await done(runsOf(database).getAllKeys());
    for (const old of all.slice(0, -MAX_RUNS)) await done(runsOf(database).delete(old));
  };
  const remove = async (run) => {
    if (!keys.has(run)) return;
    const database = await opening;
    await done(runsOf(database).delete(keys.get(run)));
    keys.delete(run);
  };

  hourglass.on('run_kept', ({ run, present }) => {
    // Numbers of runs that come from elsewhere are above the present one's.
    if (offered !== null && run > present) keys.set(run, offered);
    else inTurn(() => store(run));
  });
  hourglass.on('run_dropped', ({ run }) => inTurn(() => remove(run)));
  hourglass.on('history', ({ restart, run }) => {
    if (!restart) return;
    if (run <= newest) keys.clear(); // numbers only rise: this is another engine
    newest = run;
  });

  await inTurn(async () => {
    let database;
    try {
      database = await opening;
    } catch {
      return;
    }
    for (const key of await done(runsOf(database).getAllKeys())) {
      const found = await done(runsOf(database).get(key));
      try {
        if (!(found?.bytes instanceof Uint8Array) || found.bytes.length > MAX_BYTES) throw new Error('no checkpoint');
        offered = key;
        await hourglass.command('add_kept_run', { checkpoint: found.bytes });
      } catch (error) {
        await done(runsOf(database).delete(key));
        tellOnce('storedRunDamaged', { reason: error.message });
      } finally {
        offered = null;
      }
    }
  });
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION); // throws where storage is refused
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true });
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('blocked'));
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close();
      resolve(database);
    };
  });
}

const runsOf = (database) => database.transaction(STORE, 'readwrite').objectStore(STORE);

// Resolves with the result of a request when its transaction is complete.
function done(request) {
  return new Promise((resolve, reject) => {
    const { transaction } = request;
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? request.error);
  });
}
