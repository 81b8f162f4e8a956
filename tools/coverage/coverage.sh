#!/usr/bin/env bash
# Runs host tests and prints which lines of the tree's sources they reached.
set -euo pipefail

usage() {
  cat <<'END'
usage: tools/bazel run //tools/coverage -- [--html DIR] [--minimum PERCENT] [--only PATH] TARGET...
  Builds the host tests among TARGET (//cells/keyboard:all, //nano_core/..., ...) so that they count
  their lines, runs them, and prints a row for each source file: lines, how many ran, percent, and
  the numbers of those that never did.
  --html DIR         also writes pages with the sources, each line with its count
  --minimum PERCENT  fails where fewer of all lines ran
  --only PATH        only files below PATH, such as nano_core/loader
END
}

fail() {
  echo "coverage: $1" >&2
  exit 2
}

html='' minimum=0 only='' targets=()
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit ;;
    --html) html=${2:?--html: a folder is missing} && shift ;;
    --minimum) minimum=${2:?--minimum: a number is missing} && shift ;;
    --only) only=${2:?--only: a path is missing} && shift ;;
    -*) fail "unknown flag $1; --help lists them" ;;
    *) targets+=("$1") ;;
  esac
  shift
done
[ "${#targets[@]}" -gt 0 ] || fail 'no target is named, such as //nano_core/loader/...; --help says more'
case $html in '' | /*) ;; *) html=${BUILD_WORKING_DIRECTORY:-$PWD}/$html ;; esac

report=$PWD/tools/coverage/report.sh
llvm=$PWD/external/llvm
profiles=$(mktemp -d)
trap 'rm -rf "$profiles"' EXIT
cd "${BUILD_WORKSPACE_DIRECTORY:?start me with tools/bazel run}"

tests=$(tools/bazel query --noshow_progress "kind(cc_test, tests(set(${targets[*]})))")
[ -n "$tests" ] || fail "there is no host test among ${targets[*]}"
# Tests run outside of the sandbox, because they write their profiles to one folder.
# shellcheck disable=SC2086
tools/bazel test --config=coverage --spawn_strategy=local --nocache_test_results \
  --test_env=LLVM_PROFILE_FILE="$profiles/%m-%p.profraw" $tests
bin=$(tools/bazel info --config=coverage bazel-bin 2>/dev/null)

programs=()
for test in $tests; do
  path=${test#//}
  programs+=("$bin/${path/:/\/}")
done
LLVM_TOOLS=$llvm/bin "$report" --profiles "$profiles" --minimum "$minimum" --sources "$only" \
  --html "$html" -- "${programs[@]}"
