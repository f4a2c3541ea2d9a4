// Measures Hourglass beside its peers and against its goals, in one run: `./dev bench`; see --help.
//
// First every program must compute the same (check.mjs). Then rounds (rounds.mjs), in which everything has its turn. What is
// reported are medians, and ratios taken within a round.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { checkAgreement } from './check.mjs';
import { importMeasures, importRows } from './imports.mjs';
import { loadingMeasures, speedMeasures } from './measures.mjs';
import { measureMemory } from './memory.mjs';
import { openingMeasures } from './opening.mjs';
import { ownDataMeasures, ownDataRows } from './own_data.mjs';
import { profileText } from './profile.mjs';
import { startBrowser } from './peers/browser.mjs';
import { hourglass, repository, startTorch } from './peers/processes.mjs';
import { table } from './report.mjs';
import { resultsText } from './results.mjs';
import { evaluate, runRounds } from './rounds.mjs';
import { pageRows, speedRows } from './rows.mjs';
import { sweepText } from './sweeps.mjs';
import { tableMeasures, tableRows } from './tables.mjs';
import { tsneMeasures, tsneRows, tsneTable } from './tsne.mjs';

const USAGE = `./dev bench [--rounds N] [--seconds S] [--only PATTERN] [--soak S] [--quick]

  --rounds N      rounds after the one that warms up; 5 if left out
  --seconds S     how long each program trains in a round; 1.5 if left out
  --only PATTERN  only rows whose text contains this (a regular expression, small letters or not); sweep and profile are
                  those parts
  --soak S        how long the page trains while its memory is watched; 30 if left out; with 300 or more,
                  five minutes before that do not count, and its growth is told: 600 for the table
  --quick         3 rounds of 0.7 seconds, memory for 10

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
        soak: { type: 'string' },
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
  if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= 100))
    fail('--rounds must be a whole number from 1 to 100.');
  if (!(seconds >= 0.5 && seconds <= 600)) fail('--seconds must be a number from 0.5 to 600.');
  const soak = Number(values.soak ?? (values.quick ? 10 : 30));
  if (!(soak >= 4 && soak <= 86400)) fail('--soak must be a number of seconds from 4 to 86400.');
  let only = null;
  try {
    if (values.only !== undefined) only = new RegExp(values.only, 'i');
  } catch {
    fail(`--only '${values.only}' is no regular expression.`);
  }
  return { rounds, seconds, only, soak, quick: values.quick, whole: !only && !values.quick };
}

async function main() {
  const options = readOptions();
  const threads = Math.max(2, Math.min(os.availableParallelism(), 8));
  const rows = [
    ...speedRows({ threads }),
    ...tsneRows({ threads }),
    ...tableRows(),
    ...pageRows(),
    ...importRows(),
    ...ownDataRows(),
  ].filter(({ what }) => !options.only || options.only.test(what));
  if (rows.length === 0 && !['sweep', 'profile'].some((part) => options.only.test(part))) {
    fail(`--only ${options.only}: no row says that.`);
  }
  const say = (line) => process.stderr.write(`${line}\n`);

  const torch = await startTorch();
  const browser = await startBrowser();
  const closers = [];
  try {
    const versions = {
      hourglass: (await hourglass('--version')).trim(),
      torch: torch && (await torch.ask({ do: 'versions' })).torch,
      tfjs: browser.tfjs && (await browser.tfjs.evaluate(() => window.peer.start())),
      chromium: browser.version,
    };
    // Pages, reading and maps compute nothing that a peer computes too.
    const trains = rows.some(({ uses }) =>
      uses.some((name) => /^(native|Chromium) (?!loading|t-SNE|table)/.test(name)),
    );
    const agreement = !trains ? [] : await checkAgreement({ torch, browser, threads });
    agreement.forEach(say);

    const mnist = existsSync(`${repository}build/site/data/mnist`);
    const measures = {
      ...speedMeasures({ torch, browser, seconds: options.seconds, threads }),
      ...loadingMeasures({ browser, mnist, threads }),
      ...importMeasures(),
      ...ownDataMeasures(),
      ...(rows.some(({ what }) => what.startsWith('t-SNE')) && (await tsneMeasures({ browser, threads }))),
      ...(rows.some(({ uses }) => uses.includes('native table')) && (await tableMeasures())),
      ...openingMeasures({ browser, closers }),
      memory: {
        missing: mnist ? null : 'MNIST is not here (./dev data)',
        once: true,
        run: () => measureMemory({ seconds: options.soak, say }),
      },
    };
    const names = Object.keys(measures).filter((name) => rows.some(({ uses }) => uses.includes(name)));
    const measured = await runRounds(measures, names, options.rounds, say);
    const goals = rows.map((row) => evaluate(row, measured));

    const wanted = (part) => !options.only || options.only.test(part);
    const sweeps =
      wanted('sweep') &&
      (await sweepText({
        browser,
        cores: os.availableParallelism(),
        rounds: options.quick ? 1 : 3,
        seconds: options.quick ? 0.5 : 1,
        say,
      }));
    const profile = wanted('profile') && (await profileText({ browser, say }));

    const file = options.whole ? 'bench/RESULTS.md' : 'build/bench/RESULTS.md';
    mkdirSync(path.join(repository, path.dirname(file)), { recursive: true });
    writeFileSync(
      path.join(repository, file),
      resultsText({ options, versions, agreement, goals, measured, maps: tsneTable(measured), sweeps, profile }),
    );
    console.log(
      `\n${table(
        ['what', 'goal', 'measured', 'met'],
        goals.map((goal) => [goal.what, goal.goal, goal.measured, goal.met]),
      )}`,
    );
    console.log(`\nWritten to ${file}.`);
  } finally {
    torch?.close();
    for (const close of closers) close();
    await browser.close();
  }
}

// Or only the browsers would close, and the rest be measured without them.
process.once('SIGTERM', () => process.exit(143));

main().catch((error) => {
  console.error(`The benchmark stopped: ${error.message}`);
  process.exit(1);
});
