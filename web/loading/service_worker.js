// Gives the page what its server does not: cross-origin isolation, and with it threads, and a copy of itself for the time
// without a network. web/loading/service_worker_client.js registers it; from the next load on it
//
//   - adds the headers of isolation: to the page itself, at top level COOP and COEP; in an iframe, where those do nothing
//     unless every page around has them too, Document-Isolation-Policy (Chrome and Edge 137 or newer; others ignore it and
//     go on with one thread); and COEP to the scripts of the workers, which an isolated page may not start without;
//   - answers with the files of one build, which it stores all together or not at all when a page asks for it, and with the
//     data sets that were used, where the network does not answer.
//
// Everything else in this folder, other pages with it, goes past it untouched. Where nothing can be stored it still isolates.
//
// A new build is another script, since BUILD is written into it. It stores its files beside those of the old one and waits:
// open pages go on with the files that belong to them. It takes over when they are gone, or when the only one is reloaded.

import { hasRelaxedSimd } from './capabilities.js';

// { version, files: { name: checksum } } by web/tools/service_worker.mjs; the page itself is "", and has no checksum, since
// hosts write into pages.
/* global BUILD */
const FOLDER = new URL('./', self.location).pathname;
const PREFIX = `hourglass ${FOLDER} `;
const STORED = PREFIX + BUILD.version;
const DATA_SETS = `${PREFIX}data`;
const PAGES = ['', 'index.html'];
const WORKERS = /^(engine|files)[\w-]*\.js$/;
const ENGINES = /^engine(-mt)?(-fma)?\./;
const TOP_LEVEL = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const EMBEDDED = { 'Document-Isolation-Policy': 'isolate-and-credentialless' };
const WORKER = { 'Cross-Origin-Embedder-Policy': 'require-corp' };
// So long after a page has said that it is being left its next request is expected, and so long before the other way round.
const LEAVING_MS = 5000;
const EARLY_MS = 300;
const MOST_REFRESHES = 20;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  if (event.data === 'store') event.waitUntil(store().catch(() => {})); // it is asked for again at the next load
  if (event.data === 'leaving') noteLeaving(event.source.id);
  if (event.data === 'take over') self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const file = fileOf(event.request);
  if (file === null) return;
  const headers = missingHeaders(event.request, file);
  if (event.request.mode === 'navigate') {
    if (PAGES.includes(file)) event.respondWith(answerPage(event, headers));
  } else if (Object.hasOwn(BUILD.files, file) || headers) {
    event.respondWith(answerFile(event, file, headers));
  } else if (file.startsWith('data/')) {
    event.respondWith(answerData(event));
  }
});

// Path within the folder, or null for a request that is none of this script's business.
function fileOf({ headers, method, url }) {
  const { origin, pathname } = new URL(url);
  if (origin !== self.location.origin || !pathname.startsWith(FOLDER)) return null;
  return method === 'GET' && !headers.has('Range') ? pathname.slice(FOLDER.length) : null;
}

// The headers that the answer needs, or null.
function missingHeaders({ destination, mode, url }, file) {
  if (destination === 'worker' && WORKERS.test(file)) return WORKER;
  if (mode !== 'navigate' || new URL(url).searchParams.get('isolation') === 'off') return null;
  return destination === 'document' ? TOP_LEVEL : EMBEDDED;
}

