#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=tools/copies/copies.sh
. tools/copies/copies.sh
# shellcheck source=tools/remote_cache/server.sh
. tools/remote_cache/server.sh
root=$PWD

usage() {
  cat <<'END'
usage: tools/bazel run //tools/remote_cache [-- --port PORT]
       tools/bazel run //tools/remote_cache -- --check [TARGET]

Serves a cache of build results over HTTP on this machine (127.0.0.1), with the pinned nginx, until
Ctrl-C. Results are kept in ~/.cache/theseus/remote. Other clones, and other output bases, use it so:

    tools/bazel build --remote_cache=http://127.0.0.1:PORT //:image

--port PORT  default: a free one, which is printed
--check      shows that the tree can be cached: with an empty cache, builds TARGET (default //:image)
             from one copy of the tree, then from another copy with another output base; in the
             second build every action that Bazel can cache must come from the cache, and the results
             must be the same. The server is stopped afterwards.

Exit status: 0 as it must be, 1 not, 2 usage.
END
}

# start STORE [PORT]: starts the server, on a free port if none is given; sets $port and $server.
start() {
  server_start "$1" "$copies/nginx" "${2:-}" ||
    copies_fail "nginx does not start${2:+ on port $2; another one: --port PORT}: $(
      cat "$copies/nginx/errors" 2>/dev/null
    )"
  copies_processes=("$server")
}

stop() {
  kill "$server"
  wait "$server" 2>/dev/null || true
  copies_processes=()
}

# log_of COPY: a line for each action of its build that Bazel can cache: how it ran, and its output.
log_of() {
  awk -f "$root/tools/incremental/actions.awk" "$copies/$1.json" |
    awk -F'\t' '$5 == "true" { print $3 "\t" $1 " " $2 }'
}

# build COPY: builds with nothing but the remote cache.
build() {
  copy_build "$1" --disk_cache= "--remote_cache=http://127.0.0.1:$port" \
    "--execution_log_json_file=$copies/$1.json" "$target"
  copy_stop "$1"
  printf '%s  %s actions that can be cached, %s from the cache; %s s\n' "$1" \
    "$(log_of "$1" | wc -l)" "$(log_of "$1" | grep -c '^remote cache hit' || true)" \
    "$(sed -n 's/^INFO: Elapsed time: \([0-9.]*\)s.*/\1/p' "$copies/$1/log")"
}

# results COPY: name and hash of each result.
results() {
  (cd "$copies/$1/tree" && copy_outputs "$1" | xargs -d '\n' sha256sum)
}

check() {
  # Both now: the tree may change meanwhile.
  copy_make first
  copy_make second-in-another-folder
  start "$copies/store"
  echo "cache  http://127.0.0.1:$port, empty"
  build first
  build second-in-another-folder
  printf 'cache  %d objects, %s\n' "$(find "$copies/store" -type f | wc -l)" \
    "$(du -sh "$copies/store" | cut -f1)"
  stop
  local missed
  [ -n "$(log_of second-in-another-folder)" ] || copies_fail "the second build ran no actions at all"
  missed=$(log_of second-in-another-folder | grep -v '^remote cache hit' || true)
  if [ -n "$missed" ]; then
    printf 'NOT CACHED, these ran again:\n%s\n' "$missed"
    exit 1
  fi
  [ "$(results first)" = "$(results second-in-another-folder)" ] ||
    copies_fail "the results from the cache differ from those that were put there"
  echo "remote cache: every action of the second build came from the cache; the results are the same"
}

serve_for_ever() {
  local store=${XDG_CACHE_HOME:-$HOME/.cache}/theseus/remote
  start "$store" "$port"
  echo "serving $store until Ctrl-C; tools/bazel build --remote_cache=http://127.0.0.1:$port //:image"
  wait "$server"
}

mode=serve
port=
target=//:image
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage && exit ;;
    --check) mode=check ;;
    --port) port=${2:-} && shift ;;
    //*) target=$1 ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done
case $port in *[!0-9]*) usage >&2 && exit 2 ;; esac
copies_begin remote_cache
if [ "$mode" = check ]; then check; else serve_for_ever; fi
