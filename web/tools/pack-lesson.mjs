// Packs a lesson as a SCORM 1.2 package, a zip that a learning management system imports:
//
//   node web/tools/pack-lesson.mjs NAME|FILE [--out FILE.zip] [--site URL] [--lang en|zh] [--html build/hourglass.html]
//
// The package holds the page in one file, so that it needs no network; with --site it shows that site's page in its place.

import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { COMMON } from './bundle.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const repository = path.dirname(web);
const lessons = path.join(repository, 'assets/lessons');

const MOST_BYTES = 4 * 2 ** 20; // of a lesson
// The same package has the same bytes: a time that every zip can have.
const TIME = new Date(1980, 0, 1);

const escaped = (text) =>
  text.replace(/[<>&"']/g, (sign) => `&${{ '<': 'lt', '>': 'gt', '&': 'amp', '"': 'quot', "'": 'apos' }[sign]};`);

// The text of a lesson that comes with Hourglass, or of a file. Throws an Error with one sentence.
export async function lessonTextOf(nameOrFile) {
  const own = path.join(lessons, `${nameOrFile}.json`);
  if (/^[a-z0-9-]+$/.test(nameOrFile) && existsSync(own)) return readFile(own, 'utf8');
  const text = await readFile(nameOrFile, 'utf8').catch(() => null);
  if (text !== null) return text;
  const names = (await readdir(lessons)).map((file) => path.parse(file).name).sort();
  throw new Error(`There is neither a lesson nor a file "${nameOrFile}"; the lessons are ${names.join(', ')}.`);
}

// What of a lesson a package is made of. `hourglass lesson check` says more of what is wrong.
export function checkedLesson(text, nameOrFile) {
  const fail = (sentence) => {
    throw new Error(`"${nameOrFile}" ${sentence}; "hourglass lesson check" says more.`);
  };
  if (text.length > MOST_BYTES) fail('has more than 4 MB, and a lesson may have that');
  let lesson;
  try {
    lesson = JSON.parse(text);
  } catch {
    fail('is no lesson: it is no JSON');
  }
  if (lesson?.lesson !== 1) fail('is no lesson: it needs "lesson": 1');
  if (!/^[a-z0-9-]{1,64}$/.test(lesson.name)) fail('needs a "name" of a-z, 0-9 and -, 1 to 64 of them');
  if (!lesson.title?.en && !lesson.title?.zh) fail('needs a "title" as "en" or "zh"');
  if (!Array.isArray(lesson.steps) || lesson.steps.length === 0) fail('needs "steps"');
  return lesson;
}

// imsmanifest.xml: ADL, "SCORM content aggregation model", version 1.2.
export function manifestOf(lesson, files, language) {
  const title = escaped(lesson.title[language] || lesson.title.en || lesson.title.zh);
  const id = `hourglass-${lesson.name}`; // begins as an XML name must
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${id}" version="1.0"
          xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
          xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="${id}-organization">
    <organization identifier="${id}-organization">
      <title>${title}</title>
      <item identifier="${id}-item" identifierref="${id}-resource" isvisible="true">
        <title>${title}</title>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="${id}-resource" type="webcontent" adlcp:scormtype="sco" href="index.html">
${files.map((file) => `      <file href="${file}"/>`).join('\n')}
    </resource>
  </resources>
</manifest>
`;
}

async function pageOf(lesson, site, language) {
  const page = await readFile(path.join(web, 'scorm/index.html'), 'utf8');
  const title = escaped(lesson.title[language] || lesson.title.en || lesson.title.zh);
  return page
    .replace('<html>', language ? `<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">` : '<html>')
    .replace('<title>Hourglass</title>', () => `<title>${title}</title>`)
    .replace('src="hourglass.html"', () => `src="${escaped(site ?? 'hourglass.html')}"`);
}

async function playerScript() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    ...COMMON,
    absWorkingDir: web,
    entryPoints: ['scorm/player.js'],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  return outputFiles[0].text;
}

// The package's files by name, as bytes. `html` is the path of the page in one file, `site` an address in its place.
export async function packageFiles(text, { nameOrFile = 'the lesson', site, language, html }) {
  const lesson = checkedLesson(text, nameOrFile);
  const files = { 'index.html': await pageOf(lesson, site, language), 'player.js': await playerScript() };
  if (!site) files['hourglass.html'] = await readFile(html);
  files['lesson.json'] = text;
  const manifest = manifestOf(lesson, Object.keys(files), language);
  const bytes = (content) =>
    typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
  // The manifest comes first: some systems look no further.
  return Object.fromEntries(
    Object.entries({ 'imsmanifest.xml': manifest, ...files }).map(([name, content]) => [name, bytes(content)]),
  );
}

function checkedOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      site: { type: 'string' },
      lang: { type: 'string' },
      html: { type: 'string', default: path.join(repository, 'build/hourglass.html') },
    },
  });
  if (positionals.length !== 1) throw new Error('Say which lesson: the name of one of Hourglass, or a file.');
  if (values.lang && !['en', 'zh'].includes(values.lang)) {
    throw new Error(`--lang is en or zh, not "${values.lang}".`);
  }
  if (values.site !== undefined && !/^https?:\/\/[^/\s]/.test(values.site)) {
    throw new Error(`--site is the address of a Hourglass site, https://..., not "${values.site}".`);
  }
  return { nameOrFile: positionals[0], ...values };
}

async function main() {
  const { nameOrFile, out, site, lang, html } = checkedOptions();
  const text = await lessonTextOf(nameOrFile);
  checkedLesson(text, nameOrFile);
  if (!site && !existsSync(html)) {
    throw new Error(`${html} is missing: make it with ./dev html, or name a site by --site URL.`);
  }
  const files = await packageFiles(text, { nameOrFile, site, language: lang, html });
  const { zipSync } = await import('fflate');
  const zip = zipSync(files, { level: 9, mtime: TIME });
  const target = path.resolve(out ?? `${JSON.parse(text).name}.zip`);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(`${target}.new`, zip);
  await rename(`${target}.new`, target);
  console.log(`${target}: ${zip.length.toLocaleString('en-US')} bytes, SCORM 1.2.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error) => {
    console.error(error.message);
    process.exit(2);
  });
}
