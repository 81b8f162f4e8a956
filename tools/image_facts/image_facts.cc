// SPDX-License-Identifier: MIT
#include "tools/image_facts/image_facts.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "nano_core/loader/archive.h"
#include "nano_core/loader/elf.h"
#include "nano_core/loader/object.h"
#include "tools/cell_object/files.h"

namespace theseus {
namespace {

constexpr std::string_view kObjectSuffix = ".o";

bytes_t bytes_of(const std::string &text) {
  return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

std::string string_of(text_t text) { return std::string(text.data, text.length); }

// Adds each string of a section that is a name from its beginning to its NUL.
void add_words(std::set<std::string> &words, std::string_view section) {
  size_t start = 0;
  for (size_t end; (end = section.find('\0', start)) != std::string_view::npos; start = end + 1) {
    const std::string_view word = section.substr(start, end - start);
    if (manifest_is_name({word.data(), word.size()})) words.emplace(word);
  }
}

void add_lines(CellFacts &facts, const manifest_t &manifest) {
  manifest_lines_t imports = manifest.imports;
  for (manifest_import_t line; status_is_ok(manifest_next_import(&manifest, &imports, &line));) {
    facts.imports.push_back({string_of(line.provider), string_of(line.function)});
  }
  manifest_lines_t exports = manifest.exports;
  for (manifest_export_t line; status_is_ok(manifest_next_export(&manifest, &exports, &line));) {
    facts.exports.push_back(string_of(line.function));
  }
  manifest_lines_t states = manifest.states;
  for (manifest_state_t line; status_is_ok(manifest_next_state(&manifest, &states, &line));) {
    facts.states.push_back({string_of(line.name), line.bytes});
  }
  text_t text;
  for (size_t i = 0; status_is_ok(manifest_client(&manifest, i, &text)); i++) {
    facts.clients.push_back(string_of(text));
  }
  for (size_t i = 0; status_is_ok(manifest_right(&manifest, i, &text)); i++) {
    facts.rights.push_back(string_of(text));
  }
}

void add_section(CoreFacts &facts, const elf_section_t &section, std::string_view data) {
  if ((section.flags & kElfFlagAllocate) == 0) return;
  if ((section.flags & kElfFlagExecute) != 0) {
    facts.text_bytes += section.bytes;
  } else if ((section.flags & kElfFlagWrite) != 0) {
    facts.writable_bytes += section.bytes;
  } else {
    facts.rodata_bytes += section.bytes;
    add_words(facts.words, data);
  }
}

ImageFacts read_archive_cells(const std::string &path, const std::string &archive) {
  ImageFacts image;
  archive_entry_t entry = {};
  for (uint64_t cursor = 0;;) {
    const status_t status = archive_next(bytes_of(archive), &cursor, &entry);
    if (status_is(status, STATUS_END)) return image;
    if (!status_is_ok(status)) {
      throw Refusal(path, "malformed archive",
                    "at byte " + std::to_string(cursor) + " is no newc entry");
    }
    const std::string name = string_of(entry.name);
    if (!name.ends_with(kObjectSuffix)) continue;
    image.cells.push_back(read_cell(
        name.substr(0, name.size() - kObjectSuffix.size()),
        std::string(reinterpret_cast<const char *>(entry.content.data), entry.content.length)));
  }
}

}  // namespace

uint64_t CellFacts::state_bytes() const {
  uint64_t bytes = 0;
  for (const StateFact &state : states) bytes += state.bytes;
  return bytes;
}

CellFacts read_cell(const std::string &object, const std::string &bytes) {
  const auto parsed = std::make_unique<object_t>();
  message_t message = {};
  if (!status_is_ok(object_parse(bytes_of(bytes), parsed.get(), &message))) {
    throw Refusal(object, "BAD_OBJECT", message.text);
  }
  CellFacts facts;
  facts.object = object;
  facts.name = string_of(parsed->manifest.name);
  facts.implements = string_of(parsed->manifest.implements);
  facts.summary = string_of(parsed->manifest.summary);
  facts.text_bytes = parsed->layout.text_bytes;
  facts.rodata_bytes = parsed->layout.rodata_bytes;
  add_lines(facts, parsed->manifest);
  for (uint32_t i = 0; i < parsed->section_count; i++) {
    const object_section_t &section = parsed->sections[i];
    if (section.kind == kSectionNotLoaded) continue;
    facts.relocations += section.relocation_count;
    if (section.kind == kSectionRodata) {
      add_words(facts.words, std::string_view(bytes).substr(section.offset, section.bytes));
    }
  }
  return facts;
}

CoreFacts read_core(const std::string &subject, const std::string &bytes) {
  elf_header_t header = {};
  const bool has_header = bytes.size() >= sizeof(header);
  if (has_header) std::memcpy(&header, bytes.data(), sizeof(header));
  const bool is_right = has_header &&
                        std::memcmp(header.magic,
                                    "\x7f"
                                    "ELF",
                                    4) == 0 &&
                        header.file_class == kElfClass64 && header.machine == kElfMachineX86 &&
                        header.section_count > 0 && header.section_bytes == sizeof(elf_section_t);
  if (!is_right) throw Refusal(subject, "bad file", "it is no x86-64 ELF file with sections");
  CoreFacts facts;
  for (uint64_t i = 0; i < header.section_count; i++) {
    elf_section_t section = {};
    const uint64_t offset = header.sections_offset + i * sizeof(section);
    bool is_inside = offset <= bytes.size() && sizeof(section) <= bytes.size() - offset;
    if (is_inside) std::memcpy(&section, bytes.data() + offset, sizeof(section));
    const bool has_data = section.type != kElfSectionNoBytes && section.type != kElfSectionNull;
    if (is_inside && has_data) {
      is_inside = section.offset <= bytes.size() && section.bytes <= bytes.size() - section.offset;
    }
    if (!is_inside) throw Refusal(subject, "bad file", "a part lies outside of the file");
    add_section(facts, section,
                has_data ? std::string_view(bytes).substr(section.offset, section.bytes)
                         : std::string_view());
  }
  return facts;
}

ImageFacts read_image(const std::string &folder) {
  const std::string archive = folder + "/cells.cpio";
  const std::string core = folder + "/nano_core.elf";
  ImageFacts image = read_archive_cells(archive, read_file(archive));
  image.core = read_core(core, read_file(core));
  return image;
}

}  // namespace theseus
