// What the page asks of its service worker (service_worker.js): cross-origin isolation, without which there are no threads,
// where the server does not send the headers for it, and a copy of the page for the time without a network. Both are for the
// next load; this page goes on as it is, and nothing reloads it.

import { hasModule, serviceWorker as scriptAddress } from './parts.js';

// Registers the service worker where it can help, or with `wanted` false takes it and what it has stored away again. With
// `store` it keeps the page's files, unless parts of the site are still to come. Resolves with what the next load can expect:
// "isolated" (this one is, too), "next load", or "none": no service workers here (a private window, a sandboxed iframe,
// blocked storage, no HTTPS), one of the site's own in this place, or not wanted.
export async function arrangeServiceWorker({ wanted = true, store: mayStore = false } = {}) {
  const store = mayStore && hasModule('engine-mt');
  try {
    const address = scriptAddress();
    if (!address) return 'none';
    if (window.crossOriginIsolated && wanted && !store) return 'isolated';
    // The mere look at it throws in some sandboxed iframes.
    const { serviceWorker } = navigator;
    if (!serviceWorker) return 'none';
    const existing = await serviceWorker.getRegistration(address);
    const script = existing && (existing.active || existing.waiting || existing.installing);
    const ours = script && script.scriptURL === address;
    if (!wanted) {
      if (ours) {
        await existing.unregister();
        await dropStored(address);
      }
      return 'none';
    }
    // Another one that looks after this page, say for reading it offline, would lose the page to ours.
    if (script && !ours) return 'none';
    const registration = await serviceWorker.register(address, { updateViaCache: 'none' });
    const { active, waiting, installing } = registration;
    if (store) (active ?? waiting ?? installing).postMessage('store');
    // A new build that waits takes over with a reload, which looks the same to the service worker as a page beside.
    window.addEventListener('beforeunload', () => {
      if (registration.waiting) serviceWorker.controller?.postMessage('leaving');
    });
    return window.crossOriginIsolated ? 'isolated' : 'next load';
  } catch (error) {
    console.info(`Hourglass asks its server for everything the next time, too: ${error.message}`);
    return 'none';
  }
}

// Names as service_worker.js gives them.
async function dropStored(address) {
  const prefix = `hourglass ${new URL('./', address).pathname} `;
  for (const name of await caches.keys()) if (name.startsWith(prefix)) await caches.delete(name);
}
