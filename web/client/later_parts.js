// What is needed only where somebody points at something: the words that explain the controls, the applications and the
// lessons, and the code of the latter. It comes when somebody does, once the network learns, or when it is not going to.

import { fetchFile } from '../loading/parts.js';

// The English words beyond those that are built in.
const TEXTS = 'texts/en.json';
const EVENTS = ['pointermove', 'pointerdown', 'keydown']; // the page itself gives the canvas the focus
const AFTER_FIRST_STEP_MS = 1000;
const PAUSED_MS = 3000;

// `ready()` resolves with the view that it is for; failed(error) is told once, and the next event tries again. Returns a
// function that brings it, or waits until it is there.
export function laterParts(canvas, client, ready, failed) {
  let coming = null;
  let told = false;
  const load = async () => {
    const completing = ready().then((view) => view.complete());
    completing.catch(() => {}); // told below, unless the texts fail first
    const [texts, view] = await Promise.all([fetchFile(TEXTS), ready()]);
    view.addTexts(texts, 'en');
    await completing;
  };
  const bring = () => {
    coming ??= load().catch((error) => {
      coming = null;
      if (!told) failed(error);
      told = true;
    });
    return coming;
  };
  for (const event of EVENTS) canvas.addEventListener(event, bring, { passive: true });
  client.on('diagnoses', ({ found }) => {
    if (found.length > 0) bring();
  });
  const stop = client.on('status', ({ step, phase }) => {
    if (step === 0 && phase !== 'paused') return;
    stop();
    setTimeout(bring, step > 0 ? AFTER_FIRST_STEP_MS : PAUSED_MS);
  });
  return bring;
}
