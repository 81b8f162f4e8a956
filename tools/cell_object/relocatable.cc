// SPDX-License-Identifier: MIT
#include "tools/cell_object/relocatable.h"

#include <cstring>

#include "tools/cell_object/files.h"

namespace theseus {
namespace {

class Reader {
 public:
  Reader(const std::string &subject, const std::string &bytes) : subject_(subject), bytes_(bytes) {}

  [[noreturn]] void refuse(const std::string &reason) const {
    throw Refusal(subject_, "bad object", reason);
  }

  std::string bytes(uint64_t offset, uint64_t length) const {
    if (offset > bytes_.size() || length > bytes_.size() - offset) {
      refuse("a part lies outside of the file");
    }
    return bytes_.substr(offset, length);
  }

  template <typename T>
  T read(uint64_t offset) const {
    T value;
    std::memcpy(&value, bytes(offset, sizeof(value)).data(), sizeof(value));
    return value;
  }

  template <typename T>
  std::vector<T> table(const elf_section_t &section) const {
    std::vector<T> values(section.bytes / sizeof(T));
    const std::string raw = bytes(section.offset, section.bytes);
    if (!values.empty()) std::memcpy(values.data(), raw.data(), values.size() * sizeof(T));
    return values;
  }

  std::string string_at(const std::string &strings, uint64_t offset) const {
    const size_t end = strings.find('\0', offset);
    if (end == std::string::npos) refuse("a name lies outside of the file");
    return strings.substr(offset, end - offset);
  }

 private:
  const std::string &subject_;
  const std::string &bytes_;
};

elf_header_t read_header(const Reader &reader) {
  const auto header = reader.read<elf_header_t>(0);
  const bool is_right = std::memcmp(header.magic,
                                    "\x7f"
                                    "ELF",
                                    4) == 0 &&
                        header.file_class == kElfClass64 && header.data == kElfLittleEndian &&
                        header.type == kElfRelocatable && header.machine == kElfMachineX86 &&
                        header.section_bytes == sizeof(elf_section_t);
  if (!is_right) reader.refuse("it is no relocatable x86-64 ELF file: link it with `ld.lld -r`");
  return header;
}

void read_sections(const Reader &reader, Relocatable &object) {
  const elf_header_t header = read_header(reader);
  for (uint64_t i = 0; i < header.section_count; i++) {
    const uint64_t offset = header.sections_offset + i * sizeof(elf_section_t);
    ObjectSection section = {{}, reader.read<elf_section_t>(offset), {}, {}};
    if (section.header.type != kElfSectionNoBytes) {
      section.data = reader.bytes(section.header.offset, section.header.bytes);
    }
    object.sections.push_back(std::move(section));
  }
  if (header.section_names >= object.sections.size()) reader.refuse("it has no names of sections");
  const std::string names = object.sections[header.section_names].data;
  for (ObjectSection &section : object.sections) {
    section.name = reader.string_at(names, section.header.name);
  }
}

void read_symbols(const Reader &reader, const elf_section_t &table, Relocatable &object) {
  if (table.link >= object.sections.size()) reader.refuse("its symbols have no names");
  const std::string &strings = object.sections[table.link].data;
  for (const elf_symbol_t &raw : reader.table<elf_symbol_t>(table)) {
    ObjectSymbol symbol = {reader.string_at(strings, raw.name), raw};
    if (symbol.type() == kElfSymbolSection && raw.section >= object.sections.size()) {
      reader.refuse("a symbol of no section");
    }
    object.symbols.push_back(std::move(symbol));
  }
}

void read_relocations(const Reader &reader, const elf_section_t &table, Relocatable &object) {
  if (table.info >= object.sections.size()) reader.refuse("relocations of no section");
  ObjectSection &target = object.sections[table.info];
  if (!target.is_allocated()) return;
  for (const elf_relocation_t &relocation : reader.table<elf_relocation_t>(table)) {
    if (relocation.info >> 32 >= object.symbols.size()) reader.refuse("a relocation of no symbol");
    target.relocations.push_back(relocation);
  }
}

}  // namespace

const std::string &Relocatable::name_of(const ObjectSymbol &symbol) const {
  return symbol.type() == kElfSymbolSection ? sections[symbol.raw.section].name : symbol.name;
}

const ObjectSymbol *Relocatable::find_defined(const std::string &name) const {
  for (const ObjectSymbol &symbol : symbols) {
    if (symbol.name == name && symbol.raw.section != kElfUndefined &&
        symbol.raw.section < sections.size()) {
      return &symbol;
    }
  }
  return nullptr;
}

Relocatable read_relocatable(const std::string &subject, const std::string &bytes) {
  const Reader reader(subject, bytes);
  Relocatable object;
  read_sections(reader, object);
  for (const ObjectSection &section : object.sections) {
    if (section.header.type == kElfSectionSymbols) read_symbols(reader, section.header, object);
  }
  // By index: reading adds to the sections that it looks at.
  for (size_t i = 0; i < object.sections.size(); i++) {
    const elf_section_t header = object.sections[i].header;
    if (header.type == kElfSectionRelocations) read_relocations(reader, header, object);
  }
  return object;
}

}  // namespace theseus
