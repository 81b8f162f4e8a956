// SPDX-License-Identifier: MIT
/// @file
/// What an exception was about. Needs no machine.
#pragma once
#include "nano_core/api/faults.h"

enum { kTrapBytes = 5 };

/// What lies around the address that was accessed.
enum fault_place { kPlaceElsewhere, kPlaceBelowStack, kPlaceBehindGates, kPlaceBehindUndoLog };

typedef struct fault_signs {
  uint64_t vector;
  uint64_t error;
  uint64_t accessed;  // of a page fault
  enum fault_place place;
  uint8_t code[kTrapBytes];  // the instruction's first bytes; zeros where they cannot be read
} fault_signs_t;

EXTERN_C_BEGIN
enum fault_cause fault_cause_of(const fault_signs_t *signs);
EXTERN_C_END
