// Pandoc, which makes the pages of Quarto, from Debian: a page with files beside it, and one in which everything is one
// file (embed-resources of Quarto).

import { example, putHourglass, run, versionOf } from './tools.mjs';

const HEAD = '<link rel="icon" href="data:,"><script src="hourglass/hourglass-playground.js"></script>';

export async function build(built) {
  const program = process.env.HOURGLASS_PANDOC || 'pandoc';
  const version = await versionOf(program);
  if (!version) return { missing: 'there is no pandoc' };
  const root = await example('quarto');
  await putHourglass(built, root);
  const page = (name, ...more) =>
    run(program, ['--from', 'markdown', '--standalone', `${name}.qmd`, ...more, '--output', `${name}.html`], {
      cwd: root,
    });
  await page('first', '-V', `header-includes=${HEAD}`);
  await page('alone', Number(version.split('.')[0]) >= 3 ? '--embed-resources' : '--self-contained');
  return { version, root, pages: [{ path: 'first.html' }, { path: 'alone.html', name: 'embed-resources' }] };
}
