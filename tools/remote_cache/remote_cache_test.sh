#!/usr/bin/env bash
# remote_cache.sh with a fake Bazel and the real server: what --check accepts and what not, and that
# the server is gone afterwards.
set -euo pipefail

work=$TEST_TMPDIR/work
export BUILD_WORKSPACE_DIRECTORY=$work/tree TMPDIR=$work/tmp HOME=$work/home WORK=$work
mkdir -p "$work/tree/tools" "$TMPDIR" "$HOME"

# $WORK/hits: for each action of the second build, whether it came from the cache. $WORK/result:
# what the second build makes.
cat >"$work/tree/tools/bazel" <<'END'
#!/usr/bin/env bash
set -euo pipefail
for word; do
  case $word in
    info) echo "$WORK/downloads" ;;
    --execution_log_json_file=*) log=${word#*=} ;;
    --remote_cache=*) echo "${word#*=}" >"$WORK/address" ;;
  esac
done
case " $* " in *" build "*) ;; *) exit 0 ;; esac
mkdir -p bazel-bin
echo result >bazel-bin/result
hits='false false'
case $log in *second*) hits=$(cat "$WORK/hits") && cp "$WORK/result" bazel-bin/result ;; esac
for hit in $hits; do
  printf '{\n  "listedOutputs": ["bazel-out/x"],\n  "mnemonic": "CppCompile",\n'
  printf '  "runner": "linux-sandbox",\n  "remoteCacheHit": %s,\n  "remoteCacheable": true\n}' "$hit"
done >"$log"
printf '{\n  "mnemonic": "NotCacheable",\n  "remoteCacheHit": false,\n  "remoteCacheable": false\n}' >>"$log"
printf 'Target //:image up-to-date:\n  bazel-bin/result\nINFO: Elapsed time: 1.0s, \n'
END
chmod +x "$work/tree/tools/bazel"

fail() {
  echo "$*"
  cat "$work/out"
  exit 1
}

# check HITS RESULT: sets $status; the server must be gone and nothing left.
check() {
  echo "$1" >"$work/hits"
  echo "$2" >"$work/result"
  status=0
  tools/remote_cache/remote_cache --check >"$work/out" 2>&1 || status=$?
  local port
  port=$(sed 's/.*://' "$work/address")
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then fail "the server still answers"; fi
  [ -z "$(ls -A "$TMPDIR")" ] || fail "left over: $(find "$TMPDIR")"
}

check 'true true' result
[ "$status" -eq 0 ] || fail "all from the cache: exit status $status"
grep -q '2 actions that can be cached, 2 from the cache' "$work/out" || fail "it counts otherwise"

check 'true false' result
[ "$status" -eq 1 ] || fail "one ran again: exit status $status"
grep -q '^NOT CACHED' "$work/out" || fail "what ran again is not named"

check '' result
[ "$status" -eq 1 ] || fail "no actions at all: exit status $status"

check 'true true' other
[ "$status" -eq 1 ] || fail "other results: exit status $status"
grep -q 'results from the cache differ' "$work/out" || fail "other results: no reason"

# serving: until it is told to end.
tools/remote_cache/remote_cache >"$work/out" 2>&1 &
program=$!
until grep -q '^serving' "$work/out"; do
  kill -0 "$program" || fail "it does not serve"
  sleep 0.1
done
grep -q "serving $HOME/.cache/theseus/remote until" "$work/out" || fail "it serves another folder"
port=$(sed -n 's/.*127.0.0.1:\([0-9]*\) .*/\1/p' "$work/out")
(exec 3<>"/dev/tcp/127.0.0.1/$port") || fail "it does not answer"
status=0
tools/remote_cache/remote_cache --port "$port" >"$work/second" 2>&1 || status=$?
[ "$status" -eq 1 ] || fail "a taken port: exit status $status"
grep -q "port $port is taken" "$work/second" || fail "a taken port: $(cat "$work/second")"
kill "$program"
wait "$program" || true
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then fail "it goes on serving"; fi

for words in '--port 80a' '--unknown'; do
  status=0
  # shellcheck disable=SC2086  # two words
  tools/remote_cache/remote_cache $words >/dev/null 2>&1 || status=$?
  [ "$status" -eq 2 ] || fail "$words: exit status $status"
done
