// SPDX-License-Identifier: MIT
/// @file
/// The resolver: finds who serves an interface, loads it from the archive where nobody does,
/// initialises it, and binds the slot. An unbound slot leads to resolver_entry.
#pragma once
#include "nano_core/core/core.h"

/// Has somebody serve the interface, from the archive where nobody does.
/// @context  core_lock
/// @errors   as resolver_make_ready, initialisation apart
status_t resolver_load(interface_record_t *interface);

/// Makes an interface ready to be called: loaded, and initialised.
/// @errors   UNAVAILABLE: withdrawn, no object implements it, its initialisation is under way
///           (a cycle) or failed, or it would have to be loaded or initialised and this is an
///           interrupt handler or the inside of a monitor. NO_MEMORY, BAD_OBJECT, INCOMPATIBLE,
///           DENIED: loading failed; it was logged.
status_t resolver_make_ready(interface_record_t *interface);

/// The entry of `function` in what serves `interface`.
/// @errors   UNAVAILABLE: nobody. INCOMPATIBLE: the serving instance does not publish it, or (where
///           `fingerprint` is not 0) under another fingerprint.
status_t resolver_entry_of(const interface_record_t *interface, text_t function,
                           uint64_t fingerprint, uint64_t *entry);

/// What resolver_entry (gate.S) is told.
typedef struct resolution {
  uint64_t status;
  uint64_t restart;  // where the gate starts anew
} resolution_t;

/// Binds the slot of the gate whose call returns to `return_address`.
/// @param frame  the frame that this gate has pushed
resolution_t resolver_resolve(uint64_t return_address, const gate_frame_t *frame);
