// SPDX-License-Identifier: MIT
/// @file
/// Who called the function of nano_core that is running: read from the gate frames, not from what
/// the caller says.
#pragma once
#include "nano_core/core/core.h"
#include "nano_core/instance/instance.h"

/// The instance whose call into nano_core is on top of the gate stack; null: nano_core itself.
static inline instance_t *gate_caller(void) {
  const gate_frame_t *frame = (const gate_frame_t *)(CPU_READ(gate_top) - FRAME_BYTES);
  return frame->instance != nullptr && frame->instance->is_core ? instance_at(frame->return_address)
                                                                : nullptr;
}
