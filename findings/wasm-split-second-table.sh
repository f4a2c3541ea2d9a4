#!/usr/bin/env bash
# With reference types, wasm-split makes a second table for placeholders, and their numbers are no places in the module's own.
#
# Guess: whoever stands in for a placeholder "n" of the primary module calls entry n of its one function table once the secondary
# module is there, whatever features are on; so Emscripten's own loader of split modules does it.
# Really: that holds without reference types. With them (--all-features has them, too) the functions of the secondary module get a
# table of their own, which is exported under a name that tells nothing, and n counts in that; entry n of the module's own table
# is some other function or none.
# Version: Binaryen 120 (Debian's package of suite trixie).
# For us: modules are split with the features that they use and no others (web/split/split_module.mjs), which browsers with one
# table understand as well.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/common.sh"

debian_root trixie binaryen=120 libc6 libgcc-s1 libstdc++6

binaryen() {
  local libraries=root/usr/lib/x86_64-linux-gnu
  root/usr/lib64/ld-linux-x86-64.so.2 --library-path "$libraries:$libraries/binaryen" "root/usr/bin/$1" "${@:2}"
}

# A table of two, of which entry 1 is $first; $run needs $later, which goes into the secondary module.
cat >module.wat <<'WAT'
(module
  (table $own 2 2 funcref)
  (elem (i32.const 1) $first)
  (func $first (export "first") (result i32) (i32.const 1))
  (func $run (export "run") (result i32) (i32.add (call $first) (call $later)))
  (func $later (export "later") (result i32) (i32.const 40)))
WAT

cat >run.mjs <<'JS'
import { readFileSync } from 'node:fs';
const compiled = (file) => new WebAssembly.Module(readFileSync(file));
const asked = [];
const placeholder = new Proxy({}, { get: (_, n) => () => (asked.push(n), 0) });
const { exports } = new WebAssembly.Instance(compiled('primary.wasm'), { placeholder });
exports.run();
new WebAssembly.Instance(compiled('secondary.wasm'), { primary: exports });
const tables = Object.values(exports).filter((each) => each instanceof WebAssembly.Table);
const entries = tables.map((table) => {
  const entry = Number(asked[0]) < table.length ? table.get(Number(asked[0])) : null;
  return entry ? `a function that gives ${entry()}` : 'nothing';
});
console.log(`${process.argv[2]}: ${tables.length} table(s), entry ${asked[0]} is ${entries.join(' and ')}`);
JS

observe() {
  binaryen wasm-split --version
  binaryen wasm-as -g module.wat -o module.wasm
  local title
  for title in 'without reference types' 'with reference types'; do
    local features=()
    [ "$title" = 'without reference types' ] || features=(--enable-reference-types --enable-bulk-memory)
    binaryen wasm-split module.wasm "${features[@]}" --keep-funcs=first,run --export-prefix=% \
      --primary-output=primary.wasm --secondary-output=secondary.wasm
    node run.mjs "$title"
  done
}
says observe
expect 'the version' 'wasm-split version 120'
expect 'one table' 'without reference types: 1 table(s), entry 2 is a function that gives 40'
expect 'two tables' 'with reference types: 2 table(s), entry 0 is nothing and a function that gives 40'
