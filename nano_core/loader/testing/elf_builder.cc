// SPDX-License-Identifier: MIT
#include "nano_core/loader/testing/elf_builder.h"

#include <algorithm>
#include <cstdlib>

namespace theseus::testing {
namespace {

template <typename T>
void append(std::string &bytes, const T &value) {
  bytes.append(reinterpret_cast<const char *>(&value), sizeof(value));
}

void pad(std::string &bytes, size_t alignment) {
  bytes.resize((bytes.size() + alignment - 1) / alignment * alignment, '\0');
}

uint32_t add_string(std::string &strings, std::string_view text) {
  const auto offset = static_cast<uint32_t>(strings.size());
  strings.append(text).push_back('\0');
  return offset;
}

}  // namespace

size_t Image::section_header(uint32_t index) const {
  return header().sections_offset + index * sizeof(elf_section_t);
}

std::string_view Image::section_name(uint32_t index) const {
  const auto names = read<elf_section_t>(section_header(header().section_names));
  return bytes_.data() + names.offset + read<elf_section_t>(section_header(index)).name;
}

uint16_t Image::index(std::string_view name) const {
  for (uint16_t i = 0; i < header().section_count; i++) {
    if (section_name(i) == name) return i;
  }
  std::abort();
}

uint32_t Image::symbol_index(std::string_view name) const {
  const auto table = section(".symtab");
  const auto strings = section(".strtab");
  for (uint32_t i = 1; i < table.bytes / sizeof(elf_symbol_t); i++) {
    const auto symbol = read<elf_symbol_t>(table.offset + i * sizeof(elf_symbol_t));
    const std::string_view symbol_name = elf_symbol_type(&symbol) == kElfSymbolSection
                                             ? section_name(symbol.section)
                                             : bytes_.data() + strings.offset + symbol.name;
    if (symbol_name == name) return i;
  }
  std::abort();
}

void Image::edit_header(const std::function<void(elf_header_t &)> &edit_it) { edit(0, edit_it); }

void Image::edit_section(std::string_view name,
                         const std::function<void(elf_section_t &)> &edit_it) {
  edit(section_header(index(name)), edit_it);
}

void Image::edit_symbol(std::string_view name, const std::function<void(elf_symbol_t &)> &edit_it) {
  edit(section(".symtab").offset + symbol_index(name) * sizeof(elf_symbol_t), edit_it);
}

void Image::edit_relocation(std::string_view name, size_t index,
                            const std::function<void(elf_relocation_t &)> &edit_it) {
  const auto table = section(".rela" + std::string(name));
  edit(table.offset + index * sizeof(elf_relocation_t), edit_it);
}

void Image::edit_note(const std::function<void(elf_note_t &)> &edit_it) {
  edit(section(".note.theseus").offset, edit_it);
}

Image &Image::stamp() {
  testing::stamp(bytes_);
  return *this;
}

void stamp(std::string &file) {
  constexpr std::string_view kHead = "theseus 1\nhash ";
  const size_t head = file.find(kHead);
  if (head == std::string::npos) return;
  const size_t digits = head + kHead.size();
  if (file.size() - digits < kManifestHashDigits) return;
  uint8_t digest[kSha256Bytes];
  object_hash(bytes_of(file), digits, digest);
  for (size_t i = 0; i < kManifestHashDigits; i++) {
    file[digits + i] = "0123456789abcdef"[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
  }
}

ElfBuilder &ElfBuilder::section(Section section) {
  sections_.push_back(std::move(section));
  return *this;
}

ElfBuilder &ElfBuilder::symbol(Symbol symbol) {
  symbols_.push_back(std::move(symbol));
  return *this;
}

ElfBuilder &ElfBuilder::relocation(const std::string &section, Relocation relocation) {
  relocations_.emplace_back(section, std::move(relocation));
  return *this;
}

std::string note_of(std::string_view text) {
  std::string bytes;
  append(bytes, elf_note_t{8, static_cast<uint32_t>(text.size()), 1});
  bytes.append("Theseus", 8).append(text);
  pad(bytes, 4);
  return bytes;
}

ElfBuilder &ElfBuilder::note(std::string name, std::string bytes) {
  return section(
      {.name = std::move(name), .type = kElfSectionNote, .data = std::move(bytes), .alignment = 4});
}

ElfBuilder &ElfBuilder::manifest(std::string text) { return note(".note.theseus", note_of(text)); }

Section &ElfBuilder::section_named(std::string_view name) {
  for (Section &section : sections_) {
    if (section.name == name) return section;
  }
  std::abort();
}

namespace {

// A file in the making.
struct Assembly {
  std::vector<Section> sections = {{.type = kElfSectionNull, .alignment = 0}};
  std::vector<Symbol> symbols = {{.bind = kElfBindLocal}};
  uint32_t first_global = 0;

  size_t index_of(std::string_view name) const {
    for (size_t i = 1; i < sections.size(); i++) {
      if (sections[i].name == name) return i;
    }
    return name == "*ABS*" ? size_t{kElfAbsolute} : 0;
  }
};

// Section symbols first, so that a relocation can refer to each section; global symbols last.
void arrange_symbols(Assembly &assembly, const std::vector<Section> &sections,
                     const std::vector<Symbol> &symbols) {
  for (const Section &section : sections) {
    assembly.symbols.push_back({.name = section.name,
                                .bind = kElfBindLocal,
                                .type = kElfSymbolSection,
                                .section = section.name});
  }
  for (const Symbol &symbol : symbols) {
    if (symbol.bind == kElfBindLocal) assembly.symbols.push_back(symbol);
  }
  assembly.first_global = static_cast<uint32_t>(assembly.symbols.size());
  for (const Symbol &symbol : symbols) {
    if (symbol.bind != kElfBindLocal) assembly.symbols.push_back(symbol);
  }
}

void add_relocation(Assembly &assembly, const std::string &target, const Relocation &relocation) {
  const std::string name = ".rela" + target;
  if (assembly.index_of(name) == 0) {
    assembly.sections.push_back({.name = name,
                                 .type = kElfSectionRelocations,
                                 .flags = kElfFlagInfoLink,
                                 .alignment = 8,
                                 .info = static_cast<uint32_t>(assembly.index_of(target)),
                                 .entry_bytes = sizeof(elf_relocation_t)});
  }
  uint64_t symbol = 0;
  while (assembly.symbols.at(symbol).name != relocation.symbol) symbol++;
  append(assembly.sections[assembly.index_of(name)].data,
         elf_relocation_t{relocation.offset, symbol << 32 | relocation.type, relocation.addend});
}

// The symbol table and its strings, and an empty section for the names of sections.
void add_tables(Assembly &assembly) {
  const auto table_index = static_cast<uint32_t>(assembly.sections.size());
  std::string strings(1, '\0');
  Section table = {.name = ".symtab",
                   .type = kElfSectionSymbols,
                   .alignment = 8,
                   .link = table_index + 1,
                   .info = assembly.first_global,
                   .entry_bytes = sizeof(elf_symbol_t)};
  for (const Symbol &symbol : assembly.symbols) {
    const bool has_name = !symbol.name.empty() && symbol.type != kElfSymbolSection;
    append(table.data, elf_symbol_t{has_name ? add_string(strings, symbol.name) : 0,
                                    static_cast<uint8_t>(symbol.bind << 4 | symbol.type), 0,
                                    static_cast<uint16_t>(assembly.index_of(symbol.section)),
                                    symbol.value, symbol.bytes});
  }
  for (Section &section : assembly.sections) {
    if (section.type == kElfSectionRelocations) section.link = table_index;
  }
  assembly.sections.push_back(std::move(table));
  assembly.sections.push_back({.name = ".strtab", .type = kElfSectionStrings, .data = strings});
  assembly.sections.push_back({.name = ".shstrtab", .type = kElfSectionStrings});
}

std::string write_file(Assembly &assembly) {
  std::string names(1, '\0');
  std::vector<uint32_t> name_offsets;
  for (const Section &section : assembly.sections) {
    name_offsets.push_back(section.name.empty() ? 0 : add_string(names, section.name));
  }
  assembly.sections.back().data = names;
  std::string bytes(sizeof(elf_header_t), '\0');
  std::string table;
  for (size_t i = 0; i < assembly.sections.size(); i++) {
    const Section &section = assembly.sections[i];
    pad(bytes, std::max<size_t>(section.alignment, 1));
    append(table, elf_section_t{name_offsets[i], section.type, section.flags, 0,
                                i == 0 ? 0 : bytes.size(), section.data.size(), section.link,
                                section.info, section.alignment, section.entry_bytes});
    bytes += section.data;
  }
  pad(bytes, 8);
  elf_header_t header = {};
  std::memcpy(header.magic,
              "\x7f"
              "ELF",
              4);
  header.file_class = kElfClass64;
  header.data = kElfLittleEndian;
  header.ident_version = kElfVersion;
  header.type = kElfRelocatable;
  header.machine = kElfMachineX86;
  header.version = kElfVersion;
  header.sections_offset = bytes.size();
  header.header_bytes = sizeof(elf_header_t);
  header.section_bytes = sizeof(elf_section_t);
  header.section_count = static_cast<uint16_t>(assembly.sections.size());
  header.section_names = static_cast<uint16_t>(assembly.sections.size() - 1);
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes + table;
}

}  // namespace

Image ElfBuilder::build() const {
  Assembly assembly;
  assembly.sections.insert(assembly.sections.end(), sections_.begin(), sections_.end());
  arrange_symbols(assembly, sections_, symbols_);
  for (const auto &[target, relocation] : relocations_) {
    add_relocation(assembly, target, relocation);
  }
  add_tables(assembly);
  Image image(write_file(assembly));
  image.stamp();
  return image;
}

std::string sample_manifest() {
  return "theseus 1\n"
         "hash " +
         std::string(kManifestHashDigits, '0') +
         "\n"
         "name sample\n"
         "implements sample\n"
         "interface 2\n"
         "version 3\n"
         "summary shows each thing that an object may hold\n"
         "init lazy\n"
         "stack 4096\n"
         "right mmio\n"
         "right port_io\n"
         "export sample_get 0123456789abcdef ip12:8@8\n"
         "export sample_initialize 00000000000000ff :0@0\n"
         "import alarm alarm_ring fedcba9876543210\n"
         "import alarm alarm_unused 0000000000000002\n"
         "import nano_core event_signal 0000000000000001\n"
         "client out_of_tree\n"
         "client shell\n"
         "state sample_queue 1111111111111111 1 8192\n"
         "end\n";
}

namespace {

void add_sample_sections(ElfBuilder &builder) {
  constexpr uint64_t kText = kElfFlagAllocate | kElfFlagExecute;
  constexpr uint64_t kStrings = kElfFlagAllocate | kElfFlagMerge | kElfFlagStrings;
  builder
      .section({.name = ".text", .flags = kText, .data = std::string(70, '\x90'), .alignment = 16})
      .section({.name = ".text.unlikely",
                .flags = kText,
                .data = std::string(20, '\x90'),
                .alignment = 32})
      .section({.name = ".rodata",
                .flags = kElfFlagAllocate,
                .data = std::string(24, '\0'),
                .alignment = 8})
      .section({.name = ".rodata.cst16",
                .flags = kElfFlagAllocate | kElfFlagMerge,
                .data = std::string(16, 'c'),
                .alignment = 16,
                .entry_bytes = 16})
      .section({.name = ".rodata.str1.1",
                .flags = kStrings,
                .data = std::string("one\0two\0", 8),
                .entry_bytes = 1})
      .section({.name = ".comment", .data = "a compiler"})
      .manifest(sample_manifest());
}

void add_sample_symbols(ElfBuilder &builder) {
  builder
      .symbol(
          {.name = "sample.c", .bind = kElfBindLocal, .type = kElfSymbolFile, .section = "*ABS*"})
      .symbol({.name = "helper",
               .bind = kElfBindLocal,
               .type = kElfSymbolFunction,
               .section = ".text.unlikely",
               .value = 4,
               .bytes = 16})
      .symbol({.name = "sample_get",
               .type = kElfSymbolFunction,
               .section = ".text",
               .value = 16,
               .bytes = 32})
      .symbol({.name = "sample_initialize",
               .type = kElfSymbolFunction,
               .section = ".text",
               .value = 48,
               .bytes = 22})
      .symbol({.name = "event_signal"})
      .symbol({.name = "alarm_ring"})
      .symbol({.name = "state_sample_queue"});
}

void add_sample_relocations(ElfBuilder &builder) {
  builder.relocation(".text", {0, kElfRelocationPc32, "state_sample_queue", -4})
      .relocation(".text", {4, kElfRelocationPlt32, "event_signal", -4})
      .relocation(".text", {8, kElfRelocationPc32, "alarm_ring", -4})
      .relocation(".text", {12, kElfRelocation32S, ".rodata", 8})
      .relocation(".text", {16, kElfRelocationPlt32, "helper", -4})
      .relocation(".text", {24, kElfRelocation64, "helper", 1})
      .relocation(".text", {32, kElfRelocationPc64, ".rodata.str1.1", 4})
      .relocation(".text", {40, kElfRelocationNone, "", 0})
      .relocation(".text", {66, kElfRelocationPc32, "sample_get", -4})
      .relocation(".text.unlikely", {0, kElfRelocation32S, "state_sample_queue", 0})
      .relocation(".rodata", {0, kElfRelocation64, ".rodata.str1.1", 4})
      .relocation(".rodata", {16, kElfRelocation64, "sample_get", 0});
}

}  // namespace

ElfBuilder sample() {
  ElfBuilder builder;
  add_sample_sections(builder);
  add_sample_symbols(builder);
  add_sample_relocations(builder);
  return builder;
}

}  // namespace theseus::testing
