// Gives the page cross-origin isolation, and with it threads, where its server does not send the headers for that.
// web/loading/isolation.js registers it; from the next load on it adds them:
//
//   - to the page itself, at top level COOP and COEP; in an iframe, where those do nothing unless every page around has
//     them too, Document-Isolation-Policy (Chrome and Edge 137 or newer; others ignore it and go on with one thread);
//   - COEP to the scripts of the engine's workers, which an isolated page may not start without.
//
// Everything else, other pages in this folder and the data sets with it, goes past it untouched, and it stores nothing.

const FOLDER = new URL('./', self.location).pathname;
const PAGES = ['', 'index.html'];
const WORKERS = /^engine[\w-]*\.js$/;
const TOP_LEVEL = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const EMBEDDED = { 'Document-Isolation-Policy': 'isolate-and-credentialless' };
const WORKER = { 'Cross-Origin-Embedder-Policy': 'require-corp' };

// A new version has nothing to clean up after the old one, so it need not wait until all pages of that are closed. Pages
// that are open already are left as they are: what they loaded so far was not isolated.
self.addEventListener('install', () => self.skipWaiting());

// The page's request goes out while the browser still starts this script.
self.addEventListener('activate', (event) => {
  const { navigationPreload } = self.registration;
  if (navigationPreload) event.waitUntil(navigationPreload.enable());
});

self.addEventListener('fetch', (event) => {
  const headers = missingHeaders(event.request);
  if (headers) event.respondWith(answer(event, headers));
});

// Where the folder has become another site without this script, nobody else would end it.
async function leaveWithTheSite() {
  try {
    const { status } = await fetch(self.location.href, { method: 'HEAD', cache: 'no-store' });
    if (status === 404 || status === 410) await self.registration.unregister();
  } catch {
    // No connection: the next page asks again.
  }
}

// The headers that the answer needs, or null for a request that is none of this script's business.
function missingHeaders({ destination, method, mode, url }) {
  const { origin, pathname, searchParams } = new URL(url);
  if (origin !== self.location.origin || !pathname.startsWith(FOLDER) || method !== 'GET') return null;
  const file = pathname.slice(FOLDER.length);
  if (destination === 'worker' && WORKERS.test(file)) return WORKER;
  if (mode !== 'navigate' || !PAGES.includes(file) || searchParams.get('isolation') === 'off') return null;
  return destination === 'document' ? TOP_LEVEL : EMBEDDED;
}

async function answer(event, missing) {
  if (event.request.mode === 'navigate') event.waitUntil(leaveWithTheSite());
  const response = (await event.preloadResponse) || (await fetch(event.request));
  // A redirect comes back here as a request of its own; an error page has no use for threads.
  if (response.type !== 'basic' || !response.ok) return response;
  const headers = new Headers(response.headers);
  // What the server says for itself stands.
  for (const [name, value] of Object.entries(missing)) if (!headers.has(name)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
