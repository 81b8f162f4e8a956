#!/usr/bin/env bash
# .ci/run with a fake Bazel: how it counts, its exit status, and that it stops the server.
set -euo pipefail

work=$TEST_TMPDIR/work
mkdir -p "$work/.ci" "$work/tools" "$work/home"
cp .ci/run "$work/.ci/run"
cat >"$work/tools/bazel" <<'END'
#!/bin/sh
echo "$*" >>calls
case $1 in
  test) cat answer; exit "$(cat status)" ;;
  shutdown) echo "shut down" >&2 ;;
esac
END
chmod +x "$work/tools/bazel"

# expect LAST_LINE EXIT_STATUS BAZEL_STATUS: what Bazel prints is standard input.
expect() {
  cat >"$work/answer"
  echo "$3" >"$work/status"
  rm -f "$work/calls"
  local status=0
  (cd / && env -u XDG_CACHE_HOME HOME="$work/home" "$work/.ci/run") >"$work/out" 2>/dev/null || status=$?
  [ "$(tail -n 1 "$work/out")" = "$1" ] || { echo "instead of '$1':"; cat "$work/out"; exit 1; }
  [ "$status" -eq "$2" ] || { echo "'$1': exit status $status"; exit 1; }
  grep -q '^test //\.\.\. --config=ci --disk_cache='"$work/home/.cache/" "$work/calls" || { cat "$work/calls"; exit 1; }
  [ "$(tail -n 1 "$work/calls")" = shutdown ] || { echo "'$1': the server still runs"; exit 1; }
}

expect "3 passed, 0 failed" 0 0 <<'END'
INFO: Found 1 target and 3 test targets...
//a:one_test                                                  (cached) PASSED in 0.1s
//b:two_test                                                           PASSED in 12.0s
//c:three_test                                                          FLAKY, failed in 1 out of 2 in 0.5s
Executed 2 out of 3 tests: 3 tests pass.
END
expect "1 passed, 4 failed" 1 3 <<'END'
//a:one_test                                                           PASSED in 0.1s
//a:two_test                                                           FAILED in 0.1s
  /somewhere/test.log
//a:three_test                                                        TIMEOUT in 60.0s
//a:four_test                                                 FAILED TO BUILD
//a:five_test                                                       NO STATUS
END
expect "0 passed, 1 failed" 1 1 <<'END'
ERROR: error loading package 'a'
END
