#!/usr/bin/env bash
# The front door on machines with and without Bazel, root, sudo and a mirror,
# all of them played by scripts in a PATH of their own.
set -euo pipefail

front_door=$PWD/tools/bazel
work=$TEST_TMPDIR/work

fail() {
  echo "$case_name: $*"
  exit 1
}

# program NAME BODY: a fake program, which notes its calls.
program() {
  printf '#!/bin/sh\necho "%s $*" >>"%s/calls"\n%s\n' "$1" "$work" "$2" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

# machine NAME: a Debian machine without Bazel; `installed` appears once apt-get has run.
machine() {
  case_name=$1
  rm -rf "$work"
  mkdir -p "$work/bin"
  local tool
  for tool in sh env sed tail mktemp rm cat touch true; do
    ln -s "$(type -P "$tool")" "$work/bin/$tool"
  done
  program dpkg-query "[ -e $work/installed ] || exit 1
printf 'install ok installed %s' \"\$(cat $work/installed)\""
  program id 'echo 0'
  program sudo 'exit 1'
  program apt-get "case \$1 in install) echo 4.2.3+ds-9 >$work/installed ;; esac"
  program bazel-4 'echo "bazel ran: $*"'
}

# run ARGS...: the front door; sets $status, writes $work/out and $work/err.
run() {
  status=0
  env -u BAZEL_REAL "PATH=$work/bin" "$front_door" "$@" >"$work/out" 2>"$work/err" || status=$?
}

succeeds() {
  [ "$status" -eq 0 ] || fail "exit status $status: $(cat "$work/err")"
  grep -qx "bazel ran: test //\.\.\." "$work/out" || fail "Bazel did not get its arguments"
}

# refuses TEXT: no Bazel ran; TEXT and the one command to type are said.
refuses() {
  [ "$status" -eq 1 ] || fail "exit status $status"
  [ ! -s "$work/out" ] || fail "it printed $(cat "$work/out")"
  grep -q -- "$1" "$work/err" || fail "'$1' is missing in: $(cat "$work/err")"
  grep -q "sudo sh -c 'apt-get update && apt-get install -y bazel-bootstrap'" "$work/err" ||
    fail "the command to type is missing in: $(cat "$work/err")"
}

called() {
  grep -q -- "$1" "$work/calls"
}

machine "BAZEL_REAL is honoured"
program chosen 'echo "chosen ran: $*"'
out=$(PATH=$work/bin BAZEL_REAL=$work/bin/chosen "$front_door" build //x)
[ "$out" = "chosen ran: build //x" ] || fail "it ran: $out"
! called dpkg-query || fail "it looked for another Bazel"

machine "Bazel is installed"
echo 4.2.3+ds-9 >"$work/installed"
run test //...
succeeds
[ ! -s "$work/err" ] || fail "it is not quiet: $(cat "$work/err")"
! called apt-get || fail "it installed again"

machine "Bazel's exit status is kept"
echo 4.2.3+ds-9 >"$work/installed"
program bazel-4 'exit 3'
run test //...
[ "$status" -eq 3 ] || fail "exit status $status"

machine "root, index known"
run test //...
succeeds
called 'apt-get install -y --no-install-recommends bazel-bootstrap=4.2.3\*' || fail "wrong package"
! called 'apt-get update' || fail "the index was fetched without need"

machine "root, index unknown"
program apt-get "case \$1 in
  update) touch $work/updated ;;
  install) [ -e $work/updated ] || exit 100; echo 4.2.3+ds-9 >$work/installed ;;
esac"
run test //...
succeeds

machine "not root, sudo without password"
program id 'echo 1000'
program sudo "shift; exec \"\$@\""
run test //...
succeeds
called 'sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install' || fail "sudo was not used"

machine "not root, no sudo"
program id 'echo 1000'
run test //...
refuses 'only root can install it'
! called apt-get || fail "apt-get was called"

machine "not root, no sudo program"
program id 'echo 1000'
rm "$work/bin/sudo"
run test //...
refuses 'only root can install it'

machine "apt-get fails"
program apt-get 'echo "E: no mirror" >&2; exit 100'
run test //...
refuses 'Is a package mirror configured and reachable'
grep -q 'E: no mirror' "$work/err" || fail "apt-get's own words are missing"

machine "no Debian system"
rm "$work/bin/apt-get"
run test //...
refuses 'there is no apt-get'

machine "another Bazel is installed and cannot be replaced"
echo 4.2.30-1 >"$work/installed"
program apt-get 'exit 0'
run test //...
refuses 'offers bazel-bootstrap 4.2.30-1, but this project needs 4.2.3'
