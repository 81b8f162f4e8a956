#!/usr/bin/env bash
# usage: tree_libraries_test.sh TREE LIBRARY_DIRS: every ELF file of the tree finds
# all its libraries in the tree. The loader alone does not see to that: it falls back
# to /lib and /usr/lib for what it does not find.
set -euo pipefail

tree=$1
loader=$tree/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2

# library_path DIR:DIR: the directories, below the tree.
library_path() {
  printf '%s' "$tree/${1//:/:$tree/}"
}

is_elf() {
  [ "$(head -c 4 "$1" | tail -c 3)" = ELF ]
}

# outside LIBRARY_PATH FILE: the libraries that FILE would take from elsewhere, or lacks.
outside() {
  "$loader" --inhibit-cache --library-path "$1" --list "$2" 2>/dev/null |
    sed -n -e 's/^[[:space:]]*\([^ ]*\) => not found.*/\1 (missing)/p' \
      -e 's/.* => \([^ ]*\) (.*/\1/p' |
    grep -v -e "^$tree/" || true
}

# check LIBRARY_PATH: prints a line for each file and foreign library; counts them.
check() {
  local file library
  checked=0
  bad=0
  while read -r -d '' file; do
    is_elf "$file" || continue
    checked=$((checked + 1))
    while read -r library; do
      bad=$((bad + 1))
      printf '%s needs %s\n' "${file#"$tree/"}" "$library"
    done < <(outside "$1" "$file")
  done < <(find "$tree/lib/" "$tree/usr/" -type f \( -perm -u+x -o -name '*.so*' \) -print0)
}

check "$(library_path "$2")"
printf '%d files checked, %d libraries outside %s\n' "$checked" "$bad" "$tree"
[ "$checked" -gt 10 ]
[ "$bad" -eq 0 ] || {
  echo "Add the packages of these libraries to third_party/trees/${tree##*/}.tree," \
    "or prune what needs them; then: tools/bazel run //third_party:refresh -- ${tree##*/}"
  exit 1
}

# The check itself notices: without one of the directories libraries must be missing.
check "$tree/usr/share" >/dev/null
[ "$bad" -gt 0 ] || { echo "the check does not notice a missing library"; exit 1; }
