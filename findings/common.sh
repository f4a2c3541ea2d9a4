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

# suite_apt KIND SUITE: makes $suite_options, for apt by lists of our own of another suite (KIND: deb or deb-src), from the
# mirror that the machine's apt uses.
suite_apt() {
  local address key=/usr/share/keyrings/debian-archive-keyring.gpg
  # shellcheck disable=SC2016
  address=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v name="$(. /etc/os-release && echo "$VERSION_CODENAME")" '$2 == name && $3 == "main" { print $1; exit }')
  mkdir -p apt/lists/partial apt/cache/archives/partial
  echo "$1 [signed-by=$key] $address $2 main" >apt/sources.list
  suite_options=(-q -o Dir::Etc::sourcelist="$PWD/apt/sources.list" -o Dir::Etc::sourceparts=-
    -o Dir::Etc::preferencesparts=- -o Dir::State::lists="$PWD/apt/lists" -o Dir::Cache="$PWD/apt/cache"
    -o APT::Sandbox::User=)
  apt-get "${suite_options[@]}" update --error-on=any >apt/log
}

# suite_version PACKAGE UPSTREAM_VERSION SUITE: prints the Debian version; without an upstream version any will do.
suite_version() {
  apt-cache "${suite_options[@]}" madison "$1" |
    awk -F ' *[|] *' -v upstream="$2" 'index($2, upstream) == 1 { print $2; exit }' | grep . || {
    printf "Debian's suite %s has no %s %s any more.\n" "$3" "$1" "$2" >&2
    exit 1
  }
}

# debian_source PACKAGE UPSTREAM_VERSION SUITE: the source of a Debian package in PACKAGE/ of the temporary folder.
debian_source() {
  local version
  suite_apt deb-src "$3"
  version=$(suite_version "$1" "$2" "$3")
  apt-get "${suite_options[@]}" source --download-only "$1=$version" >>apt/log
  dpkg-source --no-check --no-copy -x ./*.dsc "$1" >>apt/log
}

# debian_root SUITE PACKAGE=UPSTREAM_VERSION...: these packages of another suite, and no others, unpacked in root/ of the
# temporary folder. A package without a version is taken as it is. Nothing is installed.
debian_root() {
  local suite=$1 package version wanted=()
  shift
  suite_apt deb "$suite"
  for package in "$@"; do
    version=${package#"${package%%=*}"}
    version=$(suite_version "${package%%=*}" "${version#=}" "$suite")
    wanted+=("${package%%=*}=$version")
  done
  (cd apt/cache && apt-get "${suite_options[@]}" download "${wanted[@]}") >>apt/log
  mkdir -p root/usr/lib root/usr/lib64
  ln -s usr/lib root/lib && ln -s usr/lib64 root/lib64
  find apt/cache -name '*.deb' -exec dpkg -x {} root \;
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
