# shellcheck shell=bash
# What every finding leans on. Sourced; leaves the shell in a temporary folder that goes when the script ends.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# npm_packages NAME@VERSION...: in node_modules/ of the temporary folder. No package's own scripts are run.
npm_packages() {
  echo '{"private": true}' >package.json
  npm install --ignore-scripts --no-audit --no-fund --loglevel=error "$@"
}

# debian_source PACKAGE UPSTREAM_VERSION SUITE: the source of a Debian package, from the mirror that the machine's apt uses
# and by lists of our own, in PACKAGE/ of the temporary folder.
debian_source() {
  local package=$1 upstream=$2 suite=$3 address version key=/usr/share/keyrings/debian-archive-keyring.gpg
  # shellcheck disable=SC2016
  address=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v name="$(. /etc/os-release && echo "$VERSION_CODENAME")" '$2 == name && $3 == "main" { print $1; exit }')
  mkdir -p apt/lists/partial apt/cache/archives/partial
  echo "deb-src [signed-by=$key] $address $suite main" >apt/sources.list
  local options=(-q -o Dir::Etc::sourcelist="$PWD/apt/sources.list" -o Dir::Etc::sourceparts=-
    -o Dir::Etc::preferencesparts=- -o Dir::State::lists="$PWD/apt/lists" -o Dir::Cache="$PWD/apt/cache"
    -o APT::Sandbox::User=)
  apt-get "${options[@]}" update --error-on=any >apt/log
  version=$(apt-cache "${options[@]}" madison "$package" |
    awk -F ' *[|] *' -v upstream="$upstream" 'index($2, upstream) == 1 { print $2; exit }')
  [ -n "$version" ] || {
    printf "Debian's suite %s has no %s %s any more.\n" "$suite" "$package" "$upstream" >&2
    exit 1
  }
  apt-get "${options[@]}" source --download-only "$package=$version" >>apt/log
  dpkg-source --no-check --no-copy -x ./*.dsc "$package" >>apt/log
}

# debian_packages PACKAGE=VERSION...: unpacked with all that they depend on, but for the C library, in root/ of the temporary
# folder, from the mirror and the suite that the machine's apt uses. Nothing is installed.
debian_packages() {
  mkdir -p apt/archives/partial root
  : >apt/status
  apt-get -q -y -o Dir::State::status="$PWD/apt/status" -o Dir::Cache::archives="$PWD/apt/archives" \
    -o APT::Sandbox::User= install --download-only --no-install-recommends "$@" >apt/log
  find apt/archives -name '*.deb' ! -name 'libc6_*' ! -name 'libc-bin_*' -exec dpkg -x {} root \;
}

# says COMMAND...: runs it, shows what it printed and keeps it in $said.
says() {
  said=$("$@")
  printf '%s\n' "$said"
}

# expect WHAT LINE: the finding has changed unless LINE was printed.
expect() {
  grep -qxF -e "$2" <<<"$said" || {
    printf 'This has changed: %s. Expected the line: %s\n' "$1" "$2" >&2
    exit 1
  }
}
