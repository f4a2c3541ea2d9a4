// reveal.js, from npm.

import { cp } from 'node:fs/promises';
import path from 'node:path';

import { example, npmPackages, putHourglass } from './tools.mjs';

const VERSION = '6.0.2';

export async function build(built) {
  const root = await example('reveal');
  await npmPackages(root, `reveal.js@${VERSION}`);
  await cp(path.join(root, 'node_modules/reveal.js'), path.join(root, 'reveal.js'), { recursive: true });
  await putHourglass(built, root);
  return { version: VERSION, root, pages: [{ path: 'index.html', show: slide }] };
}

async function slide(page, i) {
  await page.waitForFunction(() => window.Reveal?.isReady(), null, { polling: 100 });
  await page.evaluate((index) => {
    window.Reveal.configure({ transition: 'none' }); // what moves is no target for a pointer
    window.Reveal.slide(index);
  }, i);
}
