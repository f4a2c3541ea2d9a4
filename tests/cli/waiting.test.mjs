// No test may know how fast the machine is: what comes first is made by the test, what is to happen is waited for, and
// nothing is asserted about how long it takes. Here all tests are read for what would be such knowledge.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { repository } from './support.mjs';

const CLOCKS = {
  '.mjs': /\bsetTimeout\b|\bsetInterval\b|waitForTimeout|performance\.now|Date\.now|hrtime|[tT]imeout(?:: | = )\d/,
  '.cpp': /sleep_for|sleep_until|\bwait_for\(|wait_until|_clock\b|\btime\((?:nullptr|NULL|0)\)|gettimeofday/,
};
CLOCKS['.h'] = CLOCKS['.cpp'];

// Where a clock is right: file, a part of the line, and why the outcome does not hang on the machine's speed.
const ALLOWED = [
  ['support/waiting.mjs', 'setTimeout(resolve, ms)', 'the pause between two looks'],
  ['support/waiting.mjs', 'performance.now()', 'the end of all patience, and the time that a rate is reckoned with'],
  ['support/waiting.mjs', 'reject(late), milliseconds)', 'the end of all patience, or of a part of it'],
  ['support/waiting.mjs', "child.kill('SIGKILL'), PATIENCE_MS", 'the end of all patience'],
  ['browser/support.mjs', 'setTimeout(() => self.close())', 'a task of its own, which comes next'],
  ['browser/weight.test.mjs', '??= performance.now()', 'what was asked for before this moment counts, whenever it is'],
  ['browser/element.test.mjs', 'setInterval(() => parent.frames[0].postMessage', 'a window that says it over and over'],
  ['support/session_driver.h', 'using Clock = std::chrono::steady_clock', 'a type; the time is turned by the test'],
  ['ui/documents_test.cpp', 'steady_clock::time_point now_', 'a type; the time is turned by the test'],
  ['harden/out_of_memory.cpp', 'steady_clock::time_point', 'a type; the time is turned by the program'],
  ['data/temporary_folder.h', 'steady_clock::now().time_since_epoch().count()', 'a name that no other folder has'],
];

const folder = path.join(repository, 'tests');

function* linesWithClocks() {
  for (const name of readdirSync(folder, { recursive: true }).map((each) => each.replaceAll(path.sep, '/'))) {
    const clocks = CLOCKS[path.extname(name)];
    if (!clocks || name === 'cli/waiting.test.mjs' || name.includes('node_modules/')) continue;
    for (const [i, line] of readFileSync(path.join(folder, name), 'utf8').split('\n').entries()) {
      if (clocks.test(line)) yield { name, number: i + 1, line: line.trim() };
    }
  }
}

test('no test looks at a clock, but where it is said why', () => {
  const unused = new Set(ALLOWED);
  const wrong = [];
  for (const { name, number, line } of linesWithClocks()) {
    const reason = ALLOWED.find(([file, part]) => file === name && line.includes(part));
    if (reason) unused.delete(reason);
    else wrong.push(`tests/${name}:${number}: ${line}`);
  }
  assert.deepEqual(
    wrong,
    [],
    'Wait for what is to happen (tests/support/waiting.mjs, untilState() and its like in the ' +
      'browser, Driver::advance_until() in C++), or say in tests/cli/waiting.test.mjs why a clock is right there.',
  );
  assert.deepEqual(
    [...unused].map(([file, part]) => `${file}: ${part}`),
    [],
    'These are allowed and not there any more.',
  );
});
