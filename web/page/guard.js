// Says in a sentence that a part of the page is missing, where the part is one without which page.js cannot say it: a
// script that is not there, that was cut, or that the server calls something else. It runs before page.js and needs
// nothing but itself. Written for old browsers too.

(function () {
  'use strict';

  // So long nothing may come before it is said. It is no end: what comes later goes on.
  var MOST_SECONDS = 20;

  var TEXTS = {
    en: {
      missing:
        'A part of this page, {file}, could not be loaded. Reload the page; if that does not help, its copy on ' +
        'the server is not complete, and the whole folder of the site has to be put there again.',
      waiting:
        'Nothing more of this page has come for {seconds} seconds. It goes on as soon as something does; ' +
        'otherwise reload it. If that does not help, its copy on the server is not complete.',
      sandbox:
        'The sandbox of this frame keeps {file} away. It needs allow-same-origin, or a server that sends ' +
        'Access-Control-Allow-Origin: *.',
    },
    zh: {
      missing:
        '无法加载本页面的一部分：{file}。请重新加载页面；如果仍然如此，说明服务器上的副本不完整，需要重新放上整个网站文件夹。',
      waiting:
        '已有 {seconds} 秒没有收到本页面的更多内容。一旦收到就会继续；否则请重新加载页面。' +
        '如果仍然如此，说明服务器上的副本不完整。',
      sandbox: '此框架的沙盒不允许加载 {file}：需要 allow-same-origin，或让服务器发送 Access-Control-Allow-Origin: *。',
    },
  };

  var loading = document.getElementById('loading');
  var words = document.getElementById('words');
  var bar = document.getElementById('bar');

  // As page.js and page_text.js find it, who may be what is missing.
  function language() {
    var asked = /[?&#]lang=(\w+)/.exec(location.search + location.hash);
    var stored = null;
    try {
      stored = localStorage.getItem('hourglass.language');
    } catch (error) {
      // A sandboxed iframe has no storage.
    }
    var wishes = [asked && asked[1], stored].concat(navigator.languages || [navigator.language]);
    for (var i = 0; i < wishes.length; ++i) {
      var wish = String(wishes[i]).toLowerCase().split('-')[0];
      if (Object.prototype.hasOwnProperty.call(TEXTS, wish)) return wish;
    }
    return 'en';
  }

  function text(key, values) {
    return TEXTS[language()][key].replace(/\{(\w+)\}/g, function (whole, name) {
      return values[name];
    });
  }

  function isOver() {
    return loading.hidden || loading.className.indexOf('stopped') >= 0;
  }

  function end(file) {
    if (isOver()) return;
    loading.className += ' stopped';
    bar.hidden = true;
    words.textContent = text(window.origin === 'null' ? 'sandbox' : 'missing', { file: file });
  }

  // The name of a file beside this page; null for what is somebody else's, a browser's extension perhaps.
  function ownFile(url) {
    var folder = location.origin + location.pathname.replace(/[^/]*$/, '');
    var address = String(url || '').replace(/[?#].*$/, '');
    return address.indexOf(folder) === 0 ? address.slice(folder.length) : null;
  }

  window.addEventListener(
    'error',
    function (event) {
      var element = event.target;
      var failed = element && element.tagName === 'SCRIPT' ? element.src : event.filename;
      var file = ownFile(failed);
      if (!file || file === 'preload_worker.js' || file === 'guard.js') return; // the page does without these
      end(file);
    },
    true,
  );

  // Signs of life: the loading screen changes, or another file has come.
  var signs = '';
  var silent = 0;
  var timer = setInterval(function () {
    if (isOver()) {
      clearInterval(timer);
      return;
    }
    // What nobody has seen yet waits for it.
    if (loading.getAttribute('data-waiting') !== null) return;
    var files = performance.getEntriesByType ? performance.getEntriesByType('resource').length : 0;
    var now = [bar.value, files, words.textContent].join(' ');
    silent = now === signs ? silent + 1 : 0;
    signs = now;
    if (silent !== MOST_SECONDS) return;
    words.textContent = text('waiting', { seconds: MOST_SECONDS });
    signs = [bar.value, files, words.textContent].join(' ');
  }, 1000);
})();
