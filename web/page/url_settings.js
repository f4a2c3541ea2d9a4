// Settings in the page's address: ?preset=deep&data=mnist&train.learning_rate=0.5&run=1, or the same behind a #.

// Keys that are no settings of the engine's table. `data` is short for data.set.
const PAGE_KEYS = ['lang', 'theme', 'text', 'stats', 'threads', 'simd', 'isolation', 'run', 'preset'];
const SHORT_FORMS = { data: 'data.set' };

// What the query and the hash say, the hash having the last word:
// { page: { lang, theme, text, stats, threads, simd, isolation, run, preset }, settings: [[key, text], ...] }.
export function urlSettings({ search, hash }) {
  const page = {};
  const settings = new Map();
  for (const part of [search, hash]) {
    for (const [key, value] of new URLSearchParams(part.replace(/^[?#]/, ''))) {
      if (PAGE_KEYS.includes(key)) page[key] = value;
      else settings.set(SHORT_FORMS[key] || key, value);
    }
  }
  return { page, settings: [...settings] };
}

// Carries out preset, settings and run. What cannot be done is said by notice(sentence), one each, and the rest is
// done all the same. The texts are read and checked by the engine's settings table.
export async function applyUrlSettings(hourglass, { page, settings }, text, notice) {
  const attempt = async (what, action) => {
    try {
      await action();
      return true;
    } catch (error) {
      notice(text('badAddress', { what, reason: error.message }));
      return false;
    }
  };
  if (page.preset !== undefined) {
    await attempt(`preset=${page.preset}`, () => hourglass.command('load_preset', { name: page.preset }));
  }
  for (const [key, value] of settings) {
    await attempt(`${key}=${value}`, () => hourglass.set(key, value));
  }
  if (page.run === '1') {
    // Not awaited: a data set may take its time to come, and the page is there before.
    dataInUse(hourglass).then(() => attempt('run=1', () => hourglass.command('run')));
  } else if (page.run !== undefined && page.run !== '0') {
    notice(text('badRun', { value: page.run }));
  }
}

// Resolves when what is in use is the data set that the settings name; that may be another one than before, since the
// session goes back to what it had when a data set cannot be had.
function dataInUse(hourglass) {
  const settled = () => {
    const { phase, data } = hourglass.state();
    return data !== null && phase !== 'waiting_for_data' && data.name === hourglass.get('data.set');
  };
  if (settled()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = hourglass.on('*', () => {
      if (!settled()) return;
      stop();
      resolve();
    });
  });
}
