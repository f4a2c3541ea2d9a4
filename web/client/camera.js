// Pictures by the camera of this device, one at a time and only when somebody asks: a window over the page shows what the
// camera sees, and the camera is on for as long as that is open.

const SIDE = 256; // of the square in the middle that is taken, in pixels

const TEXTS = {
  en: {
    title: 'Camera',
    take: 'Take picture',
    done: 'Done',
    starting: 'Waiting for the camera …',
    taken: '{count} taken.',
    NotAllowedError: 'The camera was not allowed: allow it for this page in the browser, then try again.',
    NotFoundError: 'There is no camera on this device: draw samples, or drop pictures.',
    NotReadableError: 'Another program has the camera: close that, then try again.',
    insecure: 'The browser gives a camera to pages by https or on this machine alone: open the page there.',
    other: 'The camera did not start: {reason}.',
  },
  zh: {
    title: '摄像头',
    take: '拍照',
    done: '完成',
    starting: '正在等待摄像头……',
    taken: '已拍 {count} 张。',
    NotAllowedError: '没有获得使用摄像头的许可：请在浏览器中允许本页面使用，然后重试。',
    NotFoundError: '本设备没有摄像头：可以手绘样本，或拖入图片。',
    NotReadableError: '摄像头被其他程序占用：请关闭那个程序，然后重试。',
    insecure: '浏览器只把摄像头提供给 https 页面或本机上的页面：请在那里打开。',
    other: '摄像头无法启动：{reason}。',
  },
};

function sentence(language, key, values = {}) {
  const text = (TEXTS[language] ?? TEXTS.en)[key];
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

// Whether the browser has a camera to offer at all; it may still refuse it.
export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia) || !isSecureContext;

// The square in the middle of what the video shows, as a canvas.
function square(video) {
  const side = Math.min(video.videoWidth, video.videoHeight);
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  const left = (video.videoWidth - side) / 2;
  const top = (video.videoHeight - side) / 2;
  canvas.getContext('2d').drawImage(video, left, top, side, side, 0, 0, SIDE, SIDE);
  return canvas;
}

function build(say) {
  const dialog = document.createElement('dialog');
  dialog.className = 'hourglass-camera';
  dialog.setAttribute('aria-label', say('title'));
  // Playgrounds of other pages have no style sheet of ours.
  dialog.style.cssText =
    'border:1px solid #8886;border-radius:12px;padding:16px;max-width:min(92vw,420px);font:15px system-ui,sans-serif;' +
    'background:Canvas;color:CanvasText;color-scheme:light dark';
  const video = document.createElement('video');
  Object.assign(video, { muted: true, autoplay: true, playsInline: true });
  video.style.cssText = 'display:block;width:100%;aspect-ratio:1;object-fit:cover;background:#000;border-radius:8px';
  const words = document.createElement('p');
  words.setAttribute('role', 'status');
  words.style.margin = '10px 0';
  words.textContent = say('starting');
  const button = (id, key) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.id = id;
    made.textContent = say(key);
    made.style.cssText = 'font:inherit;padding:8px 16px;margin-right:8px;min-height:40px';
    return made;
  };
  const take = button('camera-take', 'take');
  take.disabled = true;
  const done = button('camera-done', 'done');
  dialog.append(video, words, take, done);
  return { dialog, video, words, take, done };
}

// Opens the window; resolves when it is closed. onPicture(canvas) is called with each picture, and with `one` the first
// closes it. Rejects with one sentence where there is no camera to be had.
export async function openCamera({ language, onPicture, one = false }) {
  const say = (key, values) => sentence(language, key, values);
  if (!navigator.mediaDevices?.getUserMedia) throw new Error(say(isSecureContext ? 'NotFoundError' : 'insecure'));
  const { dialog, video, words, take, done } = build(say);
  document.body.append(dialog);
  dialog.showModal();
  const closed = new Promise((resolve) => {
    dialog.addEventListener('close', resolve, { once: true });
  });
  let stream = null;
  let count = 0;
  try {
    done.addEventListener('click', () => dialog.close());
    take.addEventListener('click', async () => {
      take.disabled = true;
      await onPicture(square(video));
      count += 1;
      words.textContent = say('taken', { count });
      take.disabled = false;
      if (one) dialog.close();
    });
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 640 } },
      audio: false,
    });
    if (!dialog.open) return; // closed before somebody allowed it
    video.srcObject = stream;
    await video.play();
    words.textContent = '';
    take.disabled = false;
    take.focus();
    await closed;
  } catch (error) {
    if (!dialog.open) return;
    const known = Object.hasOwn(TEXTS.en, error.name);
    throw new Error(known ? say(error.name) : say('other', { reason: error.message }), { cause: error });
  } finally {
    for (const track of stream?.getTracks() ?? []) track.stop();
    dialog.remove();
  }
}
