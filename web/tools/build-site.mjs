// Puts the site together from the web files, the built modules and the data sets there are:
//
//   node web/tools/build-site.mjs [--out build/site] [--build build] [--data FOLDER] [--without-threads]
//
// The modules come from the presets' folders (BUILD/wasm-engine and so on, BUILD/wasm-ui), data sets from FOLDER, by
// default $HOURGLASS_DATA_DIR or data/. --without-threads leaves out the engines with threads, which the page then does
// without. The site appears at once or not at all: it is made in a folder beside OUT and then renamed.

import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { constants, copyFile, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import zlib from 'node:zlib';

import { bundle, minify } from './bundle.mjs';
import { lessonFiles } from './lesson_files.mjs';
import { writeInstallFiles } from './install_files.mjs';
import { sbomText } from './sbom.mjs';
import { writeServiceWorker } from './service_worker.mjs';
import { packLzma } from './standalone.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const repository = path.dirname(web);

// Modules by the preset that builds them; each is a script and a .wasm file.
const MODULES = {
  'wasm-engine': ['engine', 'engine-fma', 'files'],
  'wasm-engine-mt': ['engine-mt', 'engine-mt-fma'],
  'wasm-ui': ['ui'],
};
// Modules of which the page loads a part first (web/split).
const SPLIT = ['engine', 'engine-fma', 'engine-mt', 'engine-mt-fma', 'ui'];
const FONTS = ['fonts/chinese.ttf', 'fonts/documents.ttf', 'fonts/lessons.ttf', 'fonts/common.ttf'];
const DATA_PARTS = {
  train_images: 'train-images-idx3-ubyte.gz',
  train_labels: 'train-labels-idx1-ubyte.gz',
  test_images: 't10k-images-idx3-ubyte.gz',
  test_labels: 't10k-labels-idx1-ubyte.gz',
};
// A data set of documents has one file.
const DOCUMENTS = 'documents.tsv.gz';
// The texts that come with Hourglass.
const CORPUS = { name: 'texts', file: 'texts/documents.tsv' };

function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}

// Resolves with the names of secondary parts by module. They have a checksum in them: a page that is open while a new build
// comes must not take that one's.
async function copyModules(build, out, absent) {
  const existing = (preset, file) => {
    const from = path.join(build, preset, file);
    if (existsSync(from)) return from;
    return fail(`${from} is missing: build it with the CMake preset ${preset}, or everything with ./dev site.`);
  };
  const secondaryParts = {};
  for (const [preset, names] of Object.entries(MODULES)) {
    for (const name of names.filter((each) => !absent.includes(each))) {
      const define = {};
      if (SPLIT.includes(name)) {
        const bytes = await readFile(existing(preset, `${name}.secondary.wasm`));
        const file = `${name}.secondary-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.wasm`;
        await writeFile(path.join(out, file), bytes);
        secondaryParts[name] = file;
        define.HOURGLASS_SECONDARY_PART = JSON.stringify(file);
      }
      await copyFile(
        existing(preset, `${name}${SPLIT.includes(name) ? '.primary' : ''}.wasm`),
        path.join(out, `${name}.wasm`),
      );
      await minify(existing(preset, `${name}.js`), path.join(out, `${name}.js`), define);
    }
  }
  for (const font of FONTS) {
    await mkdir(path.dirname(path.join(out, font)), { recursive: true });
    await copyFile(existing('wasm-ui', font), path.join(out, font));
  }
  return secondaryParts;
}

async function copyTexts(out) {
  await mkdir(path.join(out, 'texts'), { recursive: true });
  for (const file of ['texts/en.json', 'texts/zh.json']) {
    await copyFile(path.join(repository, 'assets', file), path.join(out, file));
  }
}

async function copyLessons(out) {
  await mkdir(path.join(out, 'lessons'), { recursive: true });
  for (const [file, text] of await lessonFiles()) await writeFile(path.join(out, file), text);
}

// Scripts, style sheet and the page itself, which names the modules that a browser should fetch without waiting for those
// that import them.
async function writePage(out) {
  const modules = await bundle(out).catch((error) =>
    fail(
      error.code === 'ERR_MODULE_NOT_FOUND'
        ? 'The scripts cannot be bundled, since esbuild is missing: run ./dev setup, or npm ci in the project.'
        : `The scripts could not be bundled: ${error.message}.`,
    ),
  );
  const links = modules.map((name) => `<link rel="modulepreload" href="${name}">`).join('\n');
  const page = await readFile(path.join(web, 'page/index.html'), 'utf8');
  await writeFile(path.join(out, 'index.html'), page.replace('<!-- modules -->', links));
  await writeInstallFiles(out);
}

