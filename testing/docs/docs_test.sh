#!/usr/bin/env bash
# What the documentation says of the tree, held against the tree: links, labels, lists.
# usage: docs_test.sh links|paper|cells|readmes [FOLDER: the root of the tree]
# It looks at the whole workspace, as the formatter's test does.
set -euo pipefail

check=$1
root=${2:-}
if [ -z "$root" ]; then
  # bazel test: the input is a link into the workspace.
  root=$(dirname "$(readlink -f WORKSPACE)")
fi
cd "$root"
failures=0

bad() {
  echo "$*" >&2
  failures=$((failures + 1))
}

# Every Markdown file of the tree.
pages() {
  find . \( -name .git -o -name 'bazel-*' -o -name .cache \) -prune -o -name '*.md' -print | sort
}

# anchors FILE: the anchors of its headings, as GitHub makes them.
anchors() {
  sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

# links FILE: the targets of its links and pictures; code blocks are left out.
links() {
  sed '/^```/,/^```/d' "$1" | grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//' || true
}

check_link() {
  local page=$1 link=$2 file anchor target
  case $link in
    http://* | https://* | mailto:*) return ;;
  esac
  file=${link%%#*}
  anchor=
  case $link in *'#'*) anchor=${link#*#} ;; esac
  target=$page
  if [ -n "$file" ]; then target=$(dirname "$page")/$file; fi
  if [ ! -e "$target" ]; then
    bad "$page: the link ($link) leads nowhere"
  elif [ -n "$anchor" ] && ! anchors "$target" | grep -qxF -- "$anchor"; then
    bad "$page: $target has no heading #$anchor"
  fi
}

check_links() {
  local page link
  while read -r page; do
    while read -r link; do
      if [ -n "$link" ]; then check_link "$page" "$link"; fi
    done < <(links "$page")
  done < <(pages)
}

# Whether the build file of a label's package names the target, or it or a file that it loads makes
# names like it by the number.
is_target() {
  local package=${1#//} name=${1##*:} pattern
  package=${package%%:*}
  pattern=$(sed -E 's/_[0-9]+_/_{}_/' <<<"$name")
  [ -f "$package/BUILD.bazel" ] || return 1
  grep -qF "\"$name\"" "$package/BUILD.bazel" ||
    { [ "$pattern" != "$name" ] && grep -qF "\"$pattern\"" "$package"/*.bazel "$package"/*.bzl 2>/dev/null; }
}

check_paper() {
  local page=docs/paper.md row label
  for row in $(seq 1 93); do
    [ "$(grep -c "^| $row |" "$page")" -eq 1 ] || bad "$page: row $row is not there exactly once"
  done
  [ "$(grep -cE '^\| [0-9]+ \|' "$page")" -eq 93 ] || bad "$page: there are not 93 rows"
  while read -r row; do
    bad "$page: row $row names neither a test nor 'not yet'"
  done < <(sed -nE 's/^\| ([0-9]+) \|.*\| ([^|]*) \|$/\1 \2/p' "$page" |
    grep -vE '//|not yet' | cut -d' ' -f1)
  while read -r label; do
    is_target "$label" || bad "$page: $label is no target of a build file"
  done < <(grep -oE '//[a-zA-Z0-9_/]*:[a-zA-Z0-9_.]+' "$page" | sort -u)
}

check_cells() {
  local folder name
  for folder in cells/*/; do
    name=$(basename "$folder")
    grep -q "^| \`$name\` |" cells/README.md || bad "cells/README.md: no line for $name"
  done
  while read -r name; do
    [ -d "cells/$name" ] || bad "cells/README.md: there is no cell $name"
  done < <(sed -nE 's/^\| `([a-z0-9_]+)` \|.*/\1/p' cells/README.md)
}

check_readmes() {
  local folder
  for folder in cells/*/ nano_core/*/ testing/*/ tools/*/ third_party/*/ platforms/*/ patterns/; do
    [ -f "$folder/README.md" ] || bad "$folder: no README.md"
  done
}

"check_$check"
[ "$failures" -eq 0 ]
