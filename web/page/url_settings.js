// Settings in the page's address: ?preset=deep&data=mnist&train.learning_rate=0.5&run=1, or the same behind a #.

// Keys that are no settings of the engine's table. `data` is short for data.set.
const PAGE_KEYS = ['lang', 'theme', 'text', 'stats', 'threads', 'simd', 'isolation', 'run', 'preset'].concat(
  ['lesson', 'student', 'teach'], // what is begun, and for whom
  ['keep', 'follow', 'embedder'], // of the last session, of the address that follows, of the pages around
);
const SHORT_FORMS = { data: 'data.set' };

// Whether a hash is a person's own and no settings: "#section-3" names a place.
export const isPlace = (hash) => !hash.includes('=') && !PAGE_KEYS.includes(hash.slice(1));

// What the query and the hash say, the hash having the last word:
// { page: { lang, theme, ... }, settings: [[key, text], ...] }, the page's keys being those above.
export function urlSettings({ search, hash }) {
  const page = {};
  const settings = new Map();
  for (const part of [search, isPlace(hash) ? '' : hash]) {
    for (const [key, value] of new URLSearchParams(part.replace(/^[?#]/, ''))) {
      if (PAGE_KEYS.includes(key)) page[key] = value;
      else settings.set(SHORT_FORMS[key] || key, value);
    }
  }
  return { page, settings: [...settings] };
}

// Carries out preset and settings. What cannot be done is said by notice(sentence), one each, and the rest is done all
// the same. The texts are read and checked by the engine's settings table.
export async function applyUrlSettings(hourglass, { page, settings }, text, notice) {
  const attempt = async (what, action) => {
    try {
      await action();
    } catch (error) {
      notice(text('badAddress', { what, reason: error.message }));
    }
  };
  // All at once, before the engine makes anything of a part: of a preset with the data of another, of half a model.
  const all = [];
  if (page.preset !== undefined) {
    all.push(attempt(`preset=${page.preset}`, () => hourglass.command('load_preset', { name: page.preset })));
  }
  if (settings.length > 0) {
    const values = Object.fromEntries(settings);
    const each = async () => {
      for (const [key, value] of settings) await attempt(`${key}=${value}`, () => hourglass.set(key, value));
    };
    all.push(hourglass.command('set_settings', { values }).catch(each));
  }
  await Promise.all(all);
}

// Starts training where the address says so, or says what is wrong with that.
export function runAsAsked(hourglass, { run }, text, notice) {
  if (run === '1') {
    // Not waited for: a data set may take its time to come, and the page is there before.
    dataInUse(hourglass)
      .then(() => hourglass.command('run'))
      .catch((error) => notice(text('badAddress', { what: 'run=1', reason: error.message })));
  } else if (run !== undefined && run !== '0') {
    notice(text('badRun', { value: run }));
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
