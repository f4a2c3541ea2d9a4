// Puts the site together from the web files, the built modules and the data sets there are:
//
//   node web/tools/build-site.mjs [--out build/site] [--build build] [--data FOLDER]
//
// The modules come from the presets' folders (BUILD/wasm-engine and so on, BUILD/wasm-ui), data sets from FOLDER, by
// default $HOURGLASS_DATA_DIR or data/. The site appears at once or not at all: it is made in a folder
// beside OUT and then renamed.

import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { constants, copyFile, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import zlib from 'node:zlib';

const web = fileURLToPath(new URL('..', import.meta.url));
const repository = path.dirname(web);

const MODULES = [
  ...['engine', 'engine-mt'].map((part) => [
    `wasm-${part}`,
    [part, `${part}-fma`].flatMap((name) => [`${name}.js`, `${name}.wasm`]),
  ]),
  ['wasm-ui', ['ui.js', 'ui.wasm', 'fonts/chinese.ttf']],
];
// What of these rooms is part of the page; the rest is built or builds. On the site all of it is in one folder.
const ROOMS = ['page', 'client', 'engine', 'ui', 'loading'];
const WEB_FILES = /\.(js|css|html|svg)$/;
const DATA_PARTS = {
  train_images: 'train-images-idx3-ubyte.gz',
  train_labels: 'train-labels-idx1-ubyte.gz',
  test_images: 't10k-images-idx3-ubyte.gz',
  test_labels: 't10k-labels-idx1-ubyte.gz',
};

function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}

async function copyModules(build, out) {
  for (const [folder, files] of MODULES) {
    for (const file of files) {
      await mkdir(path.dirname(path.join(out, file)), { recursive: true });
      await copyFile(path.join(build, folder, file), path.join(out, file)).catch(() =>
        fail(
          `${path.join(build, folder, file)} is missing: build it with the CMake preset ${folder}, or everything with ./dev site.`,
        ),
      );
    }
  }
}

async function copyTexts(out) {
  await mkdir(path.join(out, 'texts'), { recursive: true });
  await copyFile(path.join(repository, 'assets/texts/zh.json'), path.join(out, 'texts/zh.json'));
}

async function copyWebFiles(out) {
  for (const room of ROOMS) {
    for (const name of (await readdir(path.join(web, room))).filter((each) => WEB_FILES.test(each))) {
      const [from, to] = [path.join(web, room, name), path.join(out, name)];
      if (name.endsWith('.js')) await writeFile(to, withoutComments(await readFile(from, 'utf8'), name));
      else await copyFile(from, to);
    }
  }
}

// A script without the lines that are all comment, and without indentation: half of what would be sent.
function withoutComments(text, name) {
  const lines = text.split('\n');
  // Told apart by lines, a text of several lines would be damaged.
  const odd = lines.findIndex(
    (line) => !/^\s*\/\//.test(line) && (line.split('`').length % 2 === 0 || /\/\*|\\$/.test(line)),
  );
  if (odd >= 0)
    fail(
      `web/${name}:${odd + 1}: a text or a comment that goes on over the line's end; build-site.mjs reads scripts by lines.`,
    );
  return `${lines
    .map((line) => line.trimStart())
    .filter((line) => line && !line.startsWith('//'))
    .map((line) => line.replace(/'\.\.\/\w+\/(\w+\.js)'/, "'./$1'"))
    .join('\n')}\n`;
}

// Copies every complete data set and writes the index of them. An empty index says that there are none, which the page
// can tell from a broken server.
async function copyData(folder, out) {
  const sets = {};
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isDirectory()).sort((a, b) => a.name.localeCompare(b.name))) {
    const parts = {};
    for (const [part, file] of Object.entries(DATA_PARTS)) {
      const info = await stat(path.join(folder, entry.name, file)).catch(() => null);
      if (info) parts[part] = { file: `${entry.name}/${file}`, bytes: info.size };
    }
    const present = Object.keys(parts).length;
    if (present === 0) continue;
    if (present < Object.keys(DATA_PARTS).length) {
      console.error(`The data set in ${path.join(folder, entry.name)} is left out: it has ${present} of its 4 files.`);
      continue;
    }
    await mkdir(path.join(out, entry.name), { recursive: true });
    for (const { file } of Object.values(parts)) {
      // A clone where the file system can, since these are large.
      await copyFile(path.join(folder, file), path.join(out, file), constants.COPYFILE_FICLONE);
    }
    sets[entry.name] = parts;
  }
  await mkdir(out, { recursive: true });
  await writeFile(path.join(out, 'index.json'), `${JSON.stringify({ sets }, null, 1)}\n`);
  return Object.keys(sets);
}

