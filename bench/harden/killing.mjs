// Part "killed": kill -9 at random moments, and at each system call that changes a file.

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { program } from '../../tests/cli/support.mjs';
import { assertWhole, clear, counted, failing, goOn, run, same } from '../../tests/harden/runs.mjs';

// So much faster clocks run for the program: what is saved once a second is saved after every mini-batch.
const HURRY = 1_000_000;

// A generator of numbers in [0, 1) that gives the same for the same seed (Marsaglia, "Xorshift RNGs", 2003).
export function numbers(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

// Kills the run after so many milliseconds, unless it has ended by then.
function runAndKill(args, env, milliseconds) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (piece) => (stderr += piece));
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stderr });
    });
  });
}

export async function killed({ folder, goes, fault, seed }) {
  mkdirSync(folder, { recursive: true });
  const whole = path.join(folder, 'whole'),
    parts = path.join(folder, 'parts');
  const random = numbers(seed);
  const count = path.join(folder, 'count');
  const calm = (extra = {}) => failing(folder, { HURRY, ...extra });
  clear(whole);
  const began = performance.now();
  const first = run(goOn(whole), calm({ COUNT: count }));
  if (first.code !== 0) throw new Error(`the run that nobody kills failed: ${first.stderr}`);
  const length = performance.now() - began;
  const [calls] = counted(count);
  let attempts = 0,
    at = 0;
  const kinds = ['kill', 'kill-half', 'kill-after'];
  while (goes()) {
    clear(parts);
    // One run is begun, killed and resumed until it comes to its end.
    for (let deaths = 0; goes(); ++deaths) {
      const say = (wrong) => fault(`after ${deaths} kills (attempt ${attempts}): ${wrong.message}`);
      const threads = 1 + (deaths % 2);
      let ended;
      if (random() < 0.5) {
        at = (at % calls) + 1;
        const KIND = kinds[Math.floor(random() * kinds.length)];
        ended = run(goOn(parts, threads), calm({ KIND, AT: deaths < 8 ? at : calls * 2 }));
      } else {
        ended = await runAndKill(goOn(parts, threads), calm(), random() * length * (1 + deaths / 4));
      }
      ++attempts;
      try {
        assertWhole(parts);
        if (ended.signal === 'SIGKILL') continue;
        // Killed when all of it was written, it has nothing to go on with.
        const isDone = ended.code === 0 || /epochs already/.test(ended.stderr ?? '');
        if (!isDone) throw new Error(`it went on with exit status ${ended.code}: ${ended.stderr}`);
        same(whole, parts);
      } catch (wrong) {
        say(wrong);
      }
      break;
    }
  }
  return attempts;
}
