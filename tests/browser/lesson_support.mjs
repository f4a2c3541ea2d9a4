// Small lessons, and hands that go through one: what lies below what is on show is scrolled to.

import { happens, PATIENCE_MS } from '../support/waiting.mjs';
import { clickWidget, settled } from './support.mjs';

export const T = (en, zh) => ({ en, zh });

export const LOOK = { title: T('Look', '看一看'), text: T('An **hourglass** copies images.', '**沙漏**会复制图像。') };
export const SAY = {
  title: T('Say', '说一说'),
  text: T('What is narrow?', '哪里最窄？'),
  goal: {
    kind: 'choice',
    question: T('What is narrow?', '哪里最窄？'),
    choices: [{ text: T('The input', '输入') }, { text: T('The code', '编码'), right: true }],
  },
};

export const shownWidget = (frame, id) => frame.evaluate((name) => window.hourglass.widgets()[name] ?? null, id);
export const toldLesson = (frame) => frame.evaluate(() => window.hourglass.state().lesson);
export const untilStep = (frame, step) =>
  frame.waitForFunction((wanted) => window.hourglass.state().lesson?.step === wanted, step, { timeout: PATIENCE_MS });

// Clicks in a page, or in a frame of it. `column` is scrolled until something of the widget is to be seen, from the top
// again when its end was reached.
export async function clickShown(page, id, { frame = page, column = 'lesson:content' } = {}) {
  const corner = frame === page ? { x: 0, y: 0 } : await (await frame.frameElement()).boundingBox();
  let turns = 0;
  let before = null;
  await happens(
    async () => {
      const place = await shownWidget(frame, id);
      // What the wheel has moved may still be on its way.
      const rests = JSON.stringify(place) === before;
      before = JSON.stringify(place);
      if (place && place.height >= 8) return rests;
      const content = await shownWidget(frame, column);
      if (content && rests) {
        await page.mouse.move(corner.x + content.x + content.width / 2, corner.y + content.y + content.height / 2);
        await page.mouse.wheel(0, ++turns % 40 === 0 ? -60_000 : 60);
      }
      await settled(frame);
      return false;
    },
    `${id} is on show`,
    50,
  );
  await clickWidget(page, id, frame);
}
