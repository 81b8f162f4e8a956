// SPDX-License-Identifier: MIT
/// @file
/// How all loads judge the answers that they get, whichever cell they are in.
/// @spill none: no data.
#pragma once
#include "cells/load_generator/load_generator.h"

/// Counts a retry where the callee could not do it now: it is away, busy, has failed, has no
/// memory, or what it says is no status at all.
/// @returns  whether it was so
static inline bool batch_retry(load_batch_t *batch, status_t status) {
  const bool again = status_is(status, STATUS_UNAVAILABLE) || status_is(status, STATUS_BUSY) ||
                     status_is(status, STATUS_FAULT) || status_is(status, STATUS_TIMEOUT) ||
                     status_is(status, STATUS_NO_MEMORY) || status.code > STATUS_INTERNAL;
  if (again) batch->retries++;
  return again;
}

/// Judges an answer that should be OK: counts a retry, or an error where it failed otherwise.
/// @returns  whether it was OK
static inline bool batch_accept(load_batch_t *batch, status_t status) {
  if (status_is_ok(status)) return true;
  if (!batch_retry(batch, status)) batch->errors++;
  return false;
}

/// Judges an operation whose callees answered: it was done, or its answer was wrong.
static inline void batch_count(load_batch_t *batch, bool right) {
  if (right) {
    batch->operations++;
  } else {
    batch->errors++;
  }
}

/// Judges a call that must be refused, since its argument makes no sense.
static inline void batch_refused(load_batch_t *batch, status_t status, enum status_code wanted) {
  if (status_is(status, wanted)) return batch_count(batch, true);
  if (batch_accept(batch, status)) batch_count(batch, false);
}

/// Remembers how long an operation took, if none took longer.
static inline void batch_took(load_batch_t *batch, uint64_t nanoseconds) {
  if (nanoseconds > batch->worst_ns) batch->worst_ns = nanoseconds;
}
