// SPDX-License-Identifier: MIT
#include "tools/cell_object/stamp.h"

#include <cstring>
#include <map>
#include <memory>
#include <set>

#include "nano_core/loader/object.h"
#include "tools/cell_object/files.h"

namespace theseus {
namespace {

bytes_t span_of(const std::string &bytes) {
  return {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()};
}

std::string string_of(text_t text) { return std::string(text.data, text.length); }

template <typename T>
void append(std::string &bytes, const T &value) {
  bytes.append(reinterpret_cast<const char *>(&value), sizeof(value));
}

// What a manifest says about symbols.
struct Names {
  std::string cell;
  std::set<std::string> exports;
};

Names names_of(const std::string &text) {
  manifest_t manifest = {};
  message_t message = {};
  if (!status_is_ok(manifest_parse({text.data(), text.size()}, &manifest, &message))) {
    throw Refusal("manifest", "malformed", message.text);
  }
  Names names = {string_of(manifest.name), {}};
  manifest_export_t published = {};
  for (manifest_lines_t lines = manifest.exports;
       status_is_ok(manifest_next_export(&manifest, &lines, &published));) {
    names.exports.insert(string_of(published.function));
  }
  return names;
}

class Writer {
 public:
  Writer(const Relocatable &object, const std::string &manifest)
      : object_(object), names_(names_of(manifest)) {
    add_section({}, "", "");
    symbols_.push_back({});
    // Text first, then constants, each in the order of the input.
    for (const bool text : {true, false}) {
      for (size_t i = 0; i < object_.sections.size(); i++) {
        const ObjectSection &section = object_.sections[i];
        if (section.is_loaded() && section.is_text() == text) add_loaded(i);
      }
    }
    add_globals();
    add_relocations();
    add_note(manifest);
    add_symbols();
  }

  std::string file();

 private:
  struct Part {
    elf_section_t header;
    std::string data;
  };

  uint32_t add_string(const std::string &text);
  uint32_t add_section(elf_section_t header, const std::string &name, const std::string &data);
  void add_loaded(size_t index);
  void add_globals();
  void add_relocations();
  elf_relocation_t translate(const elf_relocation_t &relocation) const;
  void add_note(const std::string &manifest);
  void add_symbols();