async function fileList(folder, prefix = '') {
  const list = [];
  for (const entry of await readdir(path.join(folder, prefix), { withFileTypes: true })) {
    const name = path.posix.join(prefix, entry.name);
    if (entry.isDirectory()) list.push(...(await fileList(folder, name)));
    else list.push(name);
  }
  return list.sort();
}

// Writes FILE.lzma for web/loading/lzma.js; returns its size.
async function pack(file) {
  const { size } = await stat(file);
  const options = ['--format=lzma', '--lzma1=preset=9e,lc=3,lp=0,pb=0', '--stdout', file];
  const { stdout: bytes } = await promisify(execFile)('xz', options, { encoding: 'buffer', maxBuffer: 2 ** 28 }).catch(
    (error) => fail(`${file} could not be packed by xz (Debian: xz-utils): ${error.message}.`),
  );
  bytes.writeBigUInt64LE(BigInt(size), 5); // xz leaves it open
  await writeFile(`${file}.lzma`, bytes);
  return bytes.length;
}

async function writeSiteInfo(out) {
  const source = await readFile(path.join(out, 'site_info.js'), 'utf8');
  const sizes = {};
  for (const file of (await readdir(out)).filter((name) => name.endsWith('.wasm')).sort()) {
    sizes[file] = await pack(path.join(out, file));
  }
  await writeFile(
    path.join(out, 'site_info.js'),
    source.replace('packedSizes = {}', `packedSizes = ${JSON.stringify(sizes)}`),
  );
}

// Without it Node, where the bare engine runs too, would take the .js files for CommonJS.
async function writePackage(out) {
  await writeFile(path.join(out, 'package.json'), `${JSON.stringify({ private: true, type: 'module' })}\n`);
}

async function printSizes(out) {
  const number = (value) => value.toLocaleString('en-US').padStart(12);
  console.log(`${'bytes'.padStart(12)}${'gzip'.padStart(12)}  file`);
  let total = 0;
  let packedTotal = 0;
  for (const file of await fileList(out)) {
    const bytes = await readFile(path.join(out, file));
    const packed = /\.(gz|lzma)$/.test(file) ? bytes.length : zlib.gzipSync(bytes, { level: 9 }).length;
    console.log(`${number(bytes.length)}${number(packed)}  ${file}`);
    if (!file.startsWith('data/')) {
      total += bytes.length;
      packedTotal += packed;
    }
  }
  console.log(`${number(total)}${number(packedTotal)}  all but data`);
}

let values;
try {
  ({ values } = parseArgs({
    options: {
      out: { type: 'string', default: path.join(repository, 'build/site') },
      build: { type: 'string', default: path.join(repository, 'build') },
      data: { type: 'string', default: process.env.HOURGLASS_DATA_DIR || path.join(repository, 'data') },
    },
  }));
} catch (error) {
  fail(error.message);
}
const out = path.resolve(values.out);
const partial = `${out}.partial-${process.pid}`;
const old = `${out}.old-${process.pid}`;
process.on('exit', () => rmSync(partial, { recursive: true, force: true }));
try {
  await mkdir(partial, { recursive: true });
  await copyWebFiles(partial);
  await copyModules(path.resolve(values.build), partial);
  await copyTexts(partial);
  await writeSiteInfo(partial);
  await writePackage(partial);
  const sets = await copyData(path.resolve(values.data), path.join(partial, 'data'));
  await rename(out, old).catch(() => {});
  await rename(partial, out);
  await rm(old, { recursive: true, force: true });
  await printSizes(out);
  console.log(
    `The site is in ${out}, with ${sets.length ? `the data sets ${sets.join(', ')}` : 'no data sets'} beside Strokes.`,
  );
} catch (error) {
  fail(`The site could not be put together: ${error.message}.`);
}
