// Measures Hourglass beside its peers and against its goals, in one run: `./dev bench`; see --help.
//
// First every program must compute the same (check.mjs). Then rounds (rounds.mjs), in which everything has its turn. What is
// reported are medians, and ratios taken within a round.

import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { checkAgreement } from './check.mjs';
import { speedMeasures } from './measures.mjs';
import { startBrowser } from './peers/browser.mjs';
import { hourglass, repository, startTorch } from './peers/processes.mjs';
import { table } from './report.mjs';
import { resultsText } from './results.mjs';
import { evaluate, runRounds } from './rounds.mjs';
import { speedRows } from './rows.mjs';

const USAGE = `./dev bench [--rounds N] [--seconds S] [--only PATTERN] [--quick]

  --rounds N      rounds after the one that warms up; 5 if left out
  --seconds S     how long each program trains in a round; 1.5 if left out
  --only PATTERN  only rows whose text contains this (a regular expression, small letters or not)
  --quick         3 rounds of 0.7 seconds

A whole run is written to bench/RESULTS.md, one of --only or --quick to build/bench/RESULTS.md.`;

function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    fail(`${error.message.split('\n')[0].replace(/\.?$/, '.')} ./dev bench --help lists the options.`);
  }
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 5));
  const seconds = Number(values.seconds ?? (values.quick ? 0.7 : 1.5));
  if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= 100)) fail('--rounds must be a whole number from 1 to 100.');
  if (!(seconds >= 0.5 && seconds <= 600)) fail('--seconds must be a number from 0.5 to 600.');
  let only = null;
  try {
    if (values.only !== undefined) only = new RegExp(values.only, 'i');
  } catch {
    fail(`--only '${values.only}' is no regular expression.`);
  }
  return { rounds, seconds, only, whole: !only && !values.quick };
}

async function main() {
  const options = readOptions();
  const threads = Math.max(2, Math.min(os.availableParallelism(), 8));
  const rows = speedRows({ threads }).filter(({ what }) => !options.only || options.only.test(what));
  if (rows.length === 0) fail(`--only ${options.only}: no row says that.`);
  const say = (line) => process.stderr.write(`${line}\n`);

  const torch = await startTorch();
  const browser = await startBrowser();
  try {
    const versions = {
      hourglass: (await hourglass('--version')).trim(),
      torch: torch && (await torch.ask({ do: 'versions' })).torch,
      tfjs: browser.tfjs && await browser.tfjs.evaluate(() => window.peer.start()),
      chromium: browser.version,
    };
    const agreement = await checkAgreement({ torch, browser, threads });
    agreement.forEach(say);

    const measures = speedMeasures({ torch, browser, seconds: options.seconds, threads });
    const names = Object.keys(measures).filter((name) => rows.some(({ uses }) => uses.includes(name)));
    const measured = await runRounds(measures, names, options.rounds, say);
    const goals = rows.map((row) => evaluate(row, measured));

    const file = options.whole ? 'bench/RESULTS.md' : 'build/bench/RESULTS.md';
    mkdirSync(path.join(repository, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(repository, file), resultsText({ options, versions, agreement, goals, measured }));
    console.log(`\n${table(['what', 'goal', 'measured', 'met'], goals.map((goal) => [goal.what, goal.goal, goal.measured, goal.met]))}`);
    console.log(`\nWritten to ${file}.`);
  } finally {
    torch?.close();
    await browser.close();
  }
}

main().catch((error) => {
  console.error(`The benchmark stopped: ${error.message}`);
  process.exit(1);
});
