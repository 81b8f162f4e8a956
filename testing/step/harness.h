// SPDX-License-Identifier: MIT
/// @file
/// A machine with one processor that is stopped whenever the test does not ask it to run.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "testing/qemu/archive.h"
#include "testing/qemu/channel.h"
#include "testing/qemu/machine.h"
#include "testing/qemu/transcript.h"
#include "testing/step/memory.h"
#include "testing/step/remote.h"
#include "testing/step/symbols.h"

namespace step {

/// What the machine's clock goes by.
enum class Time {
  kOfHost,
  kOfInstructions,  // an instruction is a nanosecond, so time stands still while nothing is
                    // executed
};

/// Boots the image that the rule step_test provides, and holds its three handles: shell, debugger
/// stub, and the ports of its devices.
/// @throws std::runtime_error  (every function) the machine does not do what it should; the message
///         ends with what it printed last
class Harness {
 public:
  /// Boots up to the shell, and stops the machine there.
  /// @param objects  files NAME.o to add to the archive
  explicit Harness(const std::vector<std::string> &objects, Time time = Time::kOfHost);

  /// The debugger stub. The machine is stopped, so everything but Begin() may be used.
  Remote &remote() { return remote_; }

  /// The machine's memory, which is quicker to read.
  Memory &memory() { return memory_; }

  const Symbols &symbols() const { return symbols_; }

  /// Runs a command of the shell; then stops the machine wherever it happens to be.
  /// @returns  the answer's line, such as "= ok"
  std::string Shell(const std::string &command);

  /// What the shell printed between the last command and its answer.
  const std::string &shell_output() const { return shell_output_; }

  /// Lets the machine run a little, so that the shell comes to rest: it has answered, but its step
  /// is still under way.
  void Rest();

  /// Writes bytes to ports of devices, as if the processor did. The machine stays stopped.
  struct PortWrite {
    unsigned port;
    unsigned value;
  };
  void WritePorts(const std::vector<PortWrite> &writes);

 private:
  [[noreturn]] void Fail(const std::string &what) const;
  void Boot(const std::vector<std::string> &objects, Time time);
  void RunUntilPrinted(std::string_view beginning, size_t *position);
  void Halt();
  std::string ReceiveFromStub();

  qemu::Transcript transcript_;
  Memory memory_;
  qemu::BootArchive archive_;
  qemu::Channel stub_{qemu::Channel::Kind::kSocket};
  qemu::Channel control_{qemu::Channel::Kind::kSocket};
  qemu::Machine machine_;
  Remote remote_;
  Symbols symbols_;
  std::string shell_output_;
};

}  // namespace step
