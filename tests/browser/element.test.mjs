// <hourglass-playground> and the messages behind it, in pages of other origins.

import assert from 'node:assert/strict';
import { describe as group, test } from 'node:test';

import { openHost as hostOf, untilFrame, untilReady } from './host_support.mjs';
import { useSite } from './support.mjs';
import { happens, rest } from '../support/waiting.mjs';

const shared = useSite();

// The elements are there; their frames take longer.
const openHost = (t, site, body, more = {}) => hostOf(t, site, body, { waitUntil: 'domcontentloaded', ...more });

const script = () => `<script src="${shared.server.origin}/hourglass-playground.js"></script>`;
const QUICK = 'data=strokes&data.strokes_train=500&data.strokes_test=200&train.epochs=100000';

// A page with elements, the first of which writes down what it tells, in window.told.
const LISTENING = `<script>
  window.told = [];
  const first = document.querySelector('hourglass-playground');
  for (const name of ['ready', 'state', 'event', 'result', 'left', 'error'])
    first.addEventListener(name, ({ detail }) => window.told.push({ name, detail }));
</script>`;
const element = (attributes = '') =>
  `<hourglass-playground src="${shared.server.origin}/?${QUICK}" ${attributes}></hourglass-playground>`;

// Calls a method of the first element: { value } or { error }.
const call = (page, method, ...args) =>
  page.evaluate(
    ([name, given]) => {
      const net = document.querySelector('hourglass-playground');
      const answer = net[name](...given);
      return answer.then(
        (value) => ({ value }),
        (error) => ({ error: error.message }),
      );
    },
    [method, args],
  );
const told = (page, name) =>
  page.evaluate((wanted) => window.told.filter((each) => each.name === wanted).map(({ detail }) => detail), name);
const untilTold = async (page, name) => {
  await happens(async () => (await told(page, name)).length > 0, `the event ${name}`, 100);
  return (await told(page, name))[0];
};

// Escape belongs to what the pointer holds until its release is drawn.
const leaveByEscape = (page) =>
  happens(
    async () => {
      await page.keyboard.press('Escape');
      return (await told(page, 'left')).length > 0;
    },
    'the event left',
    500,
  );

