// MyST (mystmd), which Jupyter Book 2 is made of, from npm. Its themes are fetched from a server of its own while it
// builds, so the pages are made here of what it makes of the Markdown, by the same renderers that its book theme uses.

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { example, npmPackages, putHourglass, run, temporaryFolder } from './tools.mjs';

const VERSION = '1.8.3';
const RENDERERS = ['myst-to-react@1.3.0', '@myst-theme/providers@1.4.1', 'react@18.3.1', 'react-dom@18.3.1'];

const RENDER = `
import { readFile } from 'node:fs/promises';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { MyST, DEFAULT_RENDERERS } from 'myst-to-react';
import { ThemeProvider } from '@myst-theme/providers';
const { mdast } = JSON.parse(await readFile(process.argv[2], 'utf8'));
const theme = { theme: 'light', renderers: DEFAULT_RENDERERS, Link: 'a' };
console.log(renderToStaticMarkup(createElement(ThemeProvider, theme, createElement(MyST, { ast: mdast }))));
`;

export async function build(built) {
  const folder = await example('myst');
  const tools = await temporaryFolder();
  await npmPackages(tools, `mystmd@${VERSION}`, ...RENDERERS);
  const config = path.join(folder, 'myst.yml');
  await writeFile(
    path.join(folder, 'template.yml'),
    'jtex: v1\nkind: site\ntitle: none\nversion: 1.0.0\noptions: []\n',
  );
  await writeFile(config, (await readFile(config, 'utf8')).replace('template: book-theme', 'template: ./'));
  await run(path.join(tools, 'node_modules/.bin/myst'), ['build', '--site'], { cwd: folder });
  await writeFile(path.join(tools, 'render.mjs'), RENDER);
  const content = path.join(folder, '_build/site/content/index.json');
  const body = await run('node', ['render.mjs', content], { cwd: tools });
  const root = await temporaryFolder();
  await putHourglass(built, root);
  // Two classes of the theme's style sheet, by which its frames are as high as they are.
  const style = '<style>.relative { position: relative } .inline-block { display: inline-block }</style>';
  const head = `<meta charset="utf-8"><title>Autoencoders</title><link rel="icon" href="data:,">${style}`;
  await writeFile(path.join(root, 'index.html'), `<!doctype html><html lang="en">${head}<main>${body}</main></html>`);
  return { version: VERSION, root, pages: [{ path: 'index.html' }] };
}
