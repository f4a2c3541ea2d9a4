// The page after its first visit: from what its service worker has stored, without a network, and through a new build.

import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe as group, test } from 'node:test';

import { writeServiceWorker } from '../../web/tools/service_worker.mjs';
import { createSiteServer } from '../../web/tools/serve.mjs';
import { decodePng } from '../support/picture.mjs';
import { happens, inTime, PATIENCE_MS } from '../support/waiting.mjs';
import { engineOf, newFolder, noticed, registrations } from './loader_support.mjs';
import {
  launchBrowser,
  newPage,
  openReady,
  screenshot,
  site,
  siteHasData,
  state,
  untilIdle,
  untilState,
} from './support.mjs';

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

// A server of a folder whose network can be cut; `asked` has the files of all requests that came.
async function cuttable(t, { isolation, root = site }) {
  const asked = [];
  let server = null;
  let port = 0;
  const join = async () => {
    server = createSiteServer({ root, isolation, log: (line) => asked.push(line.split(' ')[2]) });
    await new Promise((resolve, reject) => {
      server.on('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    ({ port } = server.address());
  };
  const cut = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  await join();
  t.after(() => (server.listening ? cut() : undefined));
  return { origin: `http://127.0.0.1:${port}`, asked, cut, join };
}

// Names of what is stored for the page, with how many files are in each.
const stored = (page) =>
  page.evaluate(async () => {
    const sizes = {};
    for (const name of await caches.keys()) sizes[name] = (await (await caches.open(name)).keys()).length;
    return sizes;
  });

const untilStored = (page) =>
  happens(
    async () => Object.values(await stored(page)).some((files) => files > 20) && (await registrations(page)) === 1,
    'the page is not stored',
    50,
  );

const trains = async (page) => {
  const { step } = await state(page);
  await page.evaluate(() => window.hourglass.command('step', { count: 3 }));
  await untilState(page, 'step at least', step + 3);
};

// A site that says of itself what build it is.
async function buildOf(t, mark) {
  const root = path.join(await newFolder(), 'site');
  await cp(site, root, { recursive: true, filter: (from) => !/\/data\/(fashion-)?mnist/.test(from) });
  await changeBuild(root, mark);
  return root;
}

// Of what a page loads at once, and of what it loads later.
async function changeBuild(root, mark) {
  for (const file of ['hourglass.js', 'own_data.js']) {
    const text = (await readFile(path.join(root, file), 'utf8')).replace(/;globalThis\.\w+="build \d+"/g, '');
    await writeFile(path.join(root, file), `${text};globalThis.builtOf_${file.replace('.js', '')}="build ${mark}"`);
  }
  const page = await readFile(path.join(root, 'index.html'), 'utf8');
  await writeFile(
    path.join(root, 'index.html'),
    page.replace(/<html lang="en"[^>]*>/, `<html lang="en" data-build="build ${mark}">`),
  );
  await writeServiceWorker(root);
}

// Loads the page until it is of that build: a page that has just been closed may still be counted, and one that has just
// come does not yet say when it is left. While one service worker takes over from the other, Chromium sometimes leaves a
// request of the page without an answer, and with it the page; whoever sits before it loads it once more.
const untilBuild = (page, origin, wanted) =>
  happens(
    async () => {
      try {
        await inTime(openReady(page, origin), 'a page', PATIENCE_MS / 6);
        return (await page.evaluate(() => document.documentElement.dataset.build)) === wanted;
      } catch {
        return false; // it makes way for the new one just now
      }
    },
    `${wanted} does not come`,
    3000,
  );

for (const isolation of [true, false]) {
  group(isolation ? 'an isolating server' : 'a plain server', () => {
    const one = { isolated: isolation, engine: 'simd+fma' };
    test('is not needed after the first visit', async (t) => {
      const server = await cuttable(t, { isolation });
      const { page, problems, close } = await newPage(browser, server.origin);
      t.after(close);
      await openReady(page, `${server.origin}/?lang=en`);
      const { isolated, engine } = await engineOf(page);
      assert.deepEqual({ isolated, engine }, one);
      await untilStored(page);
      await server.cut();

      // The page, with all threads; other addresses of it; another language; files of one's own.
      await openReady(page, `${server.origin}/?lang=zh&train.batch_size=64`);
      const again = await engineOf(page);
      assert.equal(again.isolated, true);
      assert.equal(again.threads, await page.evaluate(() => Math.min(8, navigator.hardwareConcurrency)));
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
      await trains(page);
      await untilIdle(page);
      await screenshot(page, `offline-${isolation ? 'isolated' : 'plain'}`);
      const lines = ['a,b', ...Array.from({ length: 60 }, (_, i) => `${i},${i * i}`)];
      await page.evaluate(
        (text) => window.hourglass.ownFiles([{ path: 'own.csv', blob: new Blob([text]) }]),
        `${lines.join('\n')}\n`,
      );
      await page.waitForFunction(() => Object.hasOwn(window.hourglass.widgets(), 'own:use'), null, { polling: 50 });
      await page.evaluate(() => window.hourglass.command('load_preset', { name: 'text-quick' }));
      await untilState(page, 'data', 'texts');
      assert.equal(await noticed(page), '');
      assert.deepEqual(problems, []);

      // index.html and what somebody has installed are the same page.
      await openReady(page, `${server.origin}/index.html`);
      await trains(page);
    });

    test('is hardly asked at the second visit', async (t) => {
      const server = await cuttable(t, { isolation });
      const { page, problems, close } = await newPage(browser, server.origin);
      t.after(close);
      await openReady(page, server.origin);
      await untilStored(page);
      server.asked.length = 0;
      await openReady(page, server.origin);
      await trains(page);
      await untilIdle(page);
      // The browser looks for a new build.
      assert.deepEqual([...new Set(server.asked)], ['/service_worker.js']);
      assert.deepEqual(problems, []);
    });

    test('with a new build is followed by the next load, and open pages keep their own files', async (t) => {
      const root = await buildOf(t, 1);
      const server = await cuttable(t, { isolation, root });
      const { page, problems, close } = await newPage(browser, server.origin);
      t.after(close);
      const build = (of) => of.evaluate(() => document.documentElement.dataset.build);
      await openReady(page, server.origin);
      await untilStored(page);
      await openReady(page, server.origin); // from what is stored, and so in the service worker's hands
      assert.equal(await build(page), 'build 1');
      const other = await page.context().newPage();
      await openReady(other, server.origin);

      await changeBuild(root, 2);
      await page.evaluate(() => navigator.serviceWorker.getRegistration().then((found) => found.update()));
      await happens(async () => Object.keys(await stored(page)).length === 2, 'the new build is not stored beside', 50);
      await happens(
        () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).waiting !== null),
        'the new build does not wait',
        50,
      );
      // What a page of the old build loads only now is the old build's, too; so is another load while there are two.
      const late = (of) =>
        of.evaluate(() => import(new URL('own_data.js', location.href)).then(() => globalThis.builtOf_own_data));
      assert.equal(await late(page), 'build 1');
      await openReady(other, server.origin);
      assert.equal(await build(other), 'build 1');
      assert.equal(await late(other), 'build 1');
      await trains(page);

      // The last one that is open takes the new build with it.
      await other.close();
      await untilBuild(page, server.origin, 'build 2');
      assert.equal(await late(page), 'build 2');
      await happens(async () => Object.keys(await stored(page)).length === 1, 'the old build is still stored', 50);
      assert.equal((await engineOf(page)).isolated, true);
      await server.cut();
      await openReady(page, server.origin);
      assert.equal(await build(page), 'build 2');
      await trains(page);
      assert.deepEqual(problems, []);
    });
  });
}

test('a build that is only half there is not taken', async (t) => {
  const root = await buildOf(t, 1);
  const server = await cuttable(t, { isolation: false, root });
  const { page, close } = await newPage(browser, server.origin);
  t.after(close);
  await openReady(page, server.origin);
  await untilStored(page);
  await openReady(page, server.origin);
  const [before] = Object.keys(await stored(page));
  const old = await readFile(path.join(root, 'hourglass.js'));
  await changeBuild(root, 2);
  await writeFile(path.join(root, 'hourglass.js'), old); // has not arrived yet
  // What has become of the new script once it is no longer on its way.
  const update = async () => {
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration.update().catch(() => {});
      globalThis.newScript = registration.installing ?? registration.waiting ?? registration.active;
    });
    await happens(
      () => page.evaluate(() => globalThis.newScript.state !== 'installing'),
      'the new script is not there',
      50,
    );
    return page.evaluate(() => globalThis.newScript.state);
  };
  assert.equal(await update(), 'redundant');
  assert.deepEqual(Object.keys(await stored(page)), [before]);
  await openReady(page, server.origin);
  await trains(page);
  await changeBuild(root, 2); // now it has
  assert.equal(await update(), 'installed');
  await untilBuild(page, server.origin, 'build 2');
});

