// SPDX-License-Identifier: MIT
/// @file
/// Which calls are inside an instance: the frames on the gate stacks.
#pragma once
#include "nano_core/core/core.h"

/// How many frames anywhere name the instance.
/// @context  all other processors are parked
uint64_t pins_count(const instance_t *instance);

/// Whether a call may still be inside an instance that the request replaces. Other processors need
/// not be parked: none enters an old instance any more, so one that has been in its root loop since
/// the commit is out of it, but for what was preempted; and a context that goes on is looked at
/// before it does (context->epoch).
/// @context  root, core_lock
bool pins_keep(const request_record_t *request);

/// Whether a preempted context is inside an instance that some request in grace replaces.
bool requests_pinned_by(const context_t *context);
