// The lessons as files of a site: each as it is, and the list of them, so that a page fetches those that somebody opens.

import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../assets/lessons', import.meta.url));

// [[file, text], ...]: 'lessons/index.json' and 'lessons/NAME.json'.
export async function lessonFiles() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const lessons = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8'))),
  );
  lessons.sort((a, b) => a.place - b.place);
  const list = lessons.map(({ name, place, title, about, minutes }) => ({ name, place, title, about, minutes }));
  return [
    ['lessons/index.json', JSON.stringify(list)],
    ...lessons.map((lesson) => [`lessons/${lesson.name}.json`, JSON.stringify(lesson)]),
  ];
}
