// mdBook, which ./dev recipes takes from a newer Debian suite; HOURGLASS_MDBOOK names the program.

import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';

import { example, putHourglass, run, versionOf } from './tools.mjs';

export async function build(built) {
  const program = process.env.HOURGLASS_MDBOOK || 'mdbook';
  const version = await versionOf(program);
  if (!version) return { missing: 'there is no mdbook' };
  const folder = await example('mdbook');
  await putHourglass(built, path.join(folder, 'src'));
  await mkdir(path.join(folder, 'hourglass'));
  const script = 'hourglass/hourglass-playground.js';
  await cp(path.join(folder, 'src', script), path.join(folder, script));
  await run(program, ['build', folder]);
  return {
    version,
    root: folder, // the book stands in a folder of its server, as a project's does
    pages: [{ path: 'book/autoencoders/first.html' }, { path: 'book/print.html', name: 'print page' }],
  };
}