test(
  'a data set that was used is there without a network, another one is not',
  { skip: siteHasData('mnist') && siteHasData('fashion-mnist') ? false : 'the site was built without its data sets' },
  async (t) => {
    const server = await cuttable(t, { isolation: false });
    const { page, close } = await newPage(browser, server.origin);
    t.after(close);
    await openReady(page, server.origin);
    await untilStored(page);
    await openReady(page, `${server.origin}/?data=mnist`);
    await untilState(page, 'data', 'mnist');
    await happens(
      async () => Object.entries(await stored(page)).some(([name, files]) => name.endsWith(' data') && files === 4),
      'the data set is not stored',
      50,
    );
    await server.cut();
    await openReady(page, `${server.origin}/?data=mnist`);
    await untilState(page, 'data', 'mnist');
    await trains(page);
    const failure = page.evaluate(
      () =>
        new Promise((resolve) => {
          window.hourglass.on('failure', ({ message }) => resolve(message));
        }),
    );
    await page.evaluate(() => window.hourglass.set('data.set', 'fashion-mnist').catch(() => {}));
    assert.match(await failure, /“fashion-mnist” could not be loaded: .*the server did not answer/);
    await untilState(page, 'data', 'mnist');
  },
);

group('where the browser stores nothing', () => {
  for (const [how, script] of [
    [
      'since storage is refused',
      () => {
        CacheStorage.prototype.open = () => Promise.reject(new DOMException('not here', 'SecurityError'));
      },
    ],
    [
      'since it is full',
      () => {
        Cache.prototype.addAll = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
      },
    ],
  ]) {
    test(`${how}, the page is isolated and comes from its server as before`, async (t) => {
      // The service worker gets the script in front of its own, as the page cannot reach into it.
      const root = await buildOf(t, 1);
      const file = path.join(root, 'service_worker.js');
      await writeFile(file, `(${script})();${await readFile(file, 'utf8')}`);
      const server = await cuttable(t, { isolation: false, root });
      const { page, problems, close } = await newPage(browser, server.origin);
      t.after(close);
      for (const isolated of [false, true, true]) {
        await openReady(page, server.origin);
        assert.equal((await engineOf(page)).isolated, isolated);
        await trains(page);
        await happens(async () => (await registrations(page)) === 1, 'there is no service worker');
        await untilIdle(page);
        assert.equal(await noticed(page), '');
      }
      assert.deepEqual(await stored(page), {});
      assert.deepEqual(problems, []);
    });
  }
});

