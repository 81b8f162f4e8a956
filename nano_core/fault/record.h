// SPDX-License-Identifier: MIT
/// @file
/// The record of faults, which fault_describe reads.
#pragma once
#include "nano_core/core/core.h"

/// Records what is about to be answered with `status`.
/// @param call    the frame on top
/// @param failed  the instance that is to blame: the one that it names, or whose gate to nano_core
/// it is
/// @context  the exception's, before anything of it is put right
void fault_record(const interrupt_frame_t *frame, const gate_frame_t *call,
                  const instance_t *failed, status_t status);

/// Records a call that is made to answer with an error, without an exception.
void fault_record_answer(const gate_frame_t *call, uint32_t kind, status_t status);

/// Leaves the monitors that a call has entered and not left, undoes what it has changed in them,
/// and records it.
/// @context  interrupts off
/// @returns  whether there were any
bool fault_leave_held(void);
