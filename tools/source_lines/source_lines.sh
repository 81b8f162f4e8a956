#!/usr/bin/env bash
# Makes lines of sources of the places that `faults` prints; --help says more.
set -euo pipefail

if [ "${1:-}" = --help ]; then
  cat <<'END'
Says which line of a source a place in a cell is.

usage: tools/bazel run //tools/source_lines -- OBJECT+0xOFFSET...
       tools/bazel run //tools/source_lines < OUTPUT

Without arguments it copies what a machine has printed, and adds FILE:LINE to each
line with such a place, as the column PLACE of `faults` has it. It knows the objects
of the image that this tree builds: the machine must have run the same.
END
  exit 0
fi

# FILE:LINE; nothing where nobody knows. Behind the cell's own text stands __stack_chk_fail.
line_of() {
  local object=$1 offset=$2 debug line
  debug=$(find -L cells -name "$object.debug" -print -quit)
  [ -n "$debug" ] || return 0
  # The innermost inlined function that has a line.
  line=$(external/llvm/bin/llvm-symbolizer --obj="$debug" --functions=none "$offset" |
    grep -v '^??:' | head -n 1 || true)
  [ -n "$line" ] || return 0
  line=${line%:*}  # the column
  line=${line#/}
  printf '%s\n' "${line#./}"
}

annotate() {
  local line=$1 found=
  if [[ $line =~ (^|[[:blank:]])([A-Za-z0-9_.-]+)\+(0x[0-9a-f]+) ]]; then
    found=$(line_of "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}")
  fi
  printf '%s\n' "$line${found:+  $found}"
}

if [ $# -gt 0 ]; then
  for place; do annotate "$place"; done
else
  while IFS= read -r line || [ -n "$line" ]; do annotate "$line"; done
fi
