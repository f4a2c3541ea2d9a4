# shellcheck shell=bash
# ./dev format and ./dev test lint: how the code looks, held by programs and not by whoever reads it.

# What is formatted, as paths from the root; what git ignores is nobody's style.
cpp_files() { git -C "$HOURGLASS_ROOT" ls-files --cached --others --exclude-standard '*.cpp' '*.h'; }
js_files() { git -C "$HOURGLASS_ROOT" ls-files --cached --others --exclude-standard '*.js' '*.mjs'; }
shell_files() { git -C "$HOURGLASS_ROOT" ls-files --cached --others --exclude-standard dev .ci/run '*.sh'; }

# on_files LIST CMD...: CMD with the files that LIST prints and that are there, in the root.
on_files() {
  local list=$1
  shift
  cd "$HOURGLASS_ROOT" || return 1
  "$list" | while IFS= read -r file; do [ ! -f "$file" ] || printf '%s\0' "$file"; done | xargs -0 -r "$@"
}

clang_format() { on_files cpp_files "clang-format-$CLANG_FORMAT_MAJOR" "$@"; }
prettier() { on_files js_files node_modules/.bin/prettier --log-level warn "$@"; }

format_all() { clang_format -i && prettier --write; }

check_clang_format() { clang_format --dry-run --Werror; }
check_prettier() { prettier --check; }
check_eslint() { cd "$HOURGLASS_ROOT" && node_modules/.bin/eslint --max-warnings 0 .; }
check_shellcheck() { on_files shell_files shellcheck -x; }
# clang-format leaves comments and raw strings alone: what is too long is broken by hand.
check_columns() {
  local long
  long=$(LC_ALL=C.UTF-8 on_files cpp_files grep -HnE '^.{101,}' | grep -vE 'R"|https?:')
  [ -z "$long" ] || {
    printf '%s\n' "These lines have more than 100 columns:" "$long"
    return 1
  }
}

LINT_CHECKS="clang_format columns prettier eslint shellcheck"

suite_lint() {
  local check start=$SECONDS passed=0 failed=0 log
  for check in $LINT_CHECKS; do
    log=$WORK_DIR/lint-$check.log
    spawn "$log" "check_$check"
    if wait_for "Testing: lint, $check" "$log" ""; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      show "$check" "$log"
    fi
  done
  [ "$failed" -eq 0 ] || say "./dev format mends what clang-format and Prettier say."
  say "Testing: lint: $passed passed, $failed failed ($((SECONDS - start)) s)"
  count lint "$passed" "$failed" 0 $((SECONDS - start))
}

# ./dev tidy [FILE...]: clang-tidy over core and ui, by .clang-tidy. It takes minutes (each file is parsed with Eigen),
# so it is no part of the tests. Precompiled headers of another compiler are none of clang's.
tidy_files() { git -C "$HOURGLASS_ROOT" ls-files --cached --others --exclude-standard 'core/*.cpp' 'ui/*.cpp'; }

run_tidy() {
  local list=tidy_files file
  for file in "$@"; do
    [ -f "$HOURGLASS_ROOT/$file" ] || fail "There is no $file: name files as they are called from the root, core/train/trainer.cpp."
  done
  if [ $# -gt 0 ]; then
    TIDY_FILES=("$@")
    list=named_tidy_files
  fi
  on_files "$list" -n 1 -P "$JOBS" "clang-tidy-$LLVM_MAJOR" -p build/native --quiet 2>/dev/null
}
named_tidy_files() { printf '%s\n' "${TIDY_FILES[@]}"; }
