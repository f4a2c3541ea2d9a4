// The words that are read only where somebody points at something: what explains the controls, the applications and the
// lessons. They come when somebody does, or once the network learns.

const EVENTS = ['pointermove', 'pointerdown', 'keydown']; // the page itself gives the canvas the focus
const AFTER_FIRST_STEP_MS = 1000;

// load() brings them; failed(error) is told once, and the next event tries again. Returns a function that brings them, or
// waits until they are there.
export function laterTexts(canvas, client, load, failed) {
  let coming = null;
  let told = false;
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
  const stop = client.on('status', ({ step }) => {
    if (step === 0) return;
    stop();
    setTimeout(bring, AFTER_FIRST_STEP_MS);
  });
  return bring;
}
