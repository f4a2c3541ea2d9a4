// Whether a person can see an element: inside its own window, and inside every window around that one. Written for old
// browsers too.

// Calls changed(true) and changed(false), the first time as soon as the browser knows. Where it cannot tell, everything
// counts as seen. Returns a function that ends it.
export function watchSight(element, changed) {
  if (typeof IntersectionObserver !== 'function') {
    changed(true);
    return () => {};
  }
  const observer = new IntersectionObserver((entries) => changed(entries[entries.length - 1].isIntersecting));
  observer.observe(element);
  return () => observer.disconnect();
}

// So long an element may be out of sight before what belongs to it rests, and before what it takes is given back: who
// scrolls past and back notices nothing.
const HOLD_MS = 300;
const RELEASE_MS = 1000;

// Lets rest what nobody sees: calls hold(true) soon after the element has gone out of sight and show(false) somewhat later,
// and both with the opposite as soon as it is seen again. Returns { seen: promise of the first time, end() }.
export function restUnseen(element, { hold, show }) {
  let timers = [];
  let first;
  const seen = new Promise((resolve) => {
    first = resolve;
  });
  const end = watchSight(element, (visible) => {
    timers.forEach(clearTimeout);
    timers = [];
    if (visible) {
      first();
      hold(false);
      show(true);
    } else {
      timers = [setTimeout(hold, HOLD_MS, true), setTimeout(show, RELEASE_MS, false)];
    }
  });
  return {
    seen,
    end: () => {
      timers.forEach(clearTimeout);
      end();
    },
  };
}
