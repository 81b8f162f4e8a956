// SPDX-License-Identifier: MIT
/// @file
/// One of each thing that a canonical text can hold. sample.text and sample.interface say what the
/// tool makes of it.
#pragma once
#include "nano_core/api/cell.h"

enum sample_kind { kSampleFirst = 1, kSampleLast = 7 };

typedef struct sample_node {
  struct sample_node *next;
  enum sample_kind kind;
  uint32_t flags : 3;
  uint32_t rest : 29;
  const char *names[2];
  union {
    uint64_t word;
    uint8_t bytes[8];
  };
} sample_node_t;

typedef uint64_t sample_alias_t;

SEALED_DEFINE(sample_progress_t, 96);

RESULT_DEFINE(sample_result_t, sample_alias_t);

CELL_EXPORT status_t sample_plain(void);
CELL_EXPORT u32_result_t sample_scalars(bool a, char b, int8_t c, uint16_t d, enum sample_kind e);
CELL_EXPORT sample_result_t sample_graph(LENT const sample_node_t *node, OUT sample_node_t *copy);
CELL_EXPORT status_t sample_sealed(LENT sample_progress_t *progress, text_t text, paddr_t where);
CELL_EXPORT status_t sample_opaque(TAKES void *memory, OWNED struct sample_unknown *unknown);

/// Not published, so it does not count.
static inline bool sample_is_first(enum sample_kind kind) { return kind == kSampleFirst; }

typedef struct sample_blob {
  monitor_t monitor;
  uint64_t count GUARDED_BY(&monitor);
} sample_blob_t;
