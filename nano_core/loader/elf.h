// SPDX-License-Identifier: MIT
/// @file
/// The part of the ELF format, 64 bits and little-endian, that relocatable x86-64 objects use.
/// Names and numbers: System V ABI, chapter 4, and its AMD64 supplement, section 4.
#pragma once
#include "nano_core/api/types.h"
EXTERN_C_BEGIN

enum {
  kElfClass64 = 2,
  kElfLittleEndian = 1,
  kElfVersion = 1,
  kElfRelocatable = 1,
  kElfMachineX86 = 62,
};

typedef struct elf_header {
  uint8_t magic[4];  // 0x7f 'E' 'L' 'F'
  uint8_t file_class;
  uint8_t data;
  uint8_t ident_version;
  uint8_t ident_rest[9];
  uint16_t type;
  uint16_t machine;
  uint32_t version;
  uint64_t entry;
  uint64_t segments_offset;
  uint64_t sections_offset;
  uint32_t flags;
  uint16_t header_bytes;
  uint16_t segment_bytes;
  uint16_t segment_count;
  uint16_t section_bytes;
  uint16_t section_count;
  uint16_t section_names;  // section with the names of sections
} elf_header_t;

enum {
  kElfSectionNull = 0,
  kElfSectionBytes = 1,  // SHT_PROGBITS
  kElfSectionSymbols = 2,
  kElfSectionStrings = 3,
  kElfSectionRelocations = 4,  // with addends
  kElfSectionNote = 7,
  kElfSectionNoBytes = 8,
  kElfSectionOldRelocations = 9,  // without addends
  kElfSectionInitArray = 14,
  kElfSectionFiniArray = 15,
  kElfSectionPreinitArray = 16,
  kElfSectionWideIndices = 18,  // SHT_SYMTAB_SHNDX
};

enum {
  kElfFlagWrite = 0x1,
  kElfFlagAllocate = 0x2,
  kElfFlagExecute = 0x4,
  kElfFlagMerge = 0x10,
  kElfFlagStrings = 0x20,
  kElfFlagInfoLink = 0x40,
  kElfFlagThreadLocal = 0x400,
  kElfFlagCompressed = 0x800,
};

typedef struct elf_section {
  uint32_t name;  // offset in the names of sections
  uint32_t type;
  uint64_t flags;
  uint64_t address;
  uint64_t offset;
  uint64_t bytes;
  uint32_t link;
  uint32_t info;
  uint64_t alignment;
  uint64_t entry_bytes;
} elf_section_t;

enum { kElfBindLocal = 0, kElfBindGlobal = 1, kElfBindWeak = 2 };

enum {
  kElfSymbolNone = 0,
  kElfSymbolData = 1,
  kElfSymbolFunction = 2,
  kElfSymbolSection = 3,
  kElfSymbolFile = 4,
  kElfSymbolCommon = 5,
  kElfSymbolThreadLocal = 6,
  kElfSymbolIndirect = 10,  // STT_GNU_IFUNC
};

enum { kElfUndefined = 0, kElfAbsolute = 0xfff1, kElfCommon = 0xfff2 };

typedef struct elf_symbol {
  uint32_t name;  // offset in the strings
  uint8_t info;   // binding << 4 | type
  uint8_t other;
  uint16_t section;
  uint64_t value;
  uint64_t bytes;
} elf_symbol_t;

enum {
  kElfRelocationNone = 0,
  kElfRelocation64 = 1,
  kElfRelocationPc32 = 2,
  kElfRelocationPlt32 = 4,
  kElfRelocation32S = 11,
  kElfRelocationPc64 = 24,
};

typedef struct elf_relocation {
  uint64_t offset;
  uint64_t info;  // symbol << 32 | type
  int64_t addend;
} elf_relocation_t;

/// Before the name and the descriptor of a note, each padded to four bytes.
typedef struct elf_note {
  uint32_t name_bytes;  // with the terminator
  uint32_t descriptor_bytes;
  uint32_t type;
} elf_note_t;

static_assert(sizeof(elf_header_t) == 64 && sizeof(elf_section_t) == 64, "as in the file");
static_assert(sizeof(elf_symbol_t) == 24 && sizeof(elf_relocation_t) == 24, "as in the file");

static inline uint32_t elf_symbol_bind(const elf_symbol_t *symbol) { return symbol->info >> 4; }
static inline uint32_t elf_symbol_type(const elf_symbol_t *symbol) { return symbol->info & 15; }

EXTERN_C_END
