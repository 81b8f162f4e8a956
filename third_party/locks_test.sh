#!/usr/bin/env bash
# usage: locks_test.sh: every lock is well formed and agrees with its tree file.
set -euo pipefail
cd third_party

bad=0

# wrong LOCK MESSAGE
wrong() {
  bad=$((bad + 1))
  printf '%s: %s\n' "$1" "$2"
}

words() {
  sed -n "s/[[:space:]]*#.*//; s/^$1[[:space:]][[:space:]]*\([^[:space:]]*\).*/\1/p" "$2"
}

entry='^    \{"package": "[a-z0-9.+-]+", "version": "[^"]+", "archive": "(debian|debian-security)", "path": "pool/[^"]+\.deb", "sha256": "[0-9a-f]{64}", "size": [0-9]+\},?$'

# check LOCK TREE_FILE NAME
check() {
  local lock=$1 tree=$2 names package archive
  [ "$(sed -n 2p "$lock")" = "  \"tree\": \"$3\"," ] || wrong "$lock" "names another tree"
  grep -n '"package"' "$lock" | grep -vE "^[0-9]+:${entry#^}" && wrong "$lock" "has a malformed entry"
  names=$(sed -n 's/.*"package": "\([^"]*\)".*/\1/p' "$lock")
  [ -n "$names" ] || wrong "$lock" "pins nothing"
  [ "$names" = "$(LC_ALL=C sort -u <<<"$names")" ] || wrong "$lock" "is not sorted, or names a package twice"
  for package in $(words root "$tree"); do
    grep -qx "$package" <<<"$names" || wrong "$lock" "lacks package $package of $tree"
  done
  # shellcheck disable=SC2013  # an archive is one word
  for archive in $(sed -n 's/.*"archive": "\([^"]*\)".*/\1/p' "$lock" | sort -u); do
    words archive "$tree" | grep -qx "$archive" || wrong "$lock" "takes files from $archive, which $tree does not allow"
  done
  # Not grep -q: it ends early, and the pipe's broken end would count as "nothing found".
  grep '"debian"' "$lock" | grep 'pool/updates/' >/dev/null && wrong "$lock" "mixes up the archives"
  grep '"debian-security"' "$lock" | grep -v 'pool/updates/' >/dev/null && wrong "$lock" "mixes up the archives"
  return 0
}

for tree in trees/*.tree; do
  name=${tree##*/}
  name=${name%.tree}
  check "locks/$name.lock.json" "$tree" "$name"
done
for lock in locks/*.lock.json; do
  name=${lock##*/}
  [ -e "trees/${name%.lock.json}.tree" ] || wrong "$lock" "belongs to no tree"
done
[ "$bad" -eq 0 ] || { echo "Remedy: tools/bazel run //third_party:refresh"; exit 1; }

# Each check notices. damage SED_SCRIPT: a damaged copy of a lock must be called wrong.
damage() {
  sed "$1" locks/llvm.lock.json >"$TEST_TMPDIR/lock"
  bad=0
  check "$TEST_TMPDIR/lock" trees/llvm.tree llvm >/dev/null
  [ "$bad" -gt 0 ] || { echo "damage '$1' is not noticed"; exit 1; }
}
damage 's/"tree": "llvm"/"tree": "qemu"/'
damage '5s/"sha256": "./"sha256": "/'
damage '5s/"path": "pool/"path": "elsewhere/'
damage '6h;6d;8G'
damage '5p'
damage '/"lld-22"/d'
damage 's/"archive": "debian-security"/"archive": "debian"/'
damage 's/"archive": "debian"/"archive": "debian-backports"/'
