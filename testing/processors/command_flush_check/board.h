// SPDX-License-Identifier: MIT
/// @file
/// The memory that the command and its readers share: the page that is remapped, the two frames
/// that lie behind it in turn, as their owner sees them, and a board on which the readers write
/// what they see. It is one area of the address-space mapper.
/// @spill none: the area is the command's, and lives until all readers are joined.
#pragma once
#include "nano_core/api/event.h"
#include "nano_core/api/processor.h"
#include "nano_core/api/reference.h"
#include "nano_core/api/sealed.h"
#include "nano_core/api/units.h"
#include "testing/processors/command_flush_check/rounds.h"

enum {
  kPageWords = kFrameBytes / 8,
  kPageRead = kPageWords / 2,  // words that are only read; each reader writes to one behind them
  kFlushReaders = kProcessors - 1,
  kFlushViews = 2,
  kReaderTag = SEALED_TAG('F', 'L', 'S', 'H'),
  kReaderVersion = 1,
};

typedef struct page {
  uint64_t words[kPageWords];
} page_t;

/// What one reader says.
typedef struct flush_line {
  uint64_t attempt;     // the number before the access under way
  uint64_t writing;     // 1: that access writes
  uint64_t refused;     // the number at which it last tried to write without the right
  uint64_t answered;    // the number that it last saw before and after an access
  uint64_t processor;   // where that was
  uint64_t processors;  // where it ever was, a bit each
  uint64_t reads;
  uint64_t writes;
  uint64_t faults;
  uint64_t wrong[kAccesses];  // accesses that ended as they cannot
} flush_line_t;

/// Numbers are read and written in one piece, by tasks on any processor.
typedef struct flush_board {
  uint64_t number;   // rounds.h
  event_t moved;     // the number has
  event_t answered;  // a reader has
  flush_line_t lines[kFlushReaders];
} flush_board_t;

typedef struct flush_area {
  page_t target;
  page_t views[kFlushViews];
  alignas(kFrameBytes) flush_board_t board;
} flush_area_t;

static_assert(sizeof(flush_area_t) == (kFlushViews + 2) * kFrameBytes, "whole pages, no gaps");

/// The progress of a reader.
typedef struct flush_reader {
  flush_area_t *area;
  reference_t touch;
  uint64_t index;  // of its line
} flush_reader_t;

/// Accesses happen in the order of the program: each is a witness to those before it.
static inline uint64_t flush_read(const uint64_t *place) {
  return __atomic_load_n(place, __ATOMIC_SEQ_CST);
}

static inline void flush_write(uint64_t *place, uint64_t value) {
  __atomic_store_n(place, value, __ATOMIC_SEQ_CST);
}
