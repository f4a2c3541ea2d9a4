# shellcheck shell=bash
# Configuring and building the CMake presets.

# jobs: compilers at once; each takes up to about 1.5 GB on Eigen's templates.
jobs() {
  local cores memory
  cores=$(nproc 2>/dev/null || echo 2)
  memory=$(awk '/MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo 2>/dev/null || echo 2)
  [ "${memory:-2}" -ge 1 ] || memory=1
  [ "$cores" -le "$memory" ] || cores=$memory
  echo "$cores"
}
JOBS=${HOURGLASS_JOBS:-$(jobs)}
case $JOBS in '' | *[!0-9]* | 0) fail "HOURGLASS_JOBS is \"$JOBS\" where a number of 1 or more is wanted." ;; esac

# try_build PRESET LOG [TARGET...]: returns non-zero, with everything in LOG, when it does not build.
try_build() {
  local preset=$1 log=$2 folder=$HOURGLASS_ROOT/build/$1
  shift 2
  make_folder "$folder"
  # A moved checkout leaves CMake with another source folder's cache, which it refuses to work with.
  if [ -f "$folder/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$HOURGLASS_ROOT" "$folder/CMakeCache.txt"; then
    rm -rf "$folder"
    make_folder "$folder"
  fi
  spawn "$log" build_preset "$preset" "$folder" "$@"
  wait_for "Building $preset" "$log" ""
}

# configure_preset PRESET FOLDER: in the root.
configure_preset() {
  local preset=$1 folder=$2
  if [ ! -f "$folder/build.ninja" ] || [ CMakePresets.json -nt "$folder/build.ninja" ] ||
    ! grep -qxF "HOURGLASS_CACHE_DIR:PATH=$HOURGLASS_CACHE" "$folder/CMakeCache.txt"; then
    cmake --preset "$preset" -DHOURGLASS_CACHE_DIR="$HOURGLASS_CACHE" || return 1
  fi
}

build_preset() {
  local preset=$1 folder=$2
  shift 2
  cd "$HOURGLASS_ROOT" && configure_preset "$preset" "$folder" || return 1
  # As old as what is built, which somebody may change meanwhile.
  touch "$folder/.building" &&
    cmake --build "$folder" -j "$JOBS" ${1:+--target "$@"} &&
    mv "$folder/.building" "$folder/.built"
}

# is_up_to_date PRESET INPUT...: whether PRESET was built after the newest of these files and folders had changed. (Asked
# by its -n, ninja never says so where CMake looks for new files.)
is_up_to_date() {
  local built=$HOURGLASS_ROOT/build/$1/.built
  shift
  [ -e "$built" ] && (cd "$HOURGLASS_ROOT" && [ -z "$(find "$@" -newer "$built" -print -quit)" ])
}

# build PRESET [TARGET...]: ends the run with the compiler's own words when it does not build.
build() {
  local preset=$1 start=$SECONDS log
  work_dir
  log=$WORK_DIR/build-$preset.log
  [ -t 1 ] || say "Building $preset ..."
  if ! try_build "$preset" "$log" "${@:2}"; then
    local cause
    cause=$(cause_in_log "$log")
    [ -n "$cause" ] && fail "$cause"
    build_errors "$log" >&2
    fail "The preset \"$preset\" did not build; what the compiler said is above."
  fi
  say "Building $preset: done ($((SECONDS - start)) s)"
}

# build_errors LOG: the part of a build log that says what failed.
build_errors() {
  local from
  from=$(grep -n -m1 -aE '^FAILED: |^CMake Error|error:' "$1" | cut -d: -f1)
  tail -n "+${from:-1}" "$1" | head -n 60
}

build_lock() { take_lock "$HOURGLASS_ROOT/build/.lock" "building here"; }
