#!/bin/bash
# SPDX-License-Identifier: MIT
# Links, localises and stamps $LIBRARY as theseus_cell does; the last step must refuse it, saying
# $MESSAGE, or accept it if that is empty.
set -eu

out=$TEST_TMPDIR
external/llvm/bin/ld.lld -r --build-id=none -o "$out/whole.o" --whole-archive "$LIBRARY" \
  --no-whole-archive "$RUNTIME"
external/llvm/bin/llvm-objcopy --strip-debug --remove-section=.comment \
  --remove-section=.note.GNU-stack --remove-section=.llvm_addrsig \
  --keep-global-symbol="$EXPORT" "$out/whole.o" "$out/bare.o"
printf '%s 0123456789abcdef p:0@0\n' "$EXPORT" >"$out/own.interface"

status=0
tools/cell_object/cell_object build --output "$out/cell.o" --name specimen --summary specimen \
  --exports "$out/own.interface" --export "$EXPORT" --imports "nano_core=$CORE" "$out/bare.o" \
  >"$out/said" 2>&1 || status=$?
cat "$out/said"

if [ -z "$MESSAGE" ]; then
  [ $status -eq 0 ] && [ -s "$out/cell.o" ] && exit 0
  echo "refused, but it should be accepted"
  exit 1
fi
if [ $status -eq 0 ] || [ -e "$out/cell.o" ]; then
  echo "accepted, but it should be refused: $MESSAGE"
  exit 1
fi
case $(cat "$out/said") in
  *"$MESSAGE"*) ;;
  *)
    echo "refused, but not with: $MESSAGE"
    exit 1
    ;;
esac
