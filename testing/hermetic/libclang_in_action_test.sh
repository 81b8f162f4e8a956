#!/usr/bin/env bash
# What list_functions said in the action, and what it says in a test.
set -euo pipefail
cd testing/hermetic
expected=$'first\nsecond'
in_action=$(cat functions.txt)
cd ../..
in_test=$(testing/hermetic/list_functions testing/hermetic/two_functions.c)
[ "$in_action" = "$expected" ] || { echo "in the action: $in_action"; exit 1; }
[ "$in_test" = "$expected" ] || { echo "in the test: $in_test"; exit 1; }
