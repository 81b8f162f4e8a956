#!/usr/bin/env bash
# A place in a cell of the image becomes a line of its source; everything else stays as it is.
set -euo pipefail

fail() {
  echo "source_lines_test: $1" >&2
  exit 1
}

tool=tools/source_lines/source_lines
row='0      211481343     keymap               keymap_translate             keymap+0x60'
said=$(printf 'NUMBER TIME_NS\n%s\nnobody+0x10 x\n= ok' "$row" | "$tool")
[ "$(sed -n 1p <<<"$said")" = 'NUMBER TIME_NS' ] || fail "a header changed: $said"
[[ $(sed -n 2p <<<"$said") =~ ^"$row  cells/keymap/"[a-z_]+\.[ch]:[1-9][0-9]*$ ]] ||
  fail "no line of a source: $said"
[ "$(sed -n 3p <<<"$said")" = 'nobody+0x10 x' ] || fail "an unknown object changed: $said"
[ "$(sed -n 4p <<<"$said")" = '= ok' ] || fail "the last line changed: $said"
[[ $("$tool" heap+0x80) =~ ^"heap+0x80  cells/heap/"[a-z_]+\.[ch]:[1-9][0-9]*$ ]] ||
  fail "an argument: $("$tool" heap+0x80)"
