// SPDX-License-Identifier: MIT
#include "nano_core/loader/testing/object_file.h"

#include <algorithm>

namespace theseus::testing {
namespace {

constexpr char kNote[] = "Theseus";  // with its terminator eight bytes
constexpr size_t kNoteHead = sizeof(Elf64_Nhdr) + sizeof(kNote);

size_t aligned(size_t offset, size_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

std::string word_after(const std::string &manifest, const std::string &key) {
  for (const std::string &line : lines_of(manifest)) {
    if (line.starts_with(key + " ")) return line.substr(key.size() + 1);
  }
  return "";
}

std::string renamed(const std::string &name, const std::string &from, const std::string &to) {
  return name.starts_with(from + "_") ? to + name.substr(from.size()) : name;
}

std::string string_at(const std::string &strings, size_t offset) {
  if (offset >= strings.size()) return "";
  return strings.substr(offset, strings.find('\0', offset) - offset);
}

}  // namespace

std::vector<size_t> ObjectFile::section_headers() const {
  const auto header = read<Elf64_Ehdr>(0);
  std::vector<size_t> offsets;
  for (size_t i = 0; i < header.e_shnum; i++) {
    const size_t bytes = i * sizeof(Elf64_Shdr);
    if (header.e_shoff > file_.size()) break;
    if (file_.size() - header.e_shoff < bytes + sizeof(Elf64_Shdr)) break;
    offsets.push_back(header.e_shoff + bytes);
  }
  return offsets;
}

std::vector<size_t> ObjectFile::records(uint32_t type, size_t bytes) const {
  std::vector<size_t> offsets;
  for (const size_t at : section_headers()) {
    const auto section = read<Elf64_Shdr>(at);
    if (section.sh_type != type || section.sh_offset > file_.size()) continue;
    const size_t inside = std::min<size_t>(section.sh_size, file_.size() - section.sh_offset);
    for (size_t i = 0; i < inside / bytes; i++) offsets.push_back(section.sh_offset + i * bytes);
  }
  return offsets;
}

size_t ObjectFile::find_section(uint32_t type) const {
  for (const size_t at : section_headers()) {
    if (read<Elf64_Shdr>(at).sh_type == type) return at;
  }
  return 0;
}

std::string ObjectFile::content(size_t header) const {
  const auto section = read<Elf64_Shdr>(header);
  return section.sh_offset < file_.size() ? file_.substr(section.sh_offset, section.sh_size) : "";
}

void ObjectFile::replace_content(size_t header, const std::string &content) {
  auto section = read<Elf64_Shdr>(header);
  if (section.sh_offset < file_.size()) {
    const size_t inside = std::min<size_t>(section.sh_size, file_.size() - section.sh_offset);
    std::fill_n(file_.begin() + static_cast<std::ptrdiff_t>(section.sh_offset), inside, '\0');
  }
  file_.resize(aligned(file_.size(), 16), '\0');
  section.sh_offset = file_.size();
  section.sh_size = content.size();
  write(header, section);
  file_ += content;
}

std::string ObjectFile::manifest() const {
  const size_t header = find_section(SHT_NOTE);
  const std::string note = header == 0 ? "" : content(header);
  if (note.size() < kNoteHead) return "";
  Elf64_Nhdr head;
  std::memcpy(&head, note.data(), sizeof(head));
  return note.substr(kNoteHead, head.n_descsz);
}

void ObjectFile::replace_manifest(const std::string &text) {
  const size_t header = find_section(SHT_NOTE);
  if (header == 0) return;
  const Elf64_Nhdr head = {sizeof(kNote), static_cast<Elf64_Word>(text.size()), 1};
  std::string note(reinterpret_cast<const char *>(&head), sizeof(head));
  note.append(kNote, sizeof(kNote)).append(text);
  note.resize(aligned(note.size(), 4), '\0');
  replace_content(header, note);
}

std::vector<std::string> lines_of(const std::string &manifest) {
  std::vector<std::string> lines;
  for (size_t start = 0; start < manifest.size();) {
    const size_t end = std::min(manifest.find('\n', start), manifest.size());
    lines.push_back(manifest.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

std::string manifest_of(const std::vector<std::string> &lines) {
  std::string manifest;
  for (const std::string &line : lines) manifest.append(line).push_back('\n');
  return manifest;
}

void rename_interface(std::string &file, const std::string &interface) {
  ObjectFile object(file);
  std::vector<std::string> lines = lines_of(object.manifest());
  const std::string before = word_after(object.manifest(), "implements");
  for (std::string &line : lines) {
    if (line == "implements " + before) line = "implements " + interface;
    if (line.starts_with("export ")) line = "export " + renamed(line.substr(7), before, interface);
  }
  object.replace_manifest(manifest_of(lines));
  const size_t table = object.find_section(SHT_SYMTAB);
  const std::vector<size_t> headers = object.section_headers();
  const auto symbols = object.read<Elf64_Shdr>(table);
  if (table == 0 || symbols.sh_link >= headers.size()) return;
  // Section names may stand in the same strings, so new names are added behind the old ones.
  std::string strings = object.content(headers[symbols.sh_link]);
  for (const size_t at : object.records(SHT_SYMTAB, sizeof(Elf64_Sym))) {
    auto symbol = object.read<Elf64_Sym>(at);
    const std::string name = string_at(strings, symbol.st_name);
    if (symbol.st_shndx == SHN_UNDEF || renamed(name, before, interface) == name) continue;
    symbol.st_name = static_cast<Elf64_Word>(strings.size());
    strings.append(renamed(name, before, interface)).push_back('\0');
    object.write(at, symbol);
  }
  object.replace_content(headers[symbols.sh_link], strings);
}

}  // namespace theseus::testing
