// A static server for the site, in plain Node, for development and tests:
//
//   node web/tools/serve.mjs [--root build/site] [--port 8080] [--host 127.0.0.1] [--no-isolation]
//
// It sends the headers that cross-origin isolation needs, so that the engine may use threads; --no-isolation leaves
// them out, as most static hosts do. Port 0 takes any free one.

import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import zlib from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.ttf': 'font/ttf',
  '.otf': 'font/otf',
  '.woff2': 'font/woff2',
};
const COMPRESSED = new Set([
  '.html',
  '.js',
  '.mjs',
  '.css',
  '.json',
  '.webmanifest',
  '.svg',
  '.wasm',
  '.txt',
  '.csv',
  '.ttf',
  '.otf',
]);

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

// A server (node:http) of the folder `root`; the caller listens and closes. `log(line)` gets one line per request.
export function createSiteServer({ root, isolation = true, log = () => {} }) {
  const packed = new Map(); // "path encoding" -> { tag, body }: each file is compressed once
  return createServer(async (request, response) => {
    try {
      await answer({ root, isolation, packed }, request, response);
    } catch (error) {
      // A reader that went away in the middle is no fault of anybody's.
      if (!response.headersSent && !response.destroyed) sendText(response, 500, 'The server failed.');
      else response.destroy();
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') log(`${request.url}: ${error.message}`);
    }
    log(`${response.statusCode} ${request.method} ${request.url}`);
  });
}

