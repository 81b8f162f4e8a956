#!/usr/bin/env bash
# The pinned nginx with this configuration: what Bazel puts, it gets; nothing else is served.
set -euo pipefail
. tools/remote_cache/server.sh

work=$TEST_TMPDIR/work
trap 'kill "$server" 2>/dev/null || true' EXIT
hash=$(printf '%064d' 7)

fail() {
  echo "$*"
  cat "$work/folder/errors" "$work/answer" 2>/dev/null
  exit 1
}

# request METHOD PATH [BODY]: sets $code; the answer is in $work/answer.
request() {
  local body=${3:-}
  exec 4<>"/dev/tcp/127.0.0.1/$port"
  printf '%s %s HTTP/1.1\r\nHost: cache\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' \
    "$1" "$2" "${#body}" "$body" >&4
  cat <&4 >"$work/answer"
  exec 4>&-
  code=$(sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' "$work/answer")
}

# answers CODE METHOD PATH [BODY]
answers() {
  request "${@:2}"
  [ "$code" = "$1" ] || fail "$2 $3: $code instead of $1"
}

server_start "$work/store" "$work/folder" || fail "it does not start"
first=$server
answers 404 GET "/cas/$hash"
answers 201 PUT "/cas/$hash" "a result"
answers 200 GET "/cas/$hash"
[ "$(tail -n 1 "$work/answer")" = "a result" ] || fail "another result came back"
[ "$(cat "$work/store/cas/$hash")" = "a result" ] || fail "it is not stored under its name"
answers 204 PUT "/cas/$hash" "a result"
answers 404 GET "/ac/$hash"
answers 201 PUT "/ac/$hash" ""
# Larger than nginx's own limit of 1 MB.
answers 201 PUT "/cas/${hash%7}8" "$(head -c 2000000 /dev/zero | tr '\0' x)"

answers 404 PUT /cas/../other "x"
answers 404 PUT "/other/$hash" "x"
answers 404 PUT /cas/NoHash "x"
answers 404 GET /
answers 405 DELETE "/cas/$hash"
[ "$(find "$work/store" -type f | wc -l)" -eq 3 ] || fail "stored is: $(find "$work/store" -type f)"

# A port that is taken is refused, and the first server goes on.
if server_try "$work/store" "$work/second" "$port"; then fail "two servers on one port"; fi
grep -q "port $port is taken" "$work/second/errors" || fail "no reason is given"
server=$first
answers 200 GET "/cas/$hash"

kill "$server"
wait "$server" || true
! server_answers "$port" || fail "it does not stop"
