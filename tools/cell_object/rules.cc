// SPDX-License-Identifier: MIT
#include "tools/cell_object/rules.h"

#include <set>

#include "nano_core/loader/object_internal.h"
#include "tools/cell_object/files.h"

namespace theseus {
namespace {

bool is_constructor(const ObjectSection &section) {
  const uint32_t type = section.header.type;
  if (type == kElfSectionInitArray || type == kElfSectionFiniArray ||
      type == kElfSectionPreinitArray) {
    return true;
  }
  for (const char *prefix : {".init_array", ".fini_array", ".ctors", ".dtors"}) {
    if (section.name.starts_with(prefix)) return true;
  }
  return false;
}

// ` (counter, table)`: the objects of the section with index `index`.
std::string variables_of(const Relocatable &object, size_t index) {
  std::string names;
  for (const ObjectSymbol &symbol : object.symbols) {
    const bool is_data = symbol.type() == kElfSymbolData || symbol.type() == kElfSymbolThreadLocal;
    if (!is_data || symbol.raw.section != index) continue;
    names += (names.empty() ? "" : ", ") + symbol.name;
  }
  return names.empty() ? "" : " (" + names + ")";
}

void check_section(const std::string &cell, const Relocatable &object, size_t index) {
  const ObjectSection &section = object.sections[index];
  const std::string which = " " + section.name + variables_of(object, index);
  if ((section.header.flags & kElfFlagThreadLocal) != 0) {
    throw Refusal(cell, "thread-local section" + which,
                  "keep it with the client, or declare state");
  }
  if (is_constructor(section)) {
    throw Refusal(cell, "constructors in section" + which,
                  "nothing runs before main here: export INTERFACE_initialize instead");
  }
  if ((section.header.flags & kElfFlagWrite) != 0) {
    throw Refusal(cell, "writable section" + which,
                  "make it const, keep it with the client in a sealed object, or declare state");
  }
  if ((section.header.flags & kElfFlagCompressed) != 0) {
    throw Refusal(cell, "compressed section" + which, "do not compress sections");
  }
  const bool is_named = section.name.starts_with(section.is_text() ? ".text" : ".rodata");
  if (section.header.type != kElfSectionBytes || !is_named) {
    throw Refusal(cell, "section" + which,
                  "only .text and .rodata are loaded: compile with the flags of a cell");
  }
}

void check_symbol(const std::string &cell, const ObjectSymbol &symbol) {
  if (symbol.type() == kElfSymbolCommon || symbol.raw.section == kElfCommon) {
    throw Refusal(cell, "common symbol " + symbol.name,
                  "make it const, keep it with the client, or declare state");
  }
  if (symbol.type() == kElfSymbolIndirect) {
    throw Refusal(cell, "indirect function " + symbol.name, "call one of the alternatives");
  }
  if (symbol.bind() == kElfBindWeak) {
    throw Refusal(cell, "weak symbol " + symbol.name,
                  "nothing is guessed from a name: define it, or add its cell to deps");
  }
}

void check_relocations(const std::string &cell, const Relocatable &object,
                       const ObjectSection &section) {
  for (const elf_relocation_t &relocation : section.relocations) {
    const auto type = static_cast<uint32_t>(relocation.info);
    if (type == kElfRelocationNone || object_relocation_bytes(type) != 0) continue;
    const std::string &name = object.name_of(object.symbols[relocation.info >> 32]);
    throw Refusal(cell, "relocation type " + std::to_string(type) + " against " + name,
                  "compile with the flags of a cell: -fno-pic -mcmodel=kernel");
  }
}

}  // namespace

bool is_library_call(const std::string &symbol) {
  static const std::set<std::string> kLibrary = {
      "abort",   "atoi",    "calloc",    "exit",    "fprintf",  "free",    "longjmp", "malloc",
      "memchr",  "memcmp",  "memcpy",    "memmove", "memset",   "printf",  "putchar", "puts",
      "qsort",   "rand",    "realloc",   "setjmp",  "snprintf", "sprintf", "strcat",  "strchr",
      "strcmp",  "strcpy",  "strlen",    "strncmp", "strncpy",  "strnlen", "strstr",  "strtol",
      "strtoul", "vprintf", "vsnprintf", "bcmp",    "bzero",    "stpcpy"};
  // Names with two underscores belong to the implementation: __udivti3, __stack_chk_fail, ...
  return symbol.starts_with("__") || kLibrary.contains(symbol);
}

void check_rules(const std::string &cell, const Relocatable &object) {
  for (const ObjectSymbol &symbol : object.symbols) check_symbol(cell, symbol);
  for (size_t i = 0; i < object.sections.size(); i++) {
    if (object.sections[i].is_loaded()) check_section(cell, object, i);
  }
  for (const ObjectSection &section : object.sections) check_relocations(cell, object, section);
}

}  // namespace theseus
