// Addresses with settings, and what of messages from other pages is taken: without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { embedCode, linkTo } from '../../web/client/sharing.js';
import { isBounded, TokenBucket } from '../../web/embed/limits.js';
import { settingsIn, withSettings } from '../../web/page/address.js';
import { applyUrlSettings, urlSettings } from '../../web/page/url_settings.js';

test('a hash without “=” is a place of the person’s own, and any other has settings', () => {
  const read = (search, hash) => urlSettings({ search, hash });
  assert.deepEqual(read('?preset=deep&data=mnist', '#section-3'), {
    page: { preset: 'deep' },
    settings: [['data.set', 'mnist']],
  });
  assert.deepEqual(read('?train.seed=1&lang=en', '#train.seed=2&keep=1'), {
    page: { lang: 'en', keep: '1' },
    settings: [['train.seed', '2']],
  });
  assert.deepEqual(read('', '#stats').page, { stats: '' });
});

test('settings of an address are replaced, and all else stays as it was written', () => {
  const after = (search, hash, link) => {
    const now = withSettings({ search, hash }, link);
    return now.search + now.hash;
  };
  assert.equal(after('', '', ''), '');
  assert.equal(after('', '', 'preset=deep'), '?preset=deep');
  assert.equal(after('?preset=deep&data=mnist', '', ''), '');
  assert.equal(
    after('?lang=zh&preset=deep&note=a%20b+c', '#here', 'train.seed=2'),
    '?lang=zh&note=a%20b+c&train.seed=2#here',
  );
  assert.equal(after('', '#lang=zh&data=mnist', 'data=strokes'), '?data=strokes#lang=zh');
  assert.equal(after('?%zz=1', '#%E0%A4%A=2', 'data=strokes'), '?%zz=1&data=strokes#%E0%A4%A=2');
  assert.equal(after('?data.color=true', '', ''), '', 'also under a name that a setting had');
  assert.equal(settingsIn({ search: '?lang=zh&preset=deep', hash: '#data=mnist' }), 'preset=deep&data=mnist');
  assert.equal(settingsIn({ search: '?lang=zh', hash: '#data.mnist' }), '');
});

test('a link has the settings and what the person reads in; where nobody could open it there is none', () => {
  const at = (search, more = {}) => ({
    protocol: 'https:',
    origin: 'https://example.org',
    pathname: '/play/index.html',
    search,
    ...more,
  });
  assert.equal(linkTo('', at('')), 'https://example.org/play/');
  assert.equal(
    linkTo('preset=deep', at('?lang=zh&threads=2&run=1&train.seed=3')),
    'https://example.org/play/?lang=zh&preset=deep',
  );
  assert.equal(linkTo('preset=deep', at('', { protocol: 'file:', origin: 'null' })), null);
  const code = embedCode('preset=deep&data=strokes', at('?lang=en'), 'zh');
  assert.match(code, /^<iframe src="https:\/\/example\.org\/play\/\?lang=zh&amp;preset=deep&amp;data=strokes" title="/);
  assert.equal(embedCode('', at('', { protocol: 'file:' }), 'zh'), null);
});

// A playground that notes what it is asked, and refuses what it is told to.
const recorder = (refused = []) => {
  const asked = [];
  const answer = (name, args) => {
    asked.push([name, args]);
    const keys = Object.keys(args.values ?? { [args.key ?? args.name]: 0 });
    const bad = keys.find((key) => refused.includes(key));
    return bad ? Promise.reject(new Error(`not ${bad}`)) : Promise.resolve({});
  };
  return {
    asked,
    command: answer,
    set: (key, value) => answer('set', { key, value }),
  };
};
const apply = async (hourglass, address) => {
  const said = [];
  const text = (key, { what, reason }) => `${key} ${what}: ${reason}`;
  const done = applyUrlSettings(hourglass, urlSettings(address), text, (sentence) => said.push(sentence));
  return { atOnce: [...hourglass.asked], said: await done.then(() => said) };
};

test('preset and settings are asked for at once, and where one is refused the others are set', async () => {
  const address = { search: '?preset=deep&data=strokes&train.seed=5&train.speed=1', hash: '' };
  const good = await apply(recorder(), address);
  assert.deepEqual(
    good.atOnce.map(([name]) => name),
    ['load_preset', 'set_settings'],
  );
  assert.deepEqual(good.said, []);
  const hourglass = recorder(['train.speed', 'deep']);
  const { said } = await apply(hourglass, address);
  assert.deepEqual(said.sort(), ['badAddress preset=deep: not deep', 'badAddress train.speed=1: not train.speed']);
  assert.deepEqual(
    hourglass.asked.filter(([name]) => name === 'set').map(([, { key, value }]) => [key, value]),
    [
      ['data.set', 'strokes'],
      ['train.seed', '5'],
      ['train.speed', '1'],
    ],
  );
});

test('of messages, plain data of a bounded size are taken', () => {
  const deep = (levels) => (levels === 0 ? 1 : { inner: deep(levels - 1) });
  for (const good of [
    { a: [1, 'text', null, true], b: new Float32Array(10), c: new Uint8Array(2 ** 20) },
    deep(8),
    'x'.repeat(2 ** 20),
    Array(19_999).fill(0),
  ])
    assert.ok(isBounded(good));
  for (const bad of [
    deep(9),
    'x'.repeat(2 ** 20 + 1),
    { [`k${'x'.repeat(2 ** 20)}`]: 1 },
    Array(20_001).fill(0),
    new Array(4_000_000_000),
    1n,
    new Map(),
    new Date(),
    new Blob([]),
    new Float64Array(1),
    new Uint8Array(64 * 2 ** 20 + 1),
    [new Uint8Array(40 * 2 ** 20), new Uint8Array(40 * 2 ** 20)],
    () => {},
  ])
    assert.ok(!isBounded(bad));
});

test('a bucket lets a burst through, and a rate in the long run', () => {
  let now = 0;
  const bucket = new TokenBucket(10, 5, () => now);
  const taken = (count) => Array.from({ length: count }, () => bucket.take()).filter(Boolean).length;
  assert.equal(taken(50), 10);
  now += 1000;
  assert.equal(taken(50), 5);
  now += 60_000;
  assert.equal(taken(50), 10);
});