async function answer({ root, isolation, packed }, request, response) {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-cache');
  // Lets an isolated page of another origin, such as a lesson, hold this one in an iframe.
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  // And lets one in a sandbox, which belongs to no origin, have its own files.
  response.setHeader('Access-Control-Allow-Origin', '*');
  if (isolation) {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return sendText(response, 405, 'This server only answers GET and HEAD.');
  }
  const found = await findFile(root, request.url);
  if (found.redirect) {
    response.setHeader('Location', found.redirect);
    return sendText(response, 301, 'Moved.');
  }
  if (!found.file) return sendText(response, found.status, found.status === 404 ? 'Not found.' : 'Bad request.');

  const { file, info } = found;
  const extension = path.extname(file);
  const tag = `${info.size.toString(36)}-${Math.floor(info.mtimeMs).toString(36)}`;
  const encoding = COMPRESSED.has(extension) ? chosenEncoding(request.headers['accept-encoding']) : null;
  // One file in two encodings is two representations, so each has a tag of its own.
  const etag = `"${tag}${encoding ? `-${encoding}` : ''}"`;
  response.setHeader('Content-Type', TYPES[extension] ?? 'application/octet-stream');
  response.setHeader('ETag', etag);
  response.setHeader('Last-Modified', new Date(info.mtimeMs).toUTCString());
  if (COMPRESSED.has(extension)) response.setHeader('Vary', 'Accept-Encoding');
  if (notModified(request.headers, etag, info.mtimeMs)) {
    response.statusCode = 304;
    return response.end();
  }
  if (encoding) {
    const body = await compressed(packed, file, tag, encoding);
    response.setHeader('Content-Encoding', encoding);
    response.setHeader('Content-Length', body.length);
    return response.end(request.method === 'HEAD' ? undefined : body);
  }
  response.setHeader('Accept-Ranges', 'bytes');
  const range = requestedRange(request.headers.range, info.size);
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${info.size}`);
    return sendText(response, 416, 'No such range.');
  }
  const { start, end } = range ?? { start: 0, end: info.size - 1 };
  if (range) {
    response.statusCode = 206;
    response.setHeader('Content-Range', `bytes ${start}-${end}/${info.size}`);
  }
  response.setHeader('Content-Length', end - start + 1);
  if (request.method === 'HEAD' || info.size === 0) return response.end();
  return pipeline(createReadStream(file, { start, end }), response);
}

// { file, info }, { redirect } for a folder named without its slash, or { status } of the error.
async function findFile(root, target) {
  let pathname;
  try {
    pathname = decodeURIComponent(target.split(/[?#]/)[0]);
  } catch {
    return { status: 400 };
  }
  if (!pathname.startsWith('/') || pathname.includes('\0') || pathname.includes('\\')) return { status: 400 };
  // normalize() resolves ".." against the root of the address, so nothing can climb out by name ...
  const wanted = path.join(root, path.posix.normalize(pathname));
  try {
    const base = await realpath(root);
    let file = await realpath(wanted);
    // ... and nothing by a link either.
    if (file !== base && !file.startsWith(base + path.sep)) return { status: 404 };
    let info = await stat(file);
    if (info.isDirectory()) {
      if (!pathname.endsWith('/')) return { redirect: `${encodeURI(path.posix.normalize(pathname))}/` };
      file = path.join(file, 'index.html');
      info = await stat(file);
    }
    return info.isFile() ? { file, info } : { status: 404 };
  } catch {
    return { status: 404 };
  }
}

function chosenEncoding(accepted = '') {
  const names = accepted
    .split(',')
    .map((each) => each.trim().split(/;\s*q=0(?:\.0*)?$/))
    .filter((parts) => parts.length === 1)
    .map(([name]) => name.split(';')[0]);
  return names.includes('br') ? 'br' : names.includes('gzip') ? 'gzip' : null;
}

async function compressed(packed, file, tag, encoding) {
  const key = `${encoding} ${file}`;
  if (packed.get(key)?.tag !== tag) {
    const body = readFile(file).then((bytes) =>
      encoding === 'br'
        ? brotli(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } })
        : gzip(bytes, { level: 6 }),
    );
    // The promise is kept, not the result: two requests at once compress once.
    packed.set(key, { tag, body });
    body.catch(() => packed.delete(key));
  }
  return packed.get(key).body;
}

function notModified(headers, etag, modified) {
  const tags = headers['if-none-match'];
  if (tags !== undefined)
    return tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*');
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return Number.isFinite(since) && Math.floor(modified / 1000) * 1000 <= since;
}

// { start, end }, null for the whole file, or 'unsatisfiable'. Several ranges at once are answered with the whole.
function requestedRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const start = match[1] === '' ? Math.max(size - Number(match[2]), 0) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return start < size && start <= end ? { start, end } : 'unsatisfiable';
}

function sendText(response, status, text) {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`${text}\n`);
}

async function main() {
  const fail = (sentence) => {
    console.error(sentence);
    process.exit(2);
  };
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        root: { type: 'string', default: 'build/site' },
        port: { type: 'string', default: '8080' },
        host: { type: 'string', default: '127.0.0.1' },
        'no-isolation': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    fail(error.message);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65535) fail(`--port ${values.port} should be a number from 0 to 65535.`);
  const root = path.resolve(values.root);
  if (!(await stat(path.join(root, 'index.html')).catch(() => null))) {
    fail(`There is no site in ${root} (no index.html): build it with ./dev site, or name another folder with --root.`);
  }
  const isolation = !values['no-isolation'];
  const server = createSiteServer({ root, isolation, log: values.verbose ? console.log : undefined });
  server.on('error', (error) => {
    if (error.code === 'EADDRINUSE') fail(`Port ${port} of ${values.host} is taken: choose another one, or 0 for any.`);
    if (error.code === 'EACCES') fail(`Port ${port} may not be opened by this user: choose one of 1024 or more.`);
    fail(`The server cannot listen on ${values.host}, port ${port}: ${error.message}.`);
  });
  server.listen(port, values.host, () => {
    const { address, port: taken, family } = server.address();
    const host = family === 'IPv6' ? `[${address}]` : address;
    console.log(
      `http://${host}:${taken}/  (${isolation ? 'isolated: threads' : 'not isolated: one thread'}; Ctrl-C ends it)`,
    );
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      server.close();
      server.closeAllConnections();
    });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
