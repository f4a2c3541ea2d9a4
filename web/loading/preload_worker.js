// Starts the engine's worker before the page's other scripts are there: once they run, the page draws for the first time,
// and a browser starts no worker meanwhile. What it does next is in engine_client.js. In an iframe that nobody sees yet
// the worker waits, as everything does (page.js). Written for old browsers too.

(function () {
  'use strict';

  function begin() {
    // page.js may have come first.
    if (window.hourglassWorker !== undefined || typeof Worker !== 'function') return;
    try {
      var worker = new Worker('engine_worker.js', { type: 'module', name: 'hourglass-engine' });
      worker.onerror = function (event) {
        event.preventDefault();
        worker.failure = event.message || 'engine_worker.js';
      };
      window.hourglassWorker = worker;
    } catch (error) {
      // The engine's client tries it again, and knows what to do.
    }
  }

  if (window.parent === window || typeof IntersectionObserver !== 'function') {
    begin();
    return;
  }
  var observer = new IntersectionObserver(function (entries) {
    if (!entries[entries.length - 1].isIntersecting) return;
    observer.disconnect();
    begin();
  });
  observer.observe(document.documentElement);
})();
