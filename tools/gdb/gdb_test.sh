#!/usr/bin/env bash
# A debugger attached to a machine from its first instruction finds functions of cells by name.
set -euo pipefail
folder=$(mktemp -d /tmp/theseus_gdb.XXXXXX)
trap 'kill "$machine" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT

./theseus --gdb --gdb-at "unix:$folder/gdb,server=on,wait=off" --timeout 200 \
  --script tools/gdb/gdb_test.script >"$folder/machine" 2>&1 &
machine=$!
for _ in $(seq 300); do
  [ -S "$folder/gdb" ] && break
  sleep 0.1
done
tools/gdb/gdb --target "$folder/gdb" -batch -x tools/gdb/gdb_test.gdb >"$folder/gdb.out" 2>&1 || true

fail() {
  printf '%s\n' "$1" '--- gdb:' "$(cat "$folder/gdb.out")" '--- machine:' "$(cat "$folder/machine")"
  exit 1
}

# said TEXT: gdb printed it.
said() { grep -qF -- "$1" "$folder/gdb.out" || fail "gdb did not say: $1"; }

said 'Temporary breakpoint 1 (command_state_step) pending.'
said 'hit Temporary breakpoint 1, command_state_step (command='
said 'at cells/command_state/command_state.c:'
said 'in gate_invoke () at nano_core/gate/gate.S'
said 'shell_step'                        # among the gates
said ' "frame_allocator"'                # among the cells
said 'cells/keymap_dvorak/keymap_dvorak.c'
