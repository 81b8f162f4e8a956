// SPDX-License-Identifier: MIT
/// @file
/// The system's log: the last lines that cells wrote. Writing only stores, so it is safe anywhere,
/// and the log calls no other cell, so every cell may use it. The shell reads along and prints new
/// lines between its own, which is why a log line never cuts another line in two.
/// @spill none outside of the declared state `log_ring`.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum { kLogLines = 128, kLogSourceBytes = 32, kLogMessageBytes = 160 };

/// One line. Numbers count from 0 since boot and are never used again.
typedef struct log_line {
  uint64_t number;
  char source[kLogSourceBytes];    // terminated
  char message[kLogMessageBytes];  // terminated
} log_line_t;

/// Stores the line `[source] message`; the oldest goes when the ring is full. Longer texts are cut
/// to 31 and 159 characters, a line feed at the end goes, other control characters become `.`.
/// @errors   INVALID_ARGUMENT: empty source; nothing is stored.
/// @context  any, interrupt handlers included; never waits
CELL_EXPORT status_t log_write(LENT text_t source, LENT text_t message);

/// Copies the oldest line whose number is `number` or more; watches the event that the next
/// log_write signals.
/// @errors   END: no such line yet.
/// @context  any
CELL_EXPORT status_t log_read(uint64_t number, OUT log_line_t *line);

/// Makes the event that readers watch.
CELL_EXPORT status_t log_initialize(void);

EXTERN_C_END
