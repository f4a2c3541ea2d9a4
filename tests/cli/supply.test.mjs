// What of others is shipped is listed for people (THIRD_PARTY.md) and for programs (SPDX), and everything that is
// downloaded is pinned by a checksum.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { components } from '../../web/tools/components.mjs';
import { repository, temporaryFolder } from './support.mjs';

const KINDS = ['site', 'native'];
const read = (file) => readFileSync(path.join(repository, file), 'utf8');

test('the list for people has each part with its licence and whose it is, and no other', () => {
  const rows = [...read('THIRD_PARTY.md').matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)]
    .map((row) => row.slice(1).map((cell) => cell.trim()))
    .filter(([name]) => name !== 'part' && name !== '---');
  const listed = rows.flatMap(([name, licence, holder, where]) =>
    KINDS.filter((kind) => where.includes(kind)).map((kind) => [kind, name, licence, holder].join(': ')),
  );
  const shipped = KINDS.flatMap((kind) =>
    components(kind).map(({ name, licence, holder }) => [kind, name, licence, holder].join(': ')),
  );
  assert.deepEqual(listed.sort(), shipped.sort());
});

for (const kind of KINDS) {
  test(`the list for programs of ${kind} is SPDX 2.3`, (t) => {
    const file = path.join(temporaryFolder(t), 'sbom.spdx.json');
    const make = () => {
      execFileSync(process.execPath, [path.join(repository, 'web/tools/sbom.mjs'), kind, file], {
        env: { ...process.env, SOURCE_DATE_EPOCH: '1700000000' },
      });
      return readFileSync(file, 'utf8');
    };
    const text = make();
    assert.equal(make(), text, 'the same sources give the same bytes');
    const list = JSON.parse(text);
    assert.equal(list.spdxVersion, 'SPDX-2.3');
    assert.equal(list.dataLicense, 'CC0-1.0');
    assert.equal(list.SPDXID, 'SPDXRef-DOCUMENT');
    assert.match(list.documentNamespace, /^https:\/\/\S+[^#]$/);
    assert.equal(list.creationInfo.created, '2023-11-14T22:13:20Z');
    assert.match(list.creationInfo.creators[0], /^Tool: \S+$/);
    const ids = list.packages.map(({ SPDXID }) => SPDXID);
    assert.equal(new Set(ids).size, ids.length);
    for (const each of list.packages) {
      assert.match(each.SPDXID, /^SPDXRef-[A-Za-z0-9.-]+$/);
      for (const field of ['name', 'downloadLocation', 'licenseConcluded', 'licenseDeclared', 'copyrightText']) {
        assert.ok(each[field], `${each.SPDXID} has no ${field}`);
      }
      assert.equal(each.filesAnalyzed, false);
    }
    const contained = list.relationships.filter((each) => each.relationshipType === 'CONTAINS');
    assert.deepEqual(
      contained.map(({ relatedSpdxElement }) => relatedSpdxElement),
      ids.slice(1),
    );
    assert.equal(list.relationships[0].relationshipType, 'DESCRIBES');
  });
}

test('packages of npm are pinned by their checksums, and data by theirs', () => {
  for (const file of ['package-lock.json', 'bench/package-lock.json', 'tests/peers/package-lock.json']) {
    for (const [name, entry] of Object.entries(JSON.parse(read(file)).packages)) {
      if (name) assert.match(entry.integrity ?? '', /^sha512-/, `${file}: ${name}`);
    }
  }
  const data = /^DATA_FILES="\n([^"]+)"$/m.exec(read('cmake/setup/data.sh'))[1].trim().split('\n');
  assert.equal(data.length, 8);
  for (const line of data) assert.match(line, /^\S+ \S+ [0-9a-f]{32,64} \d+$/);
});
