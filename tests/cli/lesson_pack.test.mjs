// ./dev lesson pack: what is in a SCORM package, and what is said of what makes none. That an LMS takes it is a matter of
// tests/browser/scorm.test.mjs.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { repository, temporaryFolder } from './support.mjs';
import { PATIENCE_MS } from '../support/waiting.mjs';

const tool = path.join(repository, 'web/tools/pack-lesson.mjs');
const PAGE = '<!doctype html>the page in one file';

// Runs it in a folder of its own, where a file stands for the page.
function pack(context, ...args) {
  const folder = temporaryFolder(context);
  writeFileSync(path.join(folder, 'page.html'), PAGE);
  const run = spawnSync(process.execPath, [tool, ...args, '--html', path.join(folder, 'page.html')], {
    cwd: folder,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });
  return { folder, code: run.status, stdout: run.stdout, stderr: run.stderr };
}

// Unpacks by another program than the one that has packed; returns a function that reads a file.
function unpack(folder, zip) {
  const target = path.join(folder, 'unpacked');
  execFileSync('python3', ['-m', 'zipfile', '-e', path.join(folder, zip), target]);
  return (name) => readFileSync(path.join(target, name), 'utf8');
}

test('a package has a manifest of SCORM 1.2 that names all its files, and the lesson as it is', (context) => {
  const { folder, code, stdout, stderr } = pack(context, 'why-not-zero', '--lang', 'zh');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /why-not-zero\.zip: [\d,]+ bytes, SCORM 1\.2\.\n/);
  const read = unpack(folder, 'why-not-zero.zip');
  const manifest = read('imsmanifest.xml');
  assert.match(manifest, /<schema>ADL SCORM<\/schema>\s*<schemaversion>1\.2<\/schemaversion>/);
  assert.match(manifest, /adlcp:scormtype="sco" href="index\.html"/);
  assert.match(manifest, /identifierref="hourglass-why-not-zero-resource"/);
  const files = [...manifest.matchAll(/<file href="([^"]+)"\/>/g)].map(([, name]) => name);
  assert.deepEqual(files, ['index.html', 'player.js', 'hourglass.html', 'lesson.json']);
  const lesson = readFileSync(path.join(repository, 'assets/lessons/why-not-zero.json'), 'utf8');
  assert.equal(read('lesson.json'), lesson);
  assert.ok(manifest.includes(`<title>${JSON.parse(lesson).title.zh}</title>`));
  assert.equal(read('hourglass.html'), PAGE);
  assert.match(read('index.html'), /<html lang="zh-CN">/);
  assert.match(read('index.html'), /<script src="player\.js">/);
  assert.doesNotMatch(read('player.js'), new RegExp(repository.replace(/[/.]/g, '\\$&')));
});

test('a package of a file, for a site, is small, and its manifest is well-formed whatever the title', (context) => {
  const folder = temporaryFolder(context);
  const file = path.join(folder, 'mine.json');
  const title = { en: 'a < b & "c" > \'d\' $& $1' };
  writeFileSync(file, JSON.stringify({ lesson: 1, name: '7-of-mine', title, steps: [{}] }));
  const site = 'https://example.org/?a=1&lang=zh';
  const run = pack(context, file, '--site', site, '--out', 'out/mine.zip');
  assert.equal(run.code, 0, run.stderr);
  const read = unpack(run.folder, 'out/mine.zip');
  // Another program reads it.
  const script = 'import sys, xml.etree.ElementTree as x; print(x.parse(sys.argv[1]).getroot()[1][0][0].text)';
  const unpacked = path.join(run.folder, 'unpacked');
  const said = execFileSync('python3', ['-c', script, path.join(unpacked, 'imsmanifest.xml')], { encoding: 'utf8' });
  assert.equal(said.trim(), title.en);
  assert.ok(read('index.html').includes('src="https://example.org/?a=1&amp;lang=zh"'));
  assert.ok(!existsSync(path.join(unpacked, 'hourglass.html')));
  assert.match(read('index.html'), /<title>a &lt; b &amp; &quot;c&quot; &gt; &apos;d&apos; \$&amp; \$1<\/title>/);
  // The same lesson makes the same bytes.
  const again = pack(context, file, '--site', site, '--out', 'again.zip');
  const bytes = (made, name) => readFileSync(path.join(made.folder, name));
  assert.deepEqual(bytes(run, 'out/mine.zip'), bytes(again, 'again.zip'));
});

test('what makes no package is said in one sentence', (context) => {
  const folder = temporaryFolder(context);
  const file = (name, text) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  for (const [args, sentence] of [
    [[], /^Say which lesson: /],
    [['no-such-lesson'], /^There is neither a lesson nor a file "no-such-lesson"; the lessons are all-the-same, /],
    [['../why-not-zero'], /^There is neither a lesson nor a file/],
    [[file('a.json', '{')], /is no lesson: it is no JSON; "hourglass lesson check" says more\./],
    [[file('b.json', '{"lesson": 2}')], /is no lesson: it needs "lesson": 1/],
    [[file('c.json', '{"lesson": 1, "name": "A"}')], /needs a "name" of a-z/],
    [[file('d.json', '{"lesson": 1, "name": "a"}')], /needs a "title"/],
    [[file('e.json', '{"lesson": 1, "name": "a", "title": {"en": "A"}}')], /needs "steps"/],
    [[file('f.json', 'null')], /is no lesson/],
    [['why-not-zero', '--site', 'example.org'], /^--site is the address of a Hourglass site/],
    [['why-not-zero', '--lang', 'fr'], /^--lang is en or zh/],
    [['why-not-zero', '--nonsense'], /--nonsense/],
  ]) {
    const { code, stderr, stdout } = pack(context, ...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, sentence);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.equal(stdout, '');
  }
});
