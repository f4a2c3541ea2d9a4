// The list of what a package is made of, as SPDX 2.3 in JSON (ISO/IEC 5962, and the 2.3 that follows it):
//
//   node web/tools/sbom.mjs native|site FILE
//
// The same sources on the same system give the same bytes: the date is that of the commit, or SOURCE_DATE_EPOCH.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { components } from './components.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));

function created() {
  let seconds = Number(process.env.SOURCE_DATE_EPOCH ?? NaN);
  if (!Number.isFinite(seconds)) {
    try {
      const printed = execFileSync('git', ['-C', repository, 'log', '-1', '--format=%ct'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      seconds = Number(printed);
    } catch {
      seconds = 0; // a folder without its history
    }
  }
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

const projectVersion = () =>
  /^project\(hourglass VERSION (\S+)/m.exec(readFileSync(path.join(repository, 'CMakeLists.txt'), 'utf8'))[1];

export function sbom(kind) {
  const version = projectVersion();
  const unknown = 'NOASSERTION';
  const own = {
    SPDXID: 'SPDXRef-Hourglass',
    name: `hourglass-${kind}`,
    versionInfo: version,
    downloadLocation: unknown,
    filesAnalyzed: false,
    licenseConcluded: 'MIT',
    licenseDeclared: 'MIT',
    copyrightText: /^Copyright.*$/m.exec(readFileSync(path.join(repository, 'LICENSE'), 'utf8'))[0],
    primaryPackagePurpose: 'APPLICATION',
  };
  const parts = components(kind).map(({ name, version: used, licence, holder }) => ({
    SPDXID: `SPDXRef-${name.replace(/[^A-Za-z0-9]+/g, '-')}`,
    name,
    ...(used ? { versionInfo: used } : {}),
    downloadLocation: unknown,
    filesAnalyzed: false,
    licenseConcluded: licence,
    licenseDeclared: licence,
    copyrightText: `Copyright ${holder}`,
    primaryPackagePurpose: /^(Inter|Noto)/.test(name) ? 'OTHER' : 'LIBRARY',
  }));
  const packages = [own, ...parts];
  const content = createHash('sha256').update(JSON.stringify(packages)).digest('hex').slice(0, 16);
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: own.name,
    documentNamespace: `https://spdx.org/spdxdocs/${own.name}-${version}-${content}`,
    creationInfo: { created: created(), creators: ['Tool: hourglass-sbom'] },
    packages,
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: own.SPDXID },
      ...parts.map(({ SPDXID }) => ({
        spdxElementId: own.SPDXID,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: SPDXID,
      })),
    ],
  };
}

export const sbomText = (kind) => `${JSON.stringify(sbom(kind), null, 1)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kind, file] = process.argv.slice(2);
  if (!['native', 'site'].includes(kind) || !file) {
    console.error('Say of what, and where to: node web/tools/sbom.mjs native|site FILE.');
    process.exit(2);
  }
  writeFileSync(file, sbomText(kind));
}
