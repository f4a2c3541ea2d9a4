// Puts the page into one file, which trains where there is neither a server nor a network:
//
//   node web/tools/build-html.mjs [--out build/hourglass.html] [--build build]
//
// It takes the modules of the presets wasm-engine and wasm-ui from their folders in BUILD.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { CONTENTS } from '../standalone/streams.js';
import { COMMON, STYLE, TARGET } from './bundle.mjs';
import { bundleWhole, bundleWorker, packStreams } from './standalone.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const repository = path.dirname(web);

// So large it may be, in bytes: what a mailbox, a course page or a stick takes without a thought.
const MOST_BYTES = 2_000_000;
// The texts need a typeface as large as themselves four times over, and there is no room for it.
const STREAMS = Object.keys(CONTENTS).filter((name) => name !== 'documents');

const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

// Replaces what `pattern` finds, exactly once.
function replaceOnce(text, pattern, replacement) {
  const found = text.match(new RegExp(pattern, 'g')) ?? [];
  if (found.length !== 1) throw new Error(`index.html has ${found.length} times what one file has once: ${pattern}`);
  return text.replace(pattern, () => replacement);
}

async function transformed(file, options) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({ ...COMMON, absWorkingDir: web, write: false, ...options, entryPoints: [file] });
  return outputFiles[0].text.trim();
}

// The page of one file, as text.
export async function standalonePage(build) {
  const [guard, style, script, playground, engineWorker, filesWorker] = await Promise.all([
    transformed('page/guard.js', { format: 'iife', target: 'es5' }),
    transformed(STYLE.entryPoints[0], { target: STYLE.target }),
    bundleWhole(build, 'page/page.js', TARGET),
    bundleWhole(build, 'client/hourglass.js'),
    bundleWorker(build, 'engine/engine_worker.js'),
    bundleWorker(build, 'files/files_worker.js'),
  ]);
  const streams = await packStreams(build, STREAMS, {
    'hourglass.js': playground,
    'engine_worker.js': engineWorker,
    'files_worker.js': filesWorker,
  });
  return assemble({ guard, style, script: script.trim(), streams });
}

async function assemble({ guard, style, script, streams }) {
  const icon = await readFile(path.join(web, 'page/favicon.svg'), 'utf8');
  const mark = /<g id="mark">[^]*<\/g>/.exec(icon)[0];
  const policy = [
    "default-src 'none'",
    // Blobs: the playground's scripts are unpacked, and its workers are made of them.
    `script-src ${hashOf(guard)} ${hashOf(script)} blob: 'wasm-unsafe-eval'`,
    'worker-src blob:',
    `style-src ${hashOf(style)}`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const data = Object.entries(streams).map(
    ([name, text]) => `<script type="text/plain" id="stream-${name}">${text}</script>\n`,
  );
  const page = [
    [
      /<meta http-equiv="Content-Security-Policy"[^>]*>/,
      `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    ],
    [
      /<link rel="icon"[^>]*>/,
      `<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(icon).toString('base64')}">`,
    ],
    [/<link rel="manifest"[^>]*>\n/, ''],
    [/<link rel="apple-touch-icon"[^>]*>\n/, ''],
    [/<script src="preload_worker.js" async><\/script>\n/, ''],
    [/<script src="guard.js" defer><\/script>\n/, ''],
    [/<link rel="stylesheet"[^>]*>/, `<style>${style}</style>`],
    [/<!-- modules -->\n/, ''],
    [/<link rel="preload" href="ui.wasm.lzma"[^>]*>\n/, ''],
    [/<script type="module" src="page.js"><\/script>\n/, ''],
    [/<use href="favicon.svg#mark"><\/use>/, mark.replace(/\n\s*/g, '')],
    [/, or the page was opened as a\s*file: it needs a web server, such as <code>.\/dev serve<\/code>/, ''],
    [/，或者页面是作为本地文件打开的：它需要通过网页服务器访问，例如\s*<code>.\/dev serve<\/code>/, ''],
    // What is looked at first comes first; a browser reads the rest while the loading screen is there.
    [/<\/body>/, `${data.join('')}<script>${guard}</script>\n<script type="module">${script}</script>\n</body>`],
  ].reduce(
    (text, [pattern, replacement]) => replaceOnce(text, pattern, replacement),
    await readFile(path.join(web, 'page/index.html'), 'utf8'),
  );
  const left = /(?:src|href)="(?!data:)[^"]*"/.exec(page.replace(/<script type="text\/plain"[^]*/, ''));
  if (left) throw new Error(`index.html names a file that is not in the page: ${left[0]}`);
  return page;
}

async function main() {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: path.join(repository, 'build/hourglass.html') },
      build: { type: 'string', default: path.join(repository, 'build') },
    },
  });
  const out = path.resolve(values.out);
  const page = Buffer.from(await standalonePage(path.resolve(values.build)));
  if (page.length > MOST_BYTES) {
    throw new Error(`it has ${page.length} bytes, and ${MOST_BYTES} are the most`);
  }
  await mkdir(path.dirname(out), { recursive: true });
  await writeFile(`${out}.new`, page);
  await rename(`${out}.new`, out);
  console.log(`${out}: ${page.length.toLocaleString('en-US')} bytes.`);
}

await main().catch((error) => {
  console.error(`The page of one file could not be made: ${error.message}.`);
  process.exit(2);
});
