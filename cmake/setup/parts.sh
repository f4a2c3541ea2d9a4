# shellcheck shell=bash disable=SC2015
# The parts in the cache folder. Each function is quick when its part is there, and otherwise makes it in a
# temporary folder and renames it into place. The names of the folders are known to cmake/HourglassDependencies.cmake.
# The second argument of is_complete and publish is a recipe: change it when the way a part is made changes.

EMSCRIPTEN_DIR=$HOURGLASS_CACHE/emscripten-$EMSCRIPTEN_VERSION
BINARYEN_DIR=$HOURGLASS_CACHE/binaryen-$BINARYEN_VERSION

part_eigen() {
  local folder=$HOURGLASS_CACHE/eigen-$EIGEN_VERSION version
  is_complete "$folder" 1 && return 0
  suite_lists
  version=$(suite_version libeigen3-dev "$EIGEN_SUITE" binary "$EIGEN_VERSION") || exit 1
  work_dir
  fetch_binary "Eigen $(upstream "$version")" "$WORK_DIR/eigen" "libeigen3-dev=$version"
  step "Unpacking Eigen" "" "Eigen could not be unpacked." \
    unpack_deb "$WORK_DIR"/eigen/*.deb "$WORK_DIR/eigen/root" ./usr/include
  publish "$WORK_DIR/eigen/root/usr/include/eigen3" "$folder" 1 "$version"
}

# What the page takes from newer suites and is only downloaded and unpacked, by what Debian always has ...
parts_of_site() {
  part_eigen
  part_emscripten
}

# ... and so beside the installation of packages, unless these bring the certificates that a mirror may want, or
# Emscripten itself.
downloads_need_packages() {
  [ ! -e /etc/ssl/certs/ca-certificates.crt ] || [ "$(debian_version)" -ge 13 ]
}

part_imgui() {
  local folder=$HOURGLASS_CACHE/imgui-$IMGUI_VERSION version
  is_complete "$folder" 1 && return 0
  suite_lists
  version=$(suite_version imgui "$IMGUI_SUITE" source "$IMGUI_VERSION") || exit 1
  work_dir
  fetch_source "Dear ImGui $(upstream "$version")" "$WORK_DIR/imgui" "imgui=$version"
  publish "$WORK_DIR/imgui/source" "$folder" 1 "$version"
}

# libdeflate for the page, as source: CMake compiles what the page takes of it.
part_libdeflate() {
  local folder=$HOURGLASS_CACHE/libdeflate-$LIBDEFLATE_VERSION version
  is_complete "$folder" 1 && return 0
  suite_lists
  version=$(suite_version libdeflate "$LIBDEFLATE_SUITE" source "$LIBDEFLATE_VERSION") || exit 1
  work_dir
  fetch_upstream "libdeflate $(upstream "$version")" "$WORK_DIR/libdeflate" "libdeflate=$version"
  publish "$WORK_DIR/libdeflate/source" "$folder" 1 "$version"
}

# The header-only libraries of the system, copied one by one: the wasm compiler must see them without seeing
# /usr/include, which holds another libc's headers.
part_headers() {
  local folder=$HOURGLASS_CACHE/headers versions name
  # shellcheck disable=SC2016
  versions=$(dpkg-query -W -f='${Package}-${Version} ' doctest-dev libcli11-dev libstb-dev nlohmann-json3-dev 2>/dev/null)
  is_complete "$folder" "1 $versions" && return 0
  work_dir
  mkdir -p "$WORK_DIR"/headers/{cli11,doctest,json,stb}
  for name in cli11/CLI doctest/doctest json/nlohmann stb/stb; do
    cp -rL "/usr/include/${name#*/}" "$WORK_DIR/headers/${name%/*}/" 2>/dev/null ||
      fail "The headers of ${name%/*} could not be copied from /usr/include/${name#*/}: check that their Debian package is whole and that the disk is not full."
  done
  publish "$WORK_DIR/headers" "$folder" "1 $versions" ""
}

