// SPDX-License-Identifier: MIT
/// @file
/// Intrinsic of the right `cycle_counter`. In tests on the host the test is the counter
/// (testing/host/ports.h).
#pragma once
#include "nano_core/api/types.h"

#if __STDC_HOSTED__
EXTERN_C_BEGIN
uint64_t host_cycle_counter(void);
EXTERN_C_END

static inline uint64_t cycle_counter(void) { return host_cycle_counter(); }
#else
/// The processor's time stamp; under deterministic time one count is one instruction.
static inline uint64_t cycle_counter(void) {
  uint32_t low;
  uint32_t high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  return (uint64_t)high << 32 | low;
}
#endif
