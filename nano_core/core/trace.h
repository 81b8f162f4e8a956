// SPDX-License-Identifier: MIT
/// @file
/// Records events for api/trace.h.
#pragma once
#include "nano_core/api/cycle_counter.h"
#include "nano_core/core/core.h"

/// Records an event that began at `start` (cycles) and ends now.
/// @param start    0: an event without duration
/// @param subject  whose event; null: nobody's
/// @context  any, exceptions included; never fails: the oldest event goes
void trace_record(enum trace_kind kind, const interface_record_t *subject, uint64_t number,
                  uint64_t start, status_t status, uint64_t value);
