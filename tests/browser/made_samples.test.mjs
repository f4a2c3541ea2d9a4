// Samples that a person makes in the page: drawn with the pointer or taken with a camera, which Chromium plays.

import assert from 'node:assert/strict';
import { after, before, describe as group, test } from 'node:test';

import { happens } from '../support/waiting.mjs';
import {
  clickWidget,
  launchBrowser,
  openHourglass,
  screenshot,
  serveSite,
  settled,
  state,
  untilIdle,
  untilState,
  untilWidget,
  widget,
} from './support.mjs';

const quick = 'data.strokes_train=500&data.strokes_test=200';
const shared = {};

before(async () => {
  shared.browser = await launchBrowser(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
  shared.server = await serveSite();
});
after(async () => {
  await shared.browser?.close();
  await shared.server?.close();
});

async function openOwnData(options = {}) {
  const opened = await openHourglass(shared.browser, shared.server.origin, `?${quick}${options.query ?? ''}`, {
    viewport: { width: 1280, height: 800 },
    ...options.context,
  });
  const { page } = opened;
  await clickWidget(page, 'workspace.applications');
  await untilWidget(page, 'tab:own_data');
  await clickWidget(page, 'tab:own_data');
  await untilWidget(page, 'own:draw');
  await untilIdle(page); // buttons move once their words have come
  return opened;
}

// A stroke on the pad, from its upper to its lower edge at a share of its width.
async function stroke(page, x) {
  await settled(page);
  const pad = await widget(page, 'own:pad');
  const { left, top } = await page.evaluate(() => {
    const box = document.getElementById('canvas').getBoundingClientRect();
    return { left: box.left, top: box.top };
  });
  const at = (share) => [left + pad.x + pad.width * x, top + pad.y + pad.height * share];
  await page.mouse.move(...at(0.2));
  await page.mouse.down();
  for (const share of [0.3, 0.45, 0.6, 0.8]) await page.mouse.move(...at(share));
  await page.mouse.up();
}

async function addDrawing(page, x) {
  await stroke(page, x);
  await clickWidget(page, 'own:add');
}

// Takes a picture in the window of the camera, of which it is the count-th.
async function takePicture(page, count) {
  await page.waitForFunction(() => document.getElementById('camera-take')?.disabled === false);
  await page.locator('#camera-take').click();
  await page.waitForFunction(
    (wanted) => document.querySelector('dialog p').textContent.startsWith(wanted),
    `${count} `,
  );
}

group('samples that are made in the page', () => {
  test('drawings of two classes become data that the network trains on', async (t) => {
    const { page, close, problems } = await openOwnData();
    t.after(close);
    await clickWidget(page, 'own:draw');
    await untilWidget(page, 'own:pad');
    for (let i = 0; i < 4; i += 1) await addDrawing(page, 0.2 + 0.15 * i);
    await untilWidget(page, 'own:sheet');
    await screenshot(page, 'own-data-drawn');
    await clickWidget(page, 'own:use');
    await happens(async () => (await state(page)).data?.name === 'drawings', 'the drawings are not in use', 50);
    const data = await page.evaluate(() => {
      const { rows, columns, train_count: trained, test_count: held } = window.hourglass.state().data;
      return { rows, columns, samples: trained + held };
    });
    assert.deepEqual(data, { rows: 28, columns: 28, samples: 4 });
    await page.evaluate(() => window.hourglass.command('step', { count: 3 }));
    await untilState(page, 'step at least', 3);
    assert.deepEqual(problems, []);
  });

  test('a picture of the camera becomes a sample, and the camera goes out with its window', async (t) => {
    const { page, close } = await openOwnData();
    t.after(close);
    await clickWidget(page, 'own:draw');
    await untilWidget(page, 'own:camera');
    await clickWidget(page, 'own:camera');
    await page.waitForFunction(() => document.getElementById('camera-take')?.disabled === false);
    await page.evaluate(() => {
      const { srcObject } = document.querySelector('dialog video');
      [window.track] = srcObject.getTracks();
    });
    await takePicture(page, 1);
    await takePicture(page, 2);
    await page.locator('#camera-done').click();
    await page.waitForFunction(() => !document.querySelector('dialog'));
    assert.equal(await page.evaluate(() => window.track.readyState), 'ended');
    await untilWidget(page, 'own:sheet');
    await screenshot(page, 'own-data-camera');
  });

  test('a camera that is refused is a sentence, and all else goes on', async (t) => {
    const { page, close } = await openOwnData({ query: '&lang=zh' });
    t.after(close);
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await clickWidget(page, 'own:draw');
    await untilWidget(page, 'own:camera');
    await clickWidget(page, 'own:camera');
    await untilWidget(page, 'own:error');
    await page.waitForFunction(() => !document.querySelector('dialog'));
    await screenshot(page, 'own-data-camera-refused');
  });

  test('a picture of the camera is looked for among the images', async (t) => {
    const { page, close } = await openHourglass(shared.browser, shared.server.origin, `?${quick}`, {
      viewport: { width: 1280, height: 800 },
    });
    t.after(close);
    await clickWidget(page, 'workspace.applications');
    await untilWidget(page, 'tab:search');
    await clickWidget(page, 'tab:search');
    await clickWidget(page, 'search:start');
    await untilWidget(page, 'search:code:0');
    await page.evaluate(() => {
      window.hourglass.on('job_result', ({ kind, query }) => {
        if (kind === 'search' && query) window.query = Array.from(query);
      });
    });
    await untilWidget(page, 'search:camera');
    await clickWidget(page, 'search:camera');
    await page.waitForFunction(() => document.getElementById('camera-take')?.disabled === false);
    const earlier = await page.evaluate(() => window.query ?? []);
    await page.locator('#camera-take').click();
    await page.waitForFunction(() => !document.querySelector('dialog'));
    await happens(
      async () => {
        const now = await page.evaluate(() => window.query ?? []);
        return now.length === 784 && now.some((value, i) => value !== earlier[i]);
      },
      'the picture was not looked for',
      50,
    );
  });
});
