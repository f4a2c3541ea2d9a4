// What the recipes' scripts share: temporary folders, other people's programs, and a server as bare as most hosts are.

import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { createSiteServer } from '../../web/tools/serve.mjs';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
export const documents = path.join(repository, 'docs/recipes');

const folders = [];
export async function temporaryFolder() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-recipes-'));
  folders.push(folder);
  return folder;
}
export const removeFolders = () => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true })));

// Runs a program to its end, and resolves with what it printed; rejects with the end of that where it fails.
export function run(command, args, { cwd, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (printed += data));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${printed.trim().slice(-1500)}`));
    });
  });
}

// Packages of npm in node_modules/ of a folder. No package's own scripts are run.
export async function npmPackages(folder, ...packages) {
  await writeFile(path.join(folder, 'package.json'), '{"private": true, "type": "module"}\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quiet, ...packages], { cwd: folder });
}

// The version that a program prints of itself, or null where there is no such program.
export async function versionOf(command, ...args) {
  const printed = await run(command, args.length ? args : ['--version']).catch(() => '');
  return /\d+(\.\d+)+/.exec(printed)?.[0] ?? null;
}

// The example of a recipe, in a folder of its own, where it can be built.
export async function example(name) {
  const folder = path.join(await temporaryFolder(), name);
  await cp(path.join(documents, name), folder, { recursive: true });
  return folder;
}

// Puts Hourglass into a folder as the recipes say: the site without what can be fetched as hourglass/, the page of one
// file, and the lesson beside them.
export async function putHourglass(built, folder) {
  const data = path.join(built.site, 'data');
  const own = ['index.json', 'texts'].map((name) => path.join(data, name));
  const isTaken = (file) => !file.startsWith(data + path.sep) || own.some((each) => file.startsWith(each));
  await cp(built.site, path.join(folder, 'hourglass'), { recursive: true, filter: isTaken });
  const index = JSON.parse(await readFile(path.join(data, 'index.json'), 'utf8'));
  const sets = { texts: index.sets.texts };
  await writeFile(path.join(folder, 'hourglass/data/index.json'), JSON.stringify({ sets }));
  await cp(built.html, path.join(folder, 'hourglass.html'));
  await cp(path.join(documents, 'lesson.json'), path.join(folder, 'lesson.json'));
}

// What web/tools/serve.mjs sends and a plain host does not.
const GENEROUS = ['access-control-allow-origin', 'cross-origin-resource-policy', 'x-content-type-options'];

// Serves a folder with no headers but those given; `changed(url)` may give others for an address. { origin, close() }.
export async function serveBare(root, { headers = {}, host = '127.0.0.1' } = {}) {
  const server = createSiteServer({ root, isolation: false });
  server.prependListener('request', (request, response) => {
    const set = response.setHeader.bind(response);
    response.setHeader = (name, value) => (GENEROUS.includes(name.toLowerCase()) ? response : set(name, value));
    const more = typeof headers === 'function' ? headers(request.url) : headers;
    for (const [name, value] of Object.entries(more)) set(name, value);
  });
  await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://${host}:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
