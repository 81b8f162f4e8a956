// SPDX-License-Identifier: MIT
/// @file
/// The debugger's side of the GDB remote serial protocol, as far as stepping through a machine
/// takes it. It knows nothing of the system in the machine.
/// @source  GDB manual, "Remote Serial Protocol"; QEMU manual, "GDB usage"
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace step {

/// Puts content between its marks: "$OK#9a".
std::string Packet(std::string_view content);

/// Finds the packets in a stream that comes in pieces of any size.
class PacketReader {
 public:
  void Add(std::string_view bytes) { rest_ += bytes; }

  /// The content of the next whole packet, with escapes and repetitions undone; nothing if none has
  /// come.
  /// @throws std::runtime_error  its checksum is wrong
  std::optional<std::string> Next();

 private:
  std::string rest_;
};

/// Registers of the processor, in QEMU's order.
struct Registers {
  uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
  uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
  uint64_t rip, rflags, gs_base;

  bool interrupts_on() const { return (rflags >> 9 & 1) != 0; }
};

/// What may happen during a step beside the one instruction.
enum class Interrupts {
  kMasked,    // none is taken, and the machine's clock stands still
  kAdmitted,  // one that is pending is taken in place of the instruction, if the processor has them
              // on
};

/// A machine at the other end of a stream. Every function waits for its answer, so the machine is
/// stopped whenever none of them runs, but between Continue() and WaitForStop().
/// @throws std::runtime_error  (every function) the other end refuses, or says something unexpected
class Remote {
 public:
  /// @param send     takes bytes for the other end
  /// @param receive  waits until there are bytes from the other end; throws where none come
  Remote(std::function<void(std::string_view)> send, std::function<std::string()> receive)
      : send_(std::move(send)), receive_(std::move(receive)) {}

  /// Must be called first: learns what the other end can do.
  void Begin();

  Registers ReadRegisters();

  /// The same, of one register, and quicker.
  uint64_t ReadInstructionPointer();

  /// Where the page tables begin: CR3.
  uint64_t ReadPageTables();

  /// Sets all of them but gs_base.
  void WriteRegisters(const Registers &registers);

  /// Memory as the processor sees it at this moment, page tables included.
  std::string Read(uint64_t address, size_t bytes);
  uint64_t ReadNumber(uint64_t address, size_t bytes = 8);

  /// The same the other way; protections do not count, and changed code takes effect.
  void Write(uint64_t address, std::string_view bytes);
  void WriteNumber(uint64_t address, uint64_t value, size_t bytes = 8);

  /// Lets the machine run until one of `addresses` is the next instruction, by breakpoints of the
  /// processor: no byte in memory changes. Must not be called at one of them.
  /// @param hold  whether the processor puts off all interrupts of devices meanwhile
  /// @returns  the instruction that is the next one
  uint64_t RunTo(const std::set<uint64_t> &addresses, bool hold);

  /// Executes one instruction, or takes one interrupt or exception, or does nothing: QEMU does not
  /// say which.
  void Step(Interrupts interrupts);

  /// Lets the machine run; WaitForStop() must follow.
  void Continue();

  /// Asks a running machine to stop; WaitForStop() must follow.
  void AskToStop();

  /// Waits until it has stopped.
  void WaitForStop();

 private:
  std::string Receive();
  std::string ReceiveAnswer();
  std::string Ask(std::string_view content);
  void SendAll(const std::vector<std::string> &contents);
  void AskForOk(std::string_view content);
  void SetStepping(Interrupts interrupts);

  std::function<void(std::string_view)> send_;
  std::function<std::string()> receive_;
  PacketReader reader_;
  std::optional<Interrupts> stepping_;
};

}  // namespace step
