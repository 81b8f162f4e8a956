// SPDX-License-Identifier: MIT
/// @file
/// How the loads judge the answers that they get.
#pragma once
#include "cells/load_generator/counters.h"

/// Judges an answer that should be OK: counts a retry where the callee was away or busy, an error
/// where it failed.
/// @returns  whether it was OK
static inline bool batch_accept(batch_t *batch, status_t status) {
  if (status_is_ok(status)) return true;
  if (status_is(status, STATUS_UNAVAILABLE) || status_is(status, STATUS_BUSY)) {
    batch->retries++;
  } else {
    batch->errors++;
  }
  return false;
}

/// Judges an operation whose callees answered: it was done, or its answer was wrong.
static inline void batch_count(batch_t *batch, bool right) {
  if (right) {
    batch->operations++;
  } else {
    batch->errors++;
  }
}

/// Judges a call that must be refused, since its argument makes no sense.
static inline void batch_refused(batch_t *batch, status_t status, enum status_code wanted) {
  if (status_is(status, wanted)) return batch_count(batch, true);
  if (batch_accept(batch, status)) batch_count(batch, false);
}

/// Remembers how long an operation took, if none took longer.
static inline void batch_took(batch_t *batch, uint64_t nanoseconds) {
  if (nanoseconds > batch->worst_ns) batch->worst_ns = nanoseconds;
}
