// Threads need isolation: how the page gets it from its service worker from the second load on, at the top and in an
// iframe, and goes on without.

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe as group, test } from 'node:test';

import { chromium } from 'playwright-core';

import { createSiteServer } from '../../web/tools/serve.mjs';
import { happens } from '../support/waiting.mjs';
import { engineOf, newFolder, noticed, registrations } from './loader_support.mjs';
import {
  launchOptions,
  newPage,
  openHourglass,
  openReady,
  serveSite,
  site,
  siteHasData,
  state,
  untilIdle,
  untilState,
  useSite,
  watchedPage,
} from './support.mjs';

const shared = useSite();
const cores = Math.min(os.cpus().length, 8);

let plain; // a server that sends no headers for isolation, as most do
before(async () => {
  plain = await serveSite({ isolation: false });
});
after(() => plain?.close());

const readyIn = async (frame) => {
  await frame.waitForFunction(() => window.hourglass !== undefined);
  await frame.evaluate(() => window.hourglass.ready.then(() => true));
};

// Waits until the service worker that the page registers is there for the next load.
const untilRegistered = (page) =>
  happens(
    () =>
      page.evaluate(async () => {
        const { active, scope } = (await navigator.serviceWorker.getRegistration()) ?? {};
        return active?.state === 'activated' ? { script: active.scriptURL, scope } : null;
      }),
    'there is a service worker',
  );

const trains = async (page) => {
  await page.evaluate(() => window.hourglass.command('run'));
  await untilState(page, 'step at least', (await state(page)).step + 50);
  await page.evaluate(() => window.hourglass.command('pause'));
};

// A browser's own profile, in which the iframes of other sites may store something, as most browsers have it. A context
// of newPage() is a private window, where they may not, and so have no service worker.
async function openProfile() {
  const folder = await newFolder();
  await mkdir(path.join(folder, 'Default'));
  await writeFile(path.join(folder, 'Default', 'Preferences'), '{"profile":{"cookie_controls_mode":0}}');
  return chromium.launchPersistentContext(folder, { ...launchOptions, locale: 'en-US' });
}

// A lesson with the playground of `origin` in an iframe. Its server is at `host`.
async function openLesson(t, origin, { host = '127.0.0.1', attributes = '', profile = null } = {}) {
  const folder = await newFolder();
  await writeFile(
    path.join(folder, 'index.html'),
    `<!doctype html><title>Lesson</title><link rel="icon" href="data:,">
    <iframe src="${origin}/" width="1000" height="700" ${attributes}></iframe>`,
  );
  const server = await serveSite({ isolation: false, root: folder });
  t.after(() => server.close());
  const outside = server.origin.replace('127.0.0.1', host);
  const { page, problems, close } = await (profile ? watchedPage(profile, outside) : newPage(shared.browser, outside));
  t.after(close);
  let loads = 0;
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame() && frame.url().startsWith(origin)) ++loads;
  });
  const open = async () => {
    const frame = page.frames().find((each) => each.url().startsWith(origin));
    await frame.waitForFunction(() => window.hourglass !== undefined);
    await frame.evaluate(() => window.hourglass.ready.then(() => true));
    return frame;
  };
  await page.goto(outside);
  return {
    page,
    open,
    reload: async () => {
      await page.reload();
      return open();
    },
    loads: () => loads,
    problems: () => problems.filter((problem) => !problem.startsWith(`foreign: ${origin}/`)),
  };
}

