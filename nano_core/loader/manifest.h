// SPDX-License-Identifier: MIT
/// @file
/// The manifest of a cell's object: LF-terminated lines of printable ASCII in a fixed order
/// (README.md). Parsing checks every line; afterwards the lines are read in place.
/// @context  any; no waiting, no allocation, no global data
/// @spill    none: a manifest_t refers to the text, which must outlive it
#pragma once
#include "nano_core/api/ownership.h"
#include "nano_core/api/span.h"
#include "nano_core/api/status.h"
#include "nano_core/loader/message.h"
EXTERN_C_BEGIN

enum {
  kManifestBytes = 65536,  // of the whole text
  kManifestNameBytes = kNameBytes - 1,
  kManifestSummaryBytes = 120,
  kManifestStackBytes = 1 << 20,
  kManifestReadWindow = 65536,
  kManifestStateBytes = 16 << 20,
  kManifestHashDigits = 64,
  kManifestRights = 5,
  kManifestExports = 256,
  kManifestImports = 256,
  kManifestClients = 256,
  kManifestStates = 32,
};

/// The lines of one kind; they stand together.
typedef struct manifest_lines {
  uint32_t offset;  // of the first, in the text
  uint32_t count;
} manifest_lines_t;

/// A manifest that was found to be right.
typedef struct manifest {
  text_t text;
  text_t hash;  // kManifestHashDigits lower-case digits
  text_t name;
  text_t implements;
  text_t summary;
  uint64_t stack_bytes;
  uint64_t read_window;  // items that are gone from the device before they are in a blob
  uint32_t interface_version;
  uint32_t version;
  bool eager;  // initialised when it is loaded, not when it is first needed
  bool has_read_window;
  bool has_reset;      // it publishes INTERFACE_reset
  bool has_interrupt;  // and INTERFACE_interrupt
  manifest_lines_t rights;
  manifest_lines_t exports;
  manifest_lines_t imports;
  manifest_lines_t clients;
  manifest_lines_t states;
} manifest_t;

/// A published function. `shape`: a letter per parameter (`i` integer, `p` pointer, `1` `2`
/// aggregate of that many eightbytes), `:`, size `@` offset in bytes of the value in the result.
typedef struct manifest_export {
  text_t function;
  uint64_t fingerprint;
  text_t shape;
} manifest_export_t;

/// A function that the cell calls, of the interface `provider`.
typedef struct manifest_import {
  text_t provider;
  text_t function;
  uint64_t fingerprint;
} manifest_import_t;

/// A blob of the state database that the cell works on.
typedef struct manifest_state {
  text_t name;
  uint64_t fingerprint;  // of its type
  uint64_t bytes;
  uint32_t version;
} manifest_state_t;

/// Checks `text` whole and describes it.
/// @param manifest  complete on OK; undefined on error
/// @param message   on error, which line and what to do
/// @errors   BAD_OBJECT: a line is missing, malformed, out of order or there twice, a number or
///           name is out of bounds, or something follows the last line. A cell with a handler of
///           interrupts has no reset or no read window, or one with a read window has no reset.
/// @context  O(length of the text)
status_t manifest_parse(text_t text, LENT manifest_t *manifest, LENT message_t *message);

/// Read the line number `index` (0, 1, ...) of a kind.
/// @errors   NOT_FOUND: past the last; the output is untouched.
/// @context  O(index): to walk through all, use manifest_next_*
status_t manifest_right(const manifest_t *manifest, size_t index, OUT text_t *right);
status_t manifest_export(const manifest_t *manifest, size_t index, OUT manifest_export_t *out);
status_t manifest_import(const manifest_t *manifest, size_t index, OUT manifest_import_t *out);
status_t manifest_client(const manifest_t *manifest, size_t index, OUT text_t *client);
status_t manifest_state(const manifest_t *manifest, size_t index, OUT manifest_state_t *out);

/// Read the first of `lines` and take it away: to walk through a kind, begin with a copy of
/// manifest->clients, exports, imports or states.
/// @errors   END: none is left; the output is untouched.
status_t manifest_next_client(const manifest_t *manifest, LENT manifest_lines_t *lines,
                              OUT text_t *client);
status_t manifest_next_export(const manifest_t *manifest, LENT manifest_lines_t *lines,
                              OUT manifest_export_t *out);
status_t manifest_next_import(const manifest_t *manifest, LENT manifest_lines_t *lines,
                              OUT manifest_import_t *out);
status_t manifest_next_state(const manifest_t *manifest, LENT manifest_lines_t *lines,
                             OUT manifest_state_t *out);

/// Whether `text` is a name of a cell, an interface, a function or a blob: [a-z][a-z0-9_]*, at most
/// 63 characters.
bool manifest_is_name(text_t text);

EXTERN_C_END
