#!/usr/bin/env bash
# That warnings of this project's own code are errors, with the words of the real compiler.
# usage: warnings_test.sh FLAG...
set -euo pipefail

# refused WARNING SOURCE: compiling the source ends with that warning as an error.
refused() {
  printf '%s\n' "$2" >"$TEST_TMPDIR/bad.c"
  local status=0
  external/llvm/bin/clang "${flags[@]}" -c "$TEST_TMPDIR/bad.c" -o "$TEST_TMPDIR/bad.o" \
    2>"$TEST_TMPDIR/errors" || status=$?
  [ "$status" -ne 0 ] || { echo "$1: accepted: $2"; exit 1; }
  grep -q -- "-W$1" "$TEST_TMPDIR/errors" || { echo "$1: another error:"; cat "$TEST_TMPDIR/errors"; exit 1; }
}

flags=("$@")
refused unused-value 'struct [[nodiscard]] s { int v; }; struct s f(void); void g(void); void g(void) { f(); }'
refused unused-result '[[nodiscard]] int f(void); void g(void); void g(void) { f(); }'
refused conditional-uninitialized 'int f(int a, int b); int f(int a, int b) { int c; for (int i = 0; i < a; i++) c = b; return c; }'
refused vla 'void g(char *p); void f(int n); void f(int n) { char a[n]; g(a); }'
refused shadow 'int f(int a); int f(int a) { { int a = 1; return a; } }'
refused missing-prototypes 'int f(void) { return 0; }'
refused implicit-fallthrough 'int f(int a); int f(int a) { switch (a) { case 1: a = 2; case 2: return a; } return 0; }'
refused thread-safety-analysis 'struct __attribute__((capability("lock"))) l { int x; };
struct s { struct l lock; int v __attribute__((guarded_by(&lock))); };
int f(struct s *s); int f(struct s *s) { return s->v; }'
