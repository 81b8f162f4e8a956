// SPDX-License-Identifier: MIT
/// @file
/// nano_core's side of references (api/reference.h): the table, and calls through it.
#pragma once
#include "nano_core/api/reference.h"
#include "nano_core/core/core.h"

/// Makes or finds the entry of `function`; no client check. For nano_core's own upcalls and steps.
/// @context  core_lock, or one processor alone
/// @errors   NOT_FOUND: no interface of that prefix is loaded or in the archive. NO_MEMORY.
reference_result_t reference_make(text_t function);

/// The same where the provider is known.
/// @errors   NO_MEMORY, INVALID_ARGUMENT
reference_result_t reference_make_for(interface_record_t *provider, text_t function);

/// The entry behind a reference.
/// @errors   STALE
status_t reference_find(reference_t reference, reference_record_t **record);

/// Calls what nano_core calls in cells.
/// @errors   UNAVAILABLE: nobody serves it.
static inline gate_result_t upcall_pass(const reference_record_t *upcall, uint64_t a, uint64_t b,
                                        uint64_t c) {
  if (upcall == nullptr) return (gate_result_t){.rax = STATUS_UNAVAILABLE};
  return gate_pass(a, b, c, &upcall->slot);
}

/// Calls through a reference; STALE and UNAVAILABLE come back in the result like any status.
void reference_invoke(reference_t reference, const uint64_t arguments[kGateArguments],
                      gate_result_t *result);

/// Leads the slot of each reference to `provider` back to the resolver; the others are parked.
void references_unbind(const interface_record_t *provider);

/// Whether a reference that is held names a function of `provider`.
bool references_name(const interface_record_t *provider);
