#!/usr/bin/env bash
# What no file of the workspace may hold: a package mirror's name (builders choose their
# own), a path of somebody's machine, blanks at a line's end.
set -euo pipefail

cd "$(dirname "$(readlink -f WORKSPACE)")"

# found PATTERN: lines that match, in text files.
found() {
  find . \( -name '.git' -o -path './bazel-*' -o -path '*/corpus/*' \) -prune -o -type f -print0 |
    xargs -0 grep -nIE "$1" || true
}

bad=0
# forbid PATTERN REMEDY
forbid() {
  local lines
  lines=$(found "$1")
  [ -z "$lines" ] || { printf '%s\n-> %s\n' "$lines" "$2"; bad=1; }
}

forbid '[a-z0-9]\.(debian|ubuntu)\.(org|com|net)' \
  'name no package mirror: it is read from apt or DEBIAN_MIRROR'
forbid '(^|[^A-Za-z0-9_.$}])/(root/|work/|Users/|home/[a-z]{2,}/)[a-z]' 'name no path of a machine'
forbid '[[:blank:]]+$' 'remove the blanks at the end of the line'
exit "$bad"
