// The text of RESULTS.md.

import { NETS } from './nets.mjs';
import { commit, machine, table, today } from './report.mjs';
import { median, spread } from './statistics.mjs';

function peersText({ torch, tfjs, chromium }) {
  return [
    torch ? `PyTorch ${torch}, 1 thread` : 'PyTorch is not here (Debian: python3-torch)',
    tfjs
      ? `TensorFlow.js ${tfjs.version} on ${tfjs.backend} (SIMD ${tfjs.simd ? 'on' : 'off'}, ${tfjs.threads} thread)`
      : 'TensorFlow.js is not here (npm ci in bench/)',
    `Chromium ${chromium}`,
  ].join('; ');
}

// [program, net, images/s, GFLOP/s] for every measure that trains.
function speedTable(results) {
  const rows = [];
  for (const [name, list] of results) {
    const net = NETS[/(\w+)(, threads)?$/.exec(name)?.[1]];
    if (!net || list.length === 0) continue;
    const add = (program, speeds) =>
      rows.push([program, net.name, spread(speeds), net.mflop ? ((median(speeds) * net.mflop) / 1000).toFixed(1) : '']);
    const program = name.slice(0, name.lastIndexOf(name.endsWith(', threads') ? ' deep' : ' '));
    if (list[0].speeds) {
      for (const count of Object.keys(list[0].speeds)) {
        add(
          `${program}, ${count} ${count === '1' ? 'thread' : 'threads'}`,
          list.map(({ speeds }) => speeds[count]),
        );
      }
    } else {
      const { engine, threads = 1 } = list[0];
      add(
        `${program}, ${threads} ${threads === 1 ? 'thread' : 'threads'}${engine ? ` (${engine})` : ''}`,
        list.map(({ speed }) => speed),
      );
    }
  }
  return table(['program', 'net', 'images/s', 'GFLOP/s'], rows);
}

function peaksText(results) {
  const lines = [];
  const native = results.get('native deep');
  if (native?.length) {
    lines.push(`One core, natively, with ${native[0].vectors}: ${spread(native.map(({ peak }) => peak))} GFLOP/s.`);
  }
  const page = results.get('Chromium deep');
  if (page?.length) {
    const fma = page.map(({ fma_peak_gflops: value }) => value).filter(Boolean);
    lines.push(
      `In wasm, 128 bits: ${fma.length ? `${spread(fma)} GFLOP/s with relaxed multiply-add, ` : ''}` +
        `${spread(page.map(({ plain_peak_gflops: value }) => value))} with the two instructions of plain SIMD.`,
    );
  }
  return lines.join('\n');
}

const section = (title, text) => text && `\n## ${title}\n\n${text.trimEnd()}\n`;

// What the page's figures are made of.
function pageText(results) {
  const lines = [];
  const opening = results.get('opening, gzip')?.at(-1);
  if (opening) {
    const files = opening.files
      .slice(0, 8)
      .map(([path, bytes]) => `${path} ${(bytes / 1000).toFixed(0)}`)
      .join(', ');
    lines.push(
      `Bytes before the first training step, in KB with gzip, the largest of ${opening.files.length} files: ${files}.`,
    );
  }
  const memory = results.get('memory')?.[0];
  if (memory) {
    lines.push(
      `Memory, in MB: at most ${memory.most.toFixed(0)} private to the page's process (an empty page: ` +
        `${memory.empty.toFixed(0)}; with its share of what processes have in common: ${memory.proportional.toFixed(0)}` +
        `${memory.agent ? `; by measureUserAgentSpecificMemory(), all of the wasm memories' address space: ${memory.agent.toFixed(0)}` : ''}), ` +
        `while it trained for ${memory.seconds} s up to step ${memory.step.toLocaleString('en-US')} with ${memory.engine}, ` +
        `${memory.threads} ${memory.threads === 1 ? 'thread' : 'threads'}.`,
    );
    const every = Math.max(1, Math.floor(memory.samples.length / 10));
    lines.push(
      `Over time: ${memory.samples
        .filter((_, i) => i % every === 0 || i === memory.samples.length - 1)
        .map(([time, value]) => `${Math.round(time)} s ${value.toFixed(0)}`)
        .join(', ')}.`,
    );
  }
  return section('The page', lines.join('\n\n'));
}

export function resultsText({ options, versions, agreement, goals, measured: { results }, maps, sweeps, profile }) {
  const simd = results.get('native deep')?.[0]?.simd;
  const engine = results.get('Chromium deep')?.[0]?.engine;
  return `# Measured speed

Made by \`./dev bench\`, which writes this file; \`./dev bench --help\` says what can be left out. ${options.rounds} ${options.rounds === 1 ? 'round' : 'rounds'} after
one to warm up; in each, everything had its turn, and programs that train had ${options.seconds} s each. Medians, with the
least and the most in brackets; ratios are medians of ratios within a round.

- Machine: ${machine()}; shared with others, so trust ratios.
- Date: ${today()}; commit ${commit()}; ${versions.hourglass}${simd ? `, natively ${simd}` : ''}${engine ? `, in the page ${engine}` : ''}.
- Beside it: ${peersText(versions)}.
- Nets: relu, sigmoid at the end, binary cross-entropy, Adam, float32; \`deep\` is ${NETS.deep.name} with batch ${NETS.deep.batch}
  (${NETS.deep.mflop.toFixed(2)} MFLOP an image and step); \`convolutional\` is the preset, with batch ${NETS.convolutional.batch}.
- Checked first, on one checkpoint of each net:
${agreement.map((line) => `  - ${line}`).join('\n')}

## Goals

${table(
  ['what', 'goal', 'measured', 'met'],
  goals.map((goal) => [goal.what, goal.goal, goal.measured, goal.met]),
)}

## Images a second

${speedTable(results)}

Peaks of fused multiply-adds, which the shares are of:

${peaksText(results)}
${[pageText(results), section('Maps by t-SNE', maps), section('How cost grows', sweeps), section('Where the time goes', profile)].filter(Boolean).join('')}`;
}
