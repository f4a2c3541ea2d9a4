// Documents by the codes of a network: `hourglass text eval` and `text search`.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { dataFolder, hourglass, readPng, refused, repository, temporaryFolder } from './support.mjs';

const corpus = path.join(repository, 'assets/corpus/documents.tsv');

// The last line of stdout; throws unless it went well.
function text(...args) {
  const { code, stdout, stderr } = hourglass(['text', ...args, '--json']);
  assert.equal(code, 0, stderr);
  return { ...JSON.parse(stdout.trim().split('\n').at(-1)), said: stderr };
}

const lines = (file) => readFileSync(file, 'utf8').trim().split('\n');

// A safetensors file with its metadata changed.
function withMetadata(file, change) {
  const bytes = readFileSync(file);
  const size = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + size).toString());
  change(header.__metadata__);
  let text = JSON.stringify(header);
  text += ' '.repeat(-Buffer.byteLength(text) & 7);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return Buffer.concat([length, Buffer.from(text), bytes.subarray(8 + size)]);
}

test('text eval trains on documents, and its model finds them by a query', (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  const found = text('eval', '--preset', 'text-2d', '--data', corpus, '--epochs', '4', '--out', out);
  assert.equal(found.documents + found.without_words, 400);
  assert.equal(found.words, 2000);
  assert.equal(found.code_size, 2);
  assert.equal(found.epochs, 4);
  assert.ok(found.train_loss > 0 && found.test_loss > 0);
  for (const key of ['precision_at_10', 'lsa_precision_at_10', 'tfidf_precision_at_10']) {
    assert.ok(found[key] > 0.08 && found[key] < 1, `${key} ${found[key]}`);
  }
  assert.equal(found.topics.length, 10);
  assert.ok('code_precision_at_10' in found.topics[0]);
  for (const curve of [found.code, found.lsa, found.tfidf]) {
    assert.deepEqual(curve.retrieved, [1, 3, 7, 15, 31, 63, 127, 255, 320]);
    assert.equal(curve.recall.at(-1), 1);
  }
  const table = lines(path.join(out, 'curve.csv'));
  assert.equal(table[0], 'retrieved,tfidf_precision,tfidf_recall,lsa_precision,lsa_recall,code_precision,code_recall');
  assert.equal(table.length, 10);
  assert.ok(readPng(path.join(out, 'curve.png')).width > 400);
  assert.equal(lines(path.join(out, 'map.csv')).length, found.documents + 1);

  const model = path.join(out, 'model.safetensors');
  for (const [query, word] of [
    ['the guitar and the piano', 'piano'],
    ['钢琴和音乐会', '钢琴'],
  ]) {
    const answer = text('search', '--model', model, '--query', query, '--count', '3');
    assert.ok(answer.words.includes(word), answer.words.join());
    assert.equal(answer.found.length, 3);
    assert.ok(answer.documents > 390);
    const distances = answer.found.map(({ distance }) => distance);
    assert.deepEqual(
      distances,
      [...distances].sort((a, b) => a - b),
    );
    for (const { line, topics, text: shown } of answer.found) {
      assert.ok(lines(corpus)[line - 1].startsWith(`${topics}\t`));
      assert.ok(lines(corpus)[line - 1].includes(shown.replace(/\.\.\.$/, '')));
    }
  }
  const { stdout } = hourglass(['text', 'search', '--model', model, '--query', 'piano']);
  assert.match(stdout, /line \d+ {2}[a-z]+\n {4}\S/);
  assert.match(stdout, /documents searched in/);

  // A document asks for itself.
  const [topic, whole] = lines(corpus)[0].split('\t');
  const [first] = text('search', '--model', model, '--query', whole).found;
  assert.ok(first.distance < 1e-3, `${first.distance}`);
  assert.equal(first.topics, topic);

  refused(
    /The query has no word of the 2,000 that the model knows/,
    'text',
    'search',
    '--model',
    model,
    '--query',
    'xyzzy',
  );
  refused(/The query has no word/, 'text', 'search', '--model', model, '--query', '');
  refused(/needs --query TEXT/, 'text', 'search', '--model', model);
  refused(/--count cannot be '0'/, 'text', 'search', '--model', model, '--query', 'piano', '--count', '0');
  const others = path.join(out, 'others.tsv');
  writeFileSync(others, 'a\tqqqq wwww\n');
  refused(/No document in '.*others.tsv' has a word that the model knows/,
    'text', 'search', '--model', model, '--query', 'piano', '--data', others); // prettier-ignore
  const damaged = path.join(out, 'damaged.safetensors');
  for (const [vocabulary, sentence] of [
    ['{"idf":[1],"stop_words":true,"words":["a"]}', /damaged vocabulary in its metadata: 'words' has 1 entries/],
    ['[', /damaged vocabulary in its metadata: it is no list of words/],
    ['', /is a model of images or tables, which knows no words/],
  ]) {
    writeFileSync(
      damaged,
      withMetadata(model, (metadata) => (metadata['hourglass.vocabulary'] = vocabulary)),
    );
    refused(sentence, 'text', 'search', '--model', damaged, '--query', 'piano');
  }
});