// Copies every complete data set and the texts that come with Hourglass, and writes the index of them.
async function copyData(folder, out) {
  const sets = {};
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isDirectory()).sort((a, b) => a.name.localeCompare(b.name))) {
    const parts = {};
    for (const [part, file] of Object.entries(DATA_PARTS)) {
      const info = await stat(path.join(folder, entry.name, file)).catch(() => null);
      if (info) parts[part] = { file: `${entry.name}/${file}`, bytes: info.size };
    }
    const documents = await stat(path.join(folder, entry.name, DOCUMENTS)).catch(() => null);
    if (documents) parts.documents = { file: `${entry.name}/${DOCUMENTS}`, bytes: documents.size };
    const present = Object.keys(parts).length;
    if (present === 0) continue;
    if (!documents && present < Object.keys(DATA_PARTS).length) {
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
  await mkdir(path.dirname(path.join(out, CORPUS.file)), { recursive: true });
  await copyFile(path.join(repository, 'assets/corpus/documents.tsv'), path.join(out, CORPUS.file));
  const { size } = await stat(path.join(out, CORPUS.file));
  sets[CORPUS.name] = { documents: { file: CORPUS.file, bytes: size } };
  await writeFile(path.join(out, 'index.json'), `${JSON.stringify({ sets }, null, 1)}\n`);
  return Object.keys(sets).filter((name) => name !== CORPUS.name);
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
  const bytes = await packLzma(await readFile(file));
  await writeFile(`${file}.lzma`, bytes);
  return bytes.length;
}

// The site's own site_info.js, in the place of web/loading/site_info.js.
async function writeSiteInfo(out, absentModules, secondaryParts) {
  // Those of the secondary parts come when nobody waits for them, and browsers compile while they come.
  const files = (await readdir(out))
    .filter((name) => name.endsWith('.wasm') && !Object.values(secondaryParts).includes(name))
    .sort();
  const sizes = await Promise.all(files.map((file) => pack(path.join(out, file))));
  const info = {
    packedSizes: Object.fromEntries(files.map((file, i) => [file, sizes[i]])),
    absentModules,
    secondaryParts,
  };
  const lines = Object.entries(info).map(([name, value]) => `export const ${name}=${JSON.stringify(value)};\n`);
  await writeFile(path.join(out, 'site_info.js'), lines.join(''));
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
      'without-threads': { type: 'boolean', default: false },
      data: { type: 'string', default: process.env.HOURGLASS_DATA_DIR || path.join(repository, 'data') },
    },
  }));
} catch (error) {
  fail(error.message);
}
const absent = values['without-threads'] ? MODULES['wasm-engine-mt'] : [];
const out = path.resolve(values.out);
const partial = `${out}.partial-${process.pid}`;
const old = `${out}.old-${process.pid}`;
process.on('exit', () => rmSync(partial, { recursive: true, force: true }));
try {
  await mkdir(partial, { recursive: true });
  await writePage(partial);
  const secondaryParts = await copyModules(path.resolve(values.build), partial, absent);
  await copyTexts(partial);
  await copyLessons(partial);
  await writeSiteInfo(partial, absent, secondaryParts);
  await writePackage(partial);
  await writeFile(path.join(partial, 'sbom.spdx.json'), sbomText('site'));
  await copyFile(path.join(repository, 'THIRD_PARTY.md'), path.join(partial, 'THIRD_PARTY.md'));
  const sets = await copyData(path.resolve(values.data), path.join(partial, 'data'));
  await writeServiceWorker(partial); // knows all the others
  // One right after the other, for somebody may be loading the page.
  if (existsSync(out)) renameSync(out, old);
  renameSync(partial, out);
  await rm(old, { recursive: true, force: true });
  await printSizes(out);
  console.log(
    `The site is in ${out}, with ${sets.length ? `the data sets ${sets.join(', ')}` : 'no data sets'} beside Strokes.`,
  );
} catch (error) {
  fail(`The site could not be put together: ${error.message}.`);
}
