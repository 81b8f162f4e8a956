// SPDX-License-Identifier: MIT
/// @file
/// Quantities that must not be mixed are types of their own.
#pragma once
#include "nano_core/api/status.h"
#include "nano_core/api/types.h"

enum { kFrameBytes = 4096 };

/// A physical address.
typedef struct paddr {
  uint64_t bytes;
} paddr_t;

/// A virtual address that nobody may follow without a mapping that says so.
typedef struct vaddr {
  uint64_t bytes;
} vaddr_t;

/// A point in time, or a length of it, in nanoseconds; points count from power-on.
typedef struct nanoseconds {
  uint64_t count;
} nanoseconds_t;

RESULT_DEFINE(paddr_result_t, paddr_t);
RESULT_DEFINE(nanoseconds_result_t, nanoseconds_t);
