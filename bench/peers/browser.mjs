// The programs that are measured in Chromium: Hourglass's engine and TensorFlow.js, each in a page of its own.

import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';

import { chromium } from 'playwright-core';

import { repository } from './processes.mjs';

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

// What a package's folder stands for.
function mainOf(root, folder) {
  const description = path.join(root, path.normalize(`/${folder}`), 'package.json');
  return existsSync(description) ? JSON.parse(readFileSync(description, 'utf8')).main : '';
}

// /site/ is the built page, all else comes from bench/. Both pages are cross-origin isolated, so that neither lacks what
// the other has.
function serve() {
  const server = http.createServer((request, response) => {
    const url = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const [root, rest] = url.startsWith('/site/')
      ? [`${repository}build/site`, url.slice(6)]
      : [`${repository}bench`, url];
    const file = path.join(root, path.normalize(`/${rest}`), url.endsWith('/') ? mainOf(root, rest) : '');
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

// Chromium without a window, drawing by software, so that the page's front end runs too. `more` are arguments for it.
export async function launchChromium(more = []) {
  try {
    return await chromium.launch({
      executablePath: process.env.HOURGLASS_CHROMIUM || '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--use-gl=angle',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        ...more,
      ],
    });
  } catch (error) {
    throw new Error(
      `Chromium does not start here, and HOURGLASS_CHROMIUM may name another (${error.message.split('\n')[0]})`,
    );
  }
}

// Resolves with { version, browser, engine, tfjs, open(address), close() }, engine and tfjs being pages that have
// window.peer, as what is opened must have it.
export async function startBrowser() {
  const server = await serve();
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await launchChromium();
  const open = async (address) => {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`${address}: ${error.message}`));
    await page.goto(origin + address);
    await page.waitForFunction(() => window.peer !== undefined);
    return page;
  };
  const engine = await open('/pages/engine.html');
  const tfjs = existsSync(`${repository}bench/node_modules/@tensorflow/tfjs`) ? await open('/pages/tfjs.html') : null;
  return {
    version: browser.version(),
    browser,
    engine,
    tfjs,
    open,
    close: async () => {
      await browser.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
