// SPDX-License-Identifier: MIT
/// @file
/// Requests to load, unload or swap, and their way through the root.
#pragma once
#include "nano_core/core/core.h"

/// Carries out what was submitted.
/// @context  root
void requests_run(void);

/// Frees what no call is inside of any more, and answers.
/// @context  root, core_lock
void requests_finish(void);

/// Records a part of the request, from `start` (cycles) until now, in the trace.
void request_trace(const request_record_t *request, enum trace_kind kind, uint64_t start,
                   status_t status, uint64_t value);
