// What every report of a measurement says: tables, and on which machine and commit.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';

import { repository } from './peers/processes.mjs';

export const table = (titles, rows) =>
  [titles, titles.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function processor() {
  try {
    return /^model name\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? os.cpus()[0].model;
  } catch {
    return os.cpus()[0].model;
  }
}

export const machine = () =>
  `${processor()}, ${os.availableParallelism()} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB`;

export const today = () => new Date().toISOString().slice(0, 10);

export const commit = () => {
  try {
    return execFileSync('git', ['-C', repository, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};

// A report's text before its first section, and its sections, each from its heading on.
const sectionsOf = (text) => text.split(/^(?=## )/m);
const headingOf = (section) => section.split('\n', 1)[0];

// `text` with `section`, which begins with its heading, in place of the one of that heading; else at the end.
export function withSection(text, section) {
  const all = sectionsOf(text);
  const place = all.findIndex((one) => headingOf(one) === headingOf(section));
  if (place < 0) return `${text.trimEnd()}\n\n${section}`;
  all[place] = place + 1 < all.length ? `${section}\n` : section;
  return all.join('');
}

// `text` and after it the sections of `older` that it lacks, which were made by something else.
export function withOtherSections(text, older) {
  const own = new Set(sectionsOf(text).map(headingOf));
  const others = sectionsOf(older).slice(1);
  return others
    .filter((section) => !own.has(headingOf(section)))
    .reduce((all, section) => `${all.trimEnd()}\n\n${section}`, text);
}
