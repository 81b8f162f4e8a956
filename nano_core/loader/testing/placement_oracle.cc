// SPDX-License-Identifier: MIT
#include "nano_core/loader/testing/placement_oracle.h"

#include <elf.h>

#include <cstring>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace theseus::testing {
namespace {

// Everything is read through bounds-checked calls: a file that the loader took and that cannot be
// read this way is a wrong decision, too.
[[noreturn]] void wrong(const std::string &what) { throw std::runtime_error(what); }

template <typename T>
T read(const std::string &bytes, uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) wrong("a structure lies outside");
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(value));
  return value;
}

std::string part(const std::string &bytes, uint64_t offset, uint64_t length) {
  if (offset > bytes.size() || bytes.size() - offset < length) wrong("a section lies outside");
  return bytes.substr(offset, length);
}

struct Expected {
  Elf64_Shdr header;
  bool is_loaded;
  bool is_text;
  uint64_t place;  // in its span
};

class Oracle {
 public:
  Oracle(const std::string &file, const OracleAddresses &addresses)
      : file_(file), addresses_(addresses) {
    read_sections();
    read_manifest();
  }

  void judge(const LoadedObject &loaded) {
    if (loaded.text.size() < text_bytes_ || loaded.rodata.size() < rodata_bytes_) {
      wrong("the spans are too short");
    }
    text_.assign(loaded.text.size(), '\xcc');
    rodata_.assign(loaded.rodata.size(), '\0');
    for (const Expected &section : sections_) {
      if (!section.is_loaded) continue;
      const std::string bytes = part(file_, section.header.sh_offset, section.header.sh_size);
      span_of(section).replace(section.place, bytes.size(), bytes);
    }
    for (const Expected &section : sections_) {
      if (section.header.sh_type == SHT_RELA) relocate(section.header);
    }
    if (text_ != loaded.text) wrong("text differs at " + difference(text_, loaded.text));
    if (rodata_ != loaded.rodata) wrong("rodata differs at " + difference(rodata_, loaded.rodata));
    judge_exports(loaded);
  }

 private:
  static std::string difference(const std::string &a, const std::string &b) {
    size_t at = 0;
    while (a[at] == b[at]) at++;
    return std::to_string(at);
  }

  std::string &span_of(const Expected &section) { return section.is_text ? text_ : rodata_; }

  uint64_t address_of(const Expected &section) const {
    return (section.is_text ? addresses_.text : addresses_.rodata) + section.place;
  }

  void read_sections() {
    const auto header = read<Elf64_Ehdr>(file_, 0);
    for (uint64_t i = 0; i < header.e_shnum; i++) {
      const auto section = read<Elf64_Shdr>(file_, header.e_shoff + i * sizeof(Elf64_Shdr));
      Expected expected = {section, (section.sh_flags & SHF_ALLOC) != 0,
                           (section.sh_flags & SHF_EXECINSTR) != 0, 0};
      if (expected.is_loaded) lay_out(expected);
      sections_.push_back(expected);
    }
  }

  void lay_out(Expected &section) {
    if ((section.header.sh_flags & SHF_WRITE) != 0) wrong("a writable section was admitted");
    if ((section.header.sh_flags & SHF_TLS) != 0) wrong("a thread-local section was admitted");
    if (section.header.sh_type != SHT_PROGBITS) wrong("a loaded section is no PROGBITS");
    uint64_t &total = section.is_text ? text_bytes_ : rodata_bytes_;
    const uint64_t alignment = section.header.sh_addralign == 0 ? 1 : section.header.sh_addralign;
    section.place = (total + alignment - 1) / alignment * alignment;
    total = section.place + section.header.sh_size;
  }

  std::string section_name(const Elf64_Shdr &section) const {
    const auto index = read<Elf64_Ehdr>(file_, 0).e_shstrndx;
    if (index >= sections_.size()) wrong("the sections have no names");
    return string_of(sections_[index].header, section.sh_name);
  }

  void read_manifest() {
    for (const Expected &section : sections_) {
      if (section_name(section.header) != ".note.theseus") continue;
      const std::string note = part(file_, section.header.sh_offset, section.header.sh_size);
      const auto head = read<Elf64_Nhdr>(note, 0);
      std::istringstream text(
          part(note, sizeof(head) + (head.n_namesz + 3) / 4 * 4, head.n_descsz));
      for (std::string line; std::getline(text, line);) read_line(line);
    }
  }

  void read_line(const std::string &line) {
    std::istringstream words(line);
    std::string kind, first, second;
    words >> kind >> first >> second;
    if (kind == "import") imports_.emplace(second, imports_.size());
    if (kind == "state") states_.emplace("state_" + first, states_.size());
    if (kind == "export") exports_.push_back(first);
  }

  std::string string_of(const Elf64_Shdr &table, uint64_t offset) const {
    const std::string strings = part(file_, table.sh_offset, table.sh_size);
    if (offset >= strings.size()) wrong("a name lies outside of its strings");
    return strings.substr(offset, strings.find('\0', offset) - offset);
  }

  std::string name_of(const Elf64_Shdr &table, const Elf64_Sym &symbol) const {
    if (table.sh_link >= sections_.size()) wrong("the symbols have no names");
    return string_of(sections_[table.sh_link].header, symbol.st_name);
  }

