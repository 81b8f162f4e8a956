#!/usr/bin/env bash
# cells/ is flat, each folder one cell, and each cell small. Looks at the whole workspace, as the
# formatter's test does.
set -euo pipefail
cd "$(dirname "$(readlink -f WORKSPACE)")"
failures=0

# Lines of the cell's own code: sources and headers, tests left out.
readonly largest_median=300 largest=1500

# Each declares one cell of the name that it is given.
readonly macros='theseus_cell|scheduler_policy_cell'

bad() {
  echo "$*" >&2
  failures=$((failures + 1))
}

for folder in cells/*/; do
  name=$(basename "$folder")
  [ -z "$(find "$folder" -mindepth 1 -type d)" ] || bad "$folder has folders inside: cells are flat"
  [ "$(grep -cE "^($macros)\(" "$folder/BUILD.bazel")" -eq 1 ] || bad "$folder is not one cell"
  grep -q "^    name = \"$name\",$" "$folder/BUILD.bazel" || bad "$folder: no cell called $name"
  if grep -qE '"//visibility:public"|__subpackages__' "$folder/BUILD.bazel"; then
    bad "$folder: clients are listed by name"
  fi
done

lines=$(for folder in cells/*/; do
  find "$folder" -name '*.[ch]' -exec cat {} + | wc -l | sed "s,\$, $(basename "$folder"),"
done | sort -n)
count=$(wc -l <<<"$lines")
median=$(sed -n "$(((count + 1) / 2))p" <<<"$lines" | cut -d' ' -f1)
most=$(tail -1 <<<"$lines")
echo "$count cells; median $median lines; largest: $most"
[ "$count" -ge 30 ] || bad "$count cells are fewer than 30"
[ "$median" -le "$largest_median" ] || bad "the median cell has $median lines, not $largest_median"
[ "${most%% *}" -le "$largest" ] || bad "the largest cell has more than $largest lines: $most"
[ "$failures" -eq 0 ]