group('a server that does not isolate', () => {
  test('has one thread at the first load and all of them at the next', async () => {
    const { page, problems, close } = await openHourglass(shared.browser, plain.origin);
    assert.deepEqual(await engineOf(page), { isolated: false, engine: 'simd+fma', threads: 1 });
    assert.deepEqual(await untilRegistered(page), {
      script: `${plain.origin}/service_worker.js`,
      scope: `${plain.origin}/`,
    });
    // The page that is open is left as it was.
    await trains(page);
    assert.equal(await page.evaluate(() => navigator.serviceWorker.controller), null);

    await openReady(page, `${plain.origin}/?preset=deep`);
    assert.deepEqual(await engineOf(page), { isolated: true, engine: 'simd+fma', threads: cores });
    await trains(page);
    await page.reload();
    await readyIn(page);
    assert.deepEqual(await engineOf(page), { isolated: true, engine: 'simd+fma', threads: cores });
    assert.equal(await registrations(page), 1);
    assert.deepEqual(problems, []);
    await close();
  });

  test(
    'keeps what else it serves as it is',
    { skip: siteHasData('mnist') ? false : 'the site was built without data/mnist' },
    async () => {
      const { page, close } = await openHourglass(shared.browser, plain.origin);
      await untilRegistered(page);
      await openReady(page, `${plain.origin}/index.html?data=mnist`);
      await untilState(page, 'data', 'mnist');
      const seen = await page.evaluate(async () => {
        const file = 'data/mnist/train-images-idx3-ubyte.gz';
        const [all, part, head, none] = await Promise.all([
          fetch(file),
          fetch(file, { headers: { Range: 'bytes=2-5' } }),
          fetch(file, { method: 'HEAD' }),
          fetch('no-such-file'),
        ]);
        return {
          controlled: navigator.serviceWorker.controller !== null,
          all: (await all.arrayBuffer()).byteLength === Number(head.headers.get('Content-Length')),
          part: [
            part.status,
            (await part.arrayBuffer()).byteLength,
            part.headers.get('Content-Range')?.replace(/\d+$/, ''),
          ],
          none: none.status,
          added: all.headers.get('Cross-Origin-Embedder-Policy'),
        };
      });
      assert.deepEqual(seen, {
        controlled: true,
        all: true,
        part: [206, 4, 'bytes 2-5/'],
        none: 404,
        added: null,
      });
      // Another page of the same folder, which may hold what an isolated one could not.
      const other = await page.goto(`${plain.origin}/favicon.svg`);
      assert.equal(await page.evaluate(() => window.crossOriginIsolated), false);
      assert.equal(other.headers()['cross-origin-embedder-policy'], undefined);
      await close();
    },
  );

  test('is not isolated with isolation=off, then or later', async () => {
    const { page, problems, close } = await openHourglass(shared.browser, plain.origin);
    await untilRegistered(page);
    await openReady(page, `${plain.origin}/?isolation=off`);
    assert.deepEqual(await engineOf(page), { isolated: false, engine: 'simd+fma', threads: 1 });
    await happens(async () => (await registrations(page)) === 0, 'the service worker is gone');
    await openReady(page, `${plain.origin}/?isolation=off`);
    assert.equal((await engineOf(page)).isolated, false);
    assert.deepEqual(problems, []);
    await close();
  });

  test('keeps a service worker of its own', async () => {
    const { page, close } = await newPage(shared.browser, plain.origin);
    await page.goto(`${plain.origin}/favicon.svg`);
    // Any script will do that is none of this page's service worker.
    await page.evaluate(() =>
      navigator.serviceWorker.register('/site_info.js', { type: 'module' }).then(() => navigator.serviceWorker.ready),
    );
    await openReady(page, plain.origin);
    await untilIdle(page, 1000);
    const scripts = await page.evaluate(() =>
      navigator.serviceWorker.getRegistrations().then((all) => all.map(({ active }) => active.scriptURL)),
    );
    assert.deepEqual(scripts, [`${plain.origin}/site_info.js`]);
    assert.equal((await engineOf(page)).threads, 1);
    await close();
  });

  test('in a folder of a larger site isolates that folder’s page only, and takes a new service worker', async (t) => {
    const pages = createSiteServer({ root: site, isolation: false });
    let worker = await readFile(path.join(site, 'service_worker.js'), 'utf8');
    const server = createServer((request, response) => {
      const [, file] = /^\/course\/hourglass(\/.*)$/.exec(request.url) ?? [];
      if (!file) {
        response.setHeader('Content-Type', 'text/html');
        response.end('<!doctype html><title>Course</title><link rel="icon" href="data:,">');
      } else if (file === '/service_worker.js') {
        response.setHeader('Content-Type', 'text/javascript');
        response.setHeader('Cache-Control', 'max-age=3600');
        response.end(worker);
      } else {
        request.url = file;
        pages.emit('request', request, response);
      }
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const course = `http://127.0.0.1:${server.address().port}/course`;
    const { page, problems, close } = await newPage(shared.browser, new URL(course).origin);
    t.after(close);
    await openReady(page, `${course}/hourglass/`);
    assert.equal((await untilRegistered(page)).scope, `${course}/hourglass/`);
    const load = async () => {
      const response = await page.goto(`${course}/hourglass/`);
      return response.headers()['x-version'];
    };
    assert.equal(await load(), undefined);
    await readyIn(page);
    assert.equal((await engineOf(page)).threads, cores);
    await page.goto(`${course}/`);
    assert.equal(await page.evaluate(() => window.crossOriginIsolated), false);

    const changed = worker.replace('"Cross-Origin-Opener-Policy":', '"X-Version":"2",$&');
    assert.notEqual(changed, worker);
    worker = changed;
    // The browser looks for one when the page has been there for a while.
    await happens(async () => (await load()) === '2', 'the new service worker comes', 3000);
    await readyIn(page);
    assert.equal((await engineOf(page)).threads, cores);
    assert.deepEqual(
      problems.filter((problem) => !/ERR_ABORTED/.test(problem)),
      [],
    );
  });

  for (const [how, options, script] of [
    ['blocks service workers', { serviceWorkers: 'block' }, () => {}],
    ['has no service workers', {}, () => delete Navigator.prototype.serviceWorker],
    [
      'refuses the look at them',
      {},
      () =>
        Object.defineProperty(Navigator.prototype, 'serviceWorker', {
          get() {
            throw new DOMException('not here', 'SecurityError');
          },
        }),
    ],
    [
      'refuses them',
      {},
      () => {
        ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('not here', 'SecurityError'));
      },
    ],
  ]) {
    test(`goes on with one thread in a browser that ${how}`, async () => {
      const { page, problems, close } = await newPage(shared.browser, plain.origin, options);
      await page.addInitScript(script);
      for (let load = 0; load < 2; ++load) {
        await openReady(page, plain.origin);
        assert.deepEqual(await engineOf(page), { isolated: false, engine: 'simd+fma', threads: 1 });
        await untilIdle(page);
        assert.equal(await noticed(page), '');
      }
      await trains(page);
      assert.deepEqual(
        problems.filter((problem) => !/blocked by Playwright/.test(problem)),
        [],
      );
      await close();
    });
  }
});

group('an iframe', () => {
  const one = { isolated: false, engine: 'simd+fma', threads: 1 };
  const all = { isolated: true, engine: 'simd+fma', threads: cores };

  for (const [where, host] of [
    ['the same site', '127.0.0.1'],
    ['another site', 'localhost'],
  ]) {
    for (const isolation of [false, true]) {
      const server = isolation ? 'a server that isolates' : 'a plain server';
      test(`of ${server} in a lesson of ${where} is never reloaded, and has threads the next time`, async (t) => {
        const { origin } = isolation ? shared.server : plain;
        const profile = await openProfile();
        t.after(() => profile.close());
        const lesson = await openLesson(t, origin, { host, profile });
        const frame = await lesson.open();
        assert.deepEqual(await engineOf(frame), one);
        await untilRegistered(frame);
        await trains(frame);
        assert.equal(lesson.loads(), 1);
        const again = await lesson.reload();
        assert.deepEqual(await engineOf(again), all);
        await trains(again);
        assert.equal(lesson.loads(), 2);
        assert.equal(await lesson.page.evaluate(() => window.crossOriginIsolated), false);
        assert.deepEqual(lesson.problems(), []);
      });
    }
  }

  test('of another site in a private window has one thread', async (t) => {
    const lesson = await openLesson(t, plain.origin, { host: 'localhost' });
    for (const load of [lesson.open, lesson.reload]) {
      const frame = await load();
      assert.deepEqual(await engineOf(frame), one);
      await trains(frame);
    }
    assert.deepEqual(lesson.problems(), []);
  });

  test('in a sandbox has threads the next time', async (t) => {
    const lesson = await openLesson(t, plain.origin, { attributes: 'sandbox="allow-scripts allow-same-origin"' });
    const frame = await lesson.open();
    assert.deepEqual(await engineOf(frame), one);
    await untilRegistered(frame);
    assert.deepEqual(await engineOf(await lesson.reload()), all);
    assert.deepEqual(lesson.problems(), []);
  });

  test('in a sandbox that takes its origin away trains without a worker', async (t) => {
    // Such a page may only load what its server allows everybody to load, as many static hosts do.
    const server = createSiteServer({ root: site, isolation: false });
    server.prependListener('request', (request, response) => response.setHeader('Access-Control-Allow-Origin', '*'));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const origin = `http://127.0.0.1:${server.address().port}`;
    const lesson = await openLesson(t, origin, { attributes: 'sandbox="allow-scripts"' });
    for (const load of [lesson.open, lesson.reload]) {
      const frame = await load();
      assert.deepEqual(await engineOf(frame), one);
      await trains(frame);
    }
    // The mark on the loading screen is a part of another file.
    assert.deepEqual(
      lesson.problems().filter((problem) => !/favicon\.svg/.test(problem)),
      [],
    );
  });
});
