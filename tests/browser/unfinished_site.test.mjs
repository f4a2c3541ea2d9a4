// A site that is served before its engines with threads are built, as ./dev serve does.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { engineOf, newFolder } from './loader_support.mjs';
import { launchBrowser, newPage, openReady, serveSite, untilState } from './support.mjs';

const script = fileURLToPath(new URL('../../web/tools/build-site.mjs', import.meta.url));
const cores = Math.min(os.cpus().length, 8);

let browser;
let root;
let server;
const assemble = async (...options) => {
  const arguments_ = [script, '--out', root, '--data', path.dirname(root), ...options];
  await promisify(execFile)(process.execPath, arguments_);
};

before(async () => {
  root = path.join(await newFolder(), 'site');
  await assemble('--without-threads');
  browser = await launchBrowser();
  server = await serveSite({ root });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

test('trains with one thread and asks for nothing that is not there, and with all of them at its next load', async () => {
  const { page, problems, notes, close } = await newPage(browser, server.origin);
  await openReady(page, `${server.origin}/?run=1`);
  await untilState(page, 'step at least', 1);
  assert.deepEqual(await engineOf(page), { isolated: true, engine: 'simd+fma', threads: 1 });
  assert.ok(
    notes.some((note) => /goes on with one thread: engine-mt-fma is not built yet/.test(note)),
    notes.join('\n'),
  );

  const scripts = async () => (await readdir(root)).filter((name) => /^chunk-/.test(name));
  const before = await scripts();
  await assemble();
  // Who is loading the page meanwhile finds every part of it.
  assert.deepEqual(await scripts(), before);
  await page.evaluate(() => window.hourglass.command('step', { count: 1 }));

  await openReady(page, server.origin);
  assert.deepEqual(await engineOf(page), { isolated: true, engine: 'simd+fma', threads: cores });
  assert.deepEqual(problems, []);
  await close();
});

test('gives the bare engine one thread, whoever asks for more', async () => {
  await assemble('--without-threads');
  assert.match(
    await readFile(path.join(root, 'site_info.js'), 'utf8'),
    /absentModules=\["engine-mt","engine-mt-fma"\]/,
  );
  const { createEngine } = await import(pathToFileURL(path.join(root, 'engine_client.js')));
  const engine = await createEngine({ threads: 2 });
  assert.equal(engine.threads, 1);
  await engine.command('step', { count: 1 });
  engine.close();
});
