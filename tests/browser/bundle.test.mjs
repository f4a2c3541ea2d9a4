// What is sent of the scripts: no comments, no names of the machine that has built them, nothing fetched one after the
// other, and nothing that an old browser cannot read before it is told so.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import * as acorn from 'acorn';

import { MODULES } from '../../web/tools/bundle.mjs';
import { site } from './support.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const scripts = readdirSync(site).filter((name) => name.endsWith('.js'));
const text = (name) => readFileSync(path.join(site, name), 'utf8');

const parse = (name, options) => acorn.parse(text(name), { ecmaVersion: 2022, sourceType: 'module', ...options });

// Modules that `name` imports when it is loaded.
const staticImports = (name) =>
  parse(name)
    .body.filter(({ type, source }) => /^(Import|Export)/.test(type) && source)
    .map(({ source }) => source.value.replace('./', ''));

// `name` and all that it imports, and what these import.
function graph(...names) {
  const found = new Set();
  const add = (name) => {
    if (found.has(name)) return;
    found.add(name);
    staticImports(name).forEach(add);
  };
  names.forEach(add);
  return found;
}

const PUBLIC = Object.keys(MODULES).map((name) => `${name}.js`);

test('no script has comments or knows where it was built', () => {
  for (const name of [...scripts, 'index.html', 'page.css']) {
    for (const place of [repository, `${os.homedir()}/`, 'node_modules', 'sourceMappingURL'])
      assert.ok(!text(name).includes(place), `${name} names ${place}`);
  }
  for (const name of scripts) {
    const comments = [];
    parse(name, { onComment: comments });
    assert.deepEqual(comments, [], name);
  }
  assert.doesNotMatch(text('page.css'), /\/\*/);
  assert.doesNotMatch(text('index.html'), /<!--/);
});

test('the page fetches at once all that it imports, and nothing else', () => {
  const preloaded = [...text('index.html').matchAll(/<link rel="modulepreload" href="([^"]+)">/g)].map(
    ([, name]) => name,
  );
  assert.equal(new Set(preloaded).size, preloaded.length, String(preloaded));
  assert.deepEqual([...preloaded].sort(), [...graph('page.js', 'hourglass.js', 'ui.js')].sort());
});

test('a module that people import fetches the rest in one go', () => {
  for (const name of [...PUBLIC, 'site_info.js']) assert.ok(scripts.includes(name), `${name} is not on the site`);
  const worker = staticImports('engine_worker.js');
  assert.deepEqual([...graph('engine_worker.js')].sort(), ['engine_worker.js', ...worker].sort());
});

test('what an old browser reads, before it is told that it is old, is older than that', () => {
  for (const name of ['guard.js', 'preload_worker.js']) parse(name, { ecmaVersion: 5, sourceType: 'script' });
  for (const name of graph('page.js')) parse(name, { ecmaVersion: 2020 });
});

test('every chunk belongs to something', () => {
  const used = graph(...PUBLIC);
  const chunks = scripts.filter((name) => name.startsWith('chunk-'));
  assert.ok(chunks.length > 0);
  for (const name of chunks) assert.ok(used.has(name), name);
});
