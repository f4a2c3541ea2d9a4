// What browsers want to know of a page before they install it: the manifest and the icons.

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { drawIcon, readMark } from './icons.mjs';

const page = fileURLToPath(new URL('../page/', import.meta.url));

const GROUND = [0xf4, 0xf1, 0xea]; // of page.css
// Systems that cut icons to a shape of their own leave a circle of four fifths of the side.
const INSIDE = 0.62;

const ICONS = [
  { file: 'icon-192.png', side: 192, purpose: 'any' },
  { file: 'icon-512.png', side: 512, purpose: 'any' },
  { file: 'icon-maskable-512.png', side: 512, purpose: 'maskable', ground: GROUND, share: INSIDE },
  // iOS looks at no manifest for it, but at a link in the page.
  { file: 'icon-apple-180.png', side: 180, ground: GROUND, share: 0.8 },
];

// Writes them into the folder `site`.
export async function writeInstallFiles(site) {
  const mark = await readMark(path.join(page, 'favicon.svg'));
  for (const { file, side, ...look } of ICONS) await writeFile(path.join(site, file), drawIcon(mark, side, look));
  await copyFile(path.join(page, 'favicon.svg'), path.join(site, 'favicon.svg'));
  const manifest = JSON.parse(await readFile(path.join(page, 'hourglass.webmanifest'), 'utf8'));
  manifest.icons = ICONS.filter(({ purpose }) => purpose).map(({ file, side, purpose }) => ({
    src: file,
    sizes: `${side}x${side}`,
    type: 'image/png',
    purpose,
  }));
  await writeFile(path.join(site, 'hourglass.webmanifest'), JSON.stringify(manifest));
}
