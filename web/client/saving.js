// What a person takes away from the page, and a run that is brought back: files are made by the worker that also reads
// them, and go to the browser's downloads.

import { encodeMessage } from '../engine/wire.js';
import { FilesReader } from './files_reader.js';
import { copyText, embedCode, frameCode, lessonAddress, linkTo } from './sharing.js';

// The front end's numbers: of a file, of which there is one, and of a text that goes onto the clipboard.
const JOB = 2;
const COPY_JOB = 3;
const KIND = 'save';
const CODES_JOB = 2 ** 40; // beyond the front end's
// An address of a file that is being saved is good for as long as any browser takes to begin with it.
const ADDRESS_MS = 60_000;
const MOST_BYTES = 2 ** 30;
// Pictures of lines that are saved as pixels, too, by the kind of the one that the other is made of.
const PIXELS = { curves_png: 'curves', map_png: 'map_svg' };

const TEXTS = {
  en: {
    memory: 'The file needs more memory than this browser gives.',
    failed: 'The file could not be made: {reason}.',
    large: 'A run has at most {most} MB, and this file has {size}: it is none.',
    picture: 'The browser did not give the picture.',
    filmChanged: 'The run went on while it was filmed: save once more, and leave it alone until the film is there.',
    noVideo: 'This browser records no video: save reconstructions.gif or map.gif, or take another browser.',
    address: 'This page was opened from a file, so it has no address that others could open.',
    clipboard: 'The browser keeps the clipboard to itself; the text to copy stands in the note on the page.',
    byHand: 'The browser keeps the clipboard to itself. Copy this by hand:',
    ownData: 'Your own data are not in it: whoever opens it begins with a data set of the page.',
    longLesson:
      'This lesson is too long for an address. Save the file, put it where your course is, and open it by ' +
      '?lesson=https://…',
    changed: 'The network was changed while the samples were encoded: save once more.',
  },
  zh: {
    memory: '这个文件需要的内存超过浏览器所能提供的。',
    failed: '无法生成文件：{reason}。',
    large: '运行文件最大 {most} MB，而这个文件有 {size} MB：它不是运行文件。',
    picture: '浏览器没有给出图片。',
    filmChanged: '制作影片时训练被改动了：请再保存一次，完成之前不要操作训练。',
    noVideo: '此浏览器不能录制视频：请保存 reconstructions.gif 或 map.gif，或换用其他浏览器。',
    address: '此页面是作为本地文件打开的，没有可供他人访问的网址。',
    clipboard: '浏览器不允许使用剪贴板；要复制的文本显示在页面的提示中。',
    byHand: '浏览器不允许使用剪贴板，请手动复制：',
    ownData: '其中不包含你自己的数据：别人打开时使用页面自带的数据集。',
    longLesson: '这个课程太长，放不进网址。请保存文件，放到课程所在的网站上，再用 ?lesson=https://… 打开。',
    changed: '编码样本时网络被更改了：请再保存一次。',
  },
};

const headOf = async (blob, length) => new Uint8Array(await blob.slice(0, length).arrayBuffer());

// A ZIP whose first member is project.json.
async function isProject(blob) {
  const head = new TextDecoder('latin1').decode(await headOf(blob, 64));
  return head.startsWith('PK\x03\x04') && head.slice(30).startsWith('project.json');
}

// Eight bytes of a length that is no giant and then an object of JSON.
const isSafetensors = (head) => head.length > 8 && head[8] === 0x7b && head[5] === 0 && head[6] === 0 && head[7] === 0;

// As core/data/import/file_kind.cpp tells it.
const isOnnx = (head) => head[0] === 8 && head[1] >= 3 && head[1] <= 15 && (head[2] === 0x12 || head[2] === 0x3a);

// A model of another program: core/session/export/foreign_model.h.
async function isForeignModel(blob) {
  const head = await headOf(blob, 4096);
  return isOnnx(head) || (isSafetensors(head) && !new TextDecoder('latin1').decode(head).includes('"hourglass.'));
}

// Whether a file is of a kind in which runs are saved, or models of other programs.
export async function isSavedRun(blob) {
  const head = await headOf(blob, 9);
  return isSafetensors(head) || isOnnx(head) || isProject(blob);
}

export class Saving {
  #owner;
  #reader = new FilesReader();

