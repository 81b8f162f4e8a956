// SPDX-License-Identifier: MIT
/// @file
/// What the boot loader handed over, as physical ranges. The final physical map shows it, and none
/// of it is usable memory.
#pragma once
#include "nano_core/api/types.h"

/// Its pieces; a protocol has some of them.
enum handed {
  kHandedStart,
  kHandedMemory,
  kHandedModules,
  kHandedArchive,
  kHandedCommand,
  kHanded
};

/// [start, end), empty where absent.
typedef struct handed_range {
  uint64_t start;
  uint64_t end;
} handed_range_t;

/// The range of `bytes` bytes from `start` on.
static inline handed_range_t handed_range(uint64_t start, uint64_t bytes) {
  return (handed_range_t){start, start + bytes};
}
