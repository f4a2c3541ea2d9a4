// Jekyll, which GitHub Pages builds sites with, from Debian. The site stands in a folder of its server, as a project's does.

import { cp } from 'node:fs/promises';
import path from 'node:path';

import { example, putHourglass, run, temporaryFolder, versionOf } from './tools.mjs';

export async function build(built) {
  const version = await versionOf('jekyll');
  if (!version) return { missing: 'there is no jekyll' };
  const folder = await example('jekyll');
  await putHourglass(built, folder);
  const root = await temporaryFolder();
  const made = path.join(root, 'course');
  await run('jekyll', ['build', '--quiet', '--source', folder, '--destination', made], { cwd: folder });
  await cp(path.join(folder, '_config.yml'), path.join(root, 'config.yml'));
  return {
    version,
    root,
    // As GitHub Pages does; Jekyll itself is no server.
    headers: { 'Access-Control-Allow-Origin': '*' },
    pages: [{ path: 'course/autoencoders/first.html' }],
  };
}
