// Where the time of a training step goes: perf natively, Chromium's profiler for wasm, a few lines each.

import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { NETS, pageSettings } from './nets.mjs';
import { program, repository } from './peers/processes.mjs';

const run = promisify(execFile);
const LINES = 10;

// A C++ name without what the compiler has made of its templates and arguments.
export function shortName(name) {
  let text = name
    .replace(/\(anonymous namespace\)::/g, '')
    .replace(/ ?\[clone [^\]]*\]/g, '')
    .replace(/::operator\(\)/g, '');
  while (/<[^<>]*>/.test(text)) text = text.replace(/<[^<>]*>/g, '');
  text = text
    .replace(/\(.*$/, '')
    .replace(/^.*\s(?=\S+$)/, '')
    .replace(/hourglass::/g, '');
  return text || name.slice(0, 60);
}

// [[name, samples], ...] -> lines such as "43%  name", those of the same short name added up.
export function topLines(counts) {
  const sums = new Map();
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  const total = [...sums.values()].reduce((sum, count) => sum + count, 0);
  return [...sums]
    .sort((a, b) => b[1] - a[1])
    .slice(0, LINES)
    .filter(([, count]) => count / total >= 0.005)
    .map(([name, count]) => `${((100 * count) / total).toFixed(1).padStart(5)}%  ${name}`);
}

async function nativeProfile(net) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-profile-'));
  const file = path.join(folder, 'perf.data');
  try {
    await run(
      'perf',
      [
        'record',
        '-q',
        '-F',
        '997',
        '-o',
        file,
        program,
        'bench',
        '--json',
        '--threads',
        '1',
        '--seconds',
        '4',
        ...net.native,
      ],
      { maxBuffer: 1 << 26 },
    );
    const { stdout } = await run(
      'perf',
      [
        'report',
        '-q',
        '-i',
        file,
        '--no-children',
        '--stdio',
        '--sort',
        'symbol',
        '--field-separator',
        '\t',
        '--percentage',
        'relative',
      ],
      { maxBuffer: 1 << 26 },
    );
    const counts = stdout
      .split('\n')
      .flatMap((line) => {
        const [share, symbol] = line.split('\t');
        const match = /^\[(\S)\] (.*)$/.exec(symbol?.trim() ?? '');
        if (!match || !(parseFloat(share) > 0)) return [];
        return [[match[1] === 'k' ? 'the kernel' : shortName(match[2].trim()), parseFloat(share)]];
        // The probe of the peak and the drawing of Strokes are the benchmark's, not the step's.
      })
      .filter(([name]) => !/^run_(avx|sse|eigen)|stroke|raster|capsule/i.test(name));
    return topLines(counts);
  } catch (error) {
    return [
      `not measured: ${error.code === 'ENOENT' ? 'perf is not here (Debian: linux-perf)' : error.message.split('\n')[0]}`,
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// A file of what was built, whatever preset has built it.
const built = (name) =>
  readdirSync(`${repository}build`)
    .map((folder) => `${repository}build/${folder}/${name}`)
    .find(existsSync);

// Names of the functions of a built engine by number, from the table that the linker wrote beside it; null without one.
function symbols(module) {
  const file = built(`${module}.js.symbols`);
  if (!file) return null;
  return new Map(
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => {
        const colon = line.indexOf(':');
        // What is no letter or digit stands there as a backslash and its code.
        const name = line
          .slice(colon + 1)
          .replace(/\\([0-9a-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
        return [Number(line.slice(0, colon)), name];
      }),
  );
}

// The engine in one piece in the place of the two parts that the site has: the table of names is of that.
const WHOLE = /\/(engine[\w-]*\.wasm)(\.lzma)?$/;
function answerWhole(route) {
  const [, file, isPacked] = WHOLE.exec(new URL(route.request().url()).pathname);
  return isPacked
    ? route.fulfill({ status: 404 })
    : route.fulfill({ path: built(file), contentType: 'application/wasm' });
}

async function wasmProfile(browser, net) {
  const session = await browser.engine.context().newCDPSession(browser.engine);
  try {
    await browser.engine.route(WHOLE, answerWhole);
    // In the page's own thread, where the profiler reaches it.
    await browser.engine.evaluate((options) => window.peer.startHere(options), { settings: pageSettings(net) });
    await session.send('Profiler.enable');
    await session.send('Profiler.setSamplingInterval', { interval: 500 });
    await session.send('Profiler.start');
    await browser.engine.evaluate(() => window.peer.trainHere(3));
    const { profile } = await session.send('Profiler.stop');
    const module = await browser.engine.evaluate(() => window.peer.moduleHere());
    await browser.engine.evaluate(() => window.peer.endHere());
    const names = symbols(module);
    const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
    const counts = profile.samples.flatMap((id) => {
      const { functionName, url } = nodes.get(id);
      if (functionName === '(idle)') return [];
      const number = /^wasm-function\[(\d+)\]$/.exec(functionName)?.[1];
      if (number !== undefined)
        return [[names?.has(Number(number)) ? shortName(names.get(Number(number))) : functionName, 1]];
      return [[url.startsWith('wasm') ? shortName(functionName) : 'JavaScript and the browser', 1]];
    });
    return topLines(counts);
  } catch (error) {
    return [`not measured: ${error.message.split('\n')[0]}`];
  } finally {
    await browser.engine.unroute(WHOLE);
    await session.detach();
  }
}

export async function profileText({ browser, say }) {
  const parts = [];
  for (const key of ['deep', 'convolutional']) {
    const net = NETS[key];
    say(`profile of ${key}`);
    const block = (title, lines) => `${title}:\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\``;
    parts.push(block(`\`${key}\`, natively on one thread (perf)`, await nativeProfile(net)));
    parts.push(block(`\`${key}\`, in Chromium on one thread (its profiler)`, await wasmProfile(browser, net)));
  }
  return parts.join('\n\n');
}
