// Other people's pages that hold a playground: served from an origin of their own, with headers of their own.

import { createServer } from 'node:http';

import { newPage } from './support.mjs';
import { happens } from '../support/waiting.mjs';

// Opens a page of another origin, `host` 127.0.0.1 (the same site, the same process) or localhost (another one), with
// `shared` as useSite() gives it. Further pages and files of that origin stand in `pages`, by their path; null is one that
// there is not.
export async function openHost(
  t,
  shared,
  body,
  { host = 'localhost', headers = {}, pages = {}, options = {}, waitUntil = 'commit' } = {},
) {
  const strict = 'Content-Security-Policy' in headers;
  const server = createServer((request, response) => {
    const inner = request.url in pages ? pages[request.url] : body;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (inner === null) return response.writeHead(404).end();
    const type = { js: 'text/javascript', json: 'application/json' }[request.url.split('.').at(-1)];
    response.setHeader('Content-Type', type ?? 'text/html; charset=utf-8');
    if (type) return response.end(inner);
    return response.end(
      `<!doctype html><title>Host</title><link rel="icon" href="data:,"><body${strict ? '' : ' style="margin:0"'}>${inner}`,
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const origin = `http://${host}:${server.address().port}`;
  const { page, problems, close } = await newPage(shared.browser, origin, options);
  t.after(close);
  await page.goto(origin, { waitUntil }); // its frames take longer, and who needs them waits for them
  return {
    page,
    origin,
    problems: () => problems.filter((problem) => !problem.startsWith(`foreign: ${shared.server.origin}/`)),
  };
}

export const frameOf = (shared, page, part) =>
  page.frames().find((each) => each.url().startsWith(shared.server.origin) && each.url().includes(part));

// The frames of a page are there once it is parsed, and go to their addresses then.
export async function untilFrame(shared, page, part) {
  await happens(() => frameOf(shared, page, part), `a frame of ${part}`);
  return frameOf(shared, page, part);
}

export async function untilReady(frame) {
  await frame.waitForFunction(() => window.hourglass !== undefined);
  await frame.evaluate(() => window.hourglass.ready.then(() => true));
}