  // owner: deliver(bytes) hands an event to the front end; client is the SessionClient; picture() resolves with what is on
  //        the canvas as a Blob, or null; language() is the one on show; samples() resolves with the bytes of a person's own
  //        data that are in use, or null, and takeSamples(bytes) with those that a project brings; link() is the settings
  //        as a query; notice(sentence, { copy }) tells a sentence, and shows a text to be copied by hand.
  constructor(owner) {
    this.#owner = owner;
  }

  // What the front end's panel asks for.
  async command({ what, words = {}, name, text, steps = [] }) {
    if (what === 'hello') {
      this.#tell('can_link', '');
      this.#tell('can_film', '');
      return this.#tell('can_open', '');
    }
    if (what === 'open') return this.#choose();
    const job = what === 'text' ? COPY_JOB : JOB;
    try {
      this.#end('done', await this.#carryOut(what, words, name, text, steps), job);
    } catch (error) {
      this.#end('failed', error.message, job);
    }
  }

  async #carryOut(what, words, name, text, steps) {
    if (what === 'text') return this.#toClipboard(text);
    if (what.startsWith('film')) {
      const { film } = await import('./filming.js');
      const { client } = this.#owner;
      const video = what === 'film_view';
      const made = await film(client, what, steps, {
        ask: (message) => this.#ask(message),
        encoded,
        noVideo: this.#text('noVideo'),
        changed: this.#text('filmChanged'),
        // What is filmed is the screen on which it trains.
        show: (stage) => video && this.#tell(stage, ''),
      });
      return download(made.name, made.blob);
    }
    if (what.startsWith('lesson')) return this.#lesson(what, name, text);
    if (what === 'link' || what === 'embed') return this.#copy(what);
    return what === 'view' ? this.#saveView() : this.#save(what, words);
  }

  // Goes on with a run that was saved, here or by the command line: a checkpoint, or a project, which may bring its data.
  // Rejects with one sentence.
  async open(blob) {
    const { client } = this.#owner;
    if (await isProject(blob)) {
      const { bytes, samples } = await this.#ask({ type: 'open_project', name: blob.name ?? 'project.zip', blob });
      this.#owner.takeSamples(samples);
      return client.command('load_checkpoint', { checkpoint: new Uint8Array(bytes) });
    }
    const size = Math.ceil(blob.size / 2 ** 20);
    if (blob.size > MOST_BYTES) throw new Error(this.#text('large', { size, most: MOST_BYTES / 2 ** 20 }));
    if (await isForeignModel(blob)) return this.#openModel(blob);
    const checkpoint = new Uint8Array(await blob.arrayBuffer());
    return client.command('load_checkpoint', { checkpoint });
  }

  async #copy(what) {
    const { client, language, link, notice } = this.#owner;
    const text = what === 'link' ? linkTo(link(), location) : embedCode(link(), location, language());
    if (!text) throw new Error(this.#text('address'));
    await this.#toClipboard(text);
    if (client.get('data.set') === 'own') notice(this.#text('ownData'));
    return what;
  }

  async #toClipboard(text) {
    if (await copyText(text)) return text;
    this.#owner.notice(this.#text('byHand'), { copy: text });
    throw new Error(this.#text('clipboard'));
  }

  // A lesson that was made here: its file, an address that has it, or a frame with that.
  async #lesson(what, name, text) {
    if (what === 'lesson') return download(`${name}.json`, new Blob([text], { type: 'application/json' }));
    const language = this.#owner.language();
    const address = await lessonAddress(text, location, language);
    if (!address) throw new Error(this.#text(/^http/.test(location.protocol) ? 'longLesson' : 'address'));
    await this.#toClipboard(what === 'lesson_embed' ? frameCode(address, language) : address);
    return what;
  }

  // The model of another program, in place of the present network; the panel shows what became of its layers.
  async #openModel(blob) {
    const { client } = this.#owner;
    const { checkpoint: present } = await client.command('save_checkpoint');
    const { bytes, name } = await this.#ask({ type: 'open_model', name: blob.name ?? 'model', blob, present });
    await client.command('load_checkpoint', { checkpoint: new Uint8Array(bytes) });
    this.#tell('model', name);
  }

  async #saveView() {
    const blob = await this.#owner.picture();
    if (!blob) throw new Error(this.#text('picture'));
    return download('view.png', blob);
  }

  async #save(kind, words) {
    const { client } = this.#owner;
    const { checkpoint } = await client.command('save_checkpoint');
    const drawn = PIXELS[kind];
    if (drawn) {
      const { name, bytes } = await this.#ask(this.#fileOf(drawn, words, checkpoint, null));
      return download(name.replace('.svg', '.png'), await this.#pixelsOf(bytes));
    }
    if (kind === 'checkpoint') return download('model.safetensors', new Blob([checkpoint]));
    const codes = kind.startsWith('codes') ? await this.#codes() : null;
    const message =
      kind === 'project' ? await this.#projectOf(checkpoint) : this.#fileOf(kind, words, checkpoint, codes);
    const { name, bytes } = await this.#ask(message);
    return download(name, new Blob([bytes]));
  }

  // A picture of lines as a PNG, twice as large for documents that are printed; the browser has letters for all languages.
  async #pixelsOf(svg) {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    try {
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = 2 * image.naturalWidth;
      canvas.height = 2 * image.naturalHeight;
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
      if (blob) return blob;
    } catch {
      // The same sentence says it.
    } finally {
      URL.revokeObjectURL(image.src);
    }
    throw new Error(this.#text('picture'));
  }

  async #projectOf(checkpoint) {
    const samples = await this.#owner.samples();
    return { type: 'project', checkpoint, samples: samples ? new Uint8Array(samples) : null };
  }

  // The result of the job "codes" as bytes; rejects with one sentence.
  async #codes() {
    const { client } = this.#owner;
    let result = null;
    const endings = [];
    try {
      return await new Promise((resolve, reject) => {
        endings.push(
          client.on('job_result', (event) => {
            if (event.job === CODES_JOB) result = event;
          }),
          client.on('job_ended', ({ job, reason, message }) => {
            if (job !== CODES_JOB) return;
            if (reason === 'done' && result) resolve(encoded('job_result', result));
            else reject(new Error(message || this.#text('changed')));
          }),
        );
        client.command('start_job', { kind: 'codes', job: CODES_JOB }).catch(reject);
      });
    } finally {
      for (const end of endings) end();
    }
  }

  #fileOf(kind, words, checkpoint, codes) {
    const { data } = this.#owner.client.state();
    const snapshot = this.#owner.client.snapshot();
    return {
      type: 'save',
      kind,
      words: JSON.stringify(words),
      checkpoint,
      data: data ? encoded('data_ready', data) : null,
      snapshot: snapshot ? encoded('snapshot', snapshot) : null,
      codes,
    };
  }

  // The worker's answer, after which it is over; rejects with one sentence.
  async #ask(message) {
    const { error, failed, ...answer } = await this.#reader.ask(message);
    this.#reader.end();
    if (error === 'out of memory') throw new Error(this.#text('memory'));
    if (error) throw new Error(failed ? this.#text('failed', { reason: failed }) : error);
    return answer;
  }

  // A dialogue of the browser, which opens only right after somebody has pressed something.
  #choose() {
    let input = document.getElementById('saved-run');
    if (!input) {
      input = document.createElement('input');
      Object.assign(input, { type: 'file', id: 'saved-run', accept: '.safetensors,.zip,.onnx', hidden: true });
      input.addEventListener('change', () => {
        const [file] = input.files;
        input.value = ''; // the same once more is a change again
        if (file) this.open(file).catch((error) => this.#end('failed', error.message));
      });
      document.body.append(input);
    }
    input.click();
  }

  #tell(stage, words) {
    this.#owner.deliver(encodeMessage('job_progress', { job: JOB, kind: KIND, share: 0, stage, words, paused: false }));
  }

  #end(reason, message, job = JOB) {
    this.#owner.deliver(encodeMessage('job_ended', { job, kind: KIND, reason, message }));
  }

  #text(key, values = {}) {
    const texts = TEXTS[this.#owner.language()] ?? TEXTS.en;
    return texts[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  }
}

// An event that was decoded, as bytes again.
function encoded(name, event) {
  const fields = {};
  const arrays = {};
  const { event: _, ...rest } = event;
  for (const [key, value] of Object.entries(rest)) (ArrayBuffer.isView(value) ? arrays : fields)[key] = value;
  return encodeMessage(name, fields, arrays);
}

// Hands a file to the browser's downloads; returns its name.
function download(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), ADDRESS_MS);
  return name;
}
