// SPDX-License-Identifier: MIT
/// @file
/// Requests to load, unload or swap, and their way through the root.
#pragma once
#include "nano_core/core/core.h"

/// Carries out what was submitted, frees what no call is inside of any more, and answers.
/// @context  root
void requests_run(void);

/// Records a part of the request, from `start` (cycles) until now, in the trace.
void request_trace(const request_record_t *request, enum trace_kind kind, uint64_t start,
                   status_t status, uint64_t value);

/// Whether a request was submitted that the root has not carried out.
bool requests_waiting(void);

/// Whether a request waits for calls to leave an old instance.
bool requests_in_grace(void);

/// Whether the calls that `context` was preempted in keep a request from its end.
bool requests_pinned_by(const context_t *context);
