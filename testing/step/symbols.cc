// SPDX-License-Identifier: MIT
#include "testing/step/symbols.h"

#include <elf.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace step {
namespace {

std::string Contents(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error(path + ": cannot be read");
  return text.str();
}

template <typename T>
T At(const std::string &file, uint64_t offset) {
  if (offset + sizeof(T) > file.size()) throw std::runtime_error("an ELF file ends too early");
  T value;
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

Elf64_Shdr Section(const std::string &file, const Elf64_Ehdr &header, unsigned number) {
  return At<Elf64_Shdr>(file, header.e_shoff + number * sizeof(Elf64_Shdr));
}

}  // namespace

Symbols::Symbols(const std::string &path) {
  const std::string file = Contents(path);
  const auto header = At<Elf64_Ehdr>(file, 0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64) {
    throw std::runtime_error(path + ": is no 64-bit ELF file");
  }
  for (unsigned i = 0; i < header.e_shnum; i++) {
    const Elf64_Shdr table = Section(file, header, i);
    if (table.sh_type != SHT_SYMTAB) continue;
    const uint64_t names = Section(file, header, table.sh_link).sh_offset;
    for (uint64_t at = 0; at < table.sh_size; at += sizeof(Elf64_Sym)) {
      const auto symbol = At<Elf64_Sym>(file, table.sh_offset + at);
      if (symbol.st_shndx == SHN_UNDEF || names + symbol.st_name >= file.size()) continue;
      ranges_[file.c_str() + names + symbol.st_name] = {symbol.st_value,
                                                        symbol.st_value + symbol.st_size};
    }
  }
  if (ranges_.empty()) throw std::runtime_error(path + ": has no symbols");
}

Range Symbols::Find(const std::string &name) const {
  const auto found = ranges_.find(name);
  if (found == ranges_.end()) throw std::runtime_error("nano_core has no symbol " + name);
  return found->second;
}

std::string Symbols::Describe(uint64_t address) const {
  std::string name;
  Range around = {0, 0};
  for (const auto &[candidate, range] : ranges_) {
    if (!range.Contains(address) || range.end - range.first <= around.end - around.first) continue;
    name = candidate + "+";
    around = range;
  }
  char offset[20];
  std::snprintf(offset, sizeof offset, "0x%llx",
                static_cast<unsigned long long>(address - around.first));
  return name + offset;
}

}  // namespace step
