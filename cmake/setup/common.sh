# shellcheck shell=bash
# What every part of ./dev leans on: words for people, one-sentence errors, running a step with progress, and
# folders that appear complete or not at all. Sourced by dev; expects HOURGLASS_ROOT.

# --- words --------------------------------------------------------------------------------------------

say() { printf '%s\n' "$*"; }

# One clear sentence and a non-zero exit; the only way this script ends in an error of its own.
fail() {
  clear_progress
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# progress TEXT: a line that the next one overwrites on a terminal; elsewhere nothing.
progress() { if [ -t 1 ] && [ -z "$LANE" ]; then printf '\r\033[K%s' "$1"; fi; }
clear_progress() { if [ -t 1 ]; then printf '\r\033[K'; fi; }

# --- folders ------------------------------------------------------------------------------------------

[ -n "${HOME:-}" ] || HOME=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6)
HOURGLASS_CACHE=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/hourglass
case $HOURGLASS_CACHE in /*) ;; *) HOURGLASS_CACHE=$PWD/$HOURGLASS_CACHE ;; esac

WORK_DIR=  # this run's own temporary folder, in the cache folder so that a rename out of it is atomic
RUNNING=   # process group of the step that is running
SERVER=    # process group of the server that ./dev serve has started
LANES=     # processes that do something beside this one
LANE=      # in one of those its number; nobody watches its progress

make_folder() {
  mkdir -p "$1" 2>/dev/null || fail "The folder $1 cannot be made: check who owns the folder above it, and that its disk is not full."
}

# Sets WORK_DIR, and clears away what interrupted runs left behind.
work_dir() {
  [ -z "$WORK_DIR" ] || return 0
  make_folder "$HOURGLASS_CACHE/tmp"
  local old
  for old in "$HOURGLASS_CACHE"/tmp/run.*; do
    [ -d "$old" ] || continue
    kill -0 "${old##*.}" 2>/dev/null || rm -rf "$old"
  done
  make_folder "$HOURGLASS_CACHE/tmp/run.$$"
  WORK_DIR=$HOURGLASS_CACHE/tmp/run.$$
}

# --- ending -------------------------------------------------------------------------------------------

stop_running() {
  [ -n "$RUNNING" ] || return 0
  local group=$RUNNING i
  RUNNING=
  kill -INT -- "-$group" 2>/dev/null || return 0
  for i in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 -- "-$group" 2>/dev/null || return 0
    [ "$i" -ne 5 ] || kill -TERM -- "-$group" 2>/dev/null
    sleep 0.3
  done
  kill -KILL -- "-$group" 2>/dev/null
}

on_exit() {
  stop_running
  # Unquoted: numbers.
  # shellcheck disable=SC2086
  [ -z "$LANES" ] || { kill -TERM $LANES 2>/dev/null; wait $LANES 2>/dev/null; }
  if [ -n "$SERVER" ]; then
    RUNNING=$SERVER
    stop_running
  fi
  [ -z "$WORK_DIR" ] || rm -rf "$WORK_DIR"
}

on_interrupt() {
  trap '' INT TERM HUP
  clear_progress
  printf 'dev: Interrupted; start the same command again and it goes on from here.\n' >&2
  exit 130
}

trap on_exit EXIT
trap on_interrupt INT TERM HUP

# --- one step -----------------------------------------------------------------------------------------

# progress_words LOG FOLDER: how far a step is, from ninja's "[12/88]" in its log or from what FOLDER holds by now.
progress_words() {
  local words=
  words=$(tail -c 400 "$1" 2>/dev/null | tr '\r' '\n' | grep -aoE '^\[[0-9]+/[0-9]+\]' | tail -n 1)
  if [ -z "$words" ] && [ -n "$2" ]; then
    words="$(du -sm "$2" 2>/dev/null | cut -f1) MB"
  fi
  printf '%s' "$words"
}

# spawn LOG CMD...: starts CMD in a process group of its own (so that Ctrl-C can stop all of it) as RUNNING.
spawn() {
  local log=$1
  shift
  set -m
  # A shell of its own, so that word of a crash goes to the log; whatever outlives us must not hold our lock (9).
  ("$@"; exit) >"$log" 2>&1 </dev/null 9>&- &
  RUNNING=$!
  set +m
}

# wait_for LABEL LOG FOLDER: waits for RUNNING with progress; returns its exit status.
wait_for() {
  local label=$1 log=$2 folder=$3 start=$SECONDS told=$SECONDS rc=0
  while kill -0 "$RUNNING" 2>/dev/null; do
    if [ -t 1 ]; then
      progress "$label ... $((SECONDS - start)) s  $(progress_words "$log" "$folder")"
    elif [ $((SECONDS - told)) -ge 30 ]; then
      told=$SECONDS
      say "  ... $((SECONDS - start)) s  $(progress_words "$log" "$folder")"
    fi
    sleep 0.2
  done
  wait "$RUNNING" || rc=$?
  RUNNING=
  clear_progress
  return $rc
}

# step LABEL FOLDER SENTENCE CMD...: runs CMD with its output in a log. When it fails, says why in one sentence:
# a cause that the log shows (no network, full disk), else SENTENCE (empty: the log's last line), and where the log is.
step() {
  local label=$1 folder=$2 sentence=$3 log start=$SECONDS
  shift 3
  work_dir
  log=$WORK_DIR/step$LANE.log
  [ -t 1 ] || say "$label ..."
  spawn "$log" "$@"
  if wait_for "$label" "$log" "$folder"; then
    say "$label: done ($((SECONDS - start)) s)"
    return 0
  fi
  local kept=$HOURGLASS_CACHE/last-failure.log cause
  cause=$(cause_in_log "$log")
  cp "$log" "$kept" 2>/dev/null || kept=
  # Our own programs end with one sentence of theirs; others need a word of what failed.
  [ -n "$sentence" ] || sentence=$(grep -av '^ *$' "$log" | tail -n 1)
  fail "${cause:-$sentence}${kept:+ Its output is in $kept.}"
}

# --- steps beside others ------------------------------------------------------------------------------

# beside CMD...: runs CMD, a function of steps, while this shell goes on: what waits for the network or keeps one core
# busy leaves room for others. Its failure ends the run at wait_for_lanes.
beside() {
  work_dir
  local number=.$((${#LANES} + 1))
  (
    LANE=$number RUNNING=''
    trap stop_running EXIT
    trap 'exit 130' INT TERM HUP
    "$@"
  ) &
  LANES+=" $!"
}

# Ends the run if something beside has failed, which has said why.
wait_for_lanes() {
  local lane failed=
  for lane in $LANES; do wait "$lane" || failed=yes; done
  LANES=
  [ -z "$failed" ] || exit 1
}

# cause_in_log LOG: a sentence for the causes that have nothing to do with the step itself; else nothing.
cause_in_log() {
  # On a full disk the log itself may have been cut short before the words.
  if grep -qaiE 'No space left on device|ENOSPC|not have enough free space' "$1" || [ "$(free_megabytes "$HOURGLASS_CACHE")" -lt 10 ] ||
    [ "$(free_megabytes "$HOURGLASS_ROOT")" -lt 10 ]; then
    say "The disk is full: free some space (or set XDG_CACHE_HOME to a folder on another disk) and start again."
  elif grep -qaE 'Could not get lock|Unable to acquire the dpkg|Unable to lock' "$1"; then
    say "Another program is installing packages just now: wait for it and start again."
  elif grep -qaE 'SELF_SIGNED_CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_' "$1"; then
    say "The npm registry's certificate is not trusted here: name the file of your proxy's certificates with npm config set cafile FILE and start again."
  elif grep -qaE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH' "$1"; then
    say "The npm registry does not answer: check the network and start again."
  elif grep -qaE 'Could not resolve|Temporary failure resolving|Could not connect|Unable to connect|Connection (timed out|refused|failed)|Network is unreachable|Failed to fetch|Some index files failed' "$1"; then
    say "The Debian mirror does not answer${MIRROR_NAME:+ ($MIRROR_NAME)}: check the network and start again."
  elif grep -qa 'does not have a Release file' "$1"; then
    say "The Debian mirror${MIRROR_NAME:+ ($MIRROR_NAME)} does not have Debian's newer suites: name one that does in HOURGLASS_MIRROR and start again."
  elif grep -qaE 'EINTEGRITY|Hash Sum mismatch|NO_PUBKEY|is not signed' "$1"; then
    say "A download arrived damaged or is not signed by its maker: start again, and if it happens again try another mirror."
  fi
}

# --- space, locks and rights --------------------------------------------------------------------------

# free_megabytes FOLDER: on the disk that holds FOLDER or will.
free_megabytes() {
  local folder=$1
  while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
  df -Pk "$folder" | awk 'NR == 2 {print int($4 / 1024)}'
}

# need_space FOLDER MEGABYTES WHAT
need_space() {
  local free
  free=$(free_megabytes "$1")
  [ "$free" -ge "$2" ] || fail "$3 needs about $2 MB in $1, and the disk has $free MB free: free some space (or set XDG_CACHE_HOME to a folder on another disk) and start again."
}

# take_lock FILE WHAT: holds FILE's lock until this process ends or gives it up with drop_lock.
take_lock() {
  make_folder "$(dirname "$1")"
  have flock || return 0
  { exec 9>"$1"; } 2>/dev/null || fail "The file $1 cannot be written: check who owns it, and that its disk is not full."
  if ! flock -n 9; then
    say "Another ./dev is $2; waiting for it."
    flock 9
  fi
}
drop_lock() { { exec 9>&-; } 2>/dev/null || true; }

# as_root CMD...
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

# can_be_root: asks for sudo's password at the terminal if that is what it takes.
can_be_root() {
  [ "$(id -u)" -ne 0 ] || return 0
  have sudo || return 1
  sudo -n true 2>/dev/null && return 0
  [ -t 0 ] && sudo -v
}

# --- folders that are complete or absent --------------------------------------------------------------

# is_complete FOLDER RECIPE: the folder was put there by publish with the same RECIPE (a word for how it was made).
is_complete() {
  local made=
  [ -f "$1/.hourglass" ] && read -r made <"$1/.hourglass"
  [ "$made" = "$2" ]
}

# publish TEMPORARY FOLDER RECIPE VERSION: moves a finished folder to its place.
publish() {
  printf '%s\n%s\n' "$3" "$4" >"$1/.hourglass" || fail "The disk is full: free some space and start again."
  if [ -e "$2" ]; then
    mv "$2" "$WORK_DIR/replaced.${2##*/}" || fail "The folder $2 cannot be replaced: check who owns it."
  fi
  mv "$1" "$2" || fail "The folder $2 cannot be made: check who owns the folder above it."
}
