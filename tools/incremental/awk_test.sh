#!/usr/bin/env bash
# actions.awk on a log as Bazel writes it; edit.awk on C files.
set -euo pipefail

cd tools/incremental
fail() {
  echo "$*"
  exit 1
}

cat >"$TEST_TMPDIR/log" <<'END'
{
  "commandArgs": ["clang", "-c", "\"mnemonic\": \"Wrong\","],
  "environmentVariables": [],
  "inputs": [{
    "path": "cells/keymap/keymap.c",
    "digest": {
      "hash": "aa",
      "sizeBytes": "1"
    }
  }],
  "listedOutputs": ["bazel-out/x/bin/cells/keymap/keymap.d", "bazel-out/x/bin/cells/keymap/keymap.o"],
  "remotable": true,
  "progressMessage": "Compiling cells/keymap/keymap.c",
  "mnemonic": "CppCompile",
  "runner": "linux-sandbox",
  "remoteCacheHit": false,
  "remoteCacheable": true
}{
  "listedOutputs": ["bazel-out/x/bin/image/cells.cpio"],
  "progressMessage": "Packing the cells of //:image",
  "mnemonic": "ImageArchive",
  "runner": "",
  "remoteCacheHit": true,
  "remoteCacheable": true
}{
  "listedOutputs": [],
  "mnemonic": "Other",
  "remoteCacheable": false
}
END
awk -f actions.awk "$TEST_TMPDIR/log" >"$TEST_TMPDIR/lines"
{
  printf 'CppCompile\tbazel-out/x/bin/cells/keymap/keymap.d\tlinux-sandbox\tCompiling cells/keymap/keymap.c\ttrue\n'
  printf 'ImageArchive\tbazel-out/x/bin/image/cells.cpio\tremote cache hit\tPacking the cells of //:image\ttrue\n'
  printf 'Other\t\t\t\tfalse\n'
} | diff - "$TEST_TMPDIR/lines" || fail "the log was read otherwise"
[ -z "$(awk -f actions.awk /dev/null)" ] || fail "an empty log has actions"

cat >"$TEST_TMPDIR/cell.c" <<'END'
// a comment (with a parenthesis) {
#define WRAP(x) (x)
enum { kOne = (1) };
static const struct pair kPair = {.first = WRAP(1)};
static u32_result_t declared_only(uint64_t first,
                                  uint64_t second);
static bool short_one(int key) { return key != 0; }

static u32_result_t first_with_body(uint64_t first,
                                    uint64_t second) {
  return declared_only(first, second);
}
status_t second_with_body(void) {
  return OK;
}
END
awk -f edit.awk "$TEST_TMPDIR/cell.c" >"$TEST_TMPDIR/edited.c" || fail "no function was found"
diff - <(diff "$TEST_TMPDIR/cell.c" "$TEST_TMPDIR/edited.c") <<'END' || fail "another edit"
10a11
>   [[maybe_unused]] volatile int incremental_edit = 1;
END
if awk -f edit.awk <<<'static const int kOne = (1);' >/dev/null; then fail "a file without functions was edited"; fi
