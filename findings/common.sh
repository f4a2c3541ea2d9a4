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

# node_says FILE: runs a script, shows what it printed and keeps it in $said.
node_says() {
  said=$(node "$1")
  printf '%s\n' "$said"
}

# expect WHAT LINE: the finding has changed unless LINE was printed.
expect() {
  grep -qxF -e "$2" <<<"$said" || {
    printf 'This has changed: %s. Expected the line: %s\n' "$1" "$2" >&2
    exit 1
  }
}
