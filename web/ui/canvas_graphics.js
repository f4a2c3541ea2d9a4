// The canvas's WebGL context, of which a browser gives a page only few (Chrome 16, iframes of the same site counted
// together): it is given back while nobody sees the canvas, a picture of the last frame standing in for it, and asked for
// again when somebody does, or when the browser has taken it away.

const FIRST_PAUSE_MS = 1000; // a browser that reset its graphics gives them back by itself sooner
const LONGEST_PAUSE_MS = 16_000;
const NOTICE_MS = 3000;
// Losses so close together say that there are more canvases in sight than contexts: then none insists.
const QUARREL_MS = 30_000;

export class CanvasGraphics {
  #canvas;
  #owner;
  #extension;
  #wanted = true;
  #lost = false; // the event has come
  #still = null; // the picture that stands in
  #pause = FIRST_PAUSE_MS;
  #lastLoss = -Infinity;
  #timers = { ask: undefined, notice: undefined };
  #withdraw = null;

  // owner: draw()      draws the canvas's content anew, before it returns
  //        restored()  the context is there again, and empty
  //        notice()    tells the person that it does not come back; returns a function that takes that away, or nothing
  constructor(canvas, owner) {
    this.#canvas = canvas;
    this.#owner = owner;
    // Not to be had once the context is lost.
    this.#extension = canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context') ?? null;
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault(); // says that it may come back
      this.#noteLoss();
    });
    canvas.addEventListener('webglcontextrestored', () => this.#noteReturn());
  }

  // Whether there is nothing to draw on.
  get lost() {
    return this.#lost;
  }

  // Nobody sees the canvas.
  async release() {
    this.#wanted = false;
    this.#calm();
    if (this.#lost || !this.#extension) return;
    const still = await this.#picture();
    if (this.#wanted || this.#lost) return;
    if (still) this.#standIn(still);
    this.#extension.loseContext();
  }

  // Somebody sees it again.
  bringBack() {
    this.#wanted = true;
    if (!this.#lost) {
      this.drawn();
      return;
    }
    this.#expectReturn(0);
  }

  // The canvas shows what it should.
  drawn() {
    if (!this.#still) return;
    URL.revokeObjectURL(this.#still.src);
    this.#still.remove();
    this.#still = null;
  }

  #noteLoss() {
    this.#lost = true;
    if (!this.#wanted) return;
    const now = performance.now();
    this.#pause = now - this.#lastLoss < QUARREL_MS ? Math.min(2 * this.#pause, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
    this.#lastLoss = now;
    this.#expectReturn(this.#pause);
  }

  #noteReturn() {
    this.#lost = false;
    this.#calm();
    this.#owner.restored();
    if (!this.#wanted) this.release();
  }

  #expectReturn(delay) {
    this.#calm();
    this.#timers.notice = setTimeout(() => {
      this.#withdraw = this.#owner.notice() ?? null;
    }, NOTICE_MS);
    const ask = (pause) => {
      // A restored context takes another one's place only where there are too many.
      this.#extension?.restoreContext();
      this.#timers.ask = setTimeout(ask, pause, Math.min(2 * pause, LONGEST_PAUSE_MS));
    };
    this.#timers.ask = setTimeout(ask, delay, this.#pause);
  }

  #calm() {
    clearTimeout(this.#timers.ask);
    clearTimeout(this.#timers.notice);
    this.#withdraw?.();
    this.#withdraw = null;
  }

  // The canvas as an image that is ready to be shown, or null.
  async #picture() {
    this.#owner.draw(); // a browser keeps what was drawn only until it has shown it
    const blob = await new Promise((resolve) => this.#canvas.toBlob(resolve));
    if (!blob) return null;
    const image = new Image();
    image.src = URL.createObjectURL(blob);
    await image.decode().catch(() => {});
    return image;
  }

  #standIn(image) {
    const { offsetLeft, offsetTop, clientWidth, clientHeight } = this.#canvas;
    image.className = 'still';
    image.alt = '';
    Object.assign(image.style, {
      position: 'absolute',
      left: `${offsetLeft}px`,
      top: `${offsetTop}px`,
      pointerEvents: 'none',
      width: `${clientWidth}px`,
      height: `${clientHeight}px`,
    });
    this.drawn();
    this.#still = image;
    this.#canvas.after(image);
  }
}
