// What of others is in what is shipped: name, version, licence, whose it is, and where. THIRD_PARTY.md lists the same.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

// The versions that cmake/setup/versions.sh pins.
function pinned() {
  const text = readFileSync(path.join(repository, 'cmake/setup/versions.sh'), 'utf8');
  return Object.fromEntries([...text.matchAll(/^([A-Z0-9_]+)=(\S+)$/gm)].map(([, name, value]) => [name, value]));
}

// The version of a package of the system's; '' where there is no such package, or another system.
function ofSystem(name) {
  try {
    const version = execFileSync('dpkg-query', ['-W', '-f=$' + '{Version}', name], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return version.trim();
  } catch {
    return '';
  }
}

// `kind`: "site" (the page and the engine for npm) or "native" (command line and window). A `version` that is not known is ''.
export function components(kind) {
  const versions = pinned();
  const site = ['site'],
    native = ['native'],
    both = ['site', 'native'];
  const all = [
    ['Eigen', versions.EIGEN_VERSION, 'MPL-2.0', 'The Eigen authors', both],
    ['Dear ImGui', versions.IMGUI_VERSION, 'MIT', '2014-2025 Omar Cornut', both],
    ['SDL', versions.SDL2_VERSION, 'Zlib', '1997-2025 Sam Lantinga', site],
    ['SDL', ofSystem('libsdl2-dev'), 'Zlib', '1997-2023 Sam Lantinga', native],
    ['libdeflate', versions.LIBDEFLATE_VERSION, 'MIT', '2016 Eric Biggers, 2024 Google LLC', site],
    ['libdeflate', ofSystem('libdeflate-dev'), 'MIT', '2016, 2018 Eric Biggers', native],
    ['JSON for Modern C++', ofSystem('nlohmann-json3-dev'), 'MIT', '2013-2022 Niels Lohmann', both],
    ['stb', ofSystem('libstb-dev'), 'MIT OR Unlicense', '2014-2022 Sean Barrett', both],
    ['CLI11', ofSystem('libcli11-dev'), 'BSD-3-Clause', '2017-2020 University of Cincinnati', native],
    ['Inter', ofSystem('fonts-inter'), 'OFL-1.1', '2016-2022 The Inter Project Authors', both],
    ['Noto Sans CJK', ofSystem('fonts-noto-cjk'), 'OFL-1.1', '2014-2021 Adobe', both],
    ['Emscripten', versions.EMSCRIPTEN_VERSION, 'MIT OR NCSA', '2010-2024 The Emscripten authors', site],
    ['musl', '', 'MIT', '2005-2020 Rich Felker and others', site],
    ['LLVM runtime libraries', '', 'Apache-2.0 WITH LLVM-exception', 'The LLVM authors', site],
  ];
  return all
    .filter(([, , , , where]) => where.includes(kind))
    .map(([name, version, licence, holder]) => ({ name, version, licence, holder }));
}
