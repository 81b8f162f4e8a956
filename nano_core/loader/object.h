// SPDX-License-Identifier: MIT
/// @file
/// The object of a cell: a relocatable x86-64 ELF file (README.md). object_parse checks everything
/// in it before anything is used; object_place writes it to where it will run.
///
///   object_parse -> object_verify_hash -> (obtain memory by object->layout) -> object_place
///                -> object_export_entry for each export
///
/// The file needs no alignment. An object_t refers to the file's bytes, which must outlive it and
/// must not change.
/// @context  any; no waiting, no allocation, no global data; an object_t is about 7 KB: not for a
///           small stack
/// @spill    none
#pragma once
#include "nano_core/api/ownership.h"
#include "nano_core/api/span.h"
#include "nano_core/api/status.h"
#include "nano_core/loader/manifest.h"
#include "nano_core/loader/message.h"
#include "nano_core/loader/sha256.h"
EXTERN_C_BEGIN

enum {
  kObjectBytes = 16 << 20,  // of a file
  kObjectSections = 64,     // of any kind, the empty first one included
  kObjectAlignment = 4096,  // of a section, and of the addresses to which an object is placed
  kObjectGlobals = kManifestExports + kManifestImports + kManifestStates,
};

/// How much room an object wants. Bytes are not rounded.
typedef struct object_layout {
  uint64_t text_bytes;
  uint64_t rodata_bytes;
  uint64_t import_count;
  uint64_t state_count;
  uint64_t export_count;
} object_layout_t;

/// What becomes of a section.
enum object_section_kind { kSectionNotLoaded, kSectionText, kSectionRodata };

/// One section of the file; offsets and sizes in bytes.
typedef struct object_section {
  uint32_t kind;    // enum object_section_kind
  uint32_t offset;  // in the file
  uint32_t bytes;
  uint32_t place;        // offset in the text or rodata of the placed object
  uint32_t relocations;  // offset in the file
  uint32_t relocation_count;
} object_section_t;

/// What a global symbol stands for.
enum object_global_kind { kGlobalUnknown, kGlobalExport, kGlobalImport, kGlobalState };

/// One global symbol; each must be an export, an import or a state of the manifest.
typedef struct object_global {
  uint32_t hash;    // of the name
  uint16_t kind;    // enum object_global_kind
  uint16_t number;  // of the line of its kind
} object_global_t;

/// An object that was found to be right. Read `manifest` and `layout`; the rest is the loader's.
typedef struct object {
  bytes_t file;
  manifest_t manifest;
  object_layout_t layout;
  uint64_t hash_offset;    // of the digits, in the file
  uint32_t section_table;  // offset in the file
  uint32_t section_count;
  uint32_t section_names;  // the section with the names of sections
  uint32_t symbols;        // offset in the file
  uint32_t symbol_count;
  uint32_t first_global;
  uint32_t strings;  // offset in the file
  uint32_t string_bytes;
  object_section_t sections[kObjectSections];
  object_global_t globals[kObjectGlobals];  // of the symbols from first_global on
  uint32_t exports[kManifestExports];       // the symbol of each export line
} object_t;

/// Where an object is written, and the addresses at which it will run.
typedef struct object_placement {
  byte_span_t text;         // at least layout.text_bytes; the rest is filled with int3 (0xcc)
  byte_span_t rodata;       // at least layout.rodata_bytes; the rest is filled with 0
  uint64_t text_address;    // multiple of kObjectAlignment
  uint64_t rodata_address;  // multiple of kObjectAlignment
  uint64_t stubs_address;   // import i is bound to stubs_address + i * stub_bytes
  uint64_t stub_bytes;
  uint64_t state_slots_address;  // state j is bound to state_slots_address + 8 * j
} object_placement_t;

/// Checks `file` whole, all but its hash, and describes it.
/// @param object   complete on OK; undefined on error
/// @param message  on error, what is wrong and what to do
/// @errors   BAD_OBJECT: whatever is not as README.md says.
/// @context  O(sections^2 + symbols + manifest lines * global symbols + relocations); about 20 us
/// for 100 KB
status_t object_parse(bytes_t file, LENT object_t *object, LENT message_t *message);

/// Compares the hash in the manifest with the file's.
/// @errors   BAD_OBJECT: the file was altered after it was stamped.
/// @context  O(bytes of the file), several times the cost of parsing
status_t object_verify_hash(bytes_t file, const object_t *object, LENT message_t *message);

/// The hash of `file` that its manifest must hold: with '0' in place of the digits.
/// @param hash_offset  of the digits, in the file; they lie inside
void object_hash(bytes_t file, uint64_t hash_offset, OUT uint8_t digest[kSha256Bytes]);

/// Copies the sections of a parsed object and applies its relocations. No byte outside of the two
/// spans is written.
/// @errors   INVALID_ARGUMENT: a span is too short or an address is not aligned; nothing was
///           written. BAD_OBJECT: a relocation does not reach its target from these addresses, the
///           symbol is named; the spans are then undefined.
status_t object_place(const object_t *object, const object_placement_t *placement,
                      LENT message_t *message);

/// The address at which the export number `index` (order of the manifest) will run.
/// @errors   NOT_FOUND: past the last; `address` is untouched.
/// @context  O(1)
status_t object_export_entry(const object_t *object, const object_placement_t *placement,
                             size_t index, OUT uint64_t *address);

/// The address at which the export `function` will run.
/// @errors   NOT_FOUND: not published by this object; `address` is untouched.
/// @context  O(exports)
status_t object_export_address(const object_t *object, const object_placement_t *placement,
                               text_t function, OUT uint64_t *address);

EXTERN_C_END
