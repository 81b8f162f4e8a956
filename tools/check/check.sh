#!/usr/bin/env bash
# What CI runs; .ci/run is this with --ci. All that is kept between runs (packages, build results)
# lies outside the clone, per user.
set -euo pipefail

usage() {
  cat <<'END'
usage: tools/bazel run //tools/check [-- --fast]

Runs what CI runs, in this order:

  1. tools/bazel test //...: builds everything; format, lint (the dialect of cells, hygiene, the
     documentation's links and lists), and every test
  2. tools/bazel run //tools/reproducible: the same bytes from two folders
  3. tools/bazel run //tools/incremental: an edit runs its own actions only
  4. tools/bazel run //tools/remote_cache -- --check //cells/keymap:keymap.cell: every action of a
     cell, and of the tools that make it, can come from a cache

--fast  only the first; the others build copies of the tree, which takes minutes

The last line is `N passed, N failed`; each command counts as one, each test target as one. Exit
status: 0 if none failed, 1 otherwise, 2 usage. Build results are shared with CI on this machine:
~/.cache/theseus/disk.
END
}

# count STATES: the targets in Bazel's summary that ended in one of these states.
count() {
  grep -cE "^(@[^ ]*)?//[^ ]+ +(\(cached\) )?($1)( |,|$)" "$log" || true
}

headline() {
  printf '\n== %s\n' "$*"
}

# run_tests: all of them; what fails before any test (a broken build file, say) is in no summary.
run_tests() {
  local status=0 bad
  headline "tools/bazel test //..."
  tools/bazel test //... --config=ci "--disk_cache=$cache/disk" 2>&1 | tee "$log" || status=$?
  bad=$(count 'FAILED|FAILED TO BUILD|TIMEOUT|NO STATUS|INCOMPLETE|REMOTE FAILURE|BLAZE HALTED')
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  passed=$((passed + $(count 'PASSED|FLAKY')))
  failed=$((failed + bad))
  if [ "$bad" -gt 0 ]; then names+=("$bad of tools/bazel test //..."); fi
}

# run_command LABEL ARGS...: a program that judges by its exit status.
run_command() {
  local label=$1 begin=$SECONDS
  shift
  headline "tools/bazel run $label${*:+ -- $*}"
  if tools/bazel run --config=ci "--disk_cache=$cache/disk" "$label" -- "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    names+=("$label")
  fi
  echo "$label took $((SECONDS - begin)) s"
}

fast=no
ci=no
for word; do
  case $word in
    --help) usage && exit ;;
    --fast) fast=yes ;;
    --ci) ci=yes ;;
    *) usage >&2 && exit 2 ;;
  esac
done
cd "${BUILD_WORKSPACE_DIRECTORY:?run it as: tools/bazel run //tools/check}"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/theseus
mkdir -p "$cache/disk"
# Bazel never removes anything from there.
find "$cache/disk" -type f -mtime +30 -delete
log=$(mktemp)
trap 'rm -f "$log"; if [ "$ci" = yes ]; then tools/bazel shutdown; fi' EXIT
passed=0
failed=0
names=()

run_tests
if [ "$fast" = no ]; then
  run_command //tools/reproducible
  run_command //tools/incremental
  run_command //tools/remote_cache --check //cells/keymap:keymap.cell
fi

rm -f "$log"
if [ "$ci" = yes ]; then tools/bazel shutdown; fi
trap - EXIT
if [ ${#names[@]} -gt 0 ]; then printf '\nfailed: %s' "${names[@]}" && echo; fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
