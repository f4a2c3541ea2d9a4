// Tries the recipes of docs/recipes.md: builds each example with the tool that it is for, and looks in a browser whether
// the playgrounds in it can be used.
//
//   node tests/recipes/run.mjs [NAME...] [--update]
//
// It needs build/site and build/hourglass.html (./dev site), and installs the tools that npm has in temporary folders.
// --update writes the table into docs/recipes.md.

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { site } from '../browser/support.mjs';
import { lookAt, openBrowser } from './look.mjs';
import { removeFolders, repository, serveBare } from './tools.mjs';

const RECIPES = {
  plain: 'A page of HTML',
  reveal: 'reveal.js',
  mdbook: 'mdBook',
  sphinx: 'Sphinx',
  myst: 'MyST',
  pandoc: 'Pandoc',
  jekyll: 'Jekyll',
  wordpress: 'WordPress',
};
const HEAD = ['tool', 'page', 'way', 'steps', 'size', 'Escape', 'threads', 'without'];

const sizeText = ({ width, height, scale }) => `${width} x ${height}${scale === 1 ? '' : `, drawn at ${scale}`}`;
const cell = (text) => String(text ?? '').replaceAll('|', '\\|');
const MISSING = [
  [/thread/, 'threads'],
  [/store/, 'storage'],
  [/worker/, 'a worker'],
];
const without = (missing) =>
  missing === null ? '' : missing.map((each) => MISSING.find(([words]) => words.test(each))?.[1] ?? each).join(', ');

function cells(tool, page, row) {
  if (row.trains === undefined) return [tool, page, row.way, 'none', '', '', '', row.reason];
  const threads = row.later && row.later !== row.threads ? `${row.threads}, then ${row.later}` : row.threads;
  return [
    tool,
    page,
    row.way,
    row.trains,
    sizeText(row.size),
    row.escape ? 'yes' : 'no',
    threads,
    without(row.missing),
  ];
}

async function tryRecipe(name, built) {
  const { build } = await import(`./${name}.mjs`);
  const made = await build(built);
  if (made.missing) return [[RECIPES[name], '', 'not tried', '', '', '', '', made.missing]];
  const server = made.origin ? made : await serveBare(made.root, { headers: made.headers });
  const tool = `${RECIPES[name]} ${made.version}`.trim();
  const browser = await openBrowser();
  const rows = [];
  try {
    for (const { path: file, name: page = '', show } of made.pages) {
      const label = `${name}-${file.replace(/\W+/g, '-')}`;
      for (const row of await lookAt(browser, `${server.origin}/${file}`, { name: label, show })) {
        rows.push(cells(tool, page, row));
        for (const problem of new Set(row.problems)) console.error(`  ${label}: ${problem}`);
      }
      if (!rows.some((row) => row[1] === page)) rows.push([tool, page, 'no frame', 'none', '', '', '', '']);
    }
  } finally {
    await browser.close();
    await server.close();
  }
  return rows;
}

const table = (rows) =>
  [HEAD, HEAD.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

async function update(rows) {
  const file = path.join(repository, 'docs/recipes.md');
  const text = await readFile(file, 'utf8');
  const [begin, end] = ['<!-- table -->', '<!-- end -->'];
  const [before, rest] = text.split(begin);
  await writeFile(file, `${before}${begin}\n\n${table(rows)}\n\n${end}${rest.split(end)[1]}`);
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { update: { type: 'boolean' } } });
  const names = positionals.length ? positionals : Object.keys(RECIPES);
  const unknown = names.find((name) => !Object.hasOwn(RECIPES, name));
  if (unknown) throw new Error(`There is no recipe "${unknown}"; there are ${Object.keys(RECIPES).join(', ')}.`);
  const built = { site, html: process.env.HOURGLASS_HTML || path.join(path.dirname(site), 'hourglass.html') };
  for (const each of Object.values(built)) {
    if (!existsSync(each)) throw new Error(`${each} is missing: build it with ./dev site.`);
  }
  const rows = [];
  for (const name of names) {
    console.error(`${RECIPES[name]} ...`);
    rows.push(...(await tryRecipe(name, built)));
  }
  console.log(table(rows));
  if (values.update) await update(rows);
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
} finally {
  await removeFolders();
}
