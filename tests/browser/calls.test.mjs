// What a script may call the engine with: whatever it is, the promise settles, with an answer or with a sentence.

import assert from 'node:assert/strict';
import path from 'node:path';
import { describe as group, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { COMMANDS } from '../../web/engine/wire.js';
import { happens } from '../support/waiting.mjs';
import {
  killWorker,
  newPage,
  openHourglass,
  openReady,
  settled,
  site,
  untilIdle,
  untilState,
  untilWidget,
  useSite,
  widget,
} from './support.mjs';

const { createEngine } = await import(pathToFileURL(path.join(site, 'engine_client.js')));

// Runs in the page too, so it needs nothing from outside. Makes `count` calls of `target` from `seed`, one after the other,
// and keeps in the record that it returns how many have settled, which one is waited for, and what settled without a
// sentence.
function callAtRandom(target, commands, seed, count) {
  let state = seed;
  const below = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const pick = (list) => list[below(list.length)];
  const circular = {};
  circular.self = circular;
  const values = [
    () => undefined,
    () => null,
    () => NaN,
    () => Infinity,
    () => -Infinity,
    () => 0,
    () => -1,
    () => 1,
    () => 0.5,
    () => 2 ** 31,
    () => 2 ** 53,
    () => 1e300,
    () => true,
    () => '',
    () => 'x',
    () => '\ud800',
    () => 'a\udc00b',
    () => '\u0000',
    () => '12',
    () => 'deep',
    () => 'x'.repeat(5000),
    () => 10n,
    () => Symbol('s'),
    () => () => 1,
    () => ({}),
    () => circular,
    () => [],
    () => [1, 2, 3],
    () => [NaN],
    () => ['1'],
    () => [-1],
    () => [2 ** 40],
    () => new Array(3),
    () => [[1]],
    () => new Float32Array([NaN]),
    () => new Float32Array(64),
    () => new Float64Array([1, 1e300]),
    () => new Uint8Array(7),
    () => new Uint32Array([2 ** 31]),
    () => new ArrayBuffer(7),
    () => new DataView(new ArrayBuffer(8)),
    () => new Map([['a', 1]]),
    () => new Date(NaN),
    () => ({ 'train.batch_size': NaN }),
    () => ({ 'train.batch_size': 16 }),
    () => ({ '\udfff': 1 }),
    () => ({ 'no.such': 1 }),
    () => ({ toJSON: () => '\ud800' }),
    () => ({
      toString() {
        throw new Error('no text');
      },
    }),
    () => Object.create(null),
    () =>
      new Proxy(
        {},
        {
          ownKeys() {
            throw 'a text, no Error';
          },
        },
      ),
    () => ({
      get count() {
        throw new RangeError('a getter');
      },
    }),
  ];
  const keys = ['train.learning_rate', 'data.set', 'model.encoder', 'view.sample', 'no.such', '\ud83d', ''];
  const names = Object.keys(commands);
  const fields = [
    ...new Set(
      Object.values(commands).flatMap(({ fields: of = {}, arrays = {} }) => [
        ...Object.keys(of),
        ...Object.keys(arrays),
      ]),
    ),
    'id',
    'extra',
  ];
  const argument = (name) => {
    if (below(4) === 0) return pick(values)();
    const { fields: of = {}, arrays = {} } = (typeof name === 'string' && commands[name]) || {};
    const own = [...Object.keys(of), ...Object.keys(arrays)];
    const given = {};
    for (const key of own) if (below(5) > 0) given[key] = key === 'key' && below(2) ? pick(keys) : pick(values)();
    if (below(6) === 0) given[pick(fields)] = pick(values)();
    return given;
  };
  const record = { settled: 0, open: '', bad: [] };
  const call = () => {
    if (below(4) === 0) {
      const [key, value] = [below(3) ? pick(keys) : pick(values)(), pick(values)()];
      record.open = `set(${typeof key === 'string' ? JSON.stringify(key) : typeof key}, ${typeof value})`;
      return target.set(key, value);
    }
    const name = below(12) ? pick(names) : pick(values)();
    record.open = `command(${typeof name === 'string' ? JSON.stringify(name).slice(0, 40) : typeof name}, ...)`;
    return target.command(name, argument(name));
  };
  const callAll = async () => {
    for (; record.settled < count; ++record.settled) {
      let promise;
      try {
        promise = call();
      } catch (error) {
        record.bad.push(`${record.open} throws: ${error}`);
        continue;
      }
      await promise.catch((error) => {
        if (!(error instanceof Error) || !error.message) {
          record.bad.push(`${record.open} rejects with ${String(error)}`);
        }
      });
    }
  };
  callAll();
  return record;
}

// Waits until all calls have settled, and holds that each did so with an answer or a sentence.
async function allSettle(count, look) {
  let record;
  await happens(
    async () => {
      record = await look();
      return record.settled === count;
    },
    () => `call ${record.settled + 1} of ${count} settles, ${record.open}`,
  );
  assert.deepEqual(record.bad, []);
}

const MALFORMED = [
  ['set', ['train.learning_rate', NaN], /train\.learning_rate.* must be a boolean, a finite number or a text, not NaN/],
  ['set', ['train.learning_rate', undefined], /train\.learning_rate/],
  ['set', ['train.learning_rate', 10n], /BigInt/],
  ['set', ['data.set', '\ud800'], /half a character/],
  ['set', [Symbol('x'), 1], /set_setting\.key must be a text, not a symbol/],
  ['set', [undefined, 1], /set_setting\.key must be a text/],
  ['command', ['step', { count: 'x' }], /step\.count must be a whole number from 1 .* not “x”/],
  ['command', ['step', { count: 1.5 }], /step\.count/],
  ['command', ['step', { count: 1e300 }], /step\.count/],
  ['command', ['step', 5], /The arguments of "step" must be an object, not 5/],
  ['command', ['load_preset'], /needs name/],
  ['command', ['load_preset', { name: 5 }], /load_preset\.name must be a text, not 5/],
  ['command', ['set_settings', { values: { 'train.batch_size': null } }], /train\.batch_size.* not null/],
  ['command', ['set_settings', { values: [1] }], /set_settings\.values must be an object/],
  ['command', ['decode', { codes: [1, 'x'] }], /decode\.codes\[1\] must be one of finite numbers, not “x”/],
  ['command', ['decode', { codes: new Float32Array([NaN]) }], /decode\.codes\[0\]/],
  ['command', ['decode', { codes: 'abc' }], /decode\.codes must be an array/],
  ['command', ['decode', { codes: new ArrayBuffer(7) }], /7 bytes/],
  ['command', ['get_images', { indices: [-1] }], /get_images\.indices\[0\] must be one of whole numbers from 0/],
  ['command', ['get_images', { indices: [2 ** 32] }], /4294967296/],
  ['command', ['load_checkpoint', { checkpoint: [256] }], /0 to 255/],
  ['command', [Symbol('run')], /There is no command that is a symbol/],
  ['command', [], /There is no command/],
];

group('the bare engine', () => {
  test('refuses each malformed call in a sentence, and goes on', async () => {
    const engine = await createEngine({ threads: 1 });
    try {
      for (const [method, args, sentence] of MALFORMED) await assert.rejects(engine[method](...args), sentence);
      assert.throws(() => engine.get(Symbol('x')), /There is no setting that is a symbol/);
      assert.throws(() => engine.on('status', 5), /needs a function/);
      await engine.command('step', { count: undefined }); // as if it were left out
      await engine.command('reset');
    } finally {
      engine.close();
    }
  });

  for (const seed of [1, 2]) {
    test(`settles whatever it is called with (seed ${seed})`, async () => {
      const engine = await createEngine({ threads: 1 });
      try {
        const record = callAtRandom(engine, COMMANDS, seed, 1500);
        await allSettle(1500, () => record);
      } finally {
        engine.close();
      }
    });
  }
});

const shared = useSite();

// Keeps the worker busy, as a long piece of work would, until the function that is returned is called: it waits for a file
// that the server holds back.
async function keepBusy(page) {
  const [worker] = page.workers();
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  let wasAsked;
  const asked = new Promise((resolve) => {
    wasAsked = resolve;
  });
  // Waited for: a request that is faster goes to the server, and nobody hears of it.
  await page.route(
    '**/held-back',
    async (route) => {
      wasAsked();
      await released;
      await route.fulfill({ contentType: 'text/plain', body: '' }).catch(() => {}); // the worker may be gone
    },
    { times: 1 },
  );
  worker
    .evaluate(() => {
      const request = new XMLHttpRequest();
      request.open('GET', '/held-back', false);
      request.send();
    })
    .catch(() => {}); // as above
  await asked;
  return release;
}

group('window.hourglass', () => {
  test('settles whatever it is called with', async () => {
    const { page, close } = await openHourglass(shared.browser, shared.server.origin);
    // As a script of the page, whose policy forbids to make functions of text.
    await page.route('**/random-calls.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: `export ${callAtRandom}` }),
    );
    await page.evaluate(async (commands) => {
      const { callAtRandom: run } = await import('/random-calls.js');
      window.record = run(window.hourglass, commands, 7, 600);
    }, COMMANDS);
    await allSettle(600, () => page.evaluate(() => window.record));
    await page.evaluate(() => window.hourglass.command('load_preset', { name: 'quick' }));
    await page.evaluate(() => window.hourglass.set('data.set', 'strokes'));
    await page.evaluate(() => window.hourglass.command('run'));
    await untilState(page, 'step at least', 3);
    await close();
  });

  test('is there when the page’s load event fires, and what it is asked then is answered', async () => {
    const { page, problems, close } = await newPage(shared.browser, shared.server.origin);
    // The rest of the page comes after the load event.
    let go;
    const gone = new Promise((resolve) => {
      go = resolve;
    });
    await page.route('**/hourglass.js', async (route) => {
      if (route.request().resourceType() === 'script') await gone;
      await route.continue();
    });
    await page.addInitScript(() => {
      window.addEventListener('load', () => {
        const { hourglass } = window;
        window.atLoad = hourglass && {
          types: [
            'state',
            'get',
            'set',
            'settings',
            'command',
            'history',
            'snapshot',
            'on',
            'widgets',
            'frames',
            'frameStats',
            'searchImage',
            'focus',
            'restart',
            'setLanguage',
            'setTheme',
            'setTextScale',
          ].map((name) => typeof hourglass[name]),
          step: hourglass.state().step,
          isPromise: hourglass.ready instanceof Promise,
        };
        window.answers = [];
        const note = (name) => (promise) =>
          promise.then(
            () => window.answers.push(`${name} answered`),
            (error) => window.answers.push(`${name}: ${error.message}`),
          );
        note('set')(hourglass.set('train.learning_rate', 0.25));
        note('bad')(hourglass.set('train.learning_rate', NaN));
        note('step')(hourglass.command('step', { count: 2 }));
        note('ready')(
          hourglass.ready.then((api) => {
            window.same = api === window.hourglass;
          }),
        );
        window.statuses = 0;
        hourglass.on('status', () => {
          window.statuses += 1;
        });
        window.early = hourglass;
      });
    });
    await page.goto(`${shared.server.origin}/?preset=deep&data=strokes`);
    await page.waitForFunction(() => window.atLoad !== undefined);
    const { types, step, isPromise } = await page.evaluate(() => window.atLoad);
    assert.ok(
      types.every((type) => type === 'function'),
      String(types),
    );
    assert.equal(step, 0);
    assert.equal(isPromise, true);
    go();
    await page.waitForFunction(() => window.answers.length === 4);
    const answers = await page.evaluate(() => window.answers);
    assert.match(
      answers.find((each) => each.startsWith('bad')),
      /not NaN/,
    );
    for (const name of ['set', 'step', 'ready']) assert.ok(answers.includes(`${name} answered`), String(answers));
    await untilState(page, 'step at least', 2);
    // The address came first: what it asks for did not undo what the script has set.
    assert.deepEqual(
      await page.evaluate(() => ({
        same: window.same && window.early === window.hourglass,
        rate: window.hourglass.get('train.learning_rate'),
        layers: window.hourglass.state().network.layers.length,
      })),
      { same: true, rate: 0.25, layers: 6 },
    );
    assert.ok((await page.evaluate(() => window.statuses)) > 0);
    assert.deepEqual(problems, []);
    await close();
  });

  test('settles where the playground cannot be had', async () => {
    const { page, close } = await newPage(shared.browser, shared.server.origin);
    await page.route('**/hourglass.js', (route) => route.fulfill({ status: 404, body: 'no' }));
    await page.goto(shared.server.origin);
    await page.waitForFunction(() => window.hourglass);
    const said = await page.evaluate(() =>
      Promise.all(
        [
          window.hourglass.command('run'),
          window.hourglass.set('a', 1),
          window.hourglass.restart(),
          window.hourglass.ready,
          window.hourglass.threads,
        ].map((promise) =>
          promise.then(
            () => 'answered',
            (error) => error.message,
          ),
        ),
      ),
    );
    for (const sentence of said) assert.match(sentence, /The page could not be started: hourglass\.js/);
    await close();
  });
});

group('a worker that dies', () => {
  test('without a word is noticed, what waits is rejected, and it starts again with the settings', async () => {
    const { page, close } = await openHourglass(shared.browser, shared.server.origin);
    await page.evaluate(() => window.hourglass.set('train.learning_rate', 0.125));
    await page.evaluate(() => window.hourglass.command('step', { count: 5 }));
    await untilState(page, 'step at least', 5);
    await killWorker(page);
    const message = await page.evaluate(() =>
      window.hourglass.command('step', { count: 3 }).then(
        () => 'answered',
        (error) => error.message,
      ),
    );
    assert.match(message, /The engine stopped working: the browser has ended it\. It can be started again/);
    await page.locator('.notice').waitFor();
    await page.locator('.notice button', { hasText: 'Start again' }).click();
    await page.waitForFunction(() => window.hourglass.state().step === 0);
    await page.evaluate(() => window.hourglass.command('step', { count: 3 }));
    await untilState(page, 'step at least', 3);
    assert.equal(await page.evaluate(() => window.hourglass.get('train.learning_rate')), 0.125);
    assert.equal(await page.locator('.notice').count(), 0);
    await close();
  });

  test('leaves nothing in the front end that waits for an answer', async () => {
    const { page, close } = await openHourglass(shared.browser, shared.server.origin);
    await untilIdle(page);
    const { x, y, width, height } = await widget(page, 'map');
    const hover = async (across) => {
      await page.mouse.move(x + across * width, y + 0.6 * height);
      await settled(page);
    };
    await killWorker(page);
    await page.locator('.notice').waitFor();
    await hover(0.35); // the front end asks what is there, and nobody hears it
    await page.evaluate(() => window.hourglass.restart());
    await page.waitForFunction(() => window.hourglass.state().data !== null && window.hourglass.snapshot()?.map_points);
    await untilIdle(page);
    await hover(0.5);
    await untilWidget(page, 'map:decoded');
    await close();
  });

  test('is started again by a script, too', async () => {
    const { page, close } = await openHourglass(
      shared.browser,
      shared.server.origin,
      '?preset=deep&data=strokes&run=1',
    );
    await untilState(page, 'step at least', 5);
    await killWorker(page);
    await page.locator('.notice').waitFor();
    await page.evaluate(() => window.hourglass.restart());
    await untilState(page, 'phase', 'paused');
    await page.evaluate(() => window.hourglass.command('run'));
    await untilState(page, 'step at least', 3);
    assert.equal((await page.evaluate(() => window.hourglass.state().network)).layers.length, 6);
    await close();
  });

  test('is not taken for dead while it works for long, and no call stays open when it hangs', async () => {
    const { page, close } = await newPage(shared.browser, shared.server.origin);
    await page.clock.install(); // minutes of the page pass at once
    await openReady(page, shared.server.origin);
    const release = await keepBusy(page);
    const waits = page.evaluate(() =>
      window.hourglass.command('step').then(
        () => 'answered',
        (error) => error.message,
      ),
    );
    await page.clock.runFor(60_000);
    assert.match(await page.locator('.notice p').innerText(), /has not answered for 20 seconds/);
    release();
    assert.equal(await waits, 'answered');
    await page.locator('.notice').waitFor({ state: 'detached' });

    await keepBusy(page);
    const hangs = page.evaluate(() =>
      window.hourglass.command('step').then(
        () => 'answered',
        (error) => error.message,
      ),
    );
    for (let i = 0; i < 4; ++i) await page.clock.runFor(60_000);
    assert.match(await hangs, /has not answered for 120 seconds, and this call is no longer waited for/);
    await page.evaluate(() => window.hourglass.restart());
    await page.evaluate(() => window.hourglass.command('step', { count: 2 }));
    await untilState(page, 'step at least', 2);
    assert.equal(await page.locator('.notice').count(), 0);
    await close();
  });
});
