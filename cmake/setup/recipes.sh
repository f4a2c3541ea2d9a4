# shellcheck shell=bash disable=SC2015
# What ./dev recipes tries Hourglass in and the machine's own Debian has not, or only old: mdBook, Pandoc and WordPress of a
# newer suite, unpacked with their libc in a folder of the cache. Nothing of it is installed.

RECIPES_DIR=$HOURGLASS_CACHE/recipes
RECIPES_LIBRARIES="libc6 libgcc-s1 libffi8 libgmp10 liblua5.4-0 libnuma1 libyaml-0-2 zlib1g"
RECIPES_PACKAGES="pandoc-data node-fortawesome-fontawesome-free"

part_recipes() {
  local folder wanted=() name version
  is_complete "$RECIPES_DIR" 1 && return 0
  suite_lists
  for name in "mdbook $MDBOOK_VERSION" "pandoc $PANDOC_VERSION" "wordpress $WORDPRESS_VERSION" $RECIPES_LIBRARIES $RECIPES_PACKAGES; do
    # Unquoted: a name, and for some a version.
    # shellcheck disable=SC2086
    set -- $name
    version=$(suite_version "$1" "$RECIPES_SUITE" binary "${2:-}") || exit 1
    wanted+=("$1=$version")
  done
  work_dir
  folder=$WORK_DIR/recipes
  fetch_binary "mdBook, Pandoc and WordPress" "$folder" "${wanted[@]}"
  step "Unpacking mdBook, Pandoc and WordPress" "" "They could not be unpacked." unpack_recipes "$folder"
  publish "$folder/root" "$RECIPES_DIR" 1 "${wanted[*]}"
}

unpack_recipes() {
  local file
  for file in "$1"/*.deb; do unpack_deb "$file" "$1/root" || return 1; done
  for file in lib lib64; do [ -e "$1/root/$file" ] || ln -s "usr/$file" "$1/root/$file" || return 1; done
  mkdir -p "$1/root/bin-outside" || return 1
  # Debian's mdBook reads its icons from /usr/share: it gets a root of its own, which sees the temporary folders alone.
  cat >"$1/root/bin-outside/mdbook" <<'SCRIPT' || return 1
#!/bin/sh
root=$(dirname "$(dirname "$(realpath "$0")")")
# shellcheck disable=SC2016
exec unshare -rm sh -c 'mkdir -p "$0$1" && mount --bind "$1" "$0$1" && shift && exec chroot "$0" /usr/bin/mdbook "$@"' \
  "$root" "${TMPDIR:-/tmp}" "$@"
SCRIPT
  cat >"$1/root/bin-outside/pandoc" <<'SCRIPT' || return 1
#!/bin/sh
root=$(dirname "$(dirname "$(realpath "$0")")")
exec "$root"/usr/lib*/ld-linux* --library-path "$(dirname "$root"/usr/lib/*/libc.so.6)" "$root/usr/bin/pandoc" \
  --data-dir "$root/usr/share/pandoc/data" "$@"
SCRIPT
  chmod +x "$1"/root/bin-outside/*
}

# use_recipes_tools: for tests/recipes/run.mjs.
use_recipes_tools() {
  [ -d "$RECIPES_DIR/bin-outside" ] || return 0
  export HOURGLASS_MDBOOK=$RECIPES_DIR/bin-outside/mdbook HOURGLASS_PANDOC=$RECIPES_DIR/bin-outside/pandoc
  export HOURGLASS_WORDPRESS=$RECIPES_DIR/usr/share/wordpress
}
