// SPDX-License-Identifier: MIT
// The symbols of an object, and what the global ones are bound to.
#include "nano_core/api/checked.h"
#include "nano_core/loader/object_internal.h"

// FNV-1a: to tell most names apart with one comparison.
static const uint32_t kHashStart = 2166136261U;

static uint32_t hash_text(uint32_t hash, text_t text) {
  for (size_t i = 0; i < text.length; i++) hash = (hash ^ (uint8_t)text.data[i]) * 16777619U;
  return hash;
}

static bytes_t strings_of(const object_t *object) {
  return bytes_slice(object->file, object->strings, object->string_bytes);
}

text_t object_symbol_name(const object_t *object, const elf_symbol_t *symbol) {
  if (elf_symbol_type(symbol) == kElfSymbolSection && symbol->section < object->section_count) {
    return object_section_name(object, symbol->section);
  }
  return object_string(strings_of(object), symbol->name);
}

static status_t refuse(const object_t *object, const elf_symbol_t *symbol, text_t reason,
                       message_t *message) {
  return message_refuse(message, TEXT("symbol "), object_symbol_name(object, symbol), reason);
}

static status_t check_tables(object_t *object, const elf_section_t *table,
                             const elf_section_t *strings, message_t *message) {
  const uint64_t count = table->bytes / sizeof(elf_symbol_t);
  if (table->entry_bytes != sizeof(elf_symbol_t) || table->bytes % sizeof(elf_symbol_t) != 0 ||
      table->info == 0 || table->info > count ||
      !object_is_zero(object->file, table->offset, sizeof(elf_symbol_t)) ||
      strings->type != kElfSectionStrings || strings->bytes == 0 ||
      *bytes_at(object->file, strings->offset + strings->bytes - 1) != '\0') {
    return message_refuse(message, TEXT("the symbol table or its strings are malformed"), TEXT(""),
                          TEXT(": the file is damaged"));
  }
  object->symbols = (uint32_t)table->offset;
  object->symbol_count = (uint32_t)count;
  object->first_global = table->info;
  object->strings = (uint32_t)strings->offset;
  object->string_bytes = (uint32_t)strings->bytes;
  if (count - table->info > kObjectGlobals) {
    return message_refuse_number(message, TEXT("there are more global symbols than "),
                                 kObjectGlobals,
                                 TEXT(": make functions static, or split the cell"));
  }
  return OK;
}

// Why a symbol is refused whatever it stands for; empty where it is not.
static text_t reason_against(const object_t *object, uint32_t index, const elf_symbol_t *symbol) {
  const uint32_t type = elf_symbol_type(symbol);
  const bool is_local = elf_symbol_bind(symbol) == kElfBindLocal;
  if (type == kElfSymbolThreadLocal) return TEXT(" is thread-local: use declared state");
  if (type == kElfSymbolIndirect) return TEXT(" is an indirect function: call one of them");
  if (type == kElfSymbolCommon || symbol->section == kElfCommon) {
    return TEXT(" is a common symbol: use declared state, and compile with -fno-common");
  }
  if (type > kElfSymbolFile) return TEXT(" is of an unknown type");
  if (elf_symbol_bind(symbol) == kElfBindWeak) return TEXT(" is weak: nothing is guessed");
  if (is_local != (index < object->first_global) ||
      (!is_local && elf_symbol_bind(symbol) != kElfBindGlobal)) {
    return TEXT(" is neither local nor global in its place: the file is damaged");
  }
  if (symbol->section == kElfUndefined) {
    return is_local ? TEXT(" is local and yet undefined: the file is damaged") : TEXT("");
  }
  if (symbol->section == kElfAbsolute && type == kElfSymbolFile) return TEXT("");
  if (symbol->section >= object->section_count) {
    return TEXT(" is in no section: absolute symbols are not loaded");
  }
  const object_section_t *section = &object->sections[symbol->section];
  if (section->kind != kSectionNotLoaded &&
      !range_fits(symbol->value, symbol->bytes, section->bytes)) {
    return TEXT(" lies outside of its section: the file is damaged");
  }
  return TEXT("");
}

