#!/usr/bin/env bash
# copies.sh with a fake Bazel: what is copied, how Bazel is called, and that nothing is left.
set -euo pipefail

library=$PWD/tools/copies/copies.sh
work=$TEST_TMPDIR/work
export BUILD_WORKSPACE_DIRECTORY=$work/tree TMPDIR=$work/tmp
mkdir -p "$work/tree/tools" "$work/tree/bazel-out" "$TMPDIR"

fail() {
  echo "$*"
  exit 1
}

# The fake is copied with the tree; what it is called with is noted outside. Its server sleeps.
cat >"$work/tree/tools/bazel" <<END
#!/bin/sh
echo "\$PWD: \$*" >>"$work/calls"
for word; do case \$word in --output_base=*) output=\${word#*=} ;; esac; done
case "\$*" in
  *info*) echo "$work/downloads" ;;
  *build*//:broken*) echo 'ERROR: no such thing'; exit 1 ;;
  *build*)
    mkdir -p "\$output/server" "\$output/external/sealed"
    chmod -w "\$output/external/sealed"
    setsid bash -c 'exec -a "bazel(\$1)" sleep 60' bash "\$output" >/dev/null 2>&1 &
    echo \$! >"\$output/server/server.pid.txt"
    printf 'Target //:image up-to-date:\n  bazel-bin/image/b\n  bazel-bin/image/a\n'
    ;;
esac
END
chmod +x "$work/tree/tools/bazel"
echo one >"$work/tree/one file"
touch "$work/tree/user.bazelrc" "$work/tree/bazel-out/result"

# program LINES: runs a program that sources the library.
program() {
  printf '#!/usr/bin/env bash\n. "%s"\ncopies_begin fake\n%s\n' "$library" "$1" >"$work/program"
  status=0
  bash "$work/program" >"$work/out" 2>"$work/err" || status=$?
}

program 'copy_make a; (cd "$copies/a/tree" && find . -type f | sort)'
[ "$status" -eq 0 ] || fail "copying: $(cat "$work/err")"
[ "$(cat "$work/out")" = $'./one file\n./tools/bazel' ] || fail "copied were: $(cat "$work/out")"

# A git tree: what is ignored stays, what is deleted but not committed is no error.
if command -v git >/dev/null; then
  (
    cd "$work/tree"
    git init -q .
    printf '/user.bazelrc\n/bazel-*\n' >.gitignore
    touch deleted
    git add .
    rm deleted
    touch new
  )
  program 'copy_make a; (cd "$copies/a/tree" && find . -type f | sort)'
  [ "$(cat "$work/out")" = $'./.gitignore\n./new\n./one file\n./tools/bazel' ] ||
    fail "copied of a git tree were: $(cat "$work/out") $(cat "$work/err")"
fi

rm -f "$work/calls"
program 'copy_make a; copy_build a --flag //:image; copy_outputs a
cat "$copies/a/output/server/server.pid.txt"'
[ "$status" -eq 0 ] || fail "building: $(cat "$work/err")"
[ "$(head -n 2 "$work/out")" = $'bazel-bin/image/a\nbazel-bin/image/b' ] || fail "outputs: $(cat "$work/out")"
grep -q 'tmp/theseus-fake\.[^/]*/a/tree: --nohome_rc --output_base=.*/a/output .* build .*'"$work/downloads --flag //:image" \
  "$work/calls" || fail "Bazel was called so: $(cat "$work/calls")"
server=$(tail -n 1 "$work/out")
[ ! -e "/proc/$server" ] || fail "the server still runs"
[ -z "$(ls -A "$TMPDIR")" ] || fail "left over: $(find "$TMPDIR")"

# The number in the file may be somebody else's by now.
sleep 60 &
other=$!
program "mkdir -p \"\$copies/a/output/server\"; echo $other >\"\$copies/a/output/server/server.pid.txt\""
kill -0 "$other" || fail "another's process was ended"
kill "$other"

program 'copy_make a; copy_build a //:broken; echo not reached'
[ "$status" -eq 1 ] || fail "a broken build: exit status $status"
[ ! -s "$work/out" ] || fail "it went on after a broken build"
grep -q 'ERROR: no such thing' "$work/err" || fail "Bazel's own words are missing: $(cat "$work/err")"
grep -q '^//tools/fake: .*tools/bazel build //:broken' "$work/err" || fail "no remedy: $(cat "$work/err")"
[ -z "$(ls -A "$TMPDIR")" ] || fail "left over after a failure: $(find "$TMPDIR")"

unset BUILD_WORKSPACE_DIRECTORY
program true
grep -q 'run it as: tools/bazel run //tools/fake' "$work/err" || fail "called by hand: $(cat "$work/err")"
