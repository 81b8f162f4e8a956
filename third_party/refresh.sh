#!/usr/bin/env bash
# usage: tools/bazel run //third_party:refresh [-- TREE...]
# Resolves trees anew from the mirror's signed index and rewrites their locks.
set -euo pipefail
cd "${BUILD_WORKSPACE_DIRECTORY:?run it as: tools/bazel run //third_party:refresh}/third_party"

fail() {
  printf '//third_party:refresh: %s\n' "$*" >&2
  exit 1
}

# changes OLD NEW: the packages that differ, one a line, as "- old" and "+ new".
changes() {
  diff <(versions "$1") <(versions "$2") | sed -n 's/^</  -/p; s/^>/  +/p'
}

versions() {
  [ -e "$1" ] || return 0
  sed -n 's/.*"package": "\([^"]*\)", "version": "\([^"]*\)".*/\1 \2/p' "$1"
}

# refresh TREE: the old lock stays until the new one is complete.
refresh() {
  local new=locks/$1.lock.json.new
  trap 'rm -f "$new"' RETURN
  ./resolve.sh "trees/$1.tree" >"$new" || return 1
  printf '%s: %d packages\n' "$1" "$(grep -c '"package"' "$new")"
  changes "locks/$1.lock.json" "$new" || true
  mv "$new" "locks/$1.lock.json"
}

if [ $# -eq 0 ]; then
  for file in trees/*.tree; do
    name=${file##*/}
    set -- "$@" "${name%.tree}"
  done
fi
for tree; do
  [ -e "trees/$tree.tree" ] || fail "there is no tree '$tree'; trees are: $(cd trees && echo *.tree)"
done
for tree; do
  refresh "$tree" || fail "the lock of '$tree' is unchanged"
done
