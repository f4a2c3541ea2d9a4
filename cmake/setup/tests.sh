# shellcheck shell=bash disable=SC2034
# ./dev test: every suite, its counts, and one line at the end.
#
# A doctest suite says how it went in its "[doctest] test cases:" line. A test that cannot run for want of real data
# prints a line "SKIPPED: NAME: why" and returns; it is counted as skipped and not as passed. Node's suites use
# `skip` with a reason. A suite that crashes, does not build or says nothing counts as one failure.

ALL_SUITES="lint native double sanitizers cli desktop browser"
# When a suite, and a file of tests that Node.js runs, counts as hanging: far longer than on the slowest machine, where other things are done beside it.
SUITE_SECONDS=${HOURGLASS_SUITE_SECONDS:-3600}
FILE_SECONDS=${HOURGLASS_FILE_SECONDS:-1200}
# When the suites have to be over, counted from the start: what is under way then is ended, and its failures are told.
TEST_SECONDS=${HOURGLASS_TEST_SECONDS:-86400}

PASSED=0 FAILED=0 SKIPPED=0
TABLE=
SKIP_REASONS=

suite_native() { doctest_suite native native hourglass_tests; }
suite_double() { doctest_suite double native-double hourglass_tests_double; }
suite_sanitizers() { doctest_suite sanitizers native-asan hourglass_tests; }

suite_cli() {
  build_for cli native hourglass || return 0
  # What makes calls fail is for Linux; without it the tests that need it are skipped.
  if [ "$(uname)" = Linux ]; then
    build_for cli native hourglass_faults || return 0
    build_for cli native hourglass_out_of_memory || return 0
  fi
  # Where MPI is not installed, the tests that need it are skipped, and say so.
  if have mpirun; then build_for cli native-mpi hourglass || return 0; fi
  node_suite cli tests/cli
}

suite_desktop() {
  build_for desktop native hourglass-desktop || return 0
  LIBGL_ALWAYS_SOFTWARE=1 node_suite desktop tests/desktop xvfb-run -a -s '-screen 0 1280x800x24 +extension GLX'
}

suite_browser() {
  site_built_for browser || return 0
  node_suite browser tests/browser
}

# count SUITE PASSED FAILED SKIPPED SECONDS [REMARK]
count() {
  PASSED=$((PASSED + $2)) FAILED=$((FAILED + $3)) SKIPPED=$((SKIPPED + $4))
  TABLE+=$(printf '%-12s %7d %7d %8d %8d  %s' "$1" "$2" "$3" "$4" "$5" "${6:-}")$'\n'
}

show() {
  say "----- $1 -----"
  cat "$2"
  say "----- end of $1 -----"
}

# build_for SUITE PRESET TARGET: false, with the failure counted, when it does not build.
build_for() {
  local log=$WORK_DIR/build-$2.log start=$SECONDS
  [ -t 1 ] || say "Building $2 ..."
  if try_build "$2" "$log" "$3"; then
    say "Building $2: done ($((SECONDS - start)) s)"
    return 0
  fi
  build_errors "$log" >"$log.errors"
  show "$2 did not build" "$log.errors"
  count "$1" 0 1 0 $((SECONDS - start)) "did not build"
  return 1
}

site_built_for() {
  local log=$WORK_DIR/site.log start=$SECONDS entry preset
  for entry in $PAGE_MODULES $THREAD_MODULES; do
    preset=${entry%%:*}
    [ -t 1 ] || say "Building $preset ..."
    # Unquoted: targets.
    # shellcheck disable=SC2046
    try_build "$preset" "$log" $(tr : ' ' <<<"${entry#*:}") && continue
    build_errors "$log" >"$log.errors"
    show "$preset did not build" "$log.errors"
    count "$1" 0 1 0 $((SECONDS - start)) "did not build"
    return 1
  done
  spawn "$log" assemble_site
  if ! wait_for "Assembling the site" "$log" ""; then
    show "the site could not be assembled" "$log"
    count "$1" 0 1 0 $((SECONDS - start)) "no site"
    return 1
  fi
  spawn "$log" assemble_html
  if ! wait_for "Assembling the page in one file" "$log" ""; then
    show "the page in one file could not be assembled" "$log"
    count "$1" 0 1 0 $((SECONDS - start)) "no page in one file"
    return 1
  fi
  say "Building the site: done ($((SECONDS - start)) s)"
}

# run_suite LABEL LOG CMD...: returns CMD's exit status, 124 when it took too long.
run_suite() {
  local label=$1 log=$2 left=$((TEST_SECONDS - SECONDS))
  shift 2
  [ -t 1 ] || say "Testing: $label ..."
  [ "$left" -lt "$SUITE_SECONDS" ] || left=$SUITE_SECONDS
  [ "$left" -gt 0 ] || left=1
  spawn "$log" timeout --kill-after=10 "$left" "$@"
  wait_for "Testing: $label" "$log" ""
}

