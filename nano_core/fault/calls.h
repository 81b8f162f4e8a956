// SPDX-License-Identifier: MIT
/// @file
/// Who called what: read from gate frames and from the code before their return addresses, since C
/// stacks may be smashed.
#pragma once
#include "nano_core/core/core.h"

/// The slot that a frame's call went through, and the function.
typedef struct call_site {
  gate_slot_t *slot;
  text_t function;
} call_site_t;

/// @param stub  where the gate of the call returns to; 0: nobody knows
/// @returns  an empty function where it cannot be told
/// @context  any; the caller's instance is kept by its own frame
call_site_t call_site_of(const gate_frame_t *frame, uint64_t stub);
