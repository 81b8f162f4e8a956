#!/usr/bin/env bash
# What the tool makes is formatted, whatever the length of the name.
set -euo pipefail

export BUILD_WORKSPACE_DIRECTORY=$TEST_TMPDIR/clone
mkdir -p "$BUILD_WORKSPACE_DIRECTORY/cells"
for name in a frame_counter a234567890_234567890_234567890_234567890; do
  tools/new_cell/new_cell "$name"
  folder=$BUILD_WORKSPACE_DIRECTORY/cells/$name
  external/llvm/bin/clang-format --style=file:.clang-format --dry-run -Werror "$folder"/*.{c,h,cc}
  if grep -nE '.{101}|[[:blank:]]$' "$folder"/*; then
    echo "$name: these lines are too long, or end with blanks"
    exit 1
  fi
done
