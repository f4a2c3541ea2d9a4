// Documents: `hourglass text lsa`.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

import { dataFolder, hourglass, readPng, refused, repository, temporaryFolder } from './support.mjs';

const corpus = path.join(repository, 'assets/corpus/documents.tsv');

// The last line of stdout, and what was said beside it; throws unless it went well.
function lsa(args, env) {
  const { code, stdout, stderr } = hourglass(['text', 'lsa', ...args, '--json'], { env });
  assert.equal(code, 0, stderr);
  return { ...JSON.parse(stdout.trim().split('\n').at(-1)), said: stderr };
}

const lines = (file) => readFileSync(file, 'utf8').trim().split('\n');

test('text lsa finds documents of a topic, by words and by codes', (t) => {
  const out = path.join(temporaryFolder(t), 'lsa');
  const found = lsa(['--data', corpus, '--out', out]);
  // Few texts share few words: one that asks may have none that is known.
  assert.equal(found.documents + found.without_words, 400);
  assert.ok(found.without_words < 4 && found.queries > 76);
  assert.equal(found.words, 2000);
  assert.ok(found.different_words > 2000);
  assert.ok(found.tfidf_precision_at_10 > 0.3 && found.tfidf_precision_at_10 < 1);
  assert.ok(found.lsa_precision_at_10 > 0.1 && found.lsa_precision_at_10 < 1);
  assert.equal(found.topics.length, 10);
  for (const curve of [found.tfidf, found.lsa]) {
    assert.deepEqual(curve.retrieved, [1, 3, 7, 15, 31, 63, 127, 255, 320]);
    assert.equal(curve.recall.at(-1), 1);
    assert.ok(curve.recall.every((value, i) => i === 0 || value >= curve.recall[i - 1]));
  }
  const map = lines(path.join(out, 'map.csv'));
  assert.equal(map[0], 'x,y,topic');
  assert.equal(map.length, found.documents + 1);
  assert.equal(new Set(map.slice(1).map((line) => line.split(',')[2])).size, 10);
  assert.ok(readPng(path.join(out, 'map.png')).width > 600);
  assert.ok(readPng(path.join(out, 'curve.png')).width > 400);
  assert.equal(lines(path.join(out, 'curve.csv')).length, 10);
});

test('text lsa of more numbers finds more, the seed decides who asks, and threads nothing', () => {
  const two = lsa(['--data', corpus]);
  const many = lsa(['--data', corpus, '--size', '40', '--threads', '1']);
  assert.ok(many.lsa_precision_at_10 > two.lsa_precision_at_10 + 0.1);
  const { seconds, ...first } = many;
  const { seconds: again, ...second } = lsa(['--data', corpus, '--size', '40', '--threads', '2']);
  assert.ok(seconds > 0 && again > 0);
  assert.deepEqual(first, second);
  const other = lsa(['--data', corpus, '--seed', '1']);
  assert.notEqual(other.tfidf_precision_at_10, two.tfidf_precision_at_10);
  assert.notDeepEqual(lsa(['--data', corpus, '--distance', 'cosine']).lsa, two.lsa);
  assert.notDeepEqual(lsa(['--data', corpus, '--term-frequency', 'count']).tfidf, two.tfidf);
  assert.ok(lsa(['--data', corpus, '--all-words']).different_words > two.different_words);
});

test('text lsa says what it leaves out', (t) => {
  const file = path.join(temporaryFolder(t), 'few.tsv.gz');
  const rows = ['sun\t', 'sun\tthe of and'];
  for (let i = 0; i < 20; ++i) rows.push(i % 2 ? 'sun\tbright hot star' : 'sea\tdeep cold water');
  writeFileSync(file, gzipSync(rows.join('\n')));
  const found = lsa(['--data', file]);
  assert.equal(found.documents, 20);
  assert.equal(found.without_words, 1);
  assert.equal(found.words, 6);
  assert.match(found.said, /1 of the lines has a label and no text, and is left out: line 1\./);
  assert.match(found.said, /1 of the documents has no word of the vocabulary, and is left out: line 2\./);
  assert.match(found.said, /The documents have 6 different words, and the vocabulary has these instead of 2,000\./);
});

test('text lsa refuses what it cannot do', (t) => {
  const folder = temporaryFolder(t);
  const at = (name, content) => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const repeated = (line, count) => `${line}\n`.repeat(count);
  const data = (...args) => ['text', 'lsa', '--data', ...args];
  refused(/needs --data FILE/, 'text', 'lsa');
  refused(/There is no file '.*nowhere'/, ...data(path.join(folder, 'nowhere')));
  refused(/holds no text files/, ...data(folder));
  refused(/is empty/, ...data(at('empty.tsv', '')));
  refused(/line 1, is not UTF-8/, ...data(at('latin.tsv', Buffer.from('a\tcaf\xe9\n', 'latin1'))));
  refused(/have no labels/, ...data(at('bare.txt', repeated('some words', 20))));
  refused(/have the topic 'a'; precision needs two/, ...data(at('one.tsv', repeated('a\tsome words', 20))));
  refused(/holds 2 documents with one topic/, ...data(at('two.tsv', 'a\tone\nb\ttwo\n')));
  refused(/no words but those of the stop list/, ...data(at('stop.tsv', repeated('a\tthe\nb\tof', 10))));
  refused(/LSA of 300 numbers needs/, ...data(at('small.tsv', repeated('a\tsun\nb\tsea', 10)), '--size', '300'));
  refused(/--words cannot be '0'/, ...data(corpus, '--words', '0'));
  refused(/--size cannot be '0'/, ...data(corpus, '--size', '0'));
  refused(/--distance cannot be 'far'; it is euclidean or cosine/, ...data(corpus, '--distance', 'far'));
  refused(/--term-frequency cannot be 'x'/, ...data(corpus, '--term-frequency', 'x'));
});

test('text is a group of commands', () => {
  refused(/Say what to do: text lsa, text eval, text search; 'hourglass text --help' explains them\./, 'text');
  refused(/There is no command 'text lsi'; the nearest is 'text lsa'/, 'text', 'lsi');
  refused(/'text lsa' has no flag '--sizes'; the nearest is '--size'/, 'text', 'lsa', '--sizes', '3');
  refused(/'text lsa' takes flags only, and 'more' is none/, 'text', 'lsa', 'more');
  assert.match(hourglass(['text', '--help']).stdout, /lsa +Latent semantic analysis/);
  assert.match(hourglass(['text', 'lsa', '--help']).stdout, /--words/);
});

// Measured with scikit-learn on splits like this: TF-IDF 0.90 to 0.91, LSA of 2, 10 and 32 numbers 0.61 to 0.65, 0.88, 0.93.
const reuters = existsSync(path.join(dataFolder, 'reuters-21578/documents.tsv.gz'));
test('text lsa finds what scikit-learn finds in Reuters', { skip: !reuters && 'there is no Reuters' }, () => {
  for (const [size, low, high] of [
    [2, 0.6, 0.7],
    [10, 0.85, 0.91],
    [32, 0.92, 0.96],
  ]) {
    const found = lsa(['--data', 'reuters-21578', '--size', `${size}`], { HOURGLASS_DATA_DIR: dataFolder });
    assert.equal(found.documents, 7523);
    assert.equal(found.words, 2000);
    assert.ok(Math.abs(found.tfidf_precision_at_10 - 0.91) < 0.01, `${found.tfidf_precision_at_10}`);
    assert.ok(found.lsa_precision_at_10 > low && found.lsa_precision_at_10 < high, `${found.lsa_precision_at_10}`);
  }
});
