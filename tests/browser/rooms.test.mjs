// Which room of web/ may import which: never upward, and no circles, rooms and modules both.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('../../web/', import.meta.url));

const MAY_IMPORT = {
  page: ['client', 'embed', 'ui', 'loading'],
  client: ['ui', 'engine', 'loading'],
  ui: ['loading'],
  engine: ['loading'],
  files: ['loading'],
  embed: [],
  loading: [],
  scorm: ['embed'],
  standalone: ['loading'],
  npm: ['client'],
  split: ['tools'],
  tools: ['standalone'],
};

const modules = Object.keys(MAY_IMPORT).flatMap((room) =>
  readdirSync(path.join(web, room))
    .filter((name) => /\.m?js$/.test(name))
    .map((name) => `${room}/${name}`),
);
const roomOf = (file) => file.split('/')[0];

// What a module imports of this folder, also later; what only the finished site has is not there.
function imports(file) {
  const text = readFileSync(path.join(web, file), 'utf8').replace(/^\s*\/\/.*$/gm, '');
  return [...text.matchAll(/(?:from|import)\s*\(?'(\.{1,2}\/[^']+)'/g)]
    .map(([, target]) => path.posix.join(path.posix.dirname(file), target))
    .filter((target) => target !== 'client/ui.js');
}

test('every import is of a module that is there, in a room that may be imported', () => {
  assert.ok(modules.length > 25, String(modules));
  for (const file of modules) {
    for (const target of imports(file)) {
      assert.ok(modules.includes(target), `${file} imports ${target}, which is not there`);
      const [from, to] = [roomOf(file), roomOf(target)];
      assert.ok(from === to || MAY_IMPORT[from].includes(to), `${file} imports ${target}`);
    }
  }
});

test('no module imports itself, not even by way of others', () => {
  const seen = new Set();
  const visit = (file, way) => {
    assert.ok(!way.includes(file), [...way, file].join(' -> '));
    if (seen.has(file)) return;
    for (const target of imports(file)) visit(target, [...way, file]);
    seen.add(file);
  };
  for (const file of modules) visit(file, []);
});
