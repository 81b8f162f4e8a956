#!/usr/bin/env bash
# usage: compare.sh TREE TREE FILE...: compares the results FILE of two builds, then all other files
# in bazel-out. Prints a line for each result, and for each cell of an archive; exit status 1 if any
# differs. Called in the root of its runfiles.
set -euo pipefail
export LC_ALL=C

archive=$PWD/tools/archive/archive
readelf=$PWD/external/llvm/bin/llvm-readelf
first=$1
second=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compared=0
different=()

hash_of() {
  sha256sum <"$1" | cut -d' ' -f1
}

# compare NAME FILE FILE: one line; two where they differ.
compare() {
  compared=$((compared + 1))
  if cmp -s "$2" "$3"; then
    printf '%s  %s\n' "$(hash_of "$2")" "$1"
    return 0
  fi
  different+=("$1")
  printf '%s  %s  DIFFERS:\n%s  in the second build\n' "$(hash_of "$2")" "$1" "$(hash_of "$3")"
  return 1
}

# sections FILE: a line `NAME TYPE OFFSET SIZE` for each; the numbers are hexadecimal.
sections() {
  "$readelf" -SW "$1" 2>/dev/null | sed -n 's/^ *\[ *[0-9]*\] *//p' |
    awk '$1 != "NULL" && NF > 5 { print $1, $2, $4, $5 }'
}

# differing_section FILE FILE: the first one whose place, size or content is another.
differing_section() {
  local name type offset size other
  exec 3< <(sections "$2")
  while read -r name type offset size; do
    read -r other <&3 || other=
    if [ "$other" != "$name $type $offset $size" ] || {
      [ "$type" != NOBITS ] &&
        ! cmp -s --ignore-initial=$((16#$offset)) --bytes=$((16#$size)) "$1" "$2"
    }; then
      echo "the first section that differs is $name"
      return
    fi
  done < <(sections "$1")
  echo "the headers differ, or one is no object file; the sections do not"
}

# compare_archive NAME FILE FILE: file by file.
compare_archive() {
  local name
  if ! cmp -s <("$archive" list "$2" | cut -d' ' -f1) <("$archive" list "$3" | cut -d' ' -f1); then
    echo "  $1 holds files of other names, or in another order, in the second build"
  fi
  while read -r name _; do
    "$archive" extract "$2" "$name" -o "$work/first"
    "$archive" extract "$3" "$name" -o "$work/second" || : >"$work/second"
    compare "$1: $name" "$work/first" "$work/second" ||
      differing_section "$work/first" "$work/second"
  done < <("$archive" list "$2")
}

# intermediate TREE: the files that actions made. Bazel's own notes say when and where they were
# made; no action of a build reads those.
intermediate() {
  (cd "$1/bazel-out" && find . -type f ! -path './_tmp/*' ! -path './_actions/*' \
    ! -name '*-status.txt' ! -name '*.runfiles_manifest' ! -path '*.runfiles/MANIFEST' -print0 |
    sort -z | xargs -0 sha256sum)
}

compare_intermediate() {
  intermediate "$first" >"$work/all_first"
  intermediate "$second" >"$work/all_second"
  local count
  count=$(wc -l <"$work/all_first")
  if cmp -s "$work/all_first" "$work/all_second"; then
    printf '\n%d files in bazel-out, build tools included: identical\n' "$count"
    return
  fi
  printf '\nOf %d files in bazel-out, these differ (the first ten):\n' "$count"
  { diff "$work/all_first" "$work/all_second" || true; } |
    sed -n 's/^[<>] [0-9a-f]*  \.\//  /p' | sort -u >"$work/names"
  head -n 10 "$work/names"
  different+=("$(wc -l <"$work/names") files in bazel-out")
}

for file; do
  compare "${file#bazel-bin/}" "$first/$file" "$second/$file" || true
done
for file; do
  case $file in
    *.cpio) compare_archive "${file##*/}" "$first/$file" "$second/$file" ;;
  esac
done
compare_intermediate
if [ ${#different[@]} -gt 0 ]; then
  printf 'NOT REPRODUCIBLE, these differ:\n'
  printf '  %s\n' "${different[@]}"
  exit 1
fi
printf '%d results: identical\n' "$compared"
