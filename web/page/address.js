// The page's address follows the settings, so that a reload, a bookmark and a copy of it have them.

import { isPlace } from './url_settings.js';

// A slider that is dragged changes its setting many times a second, and some browsers allow a hundred changes of the
// address in half a minute.
const QUIET_MS = 400;

// Keys of settings have a point in them; nothing else of an address that is ours has.
const isSetting = (key) => key === 'preset' || key === 'data' || key.includes('.');

const parts = (text) => text.replace(/^[?#]/, '').split('&').filter(Boolean);

function keyOf(part) {
  try {
    return decodeURIComponent(part.split('=')[0].replace(/\+/g, ' '));
  } catch {
    return ''; // somebody's own, then
  }
}

// The settings among what the address says, as they stand there.
export const settingsIn = ({ search, hash }) =>
  [...parts(search), ...(isPlace(hash) ? [] : parts(hash))].filter((part) => isSetting(keyOf(part))).join('&');

// { search, hash } with the settings of `link` (hourglass.link()) in place of those that are there. All else stays as it
// is, a person's own # too.
export function withSettings({ search, hash }, link) {
  const others = (text) => parts(text).filter((part) => !isSetting(keyOf(part)));
  const query = [...others(search), ...parts(link)].join('&');
  const rest = isPlace(hash) ? hash.slice(1) : others(hash).join('&');
  return { search: query && `?${query}`, hash: rest && `#${rest}` };
}

// Writes into the address what the settings are, whenever they are others than `last`, a link, says.
export function followAddress(hourglass, last) {
  let timer = 0;
  let written = last;
  const write = () => {
    const link = hourglass.link();
    if (link === written) return;
    written = link;
    const { search, hash } = withSettings(location, link);
    try {
      history.replaceState(history.state, '', `${location.pathname}${search}${hash}`);
    } catch {
      // Too many in a short time, or a page without an address of its own.
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(write, QUIET_MS);
  };
  hourglass.on('settings_changed', soon);
  soon();
}
