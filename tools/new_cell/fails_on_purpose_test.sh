#!/usr/bin/env bash
# The test of a new cell fails, by one case only, and says what to do.
set -euo pipefail

out=$TEST_TMPDIR/out
# Results go elsewhere: this test's own are not those of the one inside.
if env -u XML_OUTPUT_FILE "testing/specimens/new_cell_example/new_cell_example_test" >"$out" 2>&1; then
  echo "the test of a new cell passes: nobody would notice that it still is the example"
  exit 1
fi
for words in ' 1 FAILED TEST' '[  PASSED  ] 2 tests.' 'is still the example' 'exports' \
  'docs/book/writing_a_cell.md'; do
  grep -qF -- "$words" "$out" || { echo "it does not say: $words"; cat "$out"; exit 1; }
done
