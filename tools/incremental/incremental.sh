#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=tools/copies/copies.sh
. tools/copies/copies.sh
root=$PWD

usage() {
  cat <<'END'
usage: tools/bazel run //tools/incremental [-- CELL]

Shows what an edit inside one cell rebuilds. In a copy of the working tree, builds //:image, then
edits the cell and builds again, with Bazel's execution log, which names every action that ran:

  touch     the time of each of the cell's files: nothing may run
  comment   a line on top of the source: the image must stay the same
  code      a statement in a function: the cell's own actions and the packing, each once; no other
            cell in the archive may change
  header    a declaration in the cell's header: compiled are the cell and its clients (as `bazel
            query` names them); checked again are the cells that could see the header

CELL is one of //cells that //:image has; default keymap. Prints the actions of each step. Exit
status: 0 as it must be, 1 not (the actions too many or too few are named), 2 usage.

The first build may take results from the cache that CI uses; the others use none, so that each
action that Bazel needs does run.
END
}

# What the object of a cell is made by, and what packs the image: //tools/rules.
cell_actions='CellCheck CellLink CellObject CellObjcopy CppCompile CppLink Fingerprint'
packing_actions='ImageArchive ImageHashes'
image=bazel-bin/image/cells.cpio

fail() {
  printf '  WRONG: %s\n' "$*"
  wrong=$((wrong + 1))
}

# build STEP: builds the image without a cache; $actions holds what ran: mnemonic, output, message.
build() {
  local log=$copies/$1.json
  copy_build a --disk_cache= --remote_cache= "--execution_log_json_file=$log" //:image
  actions=$(awk -f "$root/tools/incremental/actions.awk" "$log" | cut -f 1,2,4 |
    sed 's/\tbazel-out\/[^/]*\/bin\//\t/' | LC_ALL=C sort)
  printf '%s: %d actions, %s\n' "$1" "$(grep -c . <<<"$actions" || true)" \
    "$(sed -n 's/^INFO: Elapsed time: \([0-9.]*\)s.*/\1 s/p' "$copies/a/log")"
  if [ -n "$actions" ]; then cut -f 1,3 <<<"$actions" | sed 's/^/  /' | expand -t 16; fi
}

# excess REGEX: names the actions that the expression, over "MNEMONIC OUTPUT", does not admit.
excess() {
  local line
  while IFS= read -r line; do
    fail "not needed for this edit: $line"
  done < <(cut -f 1,2 <<<"$actions" | tr '\t' ' ' | grep -vE "^($1)$" | sed '/^$/d')
}

# any WORDS: a regular expression of alternatives.
any() { tr -s ' \n' '|' <<<"$*" | sed 's/^/(/; s/|$/)/'; }

hash_of() { sha256sum <"$copies/a/tree/$image" | cut -d' ' -f1; }

# members FILE: name and hash of each file of the archive.
members() {
  local name
  "$root/tools/archive/archive" list "$1" | while read -r name _; do
    "$root/tools/archive/archive" extract "$1" "$name" -o "$copies/member"
    echo "$name $(sha256sum <"$copies/member")"
  done
}

# step_touch: no content changes.
step_touch() {
  find "$cell_folder" -type f -exec touch {} +
  build touch
  excess '-'
}

# step_comment: every line moves, the image does not.
step_comment() {
  local before
  before=$(hash_of)
  sed -i '1i // Only a comment.' "$source"
  build comment
  excess "$(any "$cell_actions") $package/.*|$(any "$packing_actions") image/.*"
  [ "$(hash_of)" = "$before" ] || fail "a comment changed the image"
  printf '  the image is the same: %s\n' "$before"
}

# step_code: each action of the cell and of the packing, once; one member of the archive differs.
step_code() {
  local mnemonic changed
  members "$copies/a/tree/$image" >"$copies/before"
  awk -f "$root/tools/incremental/edit.awk" "$source" >"$copies/edited" ||
    copies_fail "$package/$CELL.c has no function to edit"
  cp "$copies/edited" "$source"
  build code
  excess "$(any "$cell_actions") $package/.*|$(any "$packing_actions") image/.*"
  for mnemonic in $cell_actions $packing_actions; do
    [ "$(grep -c "^$mnemonic	" <<<"$actions")" -eq 1 ] || fail "$mnemonic did not run exactly once"
  done
  members "$copies/a/tree/$image" >"$copies/after"
  # Lines of the second list that are not in the first one.
  changed=$(grep -vxFf "$copies/before" "$copies/after" | cut -d' ' -f1 | paste -sd' ' || true)
  [ "$changed" = "$CELL.o" ] || fail "changed in the archive: ${changed:-nothing}; expected: $CELL.o"
  printf '  changed in the archive: %s\n' "$changed"
}

# cells_of QUERY: the names of the cells among the targets.
cells_of() {
  copy_bazel a query --noshow_progress "kind('_cell_object rule', $1 intersect deps(//:image))" \
    2>/dev/null | sed 's/.*:\(.*\)\.cell$/\1/' | LC_ALL=C sort
}

# cells_where MNEMONICS: the cells for which such an action ran.
cells_where() {
  sed -nE "s/^$(any "$1")	cells\/([^/]*)\/.*/\2/p" <<<"$actions" | LC_ALL=C sort -u
}

# step_header: compiled are the cell and its clients; what sees the header may be checked again.
step_header() {
  local clients sees compiled checked
  clients=$(cells_of "rdeps(deps(//:image), //$package:$CELL, 1)")
  clients=$(printf '%s\n' "$CELL" $clients | LC_ALL=C sort -u)
  sees=$(cells_of "rdeps(deps(//:image), //$package:$CELL.h)")
  printf '\nenum %s_incremental { k%sIncremental = 1 };\n' "$CELL" "${CELL^}" >>"$header"
  build header
  compiled=$(cells_where CppCompile)
  checked=$(cells_where 'CellCheck Fingerprint')
  printf '  clients by query:    %s\n' "$(paste -sd' ' <<<"$clients")"
  printf '  compiled:            %s\n' "$(paste -sd' ' <<<"$compiled")"
  printf '  may see, by query:   %s\n' "$(paste -sd' ' <<<"$sees")"
  printf '  checked again:       %s\n' "$(paste -sd' ' <<<"$checked")"
  [ "$compiled" = "$clients" ] || fail "the cells that were compiled are not the cell and its clients"
  [ "$checked" = "$sees" ] || fail "the cells that were checked are not those that may see the header"
  excess "(CppCompile|CppLink|CellLink|CellObjcopy|CellObject) cells/$(any "$clients")/.*|$(
    )(CellCheck|Fingerprint) cells/$(any "$sees")/.*|$(any "$packing_actions") image/.*"
}

CELL=keymap
case ${1:-} in
  --help) usage && exit ;;
  -*) usage >&2 && exit 2 ;;
  ?*) CELL=$1 ;;
esac
[ $# -le 1 ] || { usage >&2 && exit 2; }
copies_begin incremental
copy_make a
package=cells/$CELL
cell_folder=$copies/a/tree/$package
source=$cell_folder/$CELL.c
header=$cell_folder/$CELL.h
[ -f "$source" ] || copies_fail "there is no $package/$CELL.c; cells are the folders of cells/"
wrong=0

cache=${XDG_CACHE_HOME:-$HOME/.cache}/theseus/disk
copy_build a "--disk_cache=$cache" //:image
printf 'image: %s\n' "$(hash_of)"
step_touch
step_comment
step_code
if [ -f "$header" ]; then step_header; else echo "header: $CELL has none of its own"; fi
if [ "$wrong" -gt 0 ]; then
  printf 'NOT INCREMENTAL: %d things are wrong\n' "$wrong"
  exit 1
fi
printf 'incremental: an edit in %s runs its own actions and the packing, nothing else\n' "$CELL"
