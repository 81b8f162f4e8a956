#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: iso_same_bytes_test.sh MAKE_ISO ISO FILE...: written anew elsewhere and later, the medium
# has the bytes of the one that the build made; another command line gives other bytes.
set -euo pipefail

make_iso=$1 iso=$2
shift 2
for file; do
  case $file in
    */nano_core.elf) nano_core=$file ;;
    */cells.cpio) archive=$file ;;
  esac
done

# write FOLDER COMMAND_LINE
write() {
  mkdir -p "$TEST_TMPDIR/$1"
  "$make_iso" external/grub "$nano_core" "$archive" "$TEST_TMPDIR/$1/medium.iso" 1 "$2"
}

write first terminal=ansi
sleep 2.1  # FAT counts time in steps of two seconds
umask 077
write another/folder terminal=ansi
cmp "$TEST_TMPDIR/first/medium.iso" "$TEST_TMPDIR/another/folder/medium.iso"
cmp "$TEST_TMPDIR/first/medium.iso" "$iso"

write other quiet
! cmp -s "$TEST_TMPDIR/first/medium.iso" "$TEST_TMPDIR/other/medium.iso" ||
  { echo "the command line is not on the medium"; exit 1; }

# What GRUB would read its own way is refused.
! write bad 'a;b' 2>"$TEST_TMPDIR/said"
grep -q "command line 'a;b'" "$TEST_TMPDIR/said"
