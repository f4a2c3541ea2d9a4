// Tries to lose what somebody has trained, and to get in: writes bench/RELIABILITY.md.
// `./dev harden [--hours N] [--minutes N] [--only PART] [--seed N]`
//
// The parts share the time out among themselves. What is found is printed as it is found and makes the exit status 1;
// inputs that a reader stumbled over are in build/harden/faults/READER/.

import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { fuzzing } from './harden/fuzzing.mjs';
import { killed, numbers } from './harden/killing.mjs';
import { failingSystem, outOfMemory, withoutMemory } from './harden/starving.mjs';
import { repository } from './peers/processes.mjs';
import { commit, machine, table, today } from './report.mjs';

const folder = `${repository}build/harden`;
const measuredFile = `${folder}/measured.json`;
const reportFile = `${repository}bench/RELIABILITY.md`;

// Each with its share of the time and what is counted.
const PARTS = [
  { name: 'fuzzing', share: 0.4, work: fuzzing, unit: 'inputs read', title: 'Damaged and made-up files' },
  { name: 'killed', share: 0.25, work: killed, unit: 'runs killed or resumed', title: 'Killed at any moment' },
  { name: 'system', share: 0.15, work: failingSystem, unit: 'runs', title: 'A system that fails' },
  { name: 'memory', share: 0.1, work: withoutMemory, unit: 'runs', title: 'No memory, command line' },
  { name: 'session', share: 0.1, work: outOfMemory, unit: 'sessions', title: 'No memory, session' },
];

function refuse(sentence) {
  console.error(sentence);
  process.exit(2);
}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        hours: { type: 'string' },
        minutes: { type: 'string' },
        only: { type: 'string' },
        seed: { type: 'string', default: '1' },
      },
    }));
  } catch (error) {
    refuse(error.message);
  }
  for (const name of ['hours', 'minutes', 'seed']) {
    if (values[name] !== undefined && !/^\d{1,6}(\.\d{1,6})?$/.test(values[name])) {
      refuse(`--${name} is "${values[name]}" where a number is wanted.`);
    }
  }
  const names = PARTS.map(({ name }) => name);
  if (values.only !== undefined && !names.includes(values.only)) {
    refuse(`There is no part "${values.only}": the parts are ${names.join(', ')}.`);
  }
  const given = Number(values.hours ?? 0) * 3600 + Number(values.minutes ?? 0) * 60;
  return { seconds: given || 600, only: values.only, seed: Number(values.seed) };
}

// What was found and mended, by part; written by hand as it is mended.
const mended = () => JSON.parse(readFileSync(`${repository}bench/harden/mended.json`, 'utf8'));

function report(measured) {
  const known = mended();
  const rows = PARTS.map(({ name, title, unit }) => {
    const last = measured[name];
    const found = (known[name] ?? []).length;
    if (!last) return [title, 'not measured', '', found, '', ''];
    const { attempts, faults, seconds } = last;
    const minutes = Math.max(1, Math.round(seconds / 60));
    return [
      title,
      `${attempts.toLocaleString('en')} ${unit}`,
      faults.length,
      found,
      `${minutes} min`,
      `${last.date}, ${last.commit}`,
    ];
  });
  const readers = measured.fuzzing?.rows ?? [];
  const list = Object.values(known).flat();
  return `# What was tried to lose or break something

Made by \`./dev harden\`, which writes this file; \`./dev harden --only PART\` measures one part again, of
${PARTS.map(({ name }) => name).join(', ')}. Each of its parts has a short one among the tests, which always does the same.

- Machine: ${machine()}.
- An attempt is one input read, one run, or one session. A fault is whatever is not the promise: a crash, an input that
  takes more than a second of the processor or more memory than its size justifies, a file that is neither the old
  nor the new one, a resumed run with other bits, a failure without a sentence.
- "Found now" is what the last measurement found and is not mended; "mended" counts all that were found and mended.

${table(['part', 'attempts', 'found now', 'mended', 'for', 'measured'], rows)}

## Readers

${table(
  ['reader', 'inputs', 'edges of the code reached'],
  readers.map(([name, executions, edges]) => [name, executions.toLocaleString('en'), edges]),
)}

## Faults found and mended

${list.map((sentence) => `- ${sentence}`).join('\n')}
`;
}

const { seconds, only, seed } = readOptions();
mkdirSync(folder, { recursive: true });
const measured = existsSync(measuredFile) ? JSON.parse(readFileSync(measuredFile, 'utf8')) : {};
const chosen = PARTS.filter(({ name }) => !only || name === only);
const shares = chosen.reduce((sum, { share }) => sum + share, 0);
let total = 0;
for (const { name, share, work, unit } of chosen) {
  const faults = [];
  const began = performance.now(),
    allowed = (seconds * share) / shares;
  const note = (line) => console.log(line);
  const outcome = await work({
    folder: `${folder}/${name}`,
    seconds: allowed,
    goes: () => performance.now() - began < 1000 * allowed,
    seed,
    random: numbers(seed),
    note,
    fault(sentence) {
      faults.push(sentence);
      note(`FAULT in ${name}: ${sentence}`);
      appendFileSync(`${folder}/faults.log`, `${today()} ${name}: ${sentence}\n`);
    },
  });
  const { attempts, rows } = typeof outcome === 'number' ? { attempts: outcome } : outcome;
  const spent = (performance.now() - began) / 1000;
  measured[name] = { attempts, rows, faults, seconds: spent, date: today(), commit: commit() };
  note(`${name}: ${attempts} ${unit}, ${faults.length} faults (${Math.round(spent)} s)`);
  total += faults.length;
  writeFileSync(measuredFile, JSON.stringify(measured, null, 1));
}
writeFileSync(reportFile, report(measured));
console.log(`The table is in ${reportFile}.`);
process.exit(total > 0 ? 1 : 0);
