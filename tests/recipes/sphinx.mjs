// Sphinx with MyST-Parser, which Jupyter Book 1 is made of, from Debian.

import path from 'node:path';

import { example, putHourglass, run, versionOf } from './tools.mjs';

export async function build(built) {
  const version = await versionOf('sphinx-build');
  if (!version) return { missing: 'there is no sphinx-build (python3-sphinx, python3-myst-parser)' };
  const folder = await example('sphinx');
  await putHourglass(built, path.join(folder, '_static'));
  const root = path.join(folder, '_build');
  await run('sphinx-build', ['-q', '-b', 'html', folder, root]);
  return {
    version,
    root,
    pages: [{ path: 'autoencoders/first.html' }, { path: 'autoencoders/second.html', name: 'MyST-Parser' }],
  };
}