  // S of the ABI.
  uint64_t symbol_value(const Elf64_Shdr &table, uint64_t index) const {
    if (index >= table.sh_size / sizeof(Elf64_Sym)) wrong("a relocation has no symbol");
    const auto symbol = read<Elf64_Sym>(file_, table.sh_offset + index * sizeof(Elf64_Sym));
    if (symbol.st_shndx != SHN_UNDEF) {
      if (symbol.st_shndx >= sections_.size() || !sections_[symbol.st_shndx].is_loaded) {
        wrong("a relocation leads to what is not loaded");
      }
      return address_of(sections_[symbol.st_shndx]) + symbol.st_value;
    }
    const std::string name = name_of(table, symbol);
    if (const auto import = imports_.find(name); import != imports_.end()) {
      return addresses_.stubs + import->second * addresses_.stub_bytes;
    }
    const auto state = states_.find(name);
    if (state == states_.end()) wrong("the undefined symbol " + name + " was bound");
    return addresses_.state_slots + state->second * 8;
  }

  void relocate(const Elf64_Shdr &table) {
    if (table.sh_info >= sections_.size()) wrong("relocations of no section");
    const Expected &target = sections_[table.sh_info];
    if (!target.is_loaded) return;
    if (table.sh_link >= sections_.size()) wrong("relocations without symbols");
    for (uint64_t i = 0; i < table.sh_size / sizeof(Elf64_Rela); i++) {
      apply(target, sections_[table.sh_link].header,
            read<Elf64_Rela>(file_, table.sh_offset + i * sizeof(Elf64_Rela)));
    }
  }

  // Table 4.10 of the ABI's supplement; L of PLT32 is the stub, as no other PLT is there.
  void apply(const Expected &target, const Elf64_Shdr &symbols, const Elf64_Rela &relocation) {
    const uint64_t type = ELF64_R_TYPE(relocation.r_info);
    if (type == R_X86_64_NONE) return;
    const bool is_relative =
        type == R_X86_64_PC32 || type == R_X86_64_PLT32 || type == R_X86_64_PC64;
    const bool is_wide = type == R_X86_64_64 || type == R_X86_64_PC64;
    if (!is_relative && !is_wide && type != R_X86_64_32S) wrong("an unknown relocation was taken");
    const uint64_t bytes = is_wide ? 8 : 4;
    if (relocation.r_offset > target.header.sh_size ||
        target.header.sh_size - relocation.r_offset < bytes) {
      wrong("a relocation outside of its section was taken");
    }
    uint64_t value = symbol_value(symbols, ELF64_R_SYM(relocation.r_info)) +
                     static_cast<uint64_t>(relocation.r_addend);
    if (is_relative) value -= address_of(target) + relocation.r_offset;
    if (!is_wide && static_cast<int64_t>(value) != static_cast<int32_t>(value)) {
      wrong("a relocation out of reach was taken");
    }
    std::memcpy(span_of(target).data() + target.place + relocation.r_offset, &value, bytes);
  }

  void judge_exports(const LoadedObject &loaded) {
    if (loaded.exports.size() != exports_.size()) wrong("exports are missing, or too many");
    for (const std::string &name : exports_) {
      const auto found = loaded.exports.find(name);
      if (found == loaded.exports.end()) wrong("export " + name + " is missing");
      if (found->second < addresses_.text || found->second - addresses_.text >= text_bytes_) {
        wrong("export " + name + " lies outside of the text");
      }
      if (!is_function(name, found->second)) wrong("export " + name + " is another function");
    }
  }

  // Whether a global function `name` of an executable section is at `address`.
  bool is_function(const std::string &name, uint64_t address) const {
    for (const Expected &section : sections_) {
      if (section.header.sh_type != SHT_SYMTAB) continue;
      for (uint64_t i = 0; i < section.header.sh_size / sizeof(Elf64_Sym); i++) {
        const auto symbol =
            read<Elf64_Sym>(file_, section.header.sh_offset + i * sizeof(Elf64_Sym));
        if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= sections_.size()) continue;
        if (symbol.st_info != ELF64_ST_INFO(STB_GLOBAL, STT_FUNC)) continue;
        const Expected &home = sections_[symbol.st_shndx];
        if (home.is_loaded && home.is_text && address_of(home) + symbol.st_value == address &&
            name_of(section.header, symbol) == name) {
          return true;
        }
      }
    }
    return false;
  }

  const std::string &file_;
  const OracleAddresses addresses_;
  std::vector<Expected> sections_;
  uint64_t text_bytes_ = 0;
  uint64_t rodata_bytes_ = 0;
  std::map<std::string, uint64_t> imports_;  // index of the line
  std::map<std::string, uint64_t> states_;
  std::vector<std::string> exports_;
  std::string text_;
  std::string rodata_;
};

}  // namespace

std::string judge_placement(const std::string &file, const OracleAddresses &addresses,
                            const LoadedObject &loaded) {
  try {
    Oracle(file, addresses).judge(loaded);
    return "";
  } catch (const std::runtime_error &error) {
    return error.what();
  }
}

}  // namespace theseus::testing
