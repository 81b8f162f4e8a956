// SPDX-License-Identifier: MIT
/// @file
/// Segment and interrupt descriptor tables of one processor. They live in its per-CPU block.
#pragma once
#include "nano_core/api/ownership.h"
#include "nano_core/api/types.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/interrupts.h"

/// 0x1b and 0x23 are kept for user data and code (the order that `sysret` wants).
enum selector { kSelectorCode = 0x08, kSelectorData = 0x10, kSelectorTask = 0x28 };

/// Which stack a vector enters on; `ist[kStackX - 1]` is its top.
enum interrupt_stack {
  kStackDevice = 1,        // vectors from 32
  kStackDoubleFault = 2,   // #DF
  kStackNmi = 3,           // NMI
  kStackMachineCheck = 4,  // #MC
  kStackPageFault = 5,     // #PF
  kStackProtection = 6,    // #GP, #SS
  kStackException = 7,     // the others
  kInterruptStacks = 7,
};

typedef struct [[gnu::packed]] task_state {
  uint32_t reserved0;
  uint64_t rsp[3];
  uint64_t reserved1;
  uint64_t ist[kInterruptStacks];
  uint64_t reserved2;
  uint16_t reserved3;
  uint16_t io_map;  // offset; past the end: no port is open to user code
} task_state_t;

typedef struct interrupt_gate {
  uint16_t offset_low;
  uint16_t selector;
  uint8_t stack;
  uint8_t type;
  uint16_t offset_middle;
  uint32_t offset_high;
  uint32_t reserved;
} interrupt_gate_t;

typedef struct descriptors {
  alignas(16) uint64_t segments[7];
  task_state_t task;
  alignas(16) interrupt_gate_t gates[kVectors];
} descriptors_t;

/// Fills `descriptors` and makes this processor use them; they stay in use. Does not touch `gs`.
/// @param ist  the tops of the stacks of enum interrupt_stack, multiples of 16
void descriptors_load(LENT descriptors_t *descriptors, const uint64_t ist[kInterruptStacks]);

/// Makes `gs` point at the per-CPU block, whose bytes 0x28 to 0x2f are the stack canary. The caller
/// must not return from a function that was entered under another canary.
static inline void gs_set(void *per_cpu) { cpu_msr_write(kMsrGsBase, (uint64_t)per_cpu); }
