// SPDX-License-Identifier: MIT
/// @file
/// Reads a newc cpio archive in place: cells.cpio of the boot image. Nothing is copied; names and
/// contents are parts of the archive. Contents begin on a multiple of four bytes of the archive.
/// @context  any; no waiting, no allocation, no global data
/// @spill    none: the position is the caller's cursor
#pragma once
#include "nano_core/api/span.h"
#include "nano_core/api/status.h"
EXTERN_C_BEGIN

/// One file of an archive.
typedef struct archive_entry {
  text_t name;      // 1..kArchiveNameBytes characters, without the terminator
  bytes_t content;  // may be empty
} archive_entry_t;

enum { kArchiveNameBytes = 255 };

/// Reads the entry at `*cursor` and moves the cursor behind it.
/// @param cursor  bytes from the archive's beginning; 0 at first
/// @param entry   on OK a file of the archive; untouched on error
/// @errors   END: the trailer is reached. BAD_OBJECT: malformed, or the archive ends before its
///           trailer. The cursor stays in both cases.
status_t archive_next(bytes_t archive, uint64_t *cursor, archive_entry_t *entry);

/// Finds the first file called `name`.
/// @param entry  on OK the file; untouched on error
/// @errors   NOT_FOUND. BAD_OBJECT: the archive is malformed before such a file is found.
/// @context  O(number of files)
status_t archive_find(bytes_t archive, text_t name, archive_entry_t *entry);

EXTERN_C_END
