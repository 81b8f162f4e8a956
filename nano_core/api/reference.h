// SPDX-License-Identifier: MIT
/// @file
/// References: what data holds instead of function pointers. A reference names a published
/// function; it survives the swap of its provider, is dead while nobody serves the interface, and
/// is strong for the length of one call only. Served by nano_core.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/span.h"
#include "nano_core/api/status.h"
EXTERN_C_BEGIN

/// Index and generation of an entry in nano_core's reference table; {0, 0} names nothing.
typedef struct reference {
  uint32_t index;
  uint32_t generation;
} reference_t;

RESULT_DEFINE(reference_result_t, reference_t);

/// Obtains a weak reference to a published function by its name; loads the provider where the
/// archive has one and none is served. Obtaining the same name again gives the same reference.
/// @param function  for example TEXT("keyboard_interrupt")
/// @errors   NOT_FOUND: nobody publishes it. DENIED: the caller is not on the provider's client
///           list. NO_MEMORY: the reference table is full.
/// @context  steps only, not interrupt handlers
CELL_EXPORT reference_result_t reference_obtain(text_t function);

/// Counts one more holder of a reference that is held: each gives it back once.
/// @errors   STALE: not a reference that is held.
/// @context  any; never waits; much less than obtaining it by name
CELL_EXPORT status_t reference_retain(reference_t target);

/// Gives a reference back; it is counted, and dead for its holder afterwards.
/// @errors   STALE: not a reference that is held.
CELL_EXPORT status_t reference_release(reference_t target);

/// Calls a reference through a gate, with up to five integers or pointers.
/// @returns  status and value of the function that was called
/// @errors   STALE: released. UNAVAILABLE: nobody serves it now. FAULT: it failed. And its own.
/// @context  any, interrupt handlers included
CELL_EXPORT u64_result_t reference_call(reference_t target, uint64_t a, uint64_t b, uint64_t c,
                                        uint64_t d, uint64_t e);

static inline bool reference_is_none(reference_t reference) { return reference.generation == 0; }

EXTERN_C_END
