// SPDX-License-Identifier: MIT
/// @file
/// From what became of QEMU to the exit status that docs/interface.md promises.
#pragma once
#include <string>

namespace qemu {

/// Exit status of the runner.
enum ExitStatus : int {
  kExitOk = 0,       // every command succeeded, the machine powered off
  kExitFailed = 1,   // a command or check failed, or `poweroff N` with N not 0
  kExitUsage = 2,    // flags, script, or a file
  kExitTimeout = 3,  // out of time
  kExitDied = 4,     // triple fault, unwanted reset, panic, QEMU itself ended
};

/// How a machine ended.
struct Ending {
  enum class Kind {
    kRunning,      // it has not
    kPoweredOff,   // with `code`
    kDied,         // `reason` says how
    kInterrupted,  // the user or the system stopped the runner with signal `code`
  };
  Kind kind = Kind::kRunning;
  int code = 0;
  std::string reason;
};

/// Reads the status of a QEMU process. The isa-debug-exit device turns a written VALUE into exit
/// code VALUE * 2 + 1; the machine writes 0x10 + CODE to power off (CODE 0 .. 100) and 0x7f when
/// nano_core panics. A machine without that device powers off as any PC does, which has no code.
/// @param wait_status  as from waitpid()
/// @param shut_down    whether QEMU has reported that the machine shut itself down
Ending EndingOfQemu(int wait_status, bool shut_down);

}  // namespace qemu