# doctest_suite SUITE PRESET TARGET
doctest_suite() {
  build_for "$1" "$2" "$3" || return 0
  local log=$WORK_DIR/test-$1.log start=$SECONDS rc=0 line passed failed skipped lines remark=
  run_suite "$1" "$log" "$HOURGLASS_ROOT/build/$2/$3" --no-colors || rc=$?
  line=$(grep -aE '^\[doctest\] test cases: ' "$log" | tail -n 1)
  passed=$(sed -nE 's/.*\| *([0-9]+) passed.*/\1/p' <<<"$line")
  failed=$(sed -nE 's/.*\| *([0-9]+) failed.*/\1/p' <<<"$line")
  skipped=$(sed -nE 's/.*\| *([0-9]+) skipped.*/\1/p' <<<"$line")
  # One test may miss several things.
  lines=$(sed -nE 's/^SKIPPED: ([^:]*).*/\1/p' "$log" | sort -u | wc -l)
  SKIP_REASONS+=$(grep -aE '^SKIPPED: ' "$log" | sed "s/^SKIPPED:/$1:/")$'\n'
  passed=$((${passed:-lines} - lines)) failed=${failed:-0} skipped=$((${skipped:-0} + lines))
  finish_suite "$1" "$log" "$rc" "$passed" "$failed" "$skipped" $((SECONDS - start)) "${line:+counted}"
}

# node_suite SUITE FOLDER [WRAPPER...]: runs FOLDER/*.test.mjs.
node_suite() {
  local suite=$1 folder=$2 log=$WORK_DIR/test-$1.log start=$SECONDS rc=0 files
  local options=(--test-concurrency=1)
  shift 2
  files=("$HOURGLASS_ROOT/$folder"/*.test.mjs)
  if [ ! -f "${files[0]}" ]; then
    say "$suite: there are no tests in $folder"
    return 0
  fi
  # A failed test may leave a server or browser open, for which Node.js would wait until the time is up.
  node --help | grep -q -e --test-force-exit && options+=(--test-force-exit)
  # A file that hangs is named, and those after it still run.
  node --help | grep -q -e --test-timeout && options+=(--test-timeout=$((FILE_SECONDS * 1000)))
  run_suite "$suite" "$log" "$@" node --test "${options[@]}" \
    --test-reporter=spec --test-reporter-destination=stdout "${files[@]}" || rc=$?
  SKIP_REASONS+=$(sed -nE "s/^ *﹣ (.*) \([0-9.]+ms\) # ?(SKIP)? ?(.*)$/$suite: \1: \3/p" "$log")$'\n'
  finish_suite "$suite" "$log" "$rc" "$(node_count pass "$log")" \
    $(($(node_count fail "$log") + $(node_count cancelled "$log"))) \
    $(($(node_count skipped "$log") + $(node_count todo "$log"))) $((SECONDS - start)) \
    "$([ "$(node_count tests "$log")" -gt 0 ] && echo counted)"
}

# node_count WORD LOG: from the lines "ℹ pass 12" that end a run.
node_count() {
  local number
  number=$(sed -nE "s/^ℹ $1 ([0-9]+)$/\1/p" "$2" | tail -n 1)
  echo "${number:-0}"
}

# finish_suite SUITE LOG EXIT_STATUS PASSED FAILED SKIPPED SECONDS COUNTED
finish_suite() {
  local suite=$1 log=$2 rc=$3 passed=$4 failed=$5 skipped=$6 seconds=$7 remark=
  if [ "$rc" -ne 0 ] && [ "$failed" -eq 0 ]; then
    failed=1
    remark="ended with exit status $rc"
    [ "$rc" -ne 124 ] && [ "$rc" -ne 137 ] || remark="was ended after $seconds s"
  elif [ -z "$8" ]; then
    failed=$((failed + 1))
    remark="ran no tests"
  elif grep -qa 'CRASHED' "$log" && [ "$failed" -gt 0 ]; then
    remark="crashed; what came after did not run"
  fi
  [ "$failed" -eq 0 ] || show "$suite" "$log"
  say "Testing: $suite: $passed passed, $failed failed, $skipped skipped ($seconds s)${remark:+: $remark}"
  count "$suite" "$passed" "$failed" "$skipped" "$seconds" "$remark"
}

# run_tests SUITE...: ends with the one line that sums up; false if anything failed.
run_tests() {
  local suite start=$SECONDS
  work_dir
  for suite in "$@"; do "suite_$suite"; done
  say ""
  printf '%-12s %7s %7s %8s %8s\n' suite passed failed skipped seconds
  printf '%s' "$TABLE"
  printf '%-12s %7d %7d %8d %8d\n' total "$PASSED" "$FAILED" "$SKIPPED" $((SECONDS - start))
  if [ -n "${SKIP_REASONS//$'\n'/}" ]; then
    say ""
    say "Skipped:"
    sed -n '/./s/^/  /p' <<<"$SKIP_REASONS"
  fi
  say ""
  if [ "$SKIPPED" -gt 0 ]; then
    say "$PASSED passed, $FAILED failed, $SKIPPED skipped"
  else
    say "$PASSED passed, $FAILED failed"
  fi
  [ "$FAILED" -eq 0 ]
}
