// Pages of a course that are nothing but HTML: the frames that learning platforms make of what is uploaded or linked, with
// their sandboxes and policies. The page is of another site than the playground.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { putHourglass, serveBare, temporaryFolder } from './tools.mjs';

const frame = (address, attributes = '') =>
  `<p><iframe src="${address}" title="Hourglass" width="100%" height="720" style="border:0" ${attributes}></iframe></p>`;

export async function build(built) {
  const [files, root] = [await temporaryFolder(), await temporaryFolder()];
  await putHourglass(built, files);
  // Three hosts of the same files: one that sends nothing, one that lets everybody read, one that puts what it serves into
  // a sandbox by itself.
  const sandboxed = { 'Content-Security-Policy': 'sandbox allow-scripts' };
  const hosts = [
    await serveBare(files),
    await serveBare(files, { headers: { 'Access-Control-Allow-Origin': '*' } }),
    await serveBare(files, { headers: sandboxed }),
  ];
  const [bare, open, boxed] = hosts.map(({ origin }) => origin);
  const strict = `default-src 'none'; script-src ${bare}; frame-src ${bare}; connect-src 'self'; img-src data:`;
  const scripts = 'sandbox="allow-scripts"';
  const both = 'sandbox="allow-scripts allow-same-origin"';
  const element = (host, attributes) =>
    `<script src="${host}/hourglass/hourglass-playground.js"></script><hourglass-playground ${attributes}></hourglass-playground>`;
  const pages = [
    ['frame', 'no sandbox', frame(`${bare}/hourglass/`)],
    ['both', both, frame(`${bare}/hourglass/`, both)],
    ['scripts', `${scripts}, a host that sends no headers`, frame(`${bare}/hourglass/`, scripts)],
    ['open', `${scripts}, a host that sends Access-Control-Allow-Origin`, frame(`${open}/hourglass/`, scripts)],
    ['file', 'no sandbox', frame(`${bare}/hourglass.html`)],
    ['file-scripts', scripts, frame(`${bare}/hourglass.html`, scripts)],
    ['file-boxed', 'the host sends Content-Security-Policy: sandbox allow-scripts', frame(`${boxed}/hourglass.html`)],
    ['element', 'a strict policy of the page', element(bare, '')],
    ['element-scripts', scripts, element(open, scripts)],
    ['element-file', 'the element with src="hourglass.html"', element(bare, `src="${bare}/hourglass.html"`)],
    ['lesson', 'a lesson of the page', element(bare, 'lesson="lesson.json"')],
  ];
  await putHourglass(built, root);
  for (const [name, , body] of pages) {
    const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Course</title><link rel="icon" href="data:,">${body}`;
    await writeFile(path.join(root, `${name}.html`), html);
  }
  const page = await serveBare(root, {
    host: 'localhost',
    headers: (url) => (url === '/element.html' ? { 'Content-Security-Policy': strict } : {}),
  });
  return {
    version: '',
    origin: page.origin,
    close: () => Promise.all([page, ...hosts].map((each) => each.close())),
    pages: pages.map(([name, what]) => ({ path: `${name}.html`, name: what })),
  };
}
