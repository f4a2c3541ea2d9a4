// The built page on a host of its own, which knows what it has sent: a static host with compressed files, without the
// headers of cross-origin isolation, is what most people will open the page on.

import { existsSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import zlib from 'node:zlib';

import { repository } from './peers/processes.mjs';

const site = `${repository}build/site`;

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
const PACKERS = {
  gzip: (bytes) => zlib.gzipSync(bytes, { level: 9 }),
  br: (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } }),
};

// encoding: 'gzip' or 'br', as good as they get. Resolves with { origin, sent, close() }; `sent` gets, for each answer,
// { path, bytes, at }: how many bytes went into the socket, headers and all, and when it was asked for (Date.now()).
export async function startHost({ encoding, isolated = false }) {
  const packed = new Map();
  const sent = [];
  const server = http.createServer((request, response) => {
    const entry = { path: new URL(request.url, 'http://localhost').pathname, bytes: 0, at: Date.now() };
    const before = request.socket.bytesWritten;
    response.on('finish', () => {
      entry.bytes = request.socket.bytesWritten - before;
      sent.push(entry);
    });
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    if (entry.path === '/empty') {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>Empty</title>');
      return;
    }
    let file = path.join(site, path.normalize(decodeURIComponent(entry.path)));
    if (existsSync(file) && statSync(file).isDirectory()) file = path.join(file, 'index.html');
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[path.extname(file)];
    if (!packed.has(file)) {
      const bytes = readFileSync(file);
      packed.set(file, type ? PACKERS[encoding](bytes) : bytes);
    }
    response.setHeader('Content-Type', type ?? 'application/octet-stream');
    if (type) response.setHeader('Content-Encoding', encoding);
    response.setHeader('Content-Length', packed.get(file).length);
    response.end(packed.get(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    sent,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