test('isolation=off takes away what is stored', async (t) => {
  const server = await cuttable(t, { isolation: false });
  const { page, close } = await newPage(browser, server.origin);
  t.after(close);
  await openReady(page, server.origin);
  await untilStored(page);
  await openReady(page, `${server.origin}/?isolation=off`);
  assert.equal((await engineOf(page)).isolated, false);
  await happens(async () => (await registrations(page)) === 0, 'the service worker is still there');
  await happens(async () => Object.keys(await stored(page)).length === 0, 'something is still stored');
});

test('a folder that has become another site is left, and what was stored of it', async (t) => {
  const root = await buildOf(t, 1);
  const server = await cuttable(t, { isolation: false, root });
  const { page, close } = await newPage(browser, server.origin);
  t.after(close);
  await openReady(page, server.origin);
  await untilStored(page);
  await rm(path.join(root, 'service_worker.js'));
  await writeFile(path.join(root, 'index.html'), '<!doctype html><title>Other</title><link rel="icon" href="data:,">');
  await page.goto(server.origin);
  await happens(async () => (await registrations(page)) === 0, 'the service worker is still there');
  await happens(async () => Object.keys(await stored(page)).length === 0, 'something is still stored');
  await page.goto(server.origin);
  assert.equal(await page.title(), 'Other');
});

test('an iframe stores nothing', async (t) => {
  const server = await cuttable(t, { isolation: false });
  const lesson = await newFolder();
  await writeFile(
    path.join(lesson, 'index.html'),
    `<!doctype html><title>Lesson</title><link rel="icon" href="data:,">
    <iframe src="${server.origin}/" width="1000" height="700"></iframe>`,
  );
  const around = await cuttable(t, { isolation: false, root: lesson });
  const { page, close } = await newPage(browser, around.origin);
  t.after(close);
  await page.goto(around.origin);
  const frame = page.frames().find((each) => each.url().startsWith(server.origin));
  await frame.waitForFunction(() => window.hourglass !== undefined);
  await frame.evaluate(() => window.hourglass.ready.then(() => true));
  await happens(() => registrations(frame).then((count) => count === 1), 'there is no service worker');
  await untilIdle(frame, 1000);
  assert.deepEqual(await stored(frame), {});
});

test('a browser may install the page: manifest and icons are whole', async (t) => {
  const server = await cuttable(t, { isolation: false });
  const { page, problems, close } = await newPage(browser, server.origin);
  t.after(close);
  await openReady(page, server.origin);
  const devtools = await page.context().newCDPSession(page);
  const { errors, data } = await devtools.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.equal(manifest.display, 'standalone');
  for (const { src, sizes, purpose } of manifest.icons) {
    const bytes = await readFile(path.join(site, src));
    const icon = decodePng(bytes);
    assert.equal(`${icon.width}x${icon.height}`, sizes);
    const inside = icon.pixel(icon.width / 2, icon.height / 2);
    assert.ok(inside[2] > inside[0] + 50, `the waist of ${src} is not blue: ${inside}`);
    // What systems cut off has nothing of the mark.
    if (purpose === 'maskable') assert.deepEqual(icon.pixel(2, 2), [0xf4, 0xf1, 0xea]);
  }
  await untilStored(page);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // Private windows, as tests have them, install nothing.
  assert.deepEqual(
    installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'),
    [],
  );
  assert.deepEqual(problems, []);
});
