# shellcheck shell=bash
# What is run to be measured, tried or found: ./dev bench, reproduce, harden, recipes and split. Sourced by ./dev.

verb_bench() {
  set_up build site test bench
  data_dir
  build_site
  build_lock
  build native hourglass
  drop_lock
  run_in_place node bench/run.mjs "$@"
}

verb_reproduce() {
  if [ "${1-}" = exports ]; then set_up build test; else set_up build node; fi
  data_dir
  build_lock
  build native hourglass
  drop_lock
  case "${1-}" in
    applications | pretraining | diagnoses | exports) run_in_place node "bench/reproduce_$1.mjs" "${@:2}" ;;
  esac
  run_in_place node bench/reproduce.mjs "$@"
}

verb_harden() {
  set_up build harden
  data_dir
  build_lock
  build native hourglass hourglass_faults hourglass_out_of_memory
  build fuzz hourglass_fuzz
  drop_lock
  run_in_place node bench/harden.mjs "$@"
}

verb_recipes() {
  set_up build site test recipes
  data_dir
  build_site
  use_recipes_tools
  run_in_place node tests/recipes/run.mjs "$@"
}

# What is fetched at once and what later: the lists are made from the page itself, which is then built with them.
find_primary_functions() { cd "$HOURGLASS_ROOT" && node web/split/primary_functions.mjs; }

verb_split() {
  no_arguments split "$@"
  set_up site test
  data_dir
  build_site
  step "Looking for what runs until the first step" "" "" find_primary_functions
  build_site
}
