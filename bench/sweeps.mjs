// How cost grows: with the mini-batch, with the width, and how speed grows with threads, natively and in Chromium.

import { denseNet, pageSettings } from './nets.mjs';
import { hourglassBench } from './peers/processes.mjs';
import { table } from './report.mjs';
import { runRounds } from './rounds.mjs';
import { median } from './statistics.mjs';

const DEEP = [784, 128, 64, 32, 64, 128, 784];
const BATCHES = [64, 256, 1024, 4096];
const WIDTHS = [32, 128, 512, 2048];

// 1, 2, 4, ... and all.
export function threadCounts(cores) {
  const counts = [];
  for (let count = 1; count < cores; count *= 2) counts.push(count);
  return [...counts, cores];
}

// Sweeps in `rounds` rounds of `seconds` for each point. Returns the text for RESULTS.md.
export async function sweepText({ browser, cores, rounds, seconds, say }) {
  const points = [
    ...BATCHES.map((batch) => ({ name: `batch ${batch}`, net: denseNet(DEEP, batch) })),
    ...WIDTHS.map((width) => ({ name: `width ${width}`, net: denseNet([784, width, 784], 256) })),
  ];
  const inPage = (net, threads, once) =>
    browser.engine.evaluate((options) => window.peer.train(options), {
      settings: pageSettings(net),
      batch: net.batch,
      seconds,
      threads,
      once,
    });
  const measures = {};
  for (const { name, net } of points) {
    measures[`native ${name}`] = {
      run: async () => {
        const result = await hourglassBench('--threads', '1', '--seconds', String(Math.max(1, seconds)), ...net.native);
        return { speed: result.training[0].images_per_second, share: result.training[0].share_of_peak };
      },
    };
    measures[`Chromium ${name}`] = { run: async () => ({ speed: (await inPage(net, 1, true)).images_per_second }) };
  }
  const counts = threadCounts(cores);
  const deep = denseNet(DEEP, 256);
  measures['native threads'] = {
    run: async () => {
      const { training } = await hourglassBench(
        '--threads',
        counts.join(','),
        '--seconds',
        String(Math.max(1, seconds) * counts.length),
        ...deep.native,
      );
      return { speeds: training.map(({ images_per_second: speed }) => speed) };
    },
  };
  // What the machine itself gives: programs that share nothing but it.
  measures['native programs'] = {
    run: async () => {
      const speeds = [];
      for (const count of counts) {
        const all = await Promise.all(
          Array.from({ length: count }, () =>
            hourglassBench('--threads', '1', '--seconds', String(Math.max(1, seconds)), ...deep.native),
          ),
        );
        speeds.push(all.reduce((sum, { training }) => sum + training[0].images_per_second, 0));
      }
      return { speeds };
    },
  };
  measures['Chromium threads'] = {
    run: async () => {
      const speeds = [];
      for (const count of counts) speeds.push((await inPage(deep, count, false)).images_per_second);
      return { speeds };
    },
  };
  const { results, problems } = await runRounds(measures, Object.keys(measures), rounds, say);

  const middle = (name, pick) => (results.has(name) ? median(results.get(name).map(pick)) : null);
  const figure = (value) => (value === null ? 'not measured' : Number(value.toPrecision(3)).toLocaleString('en-US'));
  const row = ({ name, net }) => {
    const [native, page] = [
      middle(`native ${name}`, ({ speed }) => speed),
      middle(`Chromium ${name}`, ({ speed }) => speed),
    ];
    const share = middle(`native ${name}`, (result) => result.share);
    const gflops = (speed) => (speed === null ? '' : ((speed * net.mflop) / 1000).toFixed(1));
    return [
      name.split(' ')[1],
      net.mflop.toFixed(2),
      figure(native),
      gflops(native),
      share === null ? '' : `${Math.round(100 * share)}%`,
      figure(page),
      gflops(page),
    ];
  };
  const titles = ['MFLOP an image', 'native, images/s', 'GFLOP/s', 'of the peak', 'Chromium, images/s', 'GFLOP/s'];
  const threadRow = (name) =>
    counts.map((_, i) => {
      const speed = middle(name, ({ speeds }) => speeds[i]);
      const ratio = middle(name, ({ speeds }) => speeds[i] / speeds[0]);
      return speed === null ? 'not measured' : `${figure(speed)} (${ratio.toFixed(2)})`;
    });
  const failed = [...problems].map(([name, reason]) => `- ${name}: ${reason}`).join('\n');
  const rows = {
    native: 'native threads',
    Chromium: 'Chromium threads',
    'so many native programs of one thread': 'native programs',
  };
  return `One thread each, medians of ${rounds} rounds. \`deep\` with other mini-batches:

${table(['batch', ...titles], points.filter(({ name }) => name.startsWith('batch')).map(row))}

784-W-784 with batch 256:

${table(['W', ...titles], points.filter(({ name }) => name.startsWith('width')).map(row))}

\`deep\` on more threads, images/s (times one thread), as far as this machine goes:

${table(
  ['threads', ...counts.map(String)],
  Object.entries(rows).map(([title, name]) => [title, ...threadRow(name)]),
)}
${failed ? `\n${failed}\n` : ''}`;
}