group('the element', () => {
  for (const [site, host] of [
    ['the same site', '127.0.0.1'],
    ['another site', 'localhost'],
  ]) {
    test(`plays in a page of ${site}: methods, events, height, language`, async (t) => {
      const body = `${script()}<div lang="zh-CN">${element('preset="sparse" id="net"')}</div>${LISTENING}`;
      const { page, problems } = await openHost(t, shared, body, { host });
      // What is asked before there is anything waits for it.
      assert.deepEqual(await call(page, 'get', 'data.set'), { value: 'strokes' });
      const ready = await untilTold(page, 'ready');
      assert.equal(ready.state.phase, 'paused');
      assert.ok(Array.isArray(ready.missing));
      const frame = await untilFrame(shared, page, 'preset=sparse');
      assert.equal(await frame.evaluate(() => document.documentElement.lang), 'zh-CN');
      assert.equal(await page.evaluate(() => document.querySelector('#net').state.data.name), 'strokes');

      assert.deepEqual(await call(page, 'set', 'train.learning_rate', 0.5), { value: undefined });
      assert.equal(await frame.evaluate(() => window.hourglass.get('train.learning_rate')), 0.5);
      assert.deepEqual(await call(page, 'get', 'train.learning_rate'), { value: 0.5 });
      await call(page, 'set', { 'train.seed': 5, 'train.batch_size': 32 });
      assert.equal((await call(page, 'get')).value['train.seed'], 5);
      assert.match((await call(page, 'set', 'train.learning_rate', 99)).error, /must be a number from/);
      assert.match((await call(page, 'get', 'train.speed')).error, /no setting/);
      assert.match((await call(page, 'command', 'start_job')).error, /There is no such command; there are run, pause/);
      assert.match((await call(page, 'lesson', 'anything')).error ?? 'no lessons', /课程|lesson/);

      await call(page, 'command', 'step', { count: 3 });
      await happens(
        async () => (await told(page, 'state')).some(({ step, phase }) => step === 3 && phase === 'paused'),
        'the state after three steps',
      );
      const events = (await told(page, 'event')).map(({ event }) => event);
      for (const name of ['settings_changed', 'history']) assert.ok(events.includes(name), events.join(' '));
      assert.ok((await told(page, 'result')).length > 5);
      const { value } = await call(page, 'command', 'get_images', { indices: [0, 1] });
      assert.ok(value, 'images');

      // Attributes reflect to the frame.
      await page.evaluate(() => document.querySelector('#net').setAttribute('lang', 'en'));
      await frame.waitForFunction(() => window.hourglass.get('train.seed') === 5);
      await page.evaluate(() => document.querySelector('#net').setAttribute('preset', 'deep'));
      await happens(
        () => frame.evaluate(() => window.hourglass.settings()['model.encoder'].includes('128')),
        'the preset of the attribute',
      );
      assert.match((await call(page, 'set', 'lang', 'fr')).error, /takes en or zh/);

      // It is as high as it wants to be, at any width.
      const height = () => page.evaluate(() => document.querySelector('#net').getBoundingClientRect().height);
      const wide = await height();
      assert.ok(wide >= 740, `${wide}`);
      await page.setViewportSize({ width: 800, height: 600 });
      await happens(async () => (await height()) < wide, 'another height at another width');
      await page.evaluate(() => document.querySelector('#net').setAttribute('height', '300'));
      assert.ok((await height()) <= 300 + 40);
      const unknown = /anything\.json|status of 404/; // the lesson that there is not
      assert.deepEqual(
        problems().filter((problem) => !unknown.test(problem)),
        [],
      );
    });
  }

  test('gets the keyboard back by Escape, and fills the screen by its button', async (t) => {
    const { page } = await openHost(t, shared, `${script()}${element('lang="zh"')}${LISTENING}`);
    await untilTold(page, 'ready');
    const frame = await untilFrame(shared, page, 'lang=zh');
    const place = await page.locator('hourglass-playground').boundingBox();
    const { x, y } = await frame.evaluate(() => window.hourglass.widgets()['panel:status']);
    await page.mouse.click(place.x + x + 3, place.y + y + 3);
    await happens(() => frame.evaluate(() => document.activeElement.id === 'canvas'), 'the canvas has the keyboard');
    await leaveByEscape(page);
    await happens(() => page.evaluate(() => document.activeElement === document.body), 'the page has the keyboard');
    const button = page.getByRole('button');
    assert.equal(await button.innerText(), '全屏');
    await button.click();
    await happens(
      () => page.evaluate(() => document.fullscreenElement?.localName === 'hourglass-playground'),
      'it fills the screen',
    );
    await happens(async () => (await button.innerText()) === '退出全屏', 'the button leads back');
    await button.click();
    await happens(() => page.evaluate(() => document.fullscreenElement === null), 'it fills the screen no more');
  });

  test('in a sandbox that takes its origin away it plays, and says what it has to do without', async (t) => {
    const { page, problems } = await openHost(
      t,
      shared,
      `${script()}${element('sandbox="allow-scripts" lang="en"')}${LISTENING}`,
    );
    const { missing } = await untilTold(page, 'ready');
    assert.equal(missing.length, 3, missing.join('\n'));
    assert.match(missing.join(' '), /one thread.*store nothing.*no worker/);
    await call(page, 'command', 'step', { count: 2 });
    await happens(async () => (await told(page, 'state')).some(({ step }) => step === 2), 'two steps');
    const frame = await untilFrame(shared, page, 'embedder');
    const { x, y } = await frame.evaluate(() => window.hourglass.widgets()['panel:status']);
    await frame.locator('#canvas').click({ position: { x: x + 3, y: y + 3 } }); // on no control, whose Escape it would be
    await happens(() => frame.evaluate(() => document.activeElement.id === 'canvas'), 'the canvas has the keyboard');
    await leaveByEscape(page);
    await happens(() => page.evaluate(() => document.activeElement === document.body), 'the page has the keyboard');
    await page.keyboard.press('s');
    assert.deepEqual(
      problems().filter((problem) => !/favicon\.svg/.test(problem)), // the mark on the loading screen: another file's part
      [],
    );
  });

  test('plays under the strictest policy of the page around', async (t) => {
    const body = `<script src="/test.js"></script>${script()}${element()}`;
    const { page, problems } = await openHost(t, shared, body, {
      headers: {
        'Content-Security-Policy': `default-src 'none'; script-src 'self' ${shared.server.origin}; frame-src ${shared.server.origin}; img-src data:; require-trusted-types-for 'script'`,
      },
      pages: { '/test.js': 'window.told = [];' },
    });
    await page.evaluate(() => {
      document.querySelector('hourglass-playground').addEventListener('ready', ({ detail }) => {
        window.told.push({ name: 'ready', detail });
      });
    });
    await untilTold(page, 'ready');
    assert.equal((await call(page, 'command', 'step')).error, undefined);
    assert.deepEqual(problems(), []);
  });

  test('twenty in one page answer, each for itself, and live where they are seen', async (t) => {
    const count = 20;
    const { page, problems } = await openHost(
      t,
      shared,
      script() + Array.from({ length: count }, () => element('height="400"')).join('') + LISTENING,
    );
    const answers = await page.evaluate(() =>
      Promise.all(
        [...document.querySelectorAll('hourglass-playground')].map(async (each, i) => {
          await each.set('train.seed', 100 + i);
          return each.get('train.seed');
        }),
      ),
    );
    assert.deepEqual(
      answers,
      Array.from({ length: count }, (_, i) => 100 + i),
    );
    await untilTold(page, 'ready');
    assert.deepEqual(
      problems().filter((problem) => !/Too many active WebGL contexts|preloaded using link preload/.test(problem)),
      [],
    );
  });

  test('where no playground can be, every call is rejected with a sentence', async (t) => {
    const body = `${script()}<hourglass-playground src="javascript:alert(1)"></hourglass-playground>${LISTENING}`;
    const { page, problems } = await openHost(t, shared, body);
    assert.match((await call(page, 'get', 'train.seed')).error, /no playground at javascript: addresses/);
    // Another address mends it; taken out of the page, it will not answer.
    const answer = page.evaluate((address) => {
      const net = document.querySelector('hourglass-playground');
      net.setAttribute('src', address);
      const asked = net.get('train.seed').catch((error) => error.message);
      net.remove();
      return asked;
    }, `${shared.server.origin}/`);
    assert.match(await answer, /taken out of the page/);
    assert.deepEqual(
      problems().filter((problem) => !/ERR_ABORTED/.test(problem)), // the frame that went
      [],
    );
  });
});

