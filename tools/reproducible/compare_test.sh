#!/usr/bin/env bash
# compare.sh on two trees made here: the same, and with one difference at a time.
set -euo pipefail

compare=$PWD/tools/reproducible/compare.sh
archive=$PWD/tools/archive/archive
work=$TEST_TMPDIR/work
mkdir -p "$work"

# object SOURCE: an object file, on standard output.
object() {
  external/llvm/bin/clang --target=x86_64-unknown-linux-elf -O1 -x c -c - -o "$work/object.o" <<<"$1"
  cat "$work/object.o"
}

# make_tree NAME SOURCE: a tree as a build leaves it; keyboard.o is made of SOURCE.
make_tree() {
  local tree=$work/$1
  rm -rf "$tree"
  mkdir -p "$tree/bazel-out/bin/image" "$tree/bazel-out/bin/tool.runfiles" "$tree/bazel-out/_tmp"
  ln -s bazel-out/bin "$tree/bazel-bin"
  object 'int log_write(void) { return 1; }' >"$tree/bazel-out/bin/log.o"
  object "$2" >"$tree/bazel-out/bin/keyboard.o"
  printf 'log  writes\nkeyboard  reads keys\n' >"$work/manifest"
  "$archive" create --manifest "$work/manifest" -o "$tree/bazel-bin/image/cells.cpio" \
    "log=$tree/bazel-out/bin/log.o" "keyboard=$tree/bazel-out/bin/keyboard.o"
  echo core >"$tree/bazel-bin/image/nano_core.elf"
  # What Bazel writes for itself may differ.
  echo "$tree" | tee "$tree/bazel-out/stable-status.txt" "$tree/bazel-out/_tmp/x" \
    "$tree/bazel-out/bin/tool.runfiles_manifest" >"$tree/bazel-out/bin/tool.runfiles/MANIFEST"
}

# run: sets $status and writes $work/out.
run() {
  status=0
  "$compare" "$work/a" "$work/b" bazel-bin/image/cells.cpio bazel-bin/image/nano_core.elf \
    >"$work/out" 2>&1 || status=$?
}

fail() {
  echo "$*"
  cat "$work/out"
  exit 1
}

says() { grep -qF -- "$1" "$work/out" || fail "it does not say: $1"; }
silent() { ! grep -qF -- "$1" "$work/out" || fail "it says: $1"; }

# differs TEXT...: the comparison fails and says each TEXT.
differs() {
  run
  [ "$status" -eq 1 ] || fail "exit status $status instead of 1"
  says 'NOT REPRODUCIBLE'
  local text
  for text; do says "$text"; done
}

keys='int keyboard_scan(int key) { return key + 1; }'
make_tree a "$keys"
make_tree b "$keys"
run
[ "$status" -eq 0 ] || fail "two equal trees: exit status $status"
says '5 results: identical'
says '4 files in bazel-out, build tools included: identical'
says "$(sha256sum <"$work/a/bazel-out/bin/log.o" | cut -d' ' -f1)  cells.cpio: log.o"

make_tree b 'int keyboard_scan(int key) { return key + 2; }'
differs 'image/cells.cpio  DIFFERS' 'cells.cpio: keyboard.o  DIFFERS' \
  'the first section that differs is .text' '  bin/keyboard.o'
silent 'log.o  DIFFERS'
silent 'nano_core.elf  DIFFERS'

make_tree b "$keys int keyboard_more;"
differs 'cells.cpio: keyboard.o  DIFFERS'

make_tree b "$keys"
echo other >"$work/b/bazel-bin/image/nano_core.elf"
differs 'image/nano_core.elf  DIFFERS' 'in the second build'
silent 'cells.cpio  DIFFERS'

# Files that are no result count, too: a tool, say.
make_tree b "$keys"
echo "$work/b" >"$work/b/bazel-out/bin/tool"
differs '  bin/tool' '1 files in bazel-out'
silent 'DIFFERS'
