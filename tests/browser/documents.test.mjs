// Documents in the whole page, by real clicks and typing: words that are looked for in English and, as an input method
// and the clipboard bring them, in Chinese. The pictures are written to build/screenshots/, to be looked at.

import assert from 'node:assert/strict';
import { describe as group, test } from 'node:test';

import {
  LAYOUTS,
  clickWidget,
  describe,
  dragPath,
  openHourglass,
  screenshot,
  untilIdle,
  untilPixels,
  untilState,
  untilWidget,
  useSite,
  widget,
} from './support.mjs';

const shared = useSite();

const widgets = (page) => page.evaluate(() => window.hourglass.widgets());
const untilNoWidget = (page, id) => page.waitForFunction((name) => !(name in window.hourglass.widgets()), id);

// The documents panel of a network that has learned the built-in texts.
async function openDocuments({ name, width, height, query }, steps = 200) {
  const opened = await openHourglass(shared.browser, shared.server.origin, `?preset=text-quick${query}`, {
    viewport: { width, height },
    hasTouch: name === 'phone',
  });
  const { page } = opened;
  await untilState(page, 'phase', 'paused');
  await page.evaluate((count) => window.hourglass.command('step', { count }), steps);
  await untilState(page, 'step at least', steps);
  await clickWidget(page, 'workspace.applications');
  await clickWidget(page, 'tab:documents');
  await untilWidget(page, 'documents:map');
  return opened;
}

// What an input method does: nothing of it is a key.
async function compose(page, text) {
  const session = await page.context().newCDPSession(page);
  await session.send('Input.imeSetComposition', { text: text[0], selectionStart: 1, selectionEnd: 1 });
  await session.send('Input.insertText', { text });
  await session.detach();
}

for (const layout of LAYOUTS) {
  group(layout.name, () => {
    test('documents are points, found by words in either language and by places', async () => {
      const { page, problems, close } = await openDocuments(layout);
      const map = await widget(page, 'documents:map');
      assert.ok(map.x >= 0 && map.x + map.width <= layout.width + 0.5, JSON.stringify(map));
      await untilPixels(page, 'documents:map', (p) => describe(p).spread > 8, 'there are no points');
      await screenshot(page, `documents-${layout.name}`);

      await clickWidget(page, 'documents:query');
      await page.keyboard.type('planets and stars');
      await untilWidget(page, 'documents:near:0');
      await untilWidget(page, 'documents:at');
      await screenshot(page, `documents-query-${layout.name}`);

      // Chinese comes by an input method, and by the clipboard.
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Backspace');
      await untilNoWidget(page, 'documents:near:0');
      await compose(page, '望远镜');
      await untilWidget(page, 'documents:near:0');
      await screenshot(page, `documents-chinese-${layout.name}`);
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Backspace');
      await untilNoWidget(page, 'documents:near:0');
      await page.evaluate(() => {
        const field = document.activeElement;
        const data = new DataTransfer();
        data.setData('text/plain', '足球 比赛');
        const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
        // A script's event pastes nothing by itself.
        if (field.dispatchEvent(event)) document.execCommand('insertText', false, '足球 比赛');
      });
      await untilWidget(page, 'documents:near:0');

      // Words that no document has.
      await page.keyboard.press('Control+a');
      await page.keyboard.type('qwrtp');
      await untilWidget(page, 'documents:nowhere');
      await page.keyboard.press('Escape');
      await untilIdle(page); // all that was typed has come to the field

      // A corner of the map.
      const corner = [map.x + 4, map.y + map.height - 4];
      await dragPath(page, [corner, corner]);
      await untilWidget(page, 'documents:near:0');
      await screenshot(page, `documents-place-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });

    test('reconstructions of documents are words', async () => {
      const { page, problems, close } = await openDocuments(layout, 60);
      await clickWidget(page, 'workspace.training');
      await untilWidget(page, 'image:0');
      await screenshot(page, `documents-training-${layout.name}`);
      assert.deepEqual(problems, []);
      await close();
    });
  });
}

test('the panel offers texts where the data are images, and the preset is ready soon', async () => {
  const { page, problems, close } = await openHourglass(shared.browser, shared.server.origin, '?lang=en');
  await clickWidget(page, 'workspace.applications');
  await clickWidget(page, 'tab:documents');
  await clickWidget(page, 'documents:preset');
  await untilState(page, 'step at least', 1);
  await untilWidget(page, 'documents:map');
  assert.ok(!('documents:preset' in (await widgets(page))));
  await untilState(page, 'phase', 'finished');
  assert.deepEqual(problems, []);
  await close();
});