  const Relocatable &object_;
  const Names names_;
  std::string strings_ = std::string(1, '\0');
  std::vector<Part> parts_;
  std::map<size_t, uint32_t> sections_;         // index in the input -> index in the output
  std::map<size_t, uint64_t> section_symbols_;  // index in the input -> its section symbol
  std::map<std::string, uint64_t> undefined_;   // name -> symbol
  std::vector<elf_symbol_t> symbols_;
  size_t first_global_ = 0;
  std::vector<size_t> relocation_parts_;
};

uint32_t Writer::add_string(const std::string &text) {
  if (text.empty()) return 0;
  const auto offset = static_cast<uint32_t>(strings_.size());
  strings_ += text;
  strings_.push_back('\0');
  return offset;
}

uint32_t Writer::add_section(elf_section_t header, const std::string &name,
                             const std::string &data) {
  header.name = add_string(name);
  header.address = 0;
  header.bytes = data.size();
  parts_.push_back({header, data});
  return static_cast<uint32_t>(parts_.size() - 1);
}

void Writer::add_loaded(size_t index) {
  const ObjectSection &section = object_.sections[index];
  const uint32_t number = add_section(section.header, section.name, section.data);
  sections_[index] = number;
  section_symbols_[index] = symbols_.size();
  elf_symbol_t symbol = {};
  symbol.info = kElfBindLocal << 4 | kElfSymbolSection;
  symbol.section = static_cast<uint16_t>(number);
  symbols_.push_back(symbol);
}

// By name, so that the order in which files were linked does not show.
void Writer::add_globals() {
  first_global_ = symbols_.size();
  std::map<std::string, const ObjectSymbol *> globals;
  for (const std::string &name : names_.exports) {
    const ObjectSymbol *symbol = object_.find_defined(name);
    if (symbol != nullptr) globals[name] = symbol;
  }
  for (const ObjectSymbol &symbol : object_.symbols) {
    if (symbol.is_undefined()) globals[symbol.name] = &symbol;
  }
  for (const auto &[name, symbol] : globals) {
    elf_symbol_t raw = symbol->raw;
    raw.name = add_string(name);
    raw.info = static_cast<uint8_t>(kElfBindGlobal << 4 | symbol->type());
    raw.other = 0;
    if (symbol->is_undefined()) {
      undefined_[name] = symbols_.size();
    } else {
      const auto section = sections_.find(raw.section);
      if (section == sections_.end()) {
        throw Refusal(names_.cell, "export " + name, "only functions in .text are published");
      }
      raw.section = static_cast<uint16_t>(section->second);
    }
    symbols_.push_back(raw);
  }
}

elf_relocation_t Writer::translate(const elf_relocation_t &relocation) const {
  const ObjectSymbol &symbol = object_.symbols[relocation.info >> 32];
  const uint64_t type = relocation.info & 0xffffffff;
  if (type == kElfRelocationNone) return {relocation.offset, type, 0};
  if (symbol.is_undefined()) {
    return {relocation.offset, undefined_.at(symbol.name) << 32 | type, relocation.addend};
  }
  const auto section = section_symbols_.find(symbol.raw.section);
  if (section == section_symbols_.end()) {
    throw Refusal(names_.cell, "reference to " + object_.name_of(symbol),
                  "it is in a section that is not loaded");
  }
  return {relocation.offset, section->second << 32 | type,
          relocation.addend + static_cast<int64_t>(symbol.raw.value)};
}

void Writer::add_relocations() {
  for (const auto &[input, output] : sections_) {
    const ObjectSection &section = object_.sections[input];
    if (section.relocations.empty()) continue;
    std::string table;
    for (const elf_relocation_t &relocation : section.relocations) {
      append(table, translate(relocation));
    }
    elf_section_t header = {};
    header.type = kElfSectionRelocations;
    header.flags = kElfFlagInfoLink;
    header.info = output;
    header.alignment = alignof(elf_relocation_t);
    header.entry_bytes = sizeof(elf_relocation_t);
    relocation_parts_.push_back(add_section(header, ".rela" + section.name, table));
  }
}

void Writer::add_note(const std::string &manifest) {
  elf_section_t header = {};
  header.type = kElfSectionNote;
  header.alignment = alignof(elf_note_t);
  std::string note;
  append(note, elf_note_t{8, static_cast<uint32_t>(manifest.size()), 1});
  note.append("Theseus", 8).append(manifest);
  note.resize((note.size() + 3) / 4 * 4, '\0');
  add_section(header, ".note.theseus", note);
}

void Writer::add_symbols() {
  std::string table;
  for (const elf_symbol_t &symbol : symbols_) append(table, symbol);
  elf_section_t header = {};
  header.type = kElfSectionSymbols;
  header.link = static_cast<uint32_t>(parts_.size() + 1);
  header.info = static_cast<uint32_t>(first_global_);
  header.alignment = alignof(elf_symbol_t);
  header.entry_bytes = sizeof(elf_symbol_t);
  const uint32_t symbols = add_section(header, ".symtab", table);
  for (const size_t part : relocation_parts_) parts_[part].header.link = symbols;
  // One section for the names of symbols and of sections; its own name goes in before its size.
  header = {};
  header.type = kElfSectionStrings;
  header.alignment = 1;
  const uint32_t strings = add_section(header, ".strtab", "");
  parts_[strings].data = strings_;
  parts_[strings].header.bytes = strings_.size();
}

std::string Writer::file() {
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
  header.header_bytes = sizeof(elf_header_t);
  header.section_bytes = sizeof(elf_section_t);
  header.section_count = static_cast<uint16_t>(parts_.size());
  header.section_names = static_cast<uint16_t>(parts_.size() - 1);
  std::string bytes(sizeof(header), '\0');
  std::string table;
  for (Part &part : parts_) {
    const uint64_t alignment = part.header.alignment == 0 ? 1 : part.header.alignment;
    bytes.resize((bytes.size() + alignment - 1) / alignment * alignment, '\0');
    part.header.offset = part.header.type == kElfSectionNull ? 0 : bytes.size();
    append(table, part.header);
    bytes += part.data;
  }
  bytes.resize((bytes.size() + 7) / 8 * 8, '\0');
  header.sections_offset = bytes.size();
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes + table;
}

void write_hash(std::string &file, uint64_t hash_offset) {
  uint8_t digest[kSha256Bytes] = {};
  object_hash(span_of(file), hash_offset, digest);
  for (size_t i = 0; i < kManifestHashDigits; i++) {
    file[hash_offset + i] = "0123456789abcdef"[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
  }
}

}  // namespace

std::string stamp(const Relocatable &object, const std::string &manifest) {
  std::string file = Writer(object, manifest).file();
  const auto parsed = std::make_unique<object_t>();
  message_t message = {};
  if (status_is_ok(object_parse(span_of(file), parsed.get(), &message))) {
    write_hash(file, parsed->hash_offset);
  }
  const std::string refused = verify(file);
  if (!refused.empty()) throw Refusal(names_of(manifest).cell, "bad object", refused);
  return file;
}

std::string verify(const std::string &file) {
  const auto object = std::make_unique<object_t>();
  message_t message = {};
  if (!status_is_ok(object_parse(span_of(file), object.get(), &message)) ||
      !status_is_ok(object_verify_hash(span_of(file), object.get(), &message))) {
    return message.text;
  }
  std::string text(object->layout.text_bytes, '\0');
  std::string rodata(object->layout.rodata_bytes, '\0');
  // Anywhere in the last two gigabytes, where all kernel code is: what reaches here reaches there.
  const object_placement_t placement = {
      .text = {reinterpret_cast<uint8_t *>(text.data()), text.size()},
      .rodata = {reinterpret_cast<uint8_t *>(rodata.data()), rodata.size()},
      .text_address = 0xffffffff90000000,
      .rodata_address = 0xffffffff92000000,
      .stubs_address = 0xffffffff94000000,
      .stub_bytes = 64,
      .state_slots_address = 0xffffffff95000000};
  if (!status_is_ok(object_place(object.get(), &placement, &message))) return message.text;
  return "";
}

}  // namespace theseus
