// SPDX-License-Identifier: MIT
/// @file
/// Builds objects for tests: first a right one, then, field by field, wrong ones.
#pragma once
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "nano_core/loader/elf.h"
#include "nano_core/loader/object.h"

namespace theseus::testing {

struct Section {
  std::string name = {};
  uint32_t type = kElfSectionBytes;
  uint64_t flags = 0;
  std::string data = {};
  uint64_t alignment = 1;
  uint32_t link = 0;
  uint32_t info = 0;
  uint64_t entry_bytes = 0;
};

struct Symbol {
  std::string name = {};
  uint32_t bind = kElfBindGlobal;
  uint32_t type = kElfSymbolNone;
  std::string section = {};  // empty: undefined
  uint64_t value = 0;
  uint64_t bytes = 0;
};

struct Relocation {
  uint64_t offset = 0;
  uint32_t type = kElfRelocationPc32;
  std::string symbol = {};  // a symbol's name, or that of a section for its section symbol
  int64_t addend = 0;
};

/// A finished file. The edit functions change one structure in place and do not stamp it again.
class Image {
 public:
  explicit Image(std::string bytes) : bytes_(std::move(bytes)) {}

  const std::string &bytes() const { return bytes_; }
  std::string &bytes() { return bytes_; }

  void edit_header(const std::function<void(elf_header_t &)> &edit);
  void edit_section(std::string_view name, const std::function<void(elf_section_t &)> &edit);
  void edit_symbol(std::string_view name, const std::function<void(elf_symbol_t &)> &edit);
  /// Of the relocations of the section `name` the one with `index`.
  void edit_relocation(std::string_view name, size_t index,
                       const std::function<void(elf_relocation_t &)> &edit);
  /// The head of the note of .note.theseus.
  void edit_note(const std::function<void(elf_note_t &)> &edit);

  elf_header_t header() const { return read<elf_header_t>(0); }
  elf_section_t section(std::string_view name) const {
    return read<elf_section_t>(section_header(index(name)));
  }
  /// Index of the section `name`, 0 for the empty name; fails the program where there is none.
  uint16_t index(std::string_view name) const;
  uint32_t symbol_index(std::string_view name) const;

  /// Writes the hash into the manifest.
  Image &stamp();

 private:
  template <typename T>
  T read(size_t offset) const {
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof(value));
    return value;
  }
  template <typename T>
  void edit(size_t offset, const std::function<void(T &)> &edit) {
    T value = read<T>(offset);
    edit(value);
    std::memcpy(bytes_.data() + offset, &value, sizeof(value));
  }
  size_t section_header(uint32_t index) const;
  std::string_view section_name(uint32_t index) const;

  std::string bytes_;
};

class ElfBuilder {
 public:
  /// Adds a section; relocations may name it.
  ElfBuilder &section(Section section);
  /// Adds a symbol. Local ones are moved before global ones.
  ElfBuilder &symbol(Symbol symbol);
  /// Adds a relocation of the section `section`.
  ElfBuilder &relocation(const std::string &section, Relocation relocation);
  /// The manifest, with any 64 digits as hash. Without a call there is no note.
  ElfBuilder &manifest(std::string text);
  /// The whole of a note section, for malformed ones.
  ElfBuilder &note(std::string name, std::string bytes);

  Section &section_named(std::string_view name);

  /// The file, stamped where there is a manifest. Parts in this order: header, sections, relocation
  /// tables, note, symbols, strings, section table.
  Image build() const;

 private:
  std::vector<Section> sections_;
  std::vector<Symbol> symbols_;
  std::vector<std::pair<std::string, Relocation>> relocations_;
};

/// The descriptor `text` as a note.
std::string note_of(std::string_view text);

/// Writes the hash into the first manifest in `file`, if there is one: for mutated files, whose
/// sections may be gone.
void stamp(std::string &file);

/// The manifest of the sample: exports sample_get, sample_initialize; imports alarm_ring,
/// event_signal and one that the object does not use; state sample_queue.
std::string sample_manifest();

/// A right object with two sections of text, three of constants, each accepted relocation.
ElfBuilder sample();

/// The bytes of a string as a span; it must outlive the span.
inline bytes_t bytes_of(const std::string &text) {
  return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}
inline text_t text_of(std::string_view text) { return {text.data(), text.size()}; }
inline std::string string_of(text_t text) { return std::string(text.data, text.length); }

}  // namespace theseus::testing