# Emscripten, where no emcc that is new enough is installed: Debian's own package of a newer suite is independent of
# the architecture and works with this suite's LLVM.
part_emscripten() {
  emcc_on_path && return 0
  part_binaryen
  is_complete "$EMSCRIPTEN_DIR" 1 && return 0
  need_space "$HOURGLASS_CACHE" 1000 "Emscripten"
  suite_lists
  local version root
  version=$(suite_version emscripten "$EMSCRIPTEN_SUITE" binary "$EMSCRIPTEN_VERSION") || exit 1
  work_dir
  root=$WORK_DIR/emscripten/root/usr/share/emscripten
  fetch_binary "Emscripten $(upstream "$version") (237 MB)" "$WORK_DIR/emscripten" "emscripten=$version"
  # Four fifths of it are its own tests and libraries for what the page does without: dynamic linking, sanitizers,
  # debugging, Wasm Workers and WasmFS.
  step "Unpacking Emscripten" "" "Emscripten could not be unpacked." \
    unpack_deb "$WORK_DIR"/emscripten/*.deb "$WORK_DIR/emscripten/root" \
    --exclude='./usr/share/emscripten/test' --exclude='./usr/share/emscripten/docs' \
    --exclude='*/wasm32-emscripten/pic' --exclude='*/wasm32-emscripten/lto-pic' \
    --exclude='*/wasm32-emscripten/*san*' --exclude='*/wasm32-emscripten/*-debug*.a' \
    --exclude='*/wasm32-emscripten/*-ww*.a' --exclude='*/wasm32-emscripten/*libwasmfs*' ./usr/share/emscripten
  rm -f "$WORK_DIR"/emscripten/*.deb
  write_emscripten_config "$root/.emscripten"
  # Where part_acorn puts it.
  ln -s "$HOURGLASS_CACHE/acorn/node_modules" "$root/node_modules" || fail "The disk is full: free some space and start again."
  publish "$root" "$EMSCRIPTEN_DIR" 1 "$version"
}

# Emscripten reads this file of its own folder as Python.
write_emscripten_config() {
  cat >"$1" <<CONFIG || fail "The disk is full: free some space and start again."
import shutil
LLVM_ROOT = '/usr/lib/llvm-$LLVM_MAJOR/bin'
BINARYEN_ROOT = '$BINARYEN_DIR'
NODE_JS = shutil.which('node') or shutil.which('nodejs')
CACHE = '$EMSCRIPTEN_DIR/cache'
COMPILER_WRAPPER = shutil.which('ccache')
CONFIG
}

# Binaryen of the same suite needs a newer libc than Debian 12's: it is unpacked beside one, and each tool is started
# by a wrapper that uses that libc's own loader.
part_binaryen() {
  is_complete "$BINARYEN_DIR" 1 && return 0
  suite_lists
  local version name wanted=() tool folder
  version=$(suite_version binaryen "$BINARYEN_SUITE" binary "$BINARYEN_VERSION") || exit 1
  wanted=("binaryen=$version")
  for name in libc6 libgcc-s1 libstdc++6; do
    wanted+=("$name=$(suite_version "$name" "$BINARYEN_SUITE" binary)") || exit 1
  done
  work_dir
  folder=$WORK_DIR/binaryen
  fetch_binary "Binaryen $(upstream "$version")" "$folder" "${wanted[@]}"
  step "Unpacking Binaryen" "" "Binaryen could not be unpacked." unpack_binaryen "$folder"
  for tool in "$folder"/made/tools/*; do
    tool=${tool##*/}
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$BINARYEN_DIR/lib/loader" "$BINARYEN_DIR/lib" \
      "$BINARYEN_DIR/tools/$tool" >"$folder/made/bin/$tool" && chmod +x "$folder/made/bin/$tool" ||
      fail "The disk is full: free some space and start again."
  done
  publish "$folder/made" "$BINARYEN_DIR" 1 "$version"
}

unpack_binaryen() {
  local file loader
  for file in "$1"/*.deb; do unpack_deb "$file" "$1/root" || return 1; done
  mkdir -p "$1/made/bin" "$1/made/lib" || return 1
  mv "$1/root/usr/bin" "$1/made/tools" || return 1
  find "$1/root" -path '*/gconv' -prune -o -name '*.so*' -exec cp -Pn {} "$1/made/lib/" \; || return 1
  loader=$(find "$1/made/lib" -name 'ld-linux*' | head -n 1)
  [ -n "$loader" ] && ln -s "${loader##*/}" "$1/made/lib/loader"
}

# acorn, the JavaScript parser of Emscripten's optimiser, out of what part_node_modules has installed: a clone's own
# node_modules may go with the clone.
part_acorn() {
  emcc_on_path && return 0
  [ -f "$HOURGLASS_CACHE/acorn/node_modules/acorn/package.json" ] && return 0
  work_dir
  make_folder "$WORK_DIR/acorn/node_modules"
  cp -rL "$HOURGLASS_ROOT/node_modules/acorn" "$WORK_DIR/acorn/node_modules/" ||
    fail "acorn is missing in $HOURGLASS_ROOT/node_modules: run npm ci there and start again."
  publish "$WORK_DIR/acorn" "$HOURGLASS_CACHE/acorn" 1 ""
}

