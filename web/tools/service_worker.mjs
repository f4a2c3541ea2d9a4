// The service worker of a finished site, into which the files of the build and their checksums are written: another build
// is another script, by which browsers tell that there is one.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('..', import.meta.url));

// What a page needs without a network: all but the data sets that are large, and what nobody asks for.
const NEEDED =
  /^([\w.-]+\.(js|css|svg|png|lzma|wasm|webmanifest)|(texts|lessons)\/.*|fonts\/(?!common).*|data\/index\.json|data\/texts\/.*)$/;
const LEFT_OUT = ['service_worker.js'];

// Writes service_worker.js into the folder `site`, all of whose other files are there. Resolves with { version, files }.
export async function writeServiceWorker(site) {
  const build = await buildOf(site);
  const { build: bundle } = await import('esbuild');
  await bundle({
    absWorkingDir: web,
    entryPoints: ['loading/service_worker.js'],
    outdir: site,
    bundle: true,
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    format: 'iife',
    target: 'es2022',
    define: { BUILD: JSON.stringify(build) },
  });
  return build;
}

async function buildOf(site) {
  const names = (await readdir(site, { recursive: true })).map((name) => name.split(path.sep).join('/')).sort();
  const isNeeded = (name) =>
    NEEDED.test(name) &&
    !LEFT_OUT.includes(name) &&
    !(name.endsWith('.wasm') && existsSync(path.join(site, `${name}.lzma`)));
  const files = {};
  const version = createHash('sha256');
  const add = async (name, file, checked) => {
    const sum = createHash('sha256')
      .update(await readFile(path.join(site, file)))
      .digest('base64');
    version.update(`${name} ${sum}\n`);
    files[name] = checked ? `sha256-${sum}` : '';
  };
  await add('', 'index.html', false);
  for (const name of names.filter(isNeeded)) await add(name, name, true);
  return { version: version.digest('hex').slice(0, 16), files };
}
