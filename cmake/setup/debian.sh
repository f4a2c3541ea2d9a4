# shellcheck shell=bash disable=SC2015,SC2034
# Debian's own packages, in groups, so that a verb installs only what it needs.

PACKAGES_TOOLS="ca-certificates ccache cmake dpkg-dev git ninja-build xz-utils"
PACKAGES_HEADERS="doctest-dev libcli11-dev libstb-dev nlohmann-json3-dev"
PACKAGES_FONTS="fonts-inter fonts-noto-cjk python3-fonttools"
PACKAGES_NATIVE="build-essential libdeflate-dev libsdl2-dev"
PACKAGES_TESTS="chromium firefox-esr libgl1-mesa-dri python3-numpy python3-onnx python3-torch xauth xdotool xvfb"
PACKAGES_LINT="clang-format-$CLANG_FORMAT_MAJOR git shellcheck"
PACKAGES_TIDY="clang-tidy-$LLVM_MAJOR"
# Without OpenBLAS, PyTorch would multiply matrices by the reference loops, ten times slower than it can.
PACKAGES_BENCH="python3-numpy python3-pandas python3-torch python3-sklearn r-cran-rtsne libopenblas0-pthread linux-perf"
# libFuzzer and the sanitizers of the compiler that the engine for the web is built with, too.
PACKAGES_HARDEN="clang-$LLVM_MAJOR libclang-rt-$LLVM_MAJOR-dev"
PACKAGES_MPI="libopenmpi-dev openmpi-bin"
PACKAGES_RECIPES="jekyll php-cli php-mbstring php-sqlite3 php-xml python3-myst-parser python3-sphinx"
PACKAGES_DATA="ca-certificates curl"

NODE_MINIMUM=18

debian_version() {
  local id='' version=''
  # shellcheck disable=SC1091
  if [ -r /etc/os-release ]; then id=$(. /etc/os-release && echo "${ID:-}") && version=$(. /etc/os-release && echo "${VERSION_ID:-99}"); fi
  [ "$id" = debian ] && echo "${version%%.*}"
}

# Set-up knows Debian 12 and newer. Elsewhere HOURGLASS_SKIP_SETUP=1 builds with what is there.
require_debian() {
  local version
  version=$(debian_version) || true
  [ -n "$version" ] && [ "$version" -ge 12 ] && have apt-get ||
    fail "Setting up works on Debian 12 or newer; on another system see \"Building elsewhere\" in README.md, or set HOURGLASS_SKIP_SETUP=1 to use what is installed."
}

node_major() { node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }

# A Node.js from elsewhere often brings an npm that clashes with Debian's npm package: ask for what is missing only.
node_packages() {
  local missing=
  if ! have node; then
    missing="nodejs"
  elif [ "$(node_major)" -lt $NODE_MINIMUM ]; then
    fail "Node.js $(node --version) on the PATH is too old: version $NODE_MINIMUM or newer is needed (Debian's package nodejs has it)."
  fi
  have npm || missing="$missing npm"
  echo "$missing"
}

python_packages() { have python3 || echo python3; }

# What Emscripten is made of, where no emcc that is new enough stands on the PATH.
emscripten_packages() {
  emcc_on_path && return 0
  if [ "$(debian_version)" -ge 13 ]; then
    echo emscripten
  else
    echo "clang-$LLVM_MAJOR lld-$LLVM_MAJOR llvm-$LLVM_MAJOR"
  fi
}

# emcc_on_path: true where emcc is there and new enough.
emcc_on_path() {
  have emcc || return 1
  local version
  version=$(emcc_version "$(command -v emcc)")
  [ -n "$version" ] && [ "$(printf '%s\n%s\n' "$EMCC_MINIMUM" "$version" | sort -V | head -n 1)" = "$EMCC_MINIMUM" ]
}

# emcc_version PATH: from the file beside it, since starting emcc takes a second.
emcc_version() {
  local folder
  folder=$(dirname "$(readlink -f "$1")")
  [ "${1%/emcc}" = /usr/bin ] && [ -f /usr/share/emscripten/emscripten-version.txt ] && folder=/usr/share/emscripten
  if [ -f "$folder/emscripten-version.txt" ]; then
    tr -d '"' <"$folder/emscripten-version.txt" | grep -oE '^[0-9]+\.[0-9]+\.[0-9]+'
  else
    "$1" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1
  fi
}

# missing_packages NAME...: those that are not installed, each once, asked in one call (this runs every time).
missing_packages() {
  local installed name
  # dpkg-query lists what it knows and complains about the rest; both answers are wanted.
  # shellcheck disable=SC2016
  installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | awk '$2 == "installed" {print $1}')
  for name in $(printf '%s\n' "$@" | sort -u); do
    case $'\n'$installed$'\n' in *$'\n'"$name"$'\n'*) ;; *) printf '%s ' "$name" ;; esac
  done
}

# install_packages NAME...
install_packages() {
  local missing
  missing=$(missing_packages "$@")
  [ -n "${missing// /}" ] || return 0
  missing=${missing% }
  can_be_root || fail "These Debian packages are missing, and installing them takes root or sudo: $missing."
  need_space /usr 1000 "Installing Debian packages"
  local apt=(as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300
    -o Acquire::Retries=3 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30)
  local sentence="Debian's packages could not be installed ($missing): check that apt's sources name a Debian mirror."
  if [ -n "$(find /var/lib/dpkg/updates -type f 2>/dev/null | head -n 1)" ]; then
    step "Finishing an interrupted installation of packages" "" "dpkg could not finish an interrupted installation: run dpkg --configure -a and start again." \
      as_root dpkg --configure -a
  fi
  # The lists may be old or absent: ask for the packages first, and refresh the lists only when that fails.
  # shellcheck disable=SC2086
  if ! lists_are_fresh || ! apt-get -q -s --no-install-recommends install $missing >/dev/null 2>&1; then
    step "Refreshing the list of Debian packages" "" "apt-get update failed." "${apt[@]}" update
    # apt-get calls it a success when a mirror was silent; a source that this project does not need may well be.
    local silent
    silent=$(sed -nE 's#^(E|W): Failed to fetch [a-z+]*:/*([^/ ]*).*#\2#p' "$WORK_DIR/step.log" | sort -u | paste -sd ' ')
    [ -z "$silent" ] || sentence="The Debian mirror does not answer ($silent), and these packages are not installed yet: $missing. Check the network and start again."
  fi
  # shellcheck disable=SC2086
  step "Installing Debian packages ($(shorten "$missing"))" "" "$sentence" \
    "${apt[@]}" --no-install-recommends install $missing
}

# Lists of more than a week name files that the mirror may have replaced.
lists_are_fresh() {
  [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mtime -7 2>/dev/null | head -n 1)" ]
}

shorten() { if [ "${#1}" -gt 60 ]; then echo "${1:0:57}..."; else echo "$1"; fi; }
