// SPDX-License-Identifier: MIT
/// @file
/// The memory of a machine, shared with QEMU: what the debugger's stub reads in thousands of round
/// trips is simply there.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace step {

/// Addresses are the processor's; the machine is stopped.
/// @throws std::runtime_error  (every function) nothing is mapped there
class Memory {
 public:
  explicit Memory(unsigned mebibytes);
  Memory(const Memory &) = delete;
  Memory &operator=(const Memory &) = delete;
  ~Memory();

  /// Must be open in QEMU.
  int descriptor() const { return descriptor_; }

  /// The words on QEMU's command line that make it the machine's memory.
  std::vector<std::string> QemuWords() const;

  /// Where the page tables begin.
  /// @param root  physical, as in CR3
  void SetRoot(uint64_t root) { root_ = root & ~UINT64_C(0xfff); }

  /// Where the byte at `address` is, and the rest of its page.
  uint8_t *At(uint64_t address) const;

  std::string Read(uint64_t address, size_t bytes) const;
  uint64_t ReadNumber(uint64_t address) const;

  /// Writes data. Code must not be written in this way: QEMU would not see it.
  void Write(uint64_t address, std::string_view bytes);
  void WriteNumber(uint64_t address, uint64_t value);

  static constexpr uint64_t kPageBytes = 4096;

 private:
  uint8_t *Physical(uint64_t address) const;
  uint64_t Entry(uint64_t table, unsigned index) const;

  size_t bytes_;
  int descriptor_ = -1;
  uint8_t *start_ = nullptr;
  uint64_t root_ = 0;
};

}  // namespace step
