// How tests in Node wait: for what is to happen, however long that takes on the machine that they run on.

// How long anything may take before it counts as hanging: far longer than on the slowest machine.
export const PATIENCE_MS = 1000 * Number(process.env.HOURGLASS_PATIENCE_SECONDS || 300);

// Lets time pass in which something must not happen. Nothing that is to happen is waited for in this way: how long that
// takes, only the machine knows.
export const rest = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

// Looks every so many milliseconds until `condition()`, which may be asynchronous, is true, and returns what it is. `what`
// says what never happened; where it is a function, when that is known.
export async function happens(condition, what, every = 30) {
  for (const end = performance.now() + PATIENCE_MS; ;) {
    const met = await condition();
    if (met) return met;
    if (performance.now() > end) throw new Error(`never happened: ${typeof what === 'function' ? what() : what}`);
    await rest(every);
  }
}

// The promise, which fails where it is not settled in time. Its error knows who asked: what hangs has a line.
export function inTime(promise, what, milliseconds = PATIENCE_MS) {
  const late = new Error(`never happened: ${what}`);
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(late), milliseconds);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

// Ends a process that hangs. Returns what calls that off.
export function endLate(child) {
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  return () => clearTimeout(timer);
}

// Returns how to ask for the seconds since now: for rates, which hold however long something takes.
export function stopwatch() {
  const began = performance.now();
  return () => (performance.now() - began) / 1000;
}
