// What of the page goes onto the clipboard: its address with the settings, and the code of a frame with them.

import { pageText } from '../loading/page_text.js';

// Of the page's own keys, those that a person who opens the link is to have, too.
const TAKEN_ALONG = ['lang', 'theme', 'text', 'lesson'];
const LONGEST_LESSON = 4500; // bytes, of which an address of 6,000 characters is made
const FRAME_HEIGHT = 720; // pixels: the wide form without scrolling

// The page's address with `link`, what hourglass.link() says, or null where it has none that others could open.
export function linkTo(link, { protocol, origin, pathname, search }, more = {}) {
  if (!/^https?:$/.test(protocol)) return null;
  const along = new URLSearchParams();
  for (const [key, value] of new URLSearchParams(search)) if (TAKEN_ALONG.includes(key)) along.set(key, value);
  for (const [key, value] of Object.entries(more)) along.set(key, value);
  const query = [along.toString(), link].filter(Boolean).join('&');
  return `${origin}${pathname.replace(/index\.html$/, '')}${query && `?${query}`}`;
}

// The address that has a whole lesson in it, behind the sign that no server sees: null where it would be longer than
// chats, mails and course pages take, or the page has no address. `text` is the lesson's file.
export async function lessonAddress(text, { protocol, origin, pathname }, language) {
  if (!/^https?:$/.test(protocol)) return null;
  const lean = new Blob([JSON.stringify(JSON.parse(text))]);
  const stream = lean.stream().pipeThrough(new CompressionStream('deflate-raw'));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  if (packed.length > LONGEST_LESSON) return null;
  const words = btoa(String.fromCharCode(...packed))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
  return `${origin}${pathname.replace(/index\.html$/, '')}?lang=${language}#lesson=z.${words}`;
}

// The code of a frame with the settings of `link`, for somebody's page.
export function embedCode(link, location, language) {
  const address = linkTo(link, location, { lang: language });
  return address && frameCode(address, language);
}

export function frameCode(address, language) {
  const attributes = {
    src: address,
    title: pageText(language, 'title'),
    lang: language === 'zh' ? 'zh-CN' : 'en',
    width: '100%',
    height: FRAME_HEIGHT,
    style: 'border: 0',
    loading: 'lazy',
    allow: 'fullscreen; clipboard-write',
  };
  const escaped = (value) => String(value).replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `<iframe ${written.join(' ')}></iframe>`;
}

// Resolves with whether the browser has taken the text. Without HTTPS, and in many frames, there is only the old way.
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'unseen';
    document.body.append(field);
    const before = document.activeElement;
    field.select();
    let copied = false;
    try {
      copied = document.execCommand('copy');
    } catch {
      // As where it says no.
    }
    field.remove();
    before?.focus?.({ preventScroll: true });
    return copied;
  }
}
