// SPDX-License-Identifier: MIT
/// @file
/// Makes the information of a multiboot2 loader, for tests.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace theseus::testing {

/// The bytes of a number, as they lie in memory.
template <typename Number>
std::string Bytes(Number number) {
  std::string bytes(sizeof(number), '\0');
  std::memcpy(bytes.data(), &number, sizeof(number));
  return bytes;
}

inline std::string Word(uint32_t number) { return Bytes(number); }
inline std::string Long(uint64_t number) { return Bytes(number); }

struct MemoryEntry {
  uint64_t start;
  uint64_t bytes;
  uint32_t type;
};

/// Puts tags one behind the other.
class Multiboot2Builder {
 public:
  Multiboot2Builder &Tag(uint32_t type, const std::string &body) {
    tags_ += Word(type) + Word(static_cast<uint32_t>(body.size() + 8)) + body;
    tags_.resize((tags_.size() + 7) / 8 * 8, '\0');
    return *this;
  }
  Multiboot2Builder &CommandLine(const std::string &text) { return Tag(1, text + '\0'); }
  Multiboot2Builder &Module(uint32_t start, uint32_t end) {
    return Tag(3, Word(start) + Word(end) + "cells.cpio" + '\0');
  }
  Multiboot2Builder &Memory(const std::vector<MemoryEntry> &entries, uint32_t entry_bytes = 24) {
    std::string body = Word(entry_bytes) + Word(0);
    for (const MemoryEntry &entry : entries) {
      std::string one = Long(entry.start) + Long(entry.bytes) + Word(entry.type) + Word(0);
      one.resize(entry_bytes, '\0');
      body += one;
    }
    return Tag(6, body);
  }
  /// @param type  1: direct colour
  Multiboot2Builder &Framebuffer(uint64_t start, uint8_t bits, uint8_t type) {
    return Tag(8, Long(start) + Word(4096) + Word(1024) + Word(768) + std::string{char(bits)} +
                      std::string{char(type), 0, 0, 16, 8, 8, 7, 0, 6});
  }
  /// The old root pointer (20 bytes) or the new one (36).
  Multiboot2Builder &Acpi(bool is_new) {
    return Tag(is_new ? 15 : 14, std::string(is_new ? 36 : 20, 'R'));
  }

  /// The whole, closed.
  std::string Build() const {
    Multiboot2Builder closed = *this;
    closed.Tag(0, "");
    return Word(static_cast<uint32_t>(closed.tags_.size() + 8)) + Word(0) + closed.tags_;
  }

 private:
  std::string tags_;
};

/// One with everything in it.
inline std::string WholeInformation() {
  return Multiboot2Builder()
      .CommandLine("quiet console=both")
      .Tag(2, std::string("GRUB 2.06") + '\0')
      .Module(0x200000, 0x240000)
      .Memory({{0, 0x9fc00, 1}, {0x100000, 0x7ee0000, 1}, {0x7fe0000, 0x20000, 2}})
      .Framebuffer(0xfd000000, 32, 1)
      .Acpi(false)
      .Acpi(true)
      .Build();
}

}  // namespace theseus::testing
