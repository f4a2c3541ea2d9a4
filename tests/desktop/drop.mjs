// Drops files onto a window as a file manager does: XDND (freedesktop.org), spoken to the X server itself, since no tool
// that Debian has does it from a command line.

import net from 'node:net';
import { pathToFileURL } from 'node:url';

const EVENTS = { selectionRequest: 30, selectionNotify: 31, clientMessage: 33 };

// Resolves when the window has said that it is done with the files.
export async function dropFiles(display, window, files) {
  const server = await XServer.connect(display);
  try {
    const names = ['XdndEnter', 'XdndPosition', 'XdndStatus', 'XdndDrop', 'XdndFinished', 'XdndSelection'];
    const atoms = {};
    for (const name of [...names, 'XdndActionCopy', 'text/uri-list']) atoms[name] = await server.atom(name);
    const source = server.createWindow();
    server.ownSelection(source, atoms.XdndSelection);
    const list = files.map((file) => `${pathToFileURL(file).href}\r\n`).join('');
    const tell = (name, ...values) => server.sendMessage(window, atoms[name], [source, ...values]);
    tell('XdndEnter', 5 << 24, atoms['text/uri-list'], 0, 0);
    tell('XdndPosition', 0, (200 << 16) | 200, 0, atoms.XdndActionCopy);
    await server.message(atoms.XdndStatus);
    tell('XdndDrop', 0, 0, 0, 0);
    const request = await server.event(EVENTS.selectionRequest);
    server.answerSelection(request, atoms['text/uri-list'], Buffer.from(list));
    await server.message(atoms.XdndFinished);
  } finally {
    server.close();
  }
}

// What is needed here of the X protocol, version 11.
class XServer {
  #socket;
  #bytes = Buffer.alloc(0);
  #arrived = [];
  #waiting = [];
  #next;
  #root;

  static async connect(display) {
    const server = new XServer();
    server.#socket = net.connect(`/tmp/.X11-unix/X${display.replace(':', '')}`);
    await new Promise((resolve, reject) => {
      server.#socket.once('connect', resolve);
      server.#socket.once('error', reject);
    });
    const greeted = new Promise((resolve, reject) => {
      server.#socket.on('data', (bytes) => server.#read(bytes, resolve, reject));
    });
    server.#socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0])); // little-endian, no authority
    await greeted;
    return server;
  }

  close() {
    this.#socket.destroy();
  }

  async atom(name) {
    const text = Buffer.from(name);
    const request = this.#request(16, 0, 4 + padded(text.length));
    request.writeUInt16LE(text.length, 4);
    text.copy(request, 8);
    this.#socket.write(request);
    return (await this.#wait((packet) => packet[0] === 1)).readUInt32LE(8);
  }

  createWindow() {
    const id = this.#next;
    const request = this.#request(1, 0, 28);
    request.writeUInt32LE(id, 4);
    request.writeUInt32LE(this.#root, 8);
    request.writeUInt16LE(1, 16);
    request.writeUInt16LE(1, 18);
    this.#socket.write(request);
    return id;
  }

  ownSelection(owner, selection) {
    const request = this.#request(22, 0, 12);
    request.writeUInt32LE(owner, 4);
    request.writeUInt32LE(selection, 8);
    this.#socket.write(request);
  }

  sendMessage(window, type, values) {
    const event = Buffer.alloc(32);
    event[0] = EVENTS.clientMessage;
    event[1] = 32;
    event.writeUInt32LE(window, 4);
    event.writeUInt32LE(type, 8);
    values.forEach((value, i) => event.writeUInt32LE(value >>> 0, 12 + 4 * i));
    this.#send(window, event);
  }

  // Puts `bytes` where the one who has asked wants them, and says so.
  answerSelection(asked, type, bytes) {
    const [requestor, selection, target, property] = [12, 16, 20, 24].map((at) => asked.readUInt32LE(at));
    const request = this.#request(18, 0, 20 + padded(bytes.length));
    request.writeUInt32LE(requestor, 4);
    request.writeUInt32LE(property, 8);
    request.writeUInt32LE(type, 12);
    request[16] = 8;
    request.writeUInt32LE(bytes.length, 20);
    bytes.copy(request, 24);
    this.#socket.write(request);
    const event = Buffer.alloc(32);
    event[0] = EVENTS.selectionNotify;
    asked.copy(event, 4, 4, 8); // its time
    [requestor, selection, target, property].forEach((value, i) => event.writeUInt32LE(value, 8 + 4 * i));
    this.#send(requestor, event);
  }

  event(code) {
    return this.#wait((packet) => (packet[0] & 0x7f) === code);
  }

  message(type) {
    return this.#wait((packet) => (packet[0] & 0x7f) === EVENTS.clientMessage && packet.readUInt32LE(8) === type);
  }

  #send(window, event) {
    const request = this.#request(25, 0, 40);
    request.writeUInt32LE(window, 4);
    event.copy(request, 12);
    this.#socket.write(request);
  }

  // A request with room for so many bytes behind its first four.
  #request(code, detail, bytes) {
    const request = Buffer.alloc(4 + bytes);
    request[0] = code;
    request[1] = detail;
    request.writeUInt16LE(request.length / 4, 2);
    return request;
  }

  #wait(wanted) {
    const at = this.#arrived.findIndex(wanted);
    if (at >= 0) return Promise.resolve(this.#arrived.splice(at, 1)[0]);
    return new Promise((resolve) => {
      this.#waiting.push({ wanted, resolve });
    });
  }

  #read(bytes, greeted, refused) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (this.#root === undefined) {
      const length = this.#bytes.length < 8 ? Infinity : 8 + 4 * this.#bytes.readUInt16LE(6);
      if (this.#bytes.length < length) return;
      const reply = this.#bytes.subarray(0, length);
      this.#bytes = this.#bytes.subarray(length);
      if (reply[0] !== 1) return void refused(new Error('The X server takes no client.'));
      this.#next = reply.readUInt32LE(12);
      this.#root = reply.readUInt32LE(40 + padded(reply.readUInt16LE(24)) + 8 * reply[29]);
      greeted();
    }
    while (this.#bytes.length >= 32) {
      const length = this.#bytes[0] === 1 ? 32 + 4 * this.#bytes.readUInt32LE(4) : 32;
      if (this.#bytes.length < length) return;
      const packet = this.#bytes.subarray(0, length);
      this.#bytes = this.#bytes.subarray(length);
      const at = this.#waiting.findIndex(({ wanted }) => wanted(packet));
      if (at >= 0) this.#waiting.splice(at, 1)[0].resolve(packet);
      else this.#arrived.push(packet);
    }
  }
}

const padded = (length) => (length + 3) & ~3;
