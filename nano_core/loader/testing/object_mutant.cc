// SPDX-License-Identifier: MIT
#include "nano_core/loader/testing/object_mutant.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "nano_core/loader/testing/elf_builder.h"
#include "nano_core/loader/testing/object_file.h"

namespace theseus::testing {
namespace {

// Another number in place of `value`: near it, at an edge, one bit away, or any.
uint64_t tweaked(Random &random, uint64_t value, size_t file_bytes) {
  const std::vector<uint64_t> edges = {
      0,         1,          8,          0x7f,           0xff,
      0x1000,    0xffff,     0x7fffffff, 0x80000000,     0xffffffff,
      INT64_MAX, UINT64_MAX, file_bytes, file_bytes - 1, UINT64_MAX - file_bytes};
  switch (random.below(4)) {
    case 0:
      return value + random.below(65) - 32;
    case 1:
      return value ^ uint64_t{1} << random.below(64);
    case 2:
      return random.one_of(edges);
    default:
      return random.next() >> random.below(64);
  }
}

template <typename Field>
void tweak(Random &random, Field &field, size_t file_bytes) {
  field = static_cast<Field>(tweaked(random, static_cast<uint64_t>(field), file_bytes));
}

size_t any_place(Random &random, const std::string &file, size_t bytes) {
  return file.size() <= bytes ? 0 : random.below(file.size() - bytes + 1);
}

void flip_bits(Random &random, std::string &file) {
  for (uint64_t i = random.below(4) + 1; i > 0 && !file.empty(); i--) {
    file[random.below(file.size())] ^= static_cast<char>(1 << random.below(8));
  }
}

void set_bytes(Random &random, std::string &file) {
  const size_t count = std::min<size_t>(random.below(8) + 1, file.size());
  const size_t at = any_place(random, file, count);
  const bool is_run = random.once_in(2);
  const auto value = static_cast<char>(random.next());
  for (size_t i = 0; i < count; i++) {
    file[at + i] = is_run ? value : static_cast<char>(random.next());
  }
}

void edit_header(Random &random, std::string &file) {
  ObjectFile object(file);
  if (file.size() < sizeof(Elf64_Ehdr)) return;
  auto header = object.read<Elf64_Ehdr>(0);
  switch (random.below(9)) {
    case 0:
      tweak(random, header.e_ident[random.below(EI_NIDENT)], file.size());
      break;
    case 1:
      tweak(random, header.e_type, file.size());
      break;
    case 2:
      tweak(random, header.e_machine, file.size());
      break;
    case 3:
      tweak(random, header.e_version, file.size());
      break;
    case 4:
      tweak(random, header.e_shoff, file.size());
      break;
    case 5:
      tweak(random, random.once_in(2) ? header.e_ehsize : header.e_shentsize, file.size());
      break;
    case 6:
      tweak(random, header.e_phnum, file.size());
      break;
    case 7:
      tweak(random, header.e_shnum, file.size());
      break;
    default:
      header.e_shstrndx = static_cast<Elf64_Half>(random.below(header.e_shnum + 4));
  }
  object.write(0, header);
}

void edit_flags(Random &random, Elf64_Xword &flags) {
  const std::vector<uint64_t> bits = {SHF_WRITE,   SHF_ALLOC,     SHF_EXECINSTR, SHF_MERGE,
                                      SHF_STRINGS, SHF_INFO_LINK, SHF_TLS,       SHF_COMPRESSED,
                                      SHF_GROUP,   SHF_EXCLUDE,   SHF_LINK_ORDER};
  for (uint64_t i = random.below(2) + 1; i > 0; i--) flags ^= random.one_of(bits);
}

void edit_section(Random &random, std::string &file) {
  ObjectFile object(file);
  const std::vector<size_t> headers = object.section_headers();
  if (headers.empty()) return;
  const size_t at = random.one_of(headers);
  auto section = object.read<Elf64_Shdr>(at);
  const std::vector<Elf64_Xword *> wide = {&section.sh_addr, &section.sh_offset, &section.sh_size,
                                           &section.sh_addralign, &section.sh_entsize};
  switch (random.below(8)) {
    case 0:
      tweak(random, section.sh_name, file.size());
      break;
    case 1:
      section.sh_type = static_cast<Elf64_Word>(random.below(20));
      break;
    case 2:
      edit_flags(random, section.sh_flags);
      break;
    case 3:
      section.sh_link = static_cast<Elf64_Word>(random.below(headers.size() + 2));
      break;
    case 4:
      section.sh_info = static_cast<Elf64_Word>(random.below(headers.size() + 2));
      break;
    case 5:
      section.sh_addralign = uint64_t{1} << random.below(64);
      break;
    default:
      tweak(random, *random.one_of(wide), file.size());
  }
  object.write(at, section);
}

void edit_symbol(Random &random, std::string &file) {
  ObjectFile object(file);
  const std::vector<size_t> symbols = object.records(SHT_SYMTAB, sizeof(Elf64_Sym));
  if (symbols.empty()) return;
  const size_t at = random.one_of(symbols);
  auto symbol = object.read<Elf64_Sym>(at);
  const std::vector<uint64_t> sections = {SHN_UNDEF, SHN_ABS, SHN_COMMON, SHN_XINDEX};
  switch (random.below(6)) {
    case 0:
      tweak(random, symbol.st_name, file.size());
      break;
    case 1:
      symbol.st_info = static_cast<unsigned char>(random.next());
      break;
    case 2:
      symbol.st_shndx = static_cast<Elf64_Section>(random.once_in(3) ? random.one_of(sections)
                                                                     : random.below(10));
      break;
    case 3:
      tweak(random, symbol.st_value, file.size());
      break;
    case 4:
      tweak(random, symbol.st_size, file.size());
      break;
    default:
      symbol = object.read<Elf64_Sym>(random.one_of(symbols));
  }
  object.write(at, symbol);
}

void edit_relocation(Random &random, std::string &file) {
  ObjectFile object(file);
  const std::vector<size_t> relocations = object.records(SHT_RELA, sizeof(Elf64_Rela));
  const size_t symbols = object.records(SHT_SYMTAB, sizeof(Elf64_Sym)).size();
  if (relocations.empty()) return;
  const size_t at = random.one_of(relocations);
  auto relocation = object.read<Elf64_Rela>(at);
  uint64_t symbol = ELF64_R_SYM(relocation.r_info);
  uint64_t type = ELF64_R_TYPE(relocation.r_info);
  const std::vector<uint64_t> known = {R_X86_64_NONE,  R_X86_64_64,  R_X86_64_PC32,
                                       R_X86_64_PLT32, R_X86_64_32S, R_X86_64_PC64};
  switch (random.below(6)) {
    case 0:
      type = random.one_of(known);
      break;
    case 1:
      type = random.below(44);
      break;
    case 2:
      symbol = random.once_in(4) ? random.next() >> 32 : random.below(symbols + 2);
      break;
    case 3:
      tweak(random, relocation.r_offset, file.size());
      break;
    case 4:
      relocation.r_offset = random.below(file.size());
      break;
    default:
      tweak(random, relocation.r_addend, file.size());
  }
  relocation.r_info = ELF64_R_INFO(symbol, type & UINT32_MAX);
  object.write(at, relocation);
}

// Names of interfaces that an image serves, and some that none does.
const std::vector<std::string> &interface_names() {
  static const std::vector<std::string> names = {"keyboard",
                                                 "frame_allocator",
                                                 "shell",
                                                 "log",
                                                 "heap",
                                                 "timer",
                                                 "nano_core",
                                                 "console",
                                                 "keymap",
                                                 "a",
                                                 "sh",
                                                 "log_",
                                                 "fresh_interface",
                                                 "other_interface",
                                                 "keyboard_describe"};
  return names;
}

// Another character where a digit, a letter or something else stood.
char other_character(Random &random, char before) {
  const std::string digits = "0123456789abcdef";
  const std::string letters = "abcdefghijklmnopqrstuvwxyz_";
  if (digits.find(before) != std::string::npos) return digits[random.below(digits.size())];
  if (letters.find(before) != std::string::npos) return letters[random.below(letters.size())];
  return static_cast<char>(random.next());
}

std::string edited_word(Random &random, const std::string &word,
                        const std::vector<std::string> &lines) {
  const std::vector<std::string> words = {"",     "0",     "1",        "4294967296", "16777217",
                                          "end",  "state", "eager",    "lazy",       ":16@16",
                                          ":0@0", "i:8@8", "nano_core"};
  std::string edited = word;
  switch (random.below(6)) {
    case 0:
      return random.one_of(words);
    case 1: {
      const std::string &line = random.one_of(lines);
      return line.substr(std::min(line.find(' '), line.size()));
    }
    case 2:
      return word + word;
    default:
      if (!edited.empty()) {
        char &character = edited[random.below(edited.size())];
        character = random.once_in(4) ? static_cast<char>(random.next())
                                      : other_character(random, character);
      }
      return edited;
  }
}

void edit_line(Random &random, std::vector<std::string> &lines) {
  std::string &line = lines[random.below(lines.size())];
  const size_t start = line.empty() ? 0 : line.rfind(' ', random.below(line.size()));
  const size_t first = start == std::string::npos ? 0 : start + 1;
  if (first >= line.size()) {
    line = random.one_of(lines);
    return;
  }
  const size_t end = std::min(line.find(' ', first), line.size());
  line = line.substr(0, first) +
         edited_word(random, line.substr(first, end - first), std::vector<std::string>(lines)) +
         line.substr(end);
}

void edit_manifest(Random &random, std::string &file) {
  ObjectFile object(file);
  std::vector<std::string> lines = lines_of(object.manifest());
  if (lines.empty()) return;
  const size_t at = random.below(lines.size());
  const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
  switch (random.below(6)) {
    case 0:
      lines.erase(place);
      break;
    case 1:
      lines.insert(place, std::string(random.one_of(lines)));
      break;
    case 2:
      std::swap(lines[at], lines[random.below(lines.size())]);
      break;
    default:
      edit_line(random, lines);
  }
  std::string text = manifest_of(lines);
  if (random.once_in(8)) text.resize(random.below(text.size() + 1));
  object.replace_manifest(text);
}

void edit_name(Random &random, std::string &file) {
  const std::string fresh = "fresh_" + std::to_string(random.below(1000));
  rename_interface(file, random.once_in(4) ? fresh : random.one_of(interface_names()));
}

void truncate(Random &random, std::string &file) {
  if (file.empty()) return;
  if (random.once_in(3)) {
    file.erase(random.below(file.size()), random.below(64) + 1);
    return;
  }
  const bool is_near_the_end = random.once_in(2);
  const size_t least = is_near_the_end ? file.size() - std::min<size_t>(file.size(), 600) : 0;
  file.resize(least + random.below(file.size() - least));
}

// One structure over another one of its kind; `bytes` each.
void duplicate_one(Random &random, std::string &file, const std::vector<size_t> &places,
                   size_t bytes) {
  if (places.empty()) return;
  const std::string structure = file.substr(random.one_of(places), bytes);
  file.replace(random.one_of(places), structure.size(), structure);
}

void duplicate(Random &random, std::string &file) {
  ObjectFile object(file);
  switch (random.below(4)) {
    case 0:
      return duplicate_one(random, file, object.section_headers(), sizeof(Elf64_Shdr));
    case 1:
      return duplicate_one(random, file, object.records(SHT_SYMTAB, sizeof(Elf64_Sym)),
                           sizeof(Elf64_Sym));
    case 2:
      return duplicate_one(random, file, object.records(SHT_RELA, sizeof(Elf64_Rela)),
                           sizeof(Elf64_Rela));
    default: {
      const size_t count = std::min<size_t>(file.size(), size_t{1} << random.below(10));
      const std::string run = file.substr(any_place(random, file, count), count);
      file.replace(any_place(random, file, count), run.size(), run);
    }
  }
}

void overlap(Random &random, std::string &file) {
  ObjectFile object(file);
  const std::vector<size_t> headers = object.section_headers();
  if (headers.empty()) return;
  const size_t at = random.one_of(headers);
  auto section = object.read<Elf64_Shdr>(at);
  const auto other = object.read<Elf64_Shdr>(random.one_of(headers));
  const uint64_t before = section.sh_offset;
  section.sh_offset = other.sh_offset;
  if (random.once_in(2)) section.sh_offset += random.below(other.sh_size | 1);
  if (random.once_in(4)) section.sh_offset = object.read<Elf64_Ehdr>(0).e_shoff;
  if (random.once_in(4)) section.sh_offset = before;
  if (random.once_in(2)) section.sh_size += random.below(256);
  if (random.once_in(8)) section.sh_size = file.size() - std::min(file.size(), section.sh_offset);
  object.write(at, section);
}

void edit_strings(Random &random, std::string &file) {
  ObjectFile object(file);
  const size_t header = object.find_section(SHT_STRTAB);
  std::string strings = header == 0 ? "" : object.content(header);
  if (strings.empty()) return;
  const auto at = static_cast<std::ptrdiff_t>(random.below(strings.size()));
  switch (random.below(5)) {
    case 0:
      strings.back() = static_cast<char>(random.next());
      break;
    case 1:
      strings[static_cast<size_t>(at)] = '\0';
      break;
    case 2:
      strings[static_cast<size_t>(at)] ^= static_cast<char>(1 << random.below(8));
      break;
    case 3:
      std::replace(strings.begin() + at, strings.end(), '\0', 'x');
      break;
    default:
      strings.resize(static_cast<size_t>(at));
  }
  object.replace_content(header, strings);
}

void grow(Random &random, std::string &file) {
  ObjectFile object(file);
  const bool is_symbols = random.once_in(2);
  const uint32_t type = is_symbols ? SHT_SYMTAB : SHT_RELA;
  const size_t bytes = is_symbols ? sizeof(Elf64_Sym) : sizeof(Elf64_Rela);
  const size_t header = object.find_section(type);
  std::string table = header == 0 ? "" : object.content(header);
  if (table.size() < bytes) return;
  for (uint64_t count = uint64_t{1} << random.below(11); count > 0; count--) {
    table += table.substr(random.below(table.size() / bytes) * bytes, bytes);
  }
  if (random.once_in(8)) table.pop_back();
  object.replace_content(header, table);
}

using Mutation = void (*)(Random &, std::string &);

struct Kind {
  const char *name;
  Mutation mutate;
};

// In the order of MutantKind.
constexpr Kind kKinds[kMutantKinds] = {{"bits", flip_bits},
                                       {"bytes", set_bytes},
                                       {"header", edit_header},
                                       {"section", edit_section},
                                       {"symbol", edit_symbol},
                                       {"relocation", edit_relocation},
                                       {"manifest", edit_manifest},
                                       {"name", edit_name},
                                       {"truncation", truncate},
                                       {"duplication", duplicate},
                                       {"overlap", overlap},
                                       {"strings", edit_strings},
                                       {"growth", grow}};

}  // namespace

const char *mutant_kind_name(MutantKind kind) { return kKinds[static_cast<size_t>(kind)].name; }

void mutate_object(MutantKind kind, Random &random, std::string &file) {
  const uint64_t more = kind == MutantKind::kName ? 0 : random.below(3);
  for (uint64_t i = 0; i <= more; i++) kKinds[static_cast<size_t>(kind)].mutate(random, file);
  stamp(file);
}

std::string object_mutant(const std::string &object, MutantKind kind, uint64_t seed) {
  Random random(seed * kMutantKinds + static_cast<uint64_t>(kind));
  std::string file = object;
  mutate_object(kind, random, file);
  return file;
}

}  // namespace theseus::testing
