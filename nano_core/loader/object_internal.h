// SPDX-License-Identifier: MIT
/// @file
/// What the parts of the object reader share. Structures are copied out of the file, which has no
/// alignment; the caller has checked that they lie inside.
#pragma once
#include "nano_core/loader/elf.h"
#include "nano_core/loader/object.h"
EXTERN_C_BEGIN

/// Finds the symbol table and its strings; checks each symbol and binds the global ones to the
/// lines of the manifest.
/// @errors   BAD_OBJECT
status_t object_parse_symbols(LENT object_t *object, const elf_section_t *table,
                              const elf_section_t *strings, LENT message_t *message);

/// Checks each relocation of each loaded section.
/// @errors   BAD_OBJECT
status_t object_check_relocations(const object_t *object, LENT message_t *message);

/// Copies `bytes` bytes at `offset` of the file.
static inline void object_read(bytes_t file, uint64_t offset, OUT void *structure, size_t bytes) {
  __builtin_memcpy(structure, bytes_slice(file, offset, bytes).data, bytes);
}

/// Whether `bytes` bytes at `offset` of the file are zeros: the first record of a table, which
/// stands for none. No other check looks at it, but a damaged file may refer to it.
static inline bool object_is_zero(bytes_t file, uint64_t offset, size_t bytes) {
  const bytes_t record = bytes_slice(file, offset, bytes);
  for (size_t i = 0; i < bytes; i++) {
    if (*bytes_at(record, i) != 0) return false;
  }
  return true;
}

static inline elf_symbol_t object_symbol(const object_t *object, uint32_t index) {
  elf_symbol_t symbol;
  object_read(object->file, object->symbols + index * sizeof(symbol), &symbol, sizeof(symbol));
  return symbol;
}

static inline elf_relocation_t object_relocation(const object_t *object,
                                                 const object_section_t *section, uint32_t index) {
  elf_relocation_t relocation;
  object_read(object->file, section->relocations + index * sizeof(relocation), &relocation,
              sizeof(relocation));
  return relocation;
}

/// How many bytes a relocation of `type` writes; 0 where the type is refused.
static inline uint32_t object_relocation_bytes(uint32_t type) {
  if (type == kElfRelocationPc32 || type == kElfRelocationPlt32) return 4;
  if (type == kElfRelocation32S) return 4;
  return type == kElfRelocation64 || type == kElfRelocationPc64 ? 8 : 0;
}

/// More characters of a name are not looked at: no manifest has so long a one, and a file of 16 MiB
/// could make each of its symbols the name of megabytes.
enum { kObjectNameBytes = 2 * kNameBytes };

/// The text at `index` of a string section that ends with NUL, its first kObjectNameBytes
/// characters where it is longer. The caller has checked the index.
text_t object_string(bytes_t strings, uint64_t index);

/// The name of a symbol; of a section symbol, which has none, that of the section.
text_t object_symbol_name(const object_t *object, const elf_symbol_t *symbol);

/// The name of section `index`.
text_t object_section_name(const object_t *object, uint32_t index);

EXTERN_C_END