test('text eval pretrains the layers one by one, unless it is told not to', () => {
  const flags = ['eval', '--preset', 'text-10d', '--data', corpus, '--epochs', '2'];
  const found = text(...flags, '--pretrain-epochs', '4');
  assert.equal(found.pretrained_layers, 4);
  const plain = text(...flags, '--pretrain-epochs', '0');
  assert.equal(plain.pretrained_layers, 0);
  // With so few steps, layers that have learned before are ahead.
  assert.ok(found.test_loss < plain.test_loss, `${found.test_loss} ${plain.test_loss}`);
  const { said: _, seconds: __, documents_per_second: ___, ...one } = text(...flags, '--threads', '1');
  const { said: ____, seconds: a, documents_per_second: b, ...two } = text(...flags, '--threads', '2');
  assert.ok(a > 0 && b > 0);
  assert.deepEqual(one, two);
  refused(/--pretrain-epochs/, 'text', ...flags, '--pretrain-epochs', '-1');
});

test('text eval: a seed gives one result, on any number of threads', () => {
  const run = (...args) => {
    const { seconds, documents_per_second: speed, ...rest } =
      text('eval', '--preset', 'text-10d', '--data', corpus, '--epochs', '2', ...args); // prettier-ignore
    assert.ok(seconds > 0 && speed > 0);
    return rest;
  };
  const one = run('--seed', '3', '--threads', '1');
  assert.equal(one.code_size, 10);
  assert.deepEqual(run('--seed', '3', '--threads', '2'), one);
  assert.notEqual(run('--seed', '4').precision_at_10, one.precision_at_10);
  assert.notDeepEqual(run('--seed', '3', '--distance', 'cosine').lsa, one.lsa);
  const set = run('--seed', '3', '--set', 'train.learning_rate=0.0001', '--words', '500');
  assert.equal(set.words, 500);
  assert.notEqual(set.train_loss, one.train_loss);
});

test('text eval and search refuse what they cannot do', (t) => {
  const folder = temporaryFolder(t);
  const at = (name, content) => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const repeated = (line, count) => `${line}\n`.repeat(count);
  const evaluate = (...args) => ['text', 'eval', '--preset', 'text-2d', '--data', ...args];
  refused(/text eval needs --preset NAME/, 'text', 'eval');
  refused(/text eval needs --data FILE/, 'text', 'eval', '--preset', 'text-2d');
  refused(/There is no preset for documents 'deep'; there are text-2d, text-10d/,
    'text', 'eval', '--preset', 'deep', '--data', corpus); // prettier-ignore
  refused(
    /'text-2d' is for documents; 'hourglass text eval --preset text-2d/,
    'anomaly',
    '--preset',
    'text-2d',
    '--hold-out',
    '3',
  );
  refused(/There is no file/, ...evaluate(path.join(folder, 'nowhere')));
  refused(/is not text; documents are text in UTF-8/, ...evaluate(at('zero.tsv', Buffer.alloc(200))));
  refused(/line 1, is not UTF-8/, ...evaluate(at('latin.tsv', Buffer.from('a\tcaf\xe9\n', 'latin1'))));
  refused(/have the topic 'a'; precision needs two/, ...evaluate(at('one.tsv', repeated('a\tsome words', 20))));
  refused(/no words but those of the stop list/, ...evaluate(at('stop.tsv', repeated('a\tthe\nb\tof', 10))));
  refused(/LSA of 2 numbers needs/, ...evaluate(at('few.tsv', repeated('a\tsun\nb\tsun', 10))));
  refused(/--words cannot be '0'/, ...evaluate(corpus, '--words', '0'));
  refused(/'train.learning_rate'/, ...evaluate(corpus, '--set', 'train.learning_rate=-1'));
  refused(/softmax/, ...evaluate(corpus, '--set', 'model.loss=mse'));
  refused(/No such file/, 'text', 'search', '--model', path.join(folder, 'none'), '--query', 'x');
  // The vocabulary is smaller than what was asked for, which is said.
  const small = text('eval', '--preset', 'text-2d', '--epochs', '1',
    '--data', at('small.tsv', repeated('sun\tbright hot star\nsea\tdeep cold water', 10))); // prettier-ignore
  assert.equal(small.words, 6);
  assert.match(small.said, /The documents have 6 different words, and the vocabulary has these instead of 2,000\./);
});

// Measured with seeds 0 and 1: see bench/REPRODUCTION.md. LSA of two numbers has 0.65.
const reuters = existsSync(path.join(dataFolder, 'reuters-21578/documents.tsv.gz'));
test('text eval finds topics of Reuters by two numbers', { skip: !reuters && 'there is no Reuters' }, () => {
  const { code, stdout, stderr } = hourglass(
    ['text', 'eval', '--preset', 'text-2d', '--data', 'reuters-21578', '--epochs', '8', '--json'],
    { env: { HOURGLASS_DATA_DIR: dataFolder } },
  );
  assert.equal(code, 0, stderr);
  const found = JSON.parse(stdout.trim().split('\n').at(-1));
  assert.equal(found.documents, 7523);
  assert.ok(found.precision_at_10 > 0.8, `${found.precision_at_10}`);
  assert.ok(found.precision_at_10 > found.lsa_precision_at_10 + 0.1);
});