// What the server says for itself stands. A redirect comes back as a request of its own; an error page has no use for threads.
function withHeaders(response, missing) {
  if (response.type !== 'basic' || !response.ok || !missing) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(missing)) if (!headers.has(name)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

// The page that is being left, by a reload or for another address of this page. It is there until it gets its answer.
let leaving = null;
let heardLeaving = () => {};
let refreshes = 0;

function noteLeaving(id) {
  leaving = { id, since: Date.now() };
  heardLeaving();
}

// Whether the page that asks takes the place of the only one that there is. Its word and its request come in any order.
async function isLeft() {
  const count = (await self.clients.matchAll()).length;
  if (count === 0 || refreshes > 0) return true;
  if (count > 1) return false;
  if (!leaving) {
    await new Promise((resolve) => {
      heardLeaving = resolve;
      setTimeout(resolve, EARLY_MS);
    });
  }
  const last = leaving;
  leaving = null;
  if (!last || Date.now() - last.since > LEAVING_MS) return false;
  return (await self.clients.matchAll()).every(({ id }) => id === last.id);
}

async function answerPage(event, missing) {
  event.waitUntil(leaveWithTheSite());
  const { waiting } = self.registration;
  // Until the new script is in its place, it is this one that is asked.
  if ((waiting || refreshes > 0) && refreshes < MOST_REFRESHES && (await isLeft())) {
    // Nobody else uses the old files. The new script answers when the page asks once more.
    refreshes += 1;
    waiting?.postMessage('take over');
    // With an icon of its own, for which nobody is asked.
    return new Response('<!doctype html><link rel="icon" href="data:,">', {
      headers: { 'Content-Type': 'text/html', Refresh: '0' },
    });
  }
  const response = (await stored('')) ?? (await event.preloadResponse) ?? (await fetch(event.request));
  return withHeaders(response, missing);
}

async function answerFile(event, file, missing) {
  return withHeaders((await stored(file)) ?? (await fetch(event.request)), missing);
}

// Data sets are large, and new ones come without a new build: from the network as long as there is one.
async function answerData(event) {
  const { request } = event;
  try {
    const response = await fetch(request);
    if (response.status === 200 && (await stored('')) && !isSame(response, await keptData(request))) {
      event.waitUntil(keepData(request, response.clone()));
    }
    return response;
  } catch (error) {
    const kept = await keptData(request);
    if (kept) return kept;
    throw error;
  }
}

const isSame = (response, kept) =>
  ['ETag', 'Last-Modified'].some(
    (name) => kept?.headers.has(name) && kept.headers.get(name) === response.headers.get(name),
  );

async function keptData(request) {
  try {
    return await caches.match(request, { cacheName: DATA_SETS, ignoreVary: true });
  } catch {
    return undefined;
  }
}

async function keepData(request, response) {
  try {
    await (await caches.open(DATA_SETS)).put(request, response);
  } catch {
    // It was broken off, or there is no room: the set then comes from the network alone.
  }
}

// The file as this build has it, or nothing.
async function stored(file) {
  try {
    return await caches.match(FOLDER + file, { cacheName: STORED, ignoreVary: true });
  } catch {
    return undefined; // storage is refused
  }
}

// The caches of this folder's builds, by name.
async function storedBuilds() {
  try {
    return (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== DATA_SETS);
  } catch {
    return [];
  }
}

async function install() {
  const builds = await storedBuilds();
  // Pages that have nothing stored take their files from the server, and are none of a new script's concern.
  if (builds.every((name) => name === STORED)) return self.skipWaiting();
  return fill(); // or it comes to nothing, and the old one goes on
}

async function activate() {
  for (const name of await storedBuilds()) if (name !== STORED) await caches.delete(name);
  await preloadPages(!(await stored('')));
}

let storing = null;

function store() {
  storing ??= (async () => {
    if (await stored('')) return;
    await fill();
    await preloadPages(false);
  })().finally(() => {
    storing = null;
  });
  return storing;
}

// Stores all files of this build, or none.
async function fill() {
  const kind = hasRelaxedSimd() ? '-fma' : undefined;
  const wanted = Object.entries(BUILD.files).filter(([file]) => {
    const engine = ENGINES.exec(file);
    return !engine || engine[2] === kind;
  });
  try {
    const cache = await caches.open(STORED);
    // A server that is just given a new build has some files of either: the checksums tell.
    await cache.addAll(
      wanted.map(
        ([file, integrity]) => new Request(FOLDER + file, { cache: 'no-cache', ...(integrity && { integrity }) }),
      ),
    );
  } catch (error) {
    await caches.delete(STORED).catch(() => {});
    throw error;
  }
}

// Whether the page's request goes out while the browser still starts this script, which helps where it is not stored.
async function preloadPages(wanted) {
  const { navigationPreload } = self.registration;
  if (navigationPreload) await (wanted ? navigationPreload.enable() : navigationPreload.disable());
}

// Where the folder has become another site without this script, nobody else would end it.
async function leaveWithTheSite() {
  try {
    const { status } = await fetch(self.location.href, { method: 'HEAD', cache: 'no-store' });
    if (status !== 404 && status !== 410) return;
    await self.registration.unregister();
    for (const name of [...(await storedBuilds()), DATA_SETS]) await caches.delete(name);
  } catch {
    // No connection: the next page asks again.
  }
}
