// Documents as data of any command: files, folders, what comes with Hourglass, and what is refused.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

import { hourglass, readHistory, readSafetensors, refused, repository, temporaryFolder } from './support.mjs';

const corpus = path.join(repository, 'assets/corpus/documents.tsv');
const quick = ['--preset', 'text-quick', '--epochs', '2'];

// What `train --json` says last, and what was said beside it; throws unless it went well.
function trained(out, ...args) {
  const { code, stdout, stderr } = hourglass(['train', ...quick, '--out', out, '--json', ...args]);
  assert.equal(code, 0, stderr);
  return { ...JSON.parse(stdout.trim().split('\n').at(-1)), said: stderr };
}

function rows(count) {
  const all = [];
  for (let i = 0; i < count; i += 2) {
    all.push(
      ['fruit', `Sweet apple pear and plum number${i % 5}`],
      ['house', `Red brick wall of stone number${i % 5}`],
    );
  }
  return all;
}

test('the built-in texts are data of train, whose model searches them', (t) => {
  const out = path.join(temporaryFolder(t), 'run');
  const run = trained(out, '--threads', '1');
  assert.equal(run.dataset, 'texts');
  assert.equal(run.data.kind, 'documents');
  assert.equal(run.data.classes, 10);
  assert.ok(run.data.train + run.data.held_out > 395);
  assert.match(run.said, /33\d documents to train on and 6\d held out .*, counted by 2,000 words/);
  const table = readFileSync(path.join(out, 'reconstructions.tsv'), 'utf8').trim().split('\n');
  assert.equal(table[0], 'topic\tdocument\twords\texpected');
  assert.equal(table.length, 21);
  assert.ok(
    table.slice(1).every((line) => line.split('\t').length === 4 && line.split('\t')[3].split(' ').length === 10),
  );

  // The model knows its words, as one of text eval does.
  const model = path.join(out, 'model.safetensors');
  const vocabulary = JSON.parse(readSafetensors(model).metadata['hourglass.vocabulary']);
  assert.equal(vocabulary.words.length, 2000);
  const search = hourglass(['text', 'search', '--model', model, '--query', '望远镜 star', '--json']);
  assert.equal(search.code, 0, search.stderr);
  const found = JSON.parse(search.stdout.trim().split('\n').at(-1));
  assert.equal(found.found.length, 10);
  assert.ok(found.words.includes('star'));

  // The same on any number of threads, and it can go on.
  const other = path.join(temporaryFolder(t), 'other');
  trained(other, '--threads', '2');
  const losses = (folder) => readHistory(folder).map((row) => row.test_loss);
  assert.deepEqual(losses(other), losses(out));
  const resumed = hourglass(['train', '--resume', path.join(other, 'model.safetensors'), '--epochs', '3']);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.equal(readHistory(other).length, 3);

  const measured = hourglass(['eval', '--model', model, '--json']);
  assert.equal(measured.code, 0, measured.stderr);
});

test('files of documents in every form give the same data', (t) => {
  const folder = temporaryFolder(t);
  const all = rows(40);
  const tsv = all.map((row) => row.join('\t')).join('\n');
  const files = {
    'a.tsv': tsv,
    'b.txt': tsv,
    'c.tsv.gz': gzipSync(tsv),
    'd.csv': `label,text\n${all.map(([label, text]) => `${label},"${text}"`).join('\n')}\n`,
  };
  const hashes = Object.entries(files).map(([name, content]) => {
    writeFileSync(path.join(folder, name), content);
    const run = trained(path.join(folder, `run-${name}`), '--data', path.join(folder, name));
    assert.equal(run.data.kind, 'documents');
    assert.equal(run.data.classes, 2);
    return run.data.hash;
  });
  assert.equal(new Set(hashes).size, 1);

  // A folder of files: its subfolders are the topics.
  const texts = path.join(folder, 'texts');
  all.forEach(([label, text], i) => {
    mkdirSync(path.join(texts, label), { recursive: true });
    writeFileSync(path.join(texts, label, `${i}.txt`), `${text}\n`);
  });
  const run = trained(path.join(folder, 'run'), '--data', texts);
  assert.equal(run.data.classes, 2);
  assert.equal(run.data.train + run.data.held_out, 40);
  assert.match(run.said, /different words, and the vocabulary has these instead of 2000/);
});

test('settings choose how many words count, and how much', (t) => {
  const folder = temporaryFolder(t);
  const few = trained(path.join(folder, 'few'), '--set', 'data.vocabulary=900', 'data.word_weights=probabilities');
  assert.deepEqual(few.data.shape, [1, 1, 900]);
  const model = path.join(folder, 'few', 'model.safetensors');
  const vocabulary = JSON.parse(readSafetensors(model).metadata['hourglass.vocabulary']);
  assert.equal(vocabulary.weights, 'probabilities');
  // Other documents are counted by the model's own words.
  const file = path.join(folder, 'stars.tsv');
  writeFileSync(file, `${Array(20).fill('sky\tA star and a planet in the sky at night').join('\n')}\n`);
  const measured = hourglass(['eval', '--model', model, '--data', file, '--json']);
  assert.equal(measured.code, 0, measured.stderr);
  const none = path.join(folder, 'none.tsv');
  writeFileSync(none, `${Array(20).fill('sky\tqwrtp zzyzx').join('\n')}\n`);
  refused(/has a word that is known; the model was trained on documents with other words/,
    'eval', '--model', model, '--data', none); // prettier-ignore
});

test('the presets of text eval train like others', (t) => {
  const out = path.join(temporaryFolder(t), 'run');
  const { code, stdout, stderr } = hourglass(
    ['train', '--preset', 'text-2d', '--epochs', '1', '--set', 'data.vocabulary=100', '--out', out, '--json']); // prettier-ignore
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout.trim().split('\n').at(-1)).dataset, 'texts');
  assert.match(stderr, /'reuters-21578' is not in .*training on texts, the built-in documents/);
});

test('documents that make no data are refused in a sentence', (t) => {
  const folder = temporaryFolder(t);
  const at = (name, content) => {
    writeFileSync(path.join(folder, name), content);
    return ['train', ...quick, '--out', path.join(folder, 'run'), '--data', path.join(folder, name)];
  };
  refused(/is not text; documents are text in UTF-8/, ...at('zero.txt', Buffer.alloc(200)));
  refused(/line 1, is not UTF-8/, ...at('latin.txt', Buffer.from('a\tcaf\xe9 au lait\n', 'latin1')));
  refused(/no words but those of the stop list/, ...at('stop.txt', 'the of\nand or\nof the\n'));
  refused(/at least two are needed/, ...at('one.txt', 'A single text of some words\n'));
  refused(/holds no text/, ...at('labels.txt', 'a\t\nb\t\n'));
  refused(/reuters-21578.*is not there.*\.\/dev data/, 'train', ...quick, '--data', 'reuters-21578');
  // Documents do not fit what was made for images, and say so.
  refused(/bce/, 'train', '--preset', 'quick', '--data', corpus, '--out', path.join(folder, 'run'));
  refused(
    /data\.scaling must be unit/,
    ...at('good.txt', 'Some good words\nMore good words\nGood words\n'),
    '--set',
    'data.scaling=signed',
  );
});
