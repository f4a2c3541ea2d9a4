// Threads need cross-origin isolation, which is settled when a page loads. Where the server did not send the headers for
// it, a service worker (service_worker.js) can add them the next time; this page goes on with one thread, and nothing
// reloads it.

const SCRIPT = new URL('./service_worker.js', import.meta.url).href;

// Registers the service worker where that can help, or with `wanted` false takes it away again. Resolves with what the
// next load can expect: "isolated" (this one is, too), "next load", or "none": no service workers here (a private
// window, a sandboxed iframe, blocked storage, no HTTPS), one of the site's own in this place, or not wanted.
export async function arrangeIsolation({ wanted = true } = {}) {
  try {
    if (window.crossOriginIsolated && wanted) return 'isolated';
    // The mere look at it throws in some sandboxed iframes.
    const { serviceWorker } = navigator;
    if (!serviceWorker) return 'none';
    const existing = await serviceWorker.getRegistration(SCRIPT);
    const script = existing && (existing.active || existing.waiting || existing.installing);
    const ours = script && script.scriptURL === SCRIPT;
    if (!wanted) {
      if (ours) await existing.unregister();
      return 'none';
    }
    // Another one that looks after this page, say for reading it offline, would lose the page to ours.
    if (script && !ours) return 'none';
    await serviceWorker.register(SCRIPT, { updateViaCache: 'none' });
    return 'next load';
  } catch (error) {
    console.info(`Hourglass will have one thread the next time, too: ${error.message}`);
    return 'none';
  }
}
