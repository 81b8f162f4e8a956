// SPDX-License-Identifier: MIT
/// @file
/// A relocatable ELF file as the linker leaves it, taken apart.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "nano_core/loader/elf.h"

namespace theseus {

struct ObjectSection {
  std::string name;
  elf_section_t header;
  std::string data;
  std::vector<elf_relocation_t> relocations;

  bool is_allocated() const { return (header.flags & kElfFlagAllocate) != 0; }
  /// Empty sections are dropped, whatever they are.
  bool is_loaded() const { return is_allocated() && header.bytes > 0; }
  bool is_text() const { return (header.flags & kElfFlagExecute) != 0; }
};

struct ObjectSymbol {
  std::string name;
  elf_symbol_t raw;

  bool is_undefined() const { return raw.section == kElfUndefined && !name.empty(); }
  uint32_t type() const { return elf_symbol_type(&raw); }
  uint32_t bind() const { return elf_symbol_bind(&raw); }
};

/// Sections and symbols at their indices in the file.
struct Relocatable {
  std::vector<ObjectSection> sections;
  std::vector<ObjectSymbol> symbols;

  /// The name of a symbol, or of the section that a section symbol stands for.
  const std::string &name_of(const ObjectSymbol &symbol) const;
  /// A global or local function of that name, or none.
  const ObjectSymbol *find_defined(const std::string &name) const;
};

/// @param subject  named in refusals
/// @throws Refusal: the file is no relocatable x86-64 ELF file, or is damaged
Relocatable read_relocatable(const std::string &subject, const std::string &bytes);

}  // namespace theseus
