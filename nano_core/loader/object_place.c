// SPDX-License-Identifier: MIT
// The relocations of an object: checked when it is parsed, applied when it is placed.
#include "nano_core/api/checked.h"
#include "nano_core/loader/object_internal.h"

static uint32_t type_of(const elf_relocation_t *relocation) { return (uint32_t)relocation->info; }

static uint32_t symbol_of(const elf_relocation_t *relocation) {
  return (uint32_t)(relocation->info >> 32);
}

static status_t refuse(const object_t *object, const elf_relocation_t *relocation, text_t reason,
                       message_t *message) {
  const elf_symbol_t symbol = object_symbol(object, symbol_of(relocation));
  const status_t refused =
      message_refuse(message, TEXT("a reference to "), object_symbol_name(object, &symbol), reason);
  message_text(message, TEXT(" (relocation at "));
  message_hexadecimal(message, relocation->offset);
  message_text(message, TEXT(")"));
  return refused;
}

// Why a reference to a stub or a state slot is refused; empty where it is not. Only code refers to
// them, and only a call to a stub's beginning: a stored address would outlive the gate's rules.
static text_t reason_against(uint32_t kind, const elf_relocation_t *relocation, bool is_text) {
  enum { kFieldBytes = 4, kMostImmediateBytes = 4 };
  const uint32_t type = type_of(relocation);
  const int64_t addend = relocation->addend;
  const bool is_relative = type == kElfRelocationPc32 || type == kElfRelocationPlt32;
  if (kind == kGlobalImport && !(is_text && is_relative && addend == -kFieldBytes)) {
    return TEXT(" takes the address of an import: obtain a reference to it instead");
  }
  const bool is_slot = addend <= 0 && addend >= -(kFieldBytes + kMostImmediateBytes);
  if (kind == kGlobalState && !(is_text && is_slot)) {
    return TEXT(" stores the address of a state slot, or misses it: use state_NAME->");
  }
  return TEXT("");
}

static status_t check(const object_t *object, const object_section_t *section,
                      const elf_relocation_t *relocation, message_t *message) {
  const uint32_t type = type_of(relocation);
  const uint32_t index = symbol_of(relocation);
  const uint32_t bytes = object_relocation_bytes(type);
  if (index >= object->symbol_count) {
    return message_refuse_number(message, TEXT("a relocation names symbol number "), index,
                                 TEXT(", which is not there: the file is damaged"));
  }
  if (type == kElfRelocationNone) return OK;
  if (bytes == 0) {
    const status_t refused = refuse(
        object, relocation, TEXT(" has an unknown relocation type: use the cell flags"), message);
    return refused;
  }
  if (!range_fits(relocation->offset, bytes, section->bytes)) {
    return refuse(object, relocation, TEXT(" lies outside of its section: the file is damaged"),
                  message);
  }
  const elf_symbol_t symbol = object_symbol(object, index);
  if (index >= object->first_global) {
    const text_t reason = reason_against(object->globals[index - object->first_global].kind,
                                         relocation, section->kind == kSectionText);
    return reason.length == 0 ? OK : refuse(object, relocation, reason, message);
  }
  if (symbol.section >= object->section_count ||
      object->sections[symbol.section].kind == kSectionNotLoaded) {
    return refuse(object, relocation, TEXT(" leads to what is not loaded"), message);
  }
  return OK;
}

status_t object_check_relocations(const object_t *object, message_t *message) {
  for (uint32_t i = 1; i < object->section_count; i++) {
    const object_section_t *section = &object->sections[i];
    for (uint32_t j = 0; j < section->relocation_count; j++) {
      const elf_relocation_t relocation = object_relocation(object, section, j);
      TRY(check(object, section, &relocation, message));
    }
  }
  return OK;
}

static uint64_t section_address(const object_section_t *section,
                                const object_placement_t *placement) {
  const uint64_t base =
      section->kind == kSectionText ? placement->text_address : placement->rodata_address;
  return base + section->place;
}

