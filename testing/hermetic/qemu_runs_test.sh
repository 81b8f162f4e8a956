#!/usr/bin/env bash
# A boot sector that writes 0x10 to the debug-exit port: QEMU ends with (0x10 << 1) | 1.
set -euo pipefail

sector=$TEST_TMPDIR/sector
{
  printf '\xb0\x10\xba\xf4\x00\xee\xf4' # mov al,0x10; mov dx,0xf4; out dx,al; hlt
  head -c 503 /dev/zero
  printf '\x55\xaa'
} >"$sector"
truncate -s 1M "$sector" # a disk of one sector has no geometry

status=0
external/qemu/bin/qemu-system-x86_64 -accel tcg -machine q35 -m 64 -nodefaults \
  -no-user-config -display none -no-reboot -device isa-debug-exit,iobase=0xf4,iosize=4 \
  -drive "file=$sector,format=raw,if=ide" || status=$?
[ "$status" -eq 33 ] || { echo "QEMU ended with $status instead of 33"; exit 1; }
