#!/usr/bin/env bash
# .ci/run and tools/check with a fake Bazel: what runs, how it counts, its exit status, and that CI
# leaves no server behind.
set -euo pipefail

work=$TEST_TMPDIR/work
mkdir -p "$work/.ci" "$work/tools/check" "$work/home"
cp .ci/run "$work/.ci/run"
cp tools/check/check.sh "$work/tools/check/check.sh"
cat >"$work/tools/bazel" <<'END'
#!/bin/sh
echo "$*" >>calls
case $1 in
  test) cat answer; exit "$(cat status)" ;;
  run) for word; do if [ "$word" = "$(cat broken)" ]; then exit 1; fi; done; echo "compared" ;;
  shutdown) echo "shut down" >&2 ;;
esac
END
chmod +x "$work/tools/bazel"

fail() {
  echo "$*"
  cat "$work/out" "$work/calls"
  exit 1
}

# run COMMAND...: with only a home, from another folder; sets $status, writes $work/out.
run() {
  rm -f "$work/calls"
  status=0
  (cd / && env -u XDG_CACHE_HOME HOME="$work/home" "$@") >"$work/out" 2>/dev/null || status=$?
}

# expect LAST_LINE EXIT_STATUS BAZEL_STATUS BROKEN: what Bazel's test command prints is standard
# input; the program BROKEN fails.
expect() {
  cat >"$work/answer"
  echo "$3" >"$work/status"
  echo "$4" >"$work/broken"
  run "$work/.ci/run"
  [ "$(tail -n 1 "$work/out")" = "$1" ] || fail "instead of '$1':"
  [ "$status" -eq "$2" ] || fail "'$1': exit status $status"
  local cache="--disk_cache=$work/home/.cache/theseus/disk"
  diff - "$work/calls" <<END || fail "'$1': other calls"
test //... --config=ci $cache
run --config=ci $cache //tools/reproducible --
run --config=ci $cache //tools/incremental --
run --config=ci $cache //tools/remote_cache -- --check //cells/keymap:keymap.cell
shutdown
END
}

expect "6 passed, 0 failed" 0 0 none <<'END'
INFO: Found 1 target and 3 test targets...
//a:one_test                                                  (cached) PASSED in 0.1s
//b:two_test                                                           PASSED in 12.0s
//c:three_test                                                          FLAKY, failed in 1 out of 2 in 0.5s
Executed 2 out of 3 tests: 3 tests pass.
END
expect "4 passed, 4 failed" 1 3 none <<'END'
//a:one_test                                                           PASSED in 0.1s
//a:two_test                                                           FAILED in 0.1s
  /somewhere/test.log
//a:three_test                                                        TIMEOUT in 60.0s
//a:four_test                                                 FAILED TO BUILD
//a:five_test                                                       NO STATUS
END
expect "3 passed, 1 failed" 1 1 none <<'END'
ERROR: error loading package 'a'
END
for program in reproducible incremental remote_cache; do
  expect "3 passed, 1 failed" 1 0 "//tools/$program" <<'END'
//a:one_test                                                           PASSED in 0.1s
END
  grep -qx "failed: //tools/$program" "$work/out" || fail "it does not name $program"
done

# At the desk: the same, but one's own server goes on; --fast leaves the copies out.
run env BUILD_WORKSPACE_DIRECTORY="$work" "$work/tools/check/check.sh"
[ "$(tail -n 1 "$work/out")" = "3 passed, 1 failed" ] || fail "check counts otherwise"
! grep -q shutdown "$work/calls" || fail "check stopped the server of the desk"
run env BUILD_WORKSPACE_DIRECTORY="$work" "$work/tools/check/check.sh" --fast
[ "$status" -eq 0 ] && [ "$(tail -n 1 "$work/out")" = "1 passed, 0 failed" ] || fail "--fast"
[ "$(wc -l <"$work/calls")" -eq 1 ] || fail "--fast ran more than the tests"
run env BUILD_WORKSPACE_DIRECTORY="$work" "$work/tools/check/check.sh" --fats
[ "$status" -eq 2 ] || fail "an unknown option: exit status $status"
[ ! -e "$work/calls" ] || fail "an unknown option ran something"