static uint64_t symbol_address(const object_t *object, const object_placement_t *placement,
                               uint32_t index) {
  const elf_symbol_t symbol = object_symbol(object, index);
  if (symbol.section != kElfUndefined) {
    return section_address(&object->sections[symbol.section], placement) + symbol.value;
  }
  const object_global_t *global = &object->globals[index - object->first_global];
  if (global->kind == kGlobalState) {
    return placement->state_slots_address + global->number * sizeof(uint64_t);
  }
  return placement->stubs_address + global->number * placement->stub_bytes;
}

// @param field    where the relocated bytes are written
// @param address  where they will be read
static bool apply(uint32_t type, byte_span_t field, uint64_t target, uint64_t address) {
  const bool is_relative = type != kElfRelocation64 && type != kElfRelocation32S;
  const uint64_t value = is_relative ? target - address : target;
  if (field.length == sizeof(uint32_t)) {
    // Both are read as a signed number of 32 bits.
    if (value + (UINT64_C(1) << 31) > UINT32_MAX) return false;
    const uint32_t narrow = (uint32_t)value;
    __builtin_memcpy(field.data, &narrow, sizeof(narrow));
  } else {
    __builtin_memcpy(field.data, &value, sizeof(value));
  }
  return true;
}

static status_t relocate(const object_t *object, const object_section_t *section,
                         const object_placement_t *placement, byte_span_t placed,
                         message_t *message) {
  const uint64_t address = section_address(section, placement);
  for (uint32_t i = 0; i < section->relocation_count; i++) {
    const elf_relocation_t relocation = object_relocation(object, section, i);
    const uint32_t type = type_of(&relocation);
    if (type == kElfRelocationNone) continue;
    const uint64_t target = symbol_address(object, placement, symbol_of(&relocation));
    const byte_span_t field =
        byte_span_slice(placed, relocation.offset, object_relocation_bytes(type));
    if (!apply(type, field, target + (uint64_t)relocation.addend, address + relocation.offset)) {
      return refuse(object, &relocation, TEXT(" is out of reach from where the cell is"), message);
    }
  }
  return OK;
}

static status_t check_placement(const object_t *object, const object_placement_t *placement,
                                message_t *message) {
  const bool has_room = placement->text.length >= object->layout.text_bytes &&
                        placement->rodata.length >= object->layout.rodata_bytes;
  if (has_room && placement->text_address % kObjectAlignment == 0 &&
      placement->rodata_address % kObjectAlignment == 0) {
    return OK;
  }
  message_clear(message);
  message_text(message, TEXT("the place for the object is too small, or not aligned to a page"));
  return ERR(INVALID_ARGUMENT);
}

status_t object_place(const object_t *object, const object_placement_t *placement,
                      message_t *message) {
  TRY(check_placement(object, placement, message));
  __builtin_memset(placement->text.data, 0xcc, placement->text.length);
  __builtin_memset(placement->rodata.data, 0, placement->rodata.length);
  for (uint32_t i = 1; i < object->section_count; i++) {
    const object_section_t *section = &object->sections[i];
    if (section->kind == kSectionNotLoaded || section->bytes == 0) continue;
    const byte_span_t whole = section->kind == kSectionText ? placement->text : placement->rodata;
    const byte_span_t placed = byte_span_slice(whole, section->place, section->bytes);
    __builtin_memcpy(placed.data, bytes_slice(object->file, section->offset, section->bytes).data,
                     section->bytes);
    TRY(relocate(object, section, placement, placed, message));
  }
  return OK;
}

status_t object_export_entry(const object_t *object, const object_placement_t *placement,
                             size_t index, uint64_t *address) {
  if (index >= object->manifest.exports.count) return ERR(NOT_FOUND);
  *address = symbol_address(object, placement, object->exports[index]);
  return OK;
}

status_t object_export_address(const object_t *object, const object_placement_t *placement,
                               text_t function, uint64_t *address) {
  manifest_export_t line = {};
  manifest_lines_t lines = object->manifest.exports;
  for (size_t i = 0; i < object->manifest.exports.count; i++) {
    TRY(manifest_next_export(&object->manifest, &lines, &line));
    if (text_equal(line.function, function)) {
      return object_export_entry(object, placement, i, address);
    }
  }
  return ERR(NOT_FOUND);
}
