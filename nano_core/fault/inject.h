// SPDX-License-Identifier: MIT
/// @file
/// Faults to order (api/faults.h). While one is pending for an interface, slots that lead there
/// lead to inject_entry first, which counts the call and passes it on; docs/decisions/0016.
#pragma once
#include "nano_core/core/core.h"

/// Not to be called: slots lead here.
extern const char inject_entry[];

/// Where a slot to `entry` of the interface leads now.
static inline uint64_t inject_redirect(const interface_record_t *interface, uint64_t entry) {
  return interface->injections == 0 ? entry : (uint64_t)(uintptr_t)inject_entry;
}

/// Puts the code that fails into the room behind an instance's own. Whoever serves an interface
/// with injections has it.
/// @context  core_lock
void inject_place(const instance_t *instance);

/// What a call that fails was to fail by: enum fault_kind; 0: it fails by itself.
uint32_t inject_settle(const gate_frame_t *call);

/// What inject_entry (inject.S) is told.
typedef struct injected {
  uint64_t target;   // where to go on
  uint64_t operand;  // what the code there works on
} injected_t;

/// Counts a call that has come to inject_entry.
/// @param stub   where its gate returns to
/// @param frame  that this gate has pushed
injected_t inject_pass(uint64_t stub, const gate_frame_t *frame);