# npm_folder FROM TO: installs what FROM's package-lock.json pins into TO/node_modules, checksums compared.
npm_folder() {
  make_folder "$2"
  cp "$1/package.json" "$1/package-lock.json" "$2/" || fail "The disk is full: free some space and start again."
  [ ! -f "$HOURGLASS_ROOT/.npmrc" ] || cp "$HOURGLASS_ROOT/.npmrc" "$2/"
  step "Installing JavaScript packages" "" "npm could not install the packages of ${1#"$HOURGLASS_ROOT"/}/package-lock.json." \
    npm_ci "$2"
}
npm_ci() { cd "$1" && npm ci --ignore-scripts --loglevel=error --fetch-retries=2 --fetch-timeout=60000 --cache "$1/.npm-cache" && rm -rf "$1/.npm-cache"; }

# part_node_modules FOLDER: node_modules of FOLDER (the root, bench/ or tests/peers/), shared between clones by the lock's checksum.
part_node_modules() {
  local folder=$1 pinned made
  pinned=$(sha256sum "$folder/package-lock.json" | cut -c1-12) || fail "The file $folder/package-lock.json cannot be read."
  made=$HOURGLASS_CACHE/node-$pinned
  if [ -e "$folder/node_modules" ] && [ ! -L "$folder/node_modules" ]; then
    # Somebody's own `npm ci`: theirs to keep up to date.
    return 0
  fi
  if ! is_complete "$made" 1; then
    work_dir
    npm_folder "$folder" "$WORK_DIR/node"
    publish "$WORK_DIR/node" "$made" 1 ""
  fi
  [ "$(readlink "$folder/node_modules")" = "$made/node_modules" ] ||
    ln -sfn "$made/node_modules" "$folder/node_modules" ||
    fail "The link $folder/node_modules cannot be made: check who owns the folder."
}

# SDL2 for the page, built once: static, without threads, small, and of its parts the window and its input alone.
part_sdl2_wasm() {
  local folder=$HOURGLASS_CACHE/sdl2-wasm-$SDL2_VERSION version root
  is_complete "$folder" 2 && return 0
  suite_lists
  version=$(suite_version libsdl2 "$SDL2_SUITE" source "$SDL2_VERSION") || exit 1
  need_space "$HOURGLASS_CACHE" 300 "SDL2 for the page"
  work_dir
  root=$WORK_DIR/sdl2
  fetch_source "SDL2 $(upstream "$version")" "$root" "libsdl2=$version"
  step "Building SDL2 for WebAssembly" "" "SDL2 could not be built for WebAssembly." build_sdl2_wasm "$root"
  publish "$root/made" "$folder" 2 "$version"
}

build_sdl2_wasm() {
  try_sdl2_wasm "$1" -C "$HOURGLASS_ROOT/cmake/setup/sdl2_wasm_answers.cmake" ||
    { rm -rf "$1/build" "$1/made" && try_sdl2_wasm "$1"; }
}

# --oformat=bare spares each trial link of SDL2's configuration its JavaScript half.
try_sdl2_wasm() {
  local folder=$1 part absent=()
  shift
  for part in AUDIO RENDER JOYSTICK VIRTUAL_JOYSTICK HIDAPI HAPTIC SENSOR POWER FILESYSTEM LOADSO LOCALE DUMMYVIDEO \
    OFFSCREEN ASSEMBLY; do
    absent+=("-DSDL_$part=OFF")
  done
  cmake "$@" -S "$folder/source" -B "$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=MinSizeRel \
    -DCMAKE_C_FLAGS=-DSDL_LEAN_AND_MEAN=1 -DCMAKE_C_FLAGS_MINSIZEREL="-Oz -DNDEBUG" \
    "${absent[@]}" -DSDL_ASSERTIONS=disabled -DCMAKE_TOOLCHAIN_FILE="$HOURGLASS_ROOT/cmake/wasm-toolchain.cmake" -DCMAKE_INSTALL_PREFIX="$folder/made" \
    -DSDL_SHARED=OFF -DSDL_STATIC=ON -DSDL_TEST=OFF -DSDL_TESTS=OFF -DSDL_THREADS=OFF -DSDL2_DISABLE_SDL2MAIN=ON \
    -DCMAKE_EXE_LINKER_FLAGS="--oformat=bare -Wno-experimental" &&
    cmake --build "$folder/build" -j "$JOBS" && cmake --install "$folder/build"
}
