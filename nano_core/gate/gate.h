// SPDX-License-Identifier: MIT
/// @file
/// Gates: the few instructions through which every cross-cell call passes.
///
/// A gate pushes a frame on the task's gate stack, which no C stack can reach, and publishes it
/// with one instruction. Before that instruction nothing outside the frame's unused memory has
/// changed, so whoever finds the instruction pointer inside (gate_rewind) moves it back to the
/// start, where the slot is read again; or, once the return address has been popped, completes the
/// publication. A frame names the instance that was entered, not the slot, which a commit changes.
/// @spill none: slots belong to the importing instance, frames to the task.
#pragma once
#include "nano_core/api/types.h"
#include "nano_core/gate/layout.h"
EXTERN_C_BEGIN

struct instance;

/// What one import, or one reference, is bound to. Unbound: the resolver, and no instance.
typedef struct gate_slot {
  uint64_t entry;
  struct instance *instance;
} gate_slot_t;

/// Binds a slot while gates on other processors may be reading it: they read the entry first.
static inline void gate_slot_bind(gate_slot_t *slot, uint64_t entry, struct instance *instance) {
  __atomic_store_n(&slot->instance, instance, __ATOMIC_RELAXED);
  __atomic_store_n(&slot->entry, entry, __ATOMIC_RELEASE);
}

/// What a gate knows about the call that it carries.
typedef struct gate_frame {
  struct instance *instance;  // entered; null while the resolver looks for it
  uint64_t rbx, rbp, r12, r13, r14, r15;
  uint64_t return_address;
  uint64_t stack_pointer;  // the caller's, after the return; kFrameSeen is not part of it
  uint32_t mark;           // of the undo log
  uint16_t own_looks;      // of the watchdog (task/watchdog.c), where kFrameSeen is set
  uint16_t all_looks;
} gate_frame_t;

/// Bit 0 of `stack_pointer`: the watchdog has met this very call; each gate writes it anew.
enum { kFrameSeen = 1 };

/// What came back: eax is the status, and the value lies at its offset in these 16 bytes.
typedef struct gate_result {
  uint64_t rax;
  uint64_t rdx;
} gate_result_t;

enum { kGateArguments = 6 };

/// Calls through `slot` from nano_core. A fault of the callee returns here as FAULT.
/// @context  any; the current gate stack receives one frame
void gate_invoke(const gate_slot_t *slot, const uint64_t arguments[kGateArguments],
                 gate_result_t *result);

/// The same with up to three arguments, which are in their places already; what comes back is rax
/// and rdx.
gate_result_t gate_pass(uint64_t a, uint64_t b, uint64_t c, const gate_slot_t *slot);

/// Where unbound slots lead; not to be called.
extern const char resolver_entry[];

/// Writes the stub that importers jump to.
/// @param code          where to write it (STUB_BYTES)
/// @param address       where it will run
/// @param slot_address  where its slot will be, within 2 GiB
void gate_emit(uint8_t *code, uint64_t address, uint64_t slot_address);

/// The same without a frame, for the direct functions of nano_core.
void gate_emit_direct(uint8_t *code, uint64_t address, uint64_t slot_address);

/// What gate_rewind did.
typedef struct gate_position {
  uint64_t instruction;  // where to go on
  bool publish;          // the frame above the top was completed: add FRAME_BYTES to the top
} gate_position_t;

/// Moves an interrupted gate to a point where no slot has been read.
/// @param offset      of the interrupted instruction from the stub's start
/// @param start       the stub's address
/// @param top         the frame that the gate is filling
/// @param stack_pointer  at the interrupt
gate_position_t gate_rewind(uint64_t offset, uint64_t start, gate_frame_t *top,
                            uint64_t stack_pointer);

/// The same for gate_invoke and gate_pass; false where `instruction` is not before its publication.
bool gate_invoke_rewind(uint64_t *instruction);

/// The starts of their restartable sequences, and where their callees return to.
extern const char gate_invoke_start[];
extern const char gate_invoke_return[];
extern const char gate_pass_start[];
extern const char gate_pass_return[];

EXTERN_C_END
