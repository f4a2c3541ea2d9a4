#!/usr/bin/env bash
# wasm-ld adds the base of thread-local data twice where objects made for threads are linked without shared memory.
#
# Guess: an object compiled with atomics may be linked into a program of one thread, where a thread_local variable is a
# variable like any other; if it could not, the linker would say so.
# Really: it links without a word, and the variable's address is off by the address at which thread-local data begin: that
# base is made part of the address by the relocation, and the code adds __tls_base, which holds it too. What is read is
# some other memory: 0 in place of the initial value here. With --shared-memory the same object is right, and so is the
# same source compiled without atomics.
# Version: LLVM 19.1.7 (Debian's clang-19 and lld-19 1:19.1.7-3~deb12u1).
# For us: engines with and without threads are compiled apart, though the same objects would save half of the time.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/common.sh"

version=1:19.1.7-3~deb12u1
debian_packages "clang-19=$version" "lld-19=$version"
tools=$PWD/root/usr/lib/llvm-19/bin
export LD_LIBRARY_PATH=$PWD/root/usr/lib/x86_64-linux-gnu:$PWD/root/lib/x86_64-linux-gnu:$PWD/root/usr/lib/llvm-19/lib

cat >variable.c <<'C'
int before[100] = {1};
_Thread_local int variable = 7;
int value(void) { return variable; }
int address(void) { return (int)&variable; }
C

cat >run.mjs <<'JS'
import { readFileSync } from 'node:fs';
const [, , title, file] = process.argv;
const memory = new WebAssembly.Memory({ initial: 2, maximum: 16, shared: true });
const { instance } = await WebAssembly.instantiate(readFileSync(file), { env: { memory } });
const { value, address, __tls_base: base } = instance.exports;
const off = base ? `, ${address() - base.value} from the base of thread-local data` : '';
console.log(`${title}: the variable is ${value()}${off}`);
JS

observe() {
  local link=("$tools/wasm-ld" --no-entry --export=value --export=address --export-if-defined=__tls_base)
  "$tools/wasm-ld" --version
  "$tools/clang" --target=wasm32 -O1 -c variable.c -o plain.o
  "$tools/clang" --target=wasm32 -O1 -matomics -mbulk-memory -c variable.c -o atomic.o
  "${link[@]}" plain.o -o plain.wasm
  "${link[@]}" atomic.o -o atomic.wasm
  "${link[@]}" --shared-memory --import-memory --max-memory=1048576 atomic.o -o shared.wasm
  node run.mjs 'without atomics' plain.wasm
  node run.mjs 'with atomics, linked with shared memory' shared.wasm
  node run.mjs 'with atomics, linked without' atomic.wasm
}
says observe
expect 'the version' 'Debian LLD 19.1.7'
expect 'what is right' 'without atomics: the variable is 7'
expect 'shared memory' 'with atomics, linked with shared memory: the variable is 7, 0 from the base of thread-local data'
expect 'the address' 'with atomics, linked without: the variable is 0, 1024 from the base of thread-local data'
