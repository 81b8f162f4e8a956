// SPDX-License-Identifier: MIT
/// @file
/// Addresses of a program's symbols, from its ELF file.
#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace step {

/// Addresses from `first` on, before `end`.
struct Range {
  uint64_t first = 0;
  uint64_t end = 0;

  bool Contains(uint64_t address) const { return address >= first && address < end; }
};

/// The symbol table of one file.
class Symbols {
 public:
  /// @throws std::runtime_error  the file cannot be read, or is no 64-bit ELF with symbols
  explicit Symbols(const std::string &path);

  /// Where the symbol is, and how far it reaches (first == end: its size is not known).
  /// @throws std::runtime_error  there is none of that name
  Range Find(const std::string &name) const;

  /// "NAME+0xOFFSET" of the largest symbol around an address, or just the address.
  std::string Describe(uint64_t address) const;

 private:
  std::map<std::string, Range> ranges_;
};

}  // namespace step
