// The run as a film: its moments are put on display one after the other, and what is there is taken: numbers for a GIF,
// which the worker of files makes, or the canvas for a video, which the browser makes.

const SECONDS_PER_MOMENT = 0.11;
const LAST_SECONDS = 1.5;
const PRESENT = -1;
const BITS_PER_SECOND = 8e6;
const TYPES = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm', 'video/mp4'];
// The arrays of a snapshot that each film is made of.
const PARTS = {
  film_images: ['originals', 'reconstructed'],
  film_map: ['map_points'],
};

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

// Films the moments after `steps`, and the run as it is now; a run that trains is paused. Resolves with { name, blob };
// rejects with one sentence.
//   ask(message)             to the worker of files
//   encoded(name, event)     an event as bytes
//   noVideo, changed         the sentences for a browser that records none, and for a run that somebody goes on with
//   show(stage)              'film' before a video is recorded, 'filmed' afterwards
export async function film(client, what, steps, { ask, encoded, noVideo, changed, show }) {
  const recording = what === 'film_view' ? recorderOf(document.getElementById('canvas'), noVideo) : null;
  const take = recording ? () => recording.goOn() : frameTaker(client, PARTS[what], encoded);
  show('film');
  const frames = [];
  try {
    for (const step of [...steps, PRESENT]) {
      await moment(client, step, changed);
      frames.push(await take());
    }
    if (recording) await pause(LAST_SECONDS);
  } finally {
    await client.command('show_step', { step: PRESENT });
    recording?.stop();
    show('filmed');
  }
  if (recording) return recording.file();
  const { data } = client.state();
  const { name, bytes } = await ask({ type: 'film', kind: what, data: encoded('data_ready', data), frames });
  return { name, blob: new Blob([bytes], { type: 'image/gif' }) };
}

// Resolves once all that is on display is of that step; rejects with `changed` where somebody shows another one meanwhile.
async function moment(client, step, changed) {
  const ends = [];
  try {
    await new Promise((resolve, reject) => {
      let begun = false;
      ends.push(
        client.on('snapshot', (snapshot) => {
          if (snapshot.complete && (step === PRESENT || snapshot.step === step)) resolve();
        }),
        client.on('timeline', ({ shown }) => {
          if (begun && shown !== step) reject(new Error(changed));
          begun ||= shown === step;
        }),
      );
      client.command('show_step', { step }).catch(reject);
    });
  } finally {
    for (const end of ends) end();
  }
}

function frameTaker(client, parts, encoded) {
  return async () => {
    const wanted = Object.entries(client.snapshot()).filter(
      ([key, value]) => !ArrayBuffer.isView(value) || parts.includes(key),
    );
    return encoded('snapshot', Object.fromEntries(wanted));
  };
}

// What records the canvas: goOn() for another moment, from the first on, then stop() and file().
function recorderOf(canvas, noVideo) {
  const type = TYPES.find((each) => window.MediaRecorder?.isTypeSupported(each));
  if (!type || !canvas.captureStream) throw new Error(noVideo);
  const stream = canvas.captureStream();
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: BITS_PER_SECOND });
  const parts = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const ended = new Promise((resolve, reject) => {
    recorder.addEventListener('stop', resolve);
    recorder.addEventListener('error', () => reject(new Error(noVideo)));
  });
  ended.catch(() => {}); // file() tells of it
  return {
    goOn: () => {
      if (recorder.state === 'inactive') recorder.start();
      return pause(SECONDS_PER_MOMENT);
    },
    stop: () => {
      if (recorder.state !== 'inactive') recorder.stop();
      for (const track of stream.getTracks()) track.stop();
    },
    file: async () => {
      await ended;
      return { name: `film.${type.startsWith('video/mp4') ? 'mp4' : 'webm'}`, blob: new Blob(parts, { type }) };
    },
  };
}
