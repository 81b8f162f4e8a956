#!/usr/bin/env bash
# usage: format.sh [--check]: rewrites, or only checks, all C and C++ of the workspace
# with the pinned clang-format.
set -euo pipefail

command='tools/bazel run //tools:format'
formatter=$PWD/external/llvm/bin/clang-format
# A test has no BUILD_WORKSPACE_DIRECTORY, but its WORKSPACE file is a link to the real one.
workspace=${BUILD_WORKSPACE_DIRECTORY:-$(dirname "$(readlink -f WORKSPACE)")}
cd "$workspace"

sources() {
  find . \( -name '.?*' -o -path './bazel-*' \) -prune -o \
    -type f \( -name '*.c' -o -name '*.h' -o -name '*.cc' \) -print0
}

if [ "${1:-}" != --check ]; then
  sources | xargs -0 -r "$formatter" -i
  exit
fi
if ! sources | xargs -0 -r "$formatter" --dry-run -Werror 2>&1 | sed -n 's/:[0-9]*:[0-9]*: error: .*//p' | sort -u |
  awk '{ print } END { exit NR > 0 }'; then
  echo "These files are not formatted. Type: $command"
  exit 1
fi
