// The programs that are measured outside a browser: Hourglass's command line and PyTorch.

import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import readline from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const repository = fileURLToPath(new URL('../../', import.meta.url));
export const program = `${repository}build/native/hourglass`;

// Runs the command line; resolves with what it printed, rejects with what it complained of.
export async function hourglass(...args) {
  try {
    const { stdout } = await run(program, args, { maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    throw new Error(error.stderr?.trim() || error.message);
  }
}

export const hourglassBench = async (...args) =>
  JSON.parse((await hourglass('bench', '--json', ...args)).trim().split('\n').at(-1));

// A PyTorch process that answers one command at a time; null if this machine has no PyTorch.
export async function startTorch() {
  // The first python3 on the PATH need not be the one that the system's packages serve.
  for (const python of ['python3', '/usr/bin/python3']) {
    if (python.startsWith('/') && !existsSync(python)) continue;
    try {
      await run(python, ['-c', 'import torch, numpy']);
    } catch {
      continue;
    }
    // OpenBLAS has threads of its own, and must be free to choose its kernels by the processor.
    const { OPENBLAS_CORETYPE: _, ...env } = process.env;
    const child = spawn(python, [fileURLToPath(new URL('torch_peer.py', import.meta.url))], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' },
    });
    const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      async ask(command) {
        child.stdin.write(`${JSON.stringify(command)}\n`);
        const { value, done } = await lines.next();
        if (done) throw new Error('PyTorch ended without an answer.');
        return JSON.parse(value);
      },
      close: () => child.stdin.end(),
    };
  }
  return null;
}
