// SPDX-License-Identifier: MIT
/// @file
/// What the files of an image say of themselves: sizes, imports, exports, clients, state. Objects
/// are read by the loader's own code, so a fact here is what nano_core sees.
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace theseus {

struct ImportFact {
  std::string provider;  // an interface, or nano_core
  std::string function;
};

struct StateFact {
  std::string name;
  uint64_t bytes;
};

struct CellFacts {
  std::string object;  // the file in the archive, without `.o`
  std::string name;
  std::string implements;
  std::string summary;
  uint64_t text_bytes = 0;
  uint64_t rodata_bytes = 0;
  uint64_t relocations = 0;  // of sections that are loaded
  std::vector<ImportFact> imports;
  std::vector<std::string> exports;
  std::vector<std::string> clients;
  std::vector<std::string> rights;
  std::vector<StateFact> states;
  /// Strings among the constants that could be names of functions: what is called by reference is
  /// obtained by such a name.
  std::set<std::string> words;

  uint64_t state_bytes() const;
};

struct CoreFacts {
  uint64_t text_bytes = 0;
  uint64_t rodata_bytes = 0;
  uint64_t writable_bytes = 0;  // what it owns from the beginning: .data, .bss and the like
  std::set<std::string> words;
};

struct ImageFacts {
  CoreFacts core;
  std::vector<CellFacts> cells;  // in the archive's order
};

/// @param object  named in refusals
/// @throws Refusal: the loader would not take it
CellFacts read_cell(const std::string &object, const std::string &bytes);

/// Reads an executable file.
/// @param subject  named in refusals
/// @throws Refusal: it is no x86-64 ELF file with sections
CoreFacts read_core(const std::string &subject, const std::string &bytes);

/// Reads nano_core.elf and cells.cpio.
/// @param folder  of an image
/// @throws Refusal
ImageFacts read_image(const std::string &folder);

}  // namespace theseus
