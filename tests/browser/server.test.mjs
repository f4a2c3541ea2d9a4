// The development server: what it sends, and what it does not.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

import { serveSite } from './support.mjs';

const script = fileURLToPath(new URL('../../web/tools/serve.mjs', import.meta.url));
const packed = zlib.gzipSync('not unpacked on the way');
let folder;
let root;
let server;

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-server-'));
  root = path.join(folder, 'site');
  await mkdir(path.join(root, 'data'), { recursive: true });
  await writeFile(path.join(root, 'index.html'), '<!doctype html><title>x</title>');
  await writeFile(path.join(root, 'module.js'), 'export const text = "a";\n'.repeat(200));
  await writeFile(path.join(root, 'module.wasm'), Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]));
  await writeFile(path.join(root, 'data', 'set.gz'), packed);
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  await symlink(path.join(folder, 'secret.txt'), path.join(root, 'link.txt'));
  server = await serveSite({ root });
});
after(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

// Sends the target as it is; fetch() would tidy it up first.
function get(target, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.origin);
    const request = http.request({ hostname, port, path: target, headers, method }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) });
    });
    request.on('error', reject);
    request.end();
  });
}

test('sends the page with the headers of an isolated one', async () => {
  const { status, headers, body } = await get('/');
  assert.equal(status, 200);
  assert.match(headers['content-type'], /^text\/html/);
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
  assert.equal(headers['cross-origin-embedder-policy'], 'require-corp');
  assert.match(body.toString(), /<title>/);
});

test('leaves them out for a plain host', async () => {
  const plain = await serveSite({ root, isolation: false });
  const response = await fetch(plain.origin);
  await response.text();
  assert.equal(response.headers.get('cross-origin-opener-policy'), null);
  assert.equal(response.headers.get('cross-origin-embedder-policy'), null);
  await plain.close();
});

test('knows the types, and leaves data sets packed', async () => {
  assert.match((await get('/module.js')).headers['content-type'], /^text\/javascript/);
  assert.equal((await get('/module.wasm')).headers['content-type'], 'application/wasm');
  const data = await get('/data/set.gz', { 'accept-encoding': 'gzip, br' });
  assert.equal(data.headers['content-type'], 'application/octet-stream');
  assert.equal(data.headers['content-encoding'], undefined);
  assert.deepEqual(data.body, packed);
});

test('compresses what can be compressed, in an encoding that was asked for', async () => {
  const plain = await get('/module.js');
  for (const [accepted, encoding, unpack] of [
    ['gzip', 'gzip', zlib.gunzipSync],
    ['gzip, br;q=0.9', 'br', zlib.brotliDecompressSync],
  ]) {
    const { headers, body } = await get('/module.js', { 'accept-encoding': accepted });
    assert.equal(headers['content-encoding'], encoding);
    assert.equal(Number(headers['content-length']), body.length);
    assert.ok(body.length < plain.body.length / 4);
    assert.deepEqual(unpack(body), plain.body);
    assert.notEqual(headers.etag, plain.headers.etag);
  }
  assert.equal((await get('/module.js', { 'accept-encoding': 'br;q=0' })).headers['content-encoding'], undefined);
});

test('answers that nothing has changed', async () => {
  const first = await get('/module.js');
  assert.equal((await get('/module.js', { 'if-none-match': first.headers.etag })).status, 304);
  assert.equal((await get('/module.js', { 'if-none-match': '"other"' })).status, 200);
  assert.equal((await get('/module.js', { 'if-modified-since': first.headers['last-modified'] })).status, 304);
});

test('sends ranges', async () => {
  const range = async (value) => get('/data/set.gz', { range: value });
  const middle = await range('bytes=2-5');
  assert.equal(middle.status, 206);
  assert.deepEqual(middle.body, packed.subarray(2, 6));
  assert.equal(middle.headers['content-range'], `bytes 2-5/${packed.length}`);
  assert.deepEqual((await range('bytes=-3')).body, packed.subarray(-3));
  assert.equal((await range(`bytes=${packed.length}-`)).status, 416);
});

test('lets nobody out of its folder', async () => {
  for (const target of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/data/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/link.txt',
    '/%00',
    '/%',
    'secret.txt',
    '//etc/passwd',
  ]) {
    const { status, body } = await get(target).catch(() => ({ status: 400, body: '' }));
    assert.ok(status === 404 || status === 400, `${target}: ${status}`);
    assert.doesNotMatch(body.toString(), /secret\n?$|root:/);
  }
});

test('answers GET and HEAD only', async () => {
  const head = await get('/module.js', {}, 'HEAD');
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  assert.equal((await get('/module.js', {}, 'POST')).status, 405);
  assert.equal((await get('/nothing.js')).status, 404);
  assert.equal((await get('/data')).headers.location, '/data/');
});

// Starts the script and resolves with what it says until it ends or has printed an address.
async function run(...args) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  const address = new Promise((resolve) => {
    child.stdout.on('data', (data) => {
      output += data;
      const match = /http:\/\/\S+/.exec(output);
      if (match) resolve(match[0]);
    });
  });
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, errors }));
  return { address, ended, child };
}

test('as a command prints its address, ends on a signal, and says when the port is taken', async () => {
  const first = await run('--root', root, '--port', '0');
  const address = await first.address;
  assert.equal((await fetch(address)).status, 200);
  const second = await (await run('--root', root, '--port', new URL(address).port)).ended;
  assert.equal(second.code, 2);
  assert.match(second.errors, /^Port \d+ of 127\.0\.0\.1 is taken: [^\n]*\n$/);
  first.child.kill('SIGTERM');
  assert.equal((await first.ended).code, 0);
});

test('as a command refuses what makes no sense with one sentence', async () => {
  for (const [args, sentence] of [
    [['--root', path.join(root, 'data')], /There is no site in /],
    [['--root', root, '--port', 'http'], /--port http should be a number/],
    [['--rot', root], /--rot/],
  ]) {
    const { code, errors } = await (await run(...args)).ended;
    assert.equal(code, 2);
    assert.match(errors, sentence);
    assert.equal(errors.trim().split('\n').length, 1);
  }
});
