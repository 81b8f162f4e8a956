#!/usr/bin/env bash
# The pinned debugger on a machine that waits for one; --help says more.
set -euo pipefail

if [ "${1:-}" = --help ]; then
  cat <<'END'
Debugs a machine that was started with --gdb, from another terminal.

usage: tools/bazel run //:theseus -- --gdb           (in one terminal)
       tools/bazel run //tools/gdb -- [ARGUMENT...]  (in another)

  --target PLACE  where the machine listens: HOST:PORT or a socket's path
                  (default 127.0.0.1:1234)
  ARGUMENT        passed on to gdb, such as -ex 'break keyboard_peek'

nano_core's symbols are there at once, a cell's from the moment that the cell is
loaded; `break keyboard_peek` may be said before, and waits for the cell. A replaced
cell's symbols go when its pages do. `continue` starts the machine; `info line`,
`backtrace`, `finish`, `print` work as in any program. `gates` shows the calls from cell
to cell, `cells` what is loaded (`help gates`, `help cells`).
gdb cannot read the list of cells before nano_core runs, and says so once.
END
  exit 0
fi

target=127.0.0.1:1234
if [ "${1:-}" = --target ]; then
  target=${2:?--target: its value is missing; write --target HOST:PORT}
  shift 2
fi

# Lines of the debug information are relative to the workspace.
sources=${BUILD_WORKSPACE_DIRECTORY:-$PWD}
exec external/gdb/bin/gdb -q -nx image/nano_core.elf \
  -ex "set architecture i386:x86-64" \
  -ex "set substitute-path . $sources" \
  -ex "directory $sources" \
  -ex "set breakpoint pending on" \
  -x tools/gdb/commands.gdb \
  -ex "target remote $target" \
  "$@"
