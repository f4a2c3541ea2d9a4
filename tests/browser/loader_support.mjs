// What the tests of the page's engine and of its isolation share.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

// What a page or a frame with the playground runs on.
export const engineOf = (page) =>
  page.evaluate(() => {
    const { engine, threads } = window.hourglass.state().network;
    return { isolated: window.crossOriginIsolated, engine, threads };
  });

export const registrations = (page) =>
  page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length));

export const noticed = (page) =>
  page
    .locator('.notice p')
    .allInnerTexts()
    .then((texts) => texts.join('\n'));

// A folder that is gone after the tests.
const folders = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));
export async function newFolder() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-loader-'));
  folders.push(folder);
  return folder;
}
