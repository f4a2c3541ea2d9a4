// The playground in words, for those who hear the page: what the canvas is, which keys it takes, and how training goes.

import { pageText } from '../loading/page_text.js';

// A screen reader that is told of every step says nothing else.
const PAUSE_MS = 10_000;

export function describeCanvas(canvas, keys, language) {
  canvas.setAttribute('aria-label', pageText(language, 'canvasLabel'));
  keys.textContent = pageText(language, 'canvasKeys');
}

// Writes phase, epoch and loss into `element`, a live region: at once when the phase has changed, and every ten seconds
// while training goes on. language() says in which language.
export function announceProgress(hourglass, element, language) {
  const names = {
    running: 'statusRunning',
    paused: 'statusPaused',
    finished: 'statusFinished',
    waiting_for_data: 'statusWaiting',
  };
  let announced = null;
  let since = -Infinity;
  hourglass.on('status', () => {
    const { phase, step, epoch, loss } = hourglass.state();
    const now = performance.now();
    if (phase === announced && (phase !== 'running' || now - since < PAUSE_MS)) return;
    announced = phase;
    since = now;
    const text = (key, values) => pageText(language(), key, values);
    const name = text(names[phase] ?? 'statusPaused');
    element.textContent =
      step > 0 && Number.isFinite(loss)
        ? text('statusTrained', { phase: name, epoch: epoch.toFixed(1), loss: Number(loss.toPrecision(3)) })
        : text('statusUntrained', { phase: name });
  });
}