// A page that speaks to a plain frame by hand.
const BY_HAND = (address) => `<iframe id="net" src="${address}" width="1000" height="650"></iframe>
  <script>
    window.heard = [];
    const frame = document.getElementById('net');
    addEventListener('message', ({ data, origin, source }) => {
      if (source === frame.contentWindow) window.heard.push({ ...data, from: origin });
    });
    window.ask = (message) => frame.contentWindow.postMessage(message, '*');
  </script>`;
const answerTo = async (page, id) => {
  const find = () => page.evaluate((wanted) => window.heard.find((each) => each.id === wanted), id);
  await happens(async () => Boolean(await find()), `an answer to ${id}`, 50);
  return find();
};
const ask = (page, message) => page.evaluate((each) => window.ask(each), { hourglass: 1, ...message });

group('messages', () => {
  const addressFor = (origin) => `${shared.server.origin}/?${QUICK}&lang=en&embedder=${encodeURIComponent(origin)}`;
  // The port of the page is known only once it is open, so the frame comes then.
  async function openByHand(t, embedder) {
    const host = await openHost(t, shared, '<p>Host</p>');
    await host.page.setContent(BY_HAND(addressFor(embedder ?? host.origin)));
    const frame = await untilFrame(shared, host.page, 'embedder');
    await untilReady(frame);
    return { ...host, frame };
  }

  test('are answered once each, and what does not fit is refused with a sentence', async (t) => {
    const { page, frame } = await openByHand(t);
    await happens(() => page.evaluate(() => window.heard.some(({ type }) => type === 'ready')), 'ready');
    await ask(page, { type: 'set', id: 'one', key: 'train.seed', value: 9 });
    assert.equal((await answerTo(page, 'one')).ok, true);
    const refused = [
      [{ type: 'set', id: 1, key: 'train.seed', value: 3, force: true }, /takes key, value, values, not “force”/],
      [{ type: 'eval', id: 2, code: '1' }, /no such request/],
      [{ hourglass: 2, type: 'get', id: 3 }, /version 1/],
      [{ type: 'get', id: 4, key: { toString: 'x' } }, /no setting/],
      [{ type: 'command', id: 5, name: 'constructor' }, /no such command/],
      [{ type: 'command', id: 6, name: 'step', args: { count: -1 } }, /step\.count must be/],
      [{ type: 'set', id: 7 }, /takes key and value, or values/],
      [{ type: 'set', id: 8, key: 'train.seed', value: 'x'.repeat(2 ** 20 + 1) }, /too large/],
      [{ type: 'command', id: 9, name: 'decode', args: { codes: Array(30_000).fill(0) } }, /too large/],
      [{ type: 'lesson', id: 10, args: 'text' }, /lesson/],
    ];
    for (const [message, sentence] of refused) {
      await ask(page, message);
      const answer = await answerTo(page, message.id);
      assert.equal(answer.ok, false);
      assert.match(answer.error, sentence);
    }
    for (const message of [null, 7, 'run', [], { type: 'command', id: 20, name: 'run' }]) {
      await page.evaluate((each) => window.ask(each), message);
    }
    await page.evaluate(() => {
      window.ask({ hourglass: 1, type: 'set', id: 21, key: 'train.seed', value: 1n });
      const deep = {};
      let at = deep;
      for (let i = 0; i < 50; ++i) at = at.inner = {};
      window.ask({ hourglass: 1, type: 'set', id: 22, values: deep });
      window.ask({ hourglass: 1, type: 'set', id: 'x'.repeat(65), key: 'train.seed', value: 1 });
    });
    assert.match((await answerTo(page, 21)).error, /no data/);
    assert.match((await answerTo(page, 22)).error, /too deep/);
    await ask(page, { type: 'state', id: 'last' });
    assert.equal((await answerTo(page, 'last')).value.phase, 'paused');
    assert.equal(await frame.evaluate(() => window.hourglass.get('train.seed')), 9);
    const answers = await page.evaluate(() => window.heard.filter(({ type }) => type === 'result').map(({ id }) => id));
    assert.equal(new Set(answers).size, answers.length, 'one answer each');
  });

  test('a flood is cut off, and the playground goes on', async (t) => {
    const { page, frame } = await openByHand(t);
    await page.evaluate(() => {
      for (let i = 0; i < 20_000; ++i) window.ask({ hourglass: 1, type: 'get', id: `flood ${i}`, key: 'train.seed' });
    });
    await happens(async () => {
      await ask(page, { type: 'set', id: `after ${Math.random()}`, key: 'train.seed', value: 77 });
      return (await frame.evaluate(() => window.hourglass.get('train.seed'))) === 77;
    }, 'it answers again after the flood');
    const results = await page.evaluate(() => window.heard.filter(({ type }) => type === 'result'));
    assert.ok(results.some(({ error }) => /requests a second are not taken/.test(error ?? '')));
    assert.ok(results.filter(({ ok }) => ok).length >= 100, 'those within the limit are answered');
    assert.ok(results.length < 10_000, `${results.length} answers`);
  });

  test('of another origin than the address names, and of other windows, are not heard', async (t) => {
    const { page, frame } = await openByHand(t, 'https://lesson.example');
    await ask(page, { type: 'set', id: 1, key: 'train.seed', value: 9 });
    await rest(1500);
    assert.deepEqual(await page.evaluate(() => window.heard), [], 'nothing is told either');
    assert.equal(await frame.evaluate(() => window.hourglass.get('train.seed')), 1);

    // A frame beside it, of the very origin that may.
    const host = await openHost(t, shared, '<p>Host</p>', {
      pages: {
        '/beside': `<script>
          setInterval(() => parent.frames[0].postMessage({ hourglass: 1, type: 'set', id: 1, key: 'train.seed', value: 9 }, '*'), 100);
        </script>`,
      },
    });
    await host.page.setContent(`${BY_HAND(addressFor(host.origin))}<iframe src="${host.origin}/beside"></iframe>`);
    const other = await untilFrame(shared, host.page, 'embedder');
    await untilReady(other);
    await rest(1500);
    assert.equal(await other.evaluate(() => window.hourglass.get('train.seed')), 1);
  });

  test('without an embedder in the address there are none, but for the one of Escape', async (t) => {
    const { page } = await openHost(t, shared, BY_HAND(`${shared.server.origin}/?${QUICK}`));
    const frame = await untilFrame(shared, page, 'data=strokes');
    await untilReady(frame);
    await ask(page, { type: 'get', id: 1 });
    await rest(1000);
    assert.deepEqual(await page.evaluate(() => window.heard), []);
  });
});
