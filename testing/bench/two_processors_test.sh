#!/usr/bin/env bash
# The benchmarks that boot a machine: of tasks, exactly; of the rendezvous, with two processors.
set -euo pipefail
readonly bench=$1 machine=$2
readonly out=$TEST_TMPDIR/out

"$bench" --machine "$machine" --icount task | tee "$out"
grep -Eq '^task\.switch +[0-9]+ +instructions +1 .* 300( missed)? +1743 by yield' "$out"
grep -Eq '^task\.spawn_join +[0-9]+ +instructions +1 .* 10000( missed)? +68035$' "$out"
grep -Eq '^task\.wake +[0-9]+ +instructions' "$out"
# The frame of a task, less its progress: nothing else is kept for one that waits.
grep -Eq '^task\.memory +5[0-9]{2} +bytes .* 1024 +-$' "$out"

"$bench" --machine "$machine" --rendezvous --smp 2 --json "$TEST_TMPDIR/json" | tee "$out"
grep -Eq '^  empty: median [0-9.]+ us, .*, of 400$' "$out"
grep -Eq '^  pause: median [0-9.]+ us, .*, of 50$' "$out"
grep -Eq '^\{"name":"swap\.rendezvous\.p2",.*"unit":"ns","n":400,' "$TEST_TMPDIR/json"
