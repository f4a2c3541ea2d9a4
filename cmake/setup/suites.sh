# shellcheck shell=bash disable=SC2015
# Fetching packages of a newer Debian suite into the cache folder, without touching the system: a private apt state
# that uses the machine's own mirror and Debian's own keys.

APT_STATE=$HOURGLASS_CACHE/apt
APT_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
MIRROR_NAME=

# mirror: the address that the machine's apt uses for Debian itself, in whichever format its sources are written.
mirror() {
  if [ -n "${HOURGLASS_MIRROR:-}" ]; then
    echo "$HOURGLASS_MIRROR"
    return
  fi
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    awk -v name="$(. /etc/os-release && echo "${VERSION_CODENAME:-none}")" '
      $1 ~ /^cdrom:/ || $3 != "main" { next }
      $2 == name || $2 ~ /^(stable|oldstable|testing|unstable|sid)$/ { sub(/\/$/, "", $1); print $1; exit }'
}

# private_apt TOOL ARGUMENTS...
private_apt() {
  local tool=$1 sandbox=()
  shift
  # apt would fetch as the user _apt, who may not enter a home folder.
  [ "$(id -u)" -ne 0 ] || sandbox=(-o APT::Sandbox::User=root)
  "$tool" -o Dir::Etc::sourcelist="$APT_STATE/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=- \
    -o Dir::State::lists="$APT_STATE/lists" -o Dir::Cache="$APT_STATE/cache" \
    -o Acquire::Languages=none -o Acquire::Retries=3 -o Acquire::http::Timeout=30 \
    -o Acquire::https::Timeout=30 "${sandbox[@]}" "$@"
}

# suite_lists: brings the private lists up to date, once a run; what runs beside (common.sh) is part of the run.
suite_lists() {
  work_dir
  [ ! -e "$WORK_DIR/suite-lists" ] || return 0
  local address sources
  address=$(mirror)
  [ -n "$address" ] || fail "No Debian mirror was found in apt's sources: add a line for Debian's main archive to /etc/apt/sources.list and start again."
  MIRROR_NAME=${address#*://}
  MIRROR_NAME=${MIRROR_NAME%%/*}
  [ -r "$APT_KEYRING" ] || fail "Debian's keys ($APT_KEYRING) are missing: install the package debian-archive-keyring and start again."
  need_space "$HOURGLASS_CACHE" 300 "Reading Debian's package lists"
  make_folder "$APT_STATE/lists/partial"
  make_folder "$APT_STATE/cache/archives/partial"
  local suite kind
  sources=$(for suite in $(printf '%s\n' "$EIGEN_SUITE" "$IMGUI_SUITE" "$SDL2_SUITE" "$LIBDEFLATE_SUITE" "$EMSCRIPTEN_SUITE" "$BINARYEN_SUITE" "$RECIPES_SUITE" | sort -u); do
    for kind in deb deb-src; do echo "$kind [signed-by=$APT_KEYRING] $address $suite main"; done
  done)
  printf '%s\n' "$sources" >"$APT_STATE/sources.list" || fail "The file $APT_STATE/sources.list cannot be written: check who owns it, and that its disk is not full."
  step "Reading the package lists of newer Debian suites" "$APT_STATE/lists" "Debian's package lists could not be read." \
    private_apt apt-get update -q --error-on=any
  touch "$WORK_DIR/suite-lists"
}

# upstream VERSION: 1:5.0.1+dfsg-3 -> 5.0.1
upstream() {
  local version=${1#*:}
  version=${version%-*}
  echo "${version%%[+~]*}"
}

# series VERSION: its first two numbers, 5.0.1 -> 5.0
series() { cut -d. -f1,2 <<<"$1"; }

# suite_version PACKAGE SUITE binary|source [PINNED]: the version to fetch. With PINNED: exactly that one, or a newer
# one of the same series with a notice on stderr; another series ends the run.
suite_version() {
  local package=$1 suite=$2 kind=$3 pinned=${4:-} offered version pick=
  [ "$kind" = source ] && kind=Sources || kind=Packages
  offered=$(private_apt apt-cache madison "$package" 2>/dev/null |
    awk -F ' *[|] *' -v suite="$suite/main" -v kind="$kind" 'index($3, " " suite " ") && $3 ~ kind "$" {gsub(/ /, "", $2); print $2}')
  [ -n "$offered" ] || fail "Debian's suite $suite has no package $package any more: choose another suite in cmake/setup/versions.sh."
  for version in $offered; do
    [ -z "$pinned" ] || [ "$(upstream "$version")" = "$pinned" ] || continue
    pick=$version
    break
  done
  if [ -z "$pick" ]; then
    pick=$(sort -V <<<"$offered" | tail -n 1)
    local now
    now=$(upstream "$pick")
    [ "$(series "$now")" = "$(series "$pinned")" ] ||
      fail "Debian's suite $suite has moved on to $package $now, and this project was made with $pinned: try that version by changing cmake/setup/versions.sh."
    printf 'Note: Debian'\''s suite %s has %s %s by now; it is taken in place of %s.\n' "$suite" "$package" "$now" "$pinned" >&2
  fi
  echo "$pick"
}

# fetch_in FOLDER apt-get-arguments...: private apt-get in FOLDER (apt writes downloads where it stands).
fetch_in() {
  local folder=$1
  shift
  cd "$folder" && private_apt apt-get -q "$@"
}

# fetch_binary LABEL FOLDER PACKAGE=VERSION...: leaves the .deb files in FOLDER.
fetch_binary() {
  local label=$1 folder=$2
  shift 2
  make_folder "$folder"
  step "Downloading $label" "$folder" "$label could not be downloaded." fetch_in "$folder" download "$@"
}

# fetch_source LABEL FOLDER PACKAGE=VERSION: unpacks the source, patches applied, into FOLDER/source.
fetch_source() {
  local label=$1 folder=$2
  make_folder "$folder"
  step "Downloading $label" "$folder" "$label could not be downloaded." \
    fetch_in "$folder" source --download-only "$3"
  # apt has checked the files against Debian's signed lists; dpkg-source would want the packager's key as well.
  step "Unpacking $label" "$folder" "$label could not be unpacked." \
    unpack_source "$folder"
}
# fetch_upstream LABEL FOLDER PACKAGE=VERSION: unpacks what its authors have released, without Debian's patches, into
# FOLDER/source. apt checks it against Debian's signed lists, too.
fetch_upstream() {
  local label=$1 folder=$2
  make_folder "$folder/source"
  step "Downloading $label" "$folder" "$label could not be downloaded." \
    fetch_in "$folder" source --download-only --tar-only "$3"
  step "Unpacking $label" "$folder" "$label could not be unpacked." \
    tar -x -f "$(echo "$folder"/*.orig.tar.*)" -C "$folder/source" --strip-components=1
}
unpack_source() { dpkg-source --no-check --no-copy -x "$1"/*.dsc "$1/source"; }

# unpack_deb FILE FOLDER [tar arguments...]
unpack_deb() {
  local file=$1 folder=$2
  shift 2
  mkdir -p "$folder" && (set -o pipefail && dpkg-deb --fsys-tarfile "$file" | tar -x -C "$folder" "$@")
}
