// What the desktop tests share: a display of their own, and the window on it.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { endLate, happens, rest } from '../support/waiting.mjs';
import { dropFiles } from './drop.mjs';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
export const program = process.env.HOURGLASS_DESKTOP || path.join(repository, 'build/native/hourglass-desktop');

// Where windows are put on the display.
const CORNER = 10;

const call = promisify(execFile);

// Xvfb picks a free display by itself and says which. Without -noreset it starts afresh when its last window closes, and
// meanwhile turns away the next one.
export function startDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    server.once('error', () => reject(new Error('Xvfb is not installed: ./dev test installs it.')));
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}.`)));
    server.stdio[3].once('data', (number) =>
      resolve({
        name: `:${String(number).trim()}`,
        stop: () => server.kill(),
      }),
    );
  });
}

export function spawnWindow(display, args, environment = {}) {
  return spawn(program, args, {
    env: { ...process.env, DISPLAY: display.name, LIBGL_ALWAYS_SOFTWARE: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

// A window that stays open and is used by a real pointer and real keys. It tells by --report what it shows.
export class OpenWindow {
  #display;
  #child;
  #report;
  #id;
  #output = '';

  static async open(display, folder, name, args, environment) {
    const window = new OpenWindow();
    window.#display = display;
    window.#report = path.join(folder, `${name}.report.json`);
    window.#child = spawnWindow(display, ['--report', window.#report, ...args], environment);
    for (const stream of [window.#child.stdout, window.#child.stderr]) {
      stream.on('data', (bytes) => {
        window.#output += bytes;
      });
    }
    await window.until(
      'there are pictures',
      ({ widgets, phase }) => (widgets['row:original'] || widgets['image:0']) && phase === 'paused',
    );
    const { stdout } = await window.#xdotool(
      'search',
      '--sync',
      '--onlyvisible',
      '--pid',
      String(window.#child.pid),
      '--name',
      'Hourglass',
    );
    window.#id = stdout.trim().split('\n').at(-1);
    // There is no window manager to place it, from whom SDL would hear where it is, and to give it the keyboard.
    await window.#xdotool('windowmove', '--sync', window.#id, String(CORNER), String(CORNER));
    await window.#xdotool('windowfocus', '--sync', window.#id);
    await window.until(
      'the keyboard is the window’s',
      ({ focused }) => focused,
      () => window.#move(5, 5),
    );
    return window;
  }

  #xdotool(...args) {
    return call('xdotool', args, { env: { ...process.env, DISPLAY: this.#display.name } }).catch((error) => {
      throw error.code === 'ENOENT' ? new Error('xdotool is not installed: ./dev test installs it.') : error;
    });
  }

  async report() {
    try {
      return JSON.parse(await readFile(this.#report, 'utf8'));
    } catch {
      return { widgets: {}, settings: {} };
    }
  }

  // Waits until `condition` holds for the report, and returns that; does `again` before each look.
  async until(what, condition, again = () => {}) {
    let report;
    return happens(
      async () => {
        await again();
        report = await this.report();
        if (condition(report)) return report;
        assert.equal(this.#child.exitCode, null, `the window has closed: ${this.#output}`);
        return null;
      },
      () => `${what}; there is ${JSON.stringify({ ...report, widgets: Object.keys(report.widgets) })}`,
    );
  }

  async widget(id) {
    const { widgets } = await this.until(`there is a widget ${id}`, (report) => report.widgets[id]);
    const [x, y, width, height] = widgets[id];
    return { x, y, width, height };
  }

  // Waits until the window has drawn nothing for so long, and so is not waiting for the engine either.
  async untilQuiet(ms = 1500) {
    let frames = -1;
    await this.until(
      `nothing is drawn for ${ms} ms`,
      (report) => {
        const quiet = report.frames === frames;
        frames = report.frames;
        return quiet;
      },
      () => rest(ms),
    );
  }

  #move(x, y) {
    return this.#xdotool('mousemove', String(CORNER + Math.round(x)), String(CORNER + Math.round(y)));
  }

  // Does something of which the window hears, and waits until it has drawn a frame after it. Dear ImGui takes what comes
  // between two frames in its order, at most one thing of a kind a frame.
  async #heard(what, act) {
    const { frames } = await this.report();
    await act();
    await this.until(`a frame is drawn after ${what}`, (report) => report.frames > frames);
  }

  // Points of the window.
  async point(x, y) {
    await this.#move(x, y);
    await this.until(
      `the pointer is at ${x}, ${y}`,
      ({ pointer }) => pointer && Math.abs(pointer[0] - x) <= 1 && Math.abs(pointer[1] - y) <= 1,
    );
  }

  async pointAt(id, across = 0.5) {
    const { x, y, width, height } = await this.widget(id);
    await this.point(x + across * width, y + height / 2);
  }

  press() {
    return this.#heard('a press', () => this.#xdotool('mousedown', '1'));
  }

  release() {
    return this.#heard('a release', () => this.#xdotool('mouseup', '1'));
  }

  async click(id) {
    await this.pointAt(id);
    await this.press();
    await this.release();
  }

  async drag(id, from, to) {
    await this.pointAt(id, from);
    await this.press();
    for (let i = 1; i <= 5; ++i) await this.pointAt(id, from + ((to - from) * i) / 5);
    await this.release();
  }

  // Drops files and folders, as a file manager does.
  drop(...files) {
    return this.#heard('a drop', () => dropFiles(this.#display.name, Number(this.#id), files));
  }

  // Turns the wheel by so many notches, away from the person for positive ones.
  wheel(notches) {
    return this.#heard('the wheel', () =>
      this.#xdotool('click', '--repeat', String(Math.abs(notches)), '--delay', '40', notches > 0 ? '4' : '5'),
    );
  }

  key(...keys) {
    return this.#heard('a key', () => this.#xdotool('key', '--delay', '60', ...keys));
  }

  async resize(width, height) {
    await this.#xdotool('windowsize', '--sync', this.#id, String(width), String(height));
    await this.until('it is as wide as it was made', ({ widgets }) => widgets['panel:toolbar']?.[2] === width);
  }

  // Ends the window as a desktop does. Returns its exit code.
  async close() {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const ended = new Promise((resolve) => {
      this.#child.once('exit', (code) => resolve(code));
    });
    this.#child.kill('SIGTERM'); // SDL makes a request to quit of it
    const inTime = endLate(this.#child);
    const code = await ended;
    inTime();
    return code;
  }

  get output() {
    return this.#output;
  }
}

// A display and a folder for the tests of a file, and windows that are closed at its end: returns { folder, open }, of
// which `folder` is there once the tests begin.
export function useWindows() {
  const windows = [];
  let display;
  const shared = {
    async open(name, args = [], environment = {}) {
      const usual = ['--lang', 'en', '--size', '1280x800', '--no-preferences'];
      const window = await OpenWindow.open(display, shared.folder, name, [...usual, ...args], environment);
      windows.push(window);
      return window;
    },
  };
  before(async () => {
    shared.folder = await mkdtemp(path.join(os.tmpdir(), 'hourglass-desktop-'));
    display = await startDisplay();
  });
  after(async () => {
    for (const window of windows) await window.close();
    display?.stop();
    if (shared.folder) await rm(shared.folder, { recursive: true, force: true });
  });
  return shared;
}
