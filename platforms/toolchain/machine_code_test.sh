#!/usr/bin/env bash
# What the bare machine's flags promise, read from the object that they made.
set -euo pipefail

object=$(find -L platforms/toolchain -name '*.a')
tools=external/llvm/bin
code=$("$tools/llvm-objdump" -dr --no-show-raw-insn "$object")
sections=$("$tools/llvm-readelf" -SW "$object")

fail() {
  printf '%s\n%s\n' "$code" "$sections"
  echo "machine_code_test: $*"
  exit 1
}

# has PATTERN WHAT / lacks PATTERN WHAT: in the disassembly.
has() { grep -qE "$1" <<<"$code" || fail "$2"; }
lacks() { ! grep -qE "$1" <<<"$code" || fail "$2"; }

# function NAME: its instructions.
function_code() { sed -n "/<$1>:/,/^\$/p" <<<"$code"; }

has '%gs:0x28' 'the canary is not in the per-CPU block'
has 'R_X86_64_PLT32.*__stack_chk_fail' 'a broken canary calls nobody'
has 'ud1' 'run-time checks do not trap'
lacks '__ubsan|__stack_chk_guard|@GOT' 'it calls a run-time library or reads a global'
lacks '%[xyz]mm[0-9]|%st' 'it uses other than general registers'
lacks 'jmpq? +\*' 'there is an indirect jump'
function_code call_last | grep -q 'call.*' || fail 'a call at the end became a jump'
for name in sum answer call_last; do
  function_code "$name" | grep -q 'push.*%rbp' || fail "$name has no frame pointer"
done
! grep -qE 'eh_frame|\.data|\.bss|COMMON' <<<"$sections" || fail 'there are unwind tables or writable data'
grep -q 'debug_info' <<<"$sections" || fail 'there is no debug information'
! "$tools/llvm-dwarfdump" "$object" | grep -q 'DW_AT_comp_dir.*(".*[a-z]' || fail 'it names the folder it was built in'
