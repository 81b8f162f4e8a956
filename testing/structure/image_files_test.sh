#!/usr/bin/env bash
# usage: image_files_test.sh ARCHIVE_TOOL READELF NM NANO_CORE CELLS_CPIO
# Every cell is an object and a file of its own.
set -euo pipefail
archive=$1 readelf=$2 nm=$3 nano_core=$4 cells=$5
object=$TEST_TMPDIR/object

fail() {
  echo "$*" >&2
  exit 1
}

manifest=$TEST_TMPDIR/manifest
"$archive" extract "$cells" image.manifest -o "$manifest"
wanted=$(grep -v '^#' "$manifest" | cut -d' ' -f1 | sed 's/$/.o/' | sort)
present=$("$archive" list "$cells" | cut -d' ' -f1 | grep -v '^image.manifest$' | sort)
[ "$wanted" = "$present" ] || fail "the files are not those of image.manifest: $present"

core=$("$nm" --defined-only "$nano_core" | cut -d' ' -f3 | sort)
for file in $present; do
  "$archive" extract "$cells" "$file" -o "$object"
  # All of it is read: a reader that stops early would make the tool before it fail.
  "$readelf" -h "$object" | grep 'Type: *REL' >/dev/null || fail "$file is no relocatable object"
  exports=$("$nm" --defined-only --extern-only "$object" | cut -d' ' -f3 | sort)
  [ -n "$exports" ] || fail "$file publishes nothing"
  shared=$(comm -12 <(echo "$exports") <(echo "$core"))
  [ -z "$shared" ] || fail "nano_core.elf holds code of $file: $shared"
  rm -f "$object"
done
echo "$(wc -w <<<"$present") cells, a file each"
