# shellcheck shell=sh disable=SC2034
# The one place where versions of dependencies are pinned. Read by the shell scripts beside it and by
# cmake/HourglassDependencies.cmake, so keep every line a plain NAME=VALUE.
#
# A newer patch release or Debian revision than the one pinned is taken, with a notice, when a Debian
# suite has moved on; another major or minor version is refused.

# Taken from a newer Debian suite into the project's own cache folder.
EIGEN_VERSION=5.0.1
EIGEN_SUITE=forky
IMGUI_VERSION=1.92.2b
IMGUI_SUITE=forky
SDL2_VERSION=2.32.4
SDL2_SUITE=trixie
LIBDEFLATE_VERSION=1.23
LIBDEFLATE_SUITE=trixie
EMSCRIPTEN_VERSION=3.1.69
EMSCRIPTEN_SUITE=trixie
BINARYEN_VERSION=120
BINARYEN_SUITE=trixie

# For ./dev recipes alone.
MDBOOK_VERSION=0.5.4
PANDOC_VERSION=3.11
WORDPRESS_VERSION=7.1.3
RECIPES_SUITE=forky

# An emcc on the PATH of at least this version is used in place of the one above.
EMCC_MINIMUM=3.1.58

# LLVM that the Emscripten above was made for; Debian 12 and 13 both have it.
LLVM_MAJOR=19

# Another major version of clang-format lays code out another way, so everybody uses this one.
CLANG_FORMAT_MAJOR=19

# The JavaScript packages (acorn for Emscripten's optimiser, esbuild, playwright-core for the browser tests, ESLint and
# Prettier) are pinned with checksums in package-lock.json.