static status_t check_symbol(object_t *object, uint32_t index, message_t *message) {
  const elf_symbol_t symbol = object_symbol(object, index);
  if (symbol.name >= object->string_bytes) {
    return message_refuse_number(message, TEXT("the name of symbol number "), index,
                                 TEXT(" lies outside of the strings: the file is damaged"));
  }
  const text_t reason = reason_against(object, index, &symbol);
  if (reason.length > 0) return refuse(object, &symbol, reason, message);
  if (index >= object->first_global) {
    object->globals[index - object->first_global].hash =
        hash_text(kHashStart, object_symbol_name(object, &symbol));
  }
  return OK;
}

// Binds the global symbol `prefix``name`, where there is one, to line `number` of `kind`.
// @returns  the symbol; all zero where there is none
static elf_symbol_t bind(object_t *object, text_t prefix, text_t name, uint16_t kind,
                         uint32_t number) {
  const uint32_t hash = hash_text(hash_text(kHashStart, prefix), name);
  for (uint32_t i = object->first_global; i < object->symbol_count; i++) {
    object_global_t *global = &object->globals[i - object->first_global];
    if (global->hash != hash || global->kind != kGlobalUnknown) continue;
    const elf_symbol_t symbol = object_symbol(object, i);
    const text_t whole = object_symbol_name(object, &symbol);
    const bool is_undefined = symbol.section == kElfUndefined;
    if (is_undefined == (kind == kGlobalExport) || !text_starts_with(whole, prefix)) continue;
    if (!text_equal(text_slice(whole, prefix.length, whole.length - prefix.length), name)) continue;
    global->kind = kind;
    global->number = (uint16_t)number;
    if (kind == kGlobalExport) object->exports[number] = i;
    return symbol;
  }
  return (elf_symbol_t){};
}

static status_t bind_exports(object_t *object, message_t *message) {
  manifest_export_t line = {};
  manifest_lines_t lines = object->manifest.exports;
  for (uint32_t i = 0; i < object->manifest.exports.count; i++) {
    TRY(manifest_next_export(&object->manifest, &lines, &line));
    const elf_symbol_t symbol = bind(object, TEXT(""), line.function, kGlobalExport, i);
    if (symbol.section == kElfUndefined) {
      return message_refuse(message, TEXT("export "), line.function,
                            TEXT(" is not in the object: define it, or take it off the exports"));
    }
    if (elf_symbol_type(&symbol) != kElfSymbolFunction ||
        object->sections[symbol.section].kind != kSectionText) {
      return message_refuse(message, TEXT("export "), line.function,
                            TEXT(" is no function in .text: only functions are published"));
    }
    if (symbol.value >= object->sections[symbol.section].bytes) {
      return message_refuse(message, TEXT("export "), line.function,
                            TEXT(" begins where its section ends: the file is damaged"));
    }
  }
  return OK;
}

static status_t bind_undefined(object_t *object) {
  manifest_import_t import = {};
  manifest_lines_t imports = object->manifest.imports;
  for (uint32_t i = 0; i < object->manifest.imports.count; i++) {
    TRY(manifest_next_import(&object->manifest, &imports, &import));
    (void)bind(object, TEXT(""), import.function, kGlobalImport, i);
  }
  manifest_state_t state = {};
  manifest_lines_t states = object->manifest.states;
  for (uint32_t i = 0; i < object->manifest.states.count; i++) {
    TRY(manifest_next_state(&object->manifest, &states, &state));
    (void)bind(object, TEXT("state_"), state.name, kGlobalState, i);
  }
  return OK;
}

status_t object_parse_symbols(object_t *object, const elf_section_t *table,
                              const elf_section_t *strings, message_t *message) {
  TRY(check_tables(object, table, strings, message));
  for (uint32_t i = 1; i < object->symbol_count; i++) TRY(check_symbol(object, i, message));
  TRY(bind_exports(object, message));
  TRY(bind_undefined(object));
  for (uint32_t i = object->first_global; i < object->symbol_count; i++) {
    if (object->globals[i - object->first_global].kind != kGlobalUnknown) continue;
    const elf_symbol_t symbol = object_symbol(object, i);
    return refuse(object, &symbol,
                  symbol.section == kElfUndefined
                      ? TEXT(" is an undeclared import: add the cell that publishes it to deps")
                      : TEXT(" is global, but no export: make it static, or export it once"),
                  message);
  }
  return OK;
}
