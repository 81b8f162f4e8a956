#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: refused_test.sh PROGRAM MESSAGE FLAG...: the machine says MESSAGE, then ends, and the
# program that runs it says so by its exit status.
set -euo pipefail

program=$1 message=$2
shift 2
status=0
echo cells | "$program" "$@" --script=- >"$TEST_TMPDIR/out" 2>"$TEST_TMPDIR/err" || status=$?
tr -d '\0\033' <"$TEST_TMPDIR/out"
cat "$TEST_TMPDIR/err"
[ "$status" -eq 4 ] || { echo "exit status $status, not 4"; exit 1; }
grep -qF "$message" "$TEST_TMPDIR/out" || { echo "it does not say: $message"; exit 1; }
grep -qF 'the machine ended before its shell was ready' "$TEST_TMPDIR/err"
