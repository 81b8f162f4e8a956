// SPDX-License-Identifier: MIT
/// @file
/// Entry to and return from interrupts and exceptions.
#pragma once
#include "nano_core/api/types.h"

enum interrupt_vector {
  kVectorDivide = 0,
  kVectorDebug = 1,
  kVectorNmi = 2,
  kVectorBreakpoint = 3,
  kVectorInvalidOpcode = 6,
  kVectorDoubleFault = 8,
  kVectorStackFault = 12,
  kVectorProtection = 13,
  kVectorPageFault = 14,
  kVectorAlignment = 17,
  kVectorMachineCheck = 18,
  kVectorDeviceFirst = 32,
  kVectorCall = 253,     // another processor asks for something
  kVectorPreempt = 254,  // raised by nano_core itself, by an instruction
  kVectorSpurious = 255,
  kVectors = 256,
};

/// Everything of the interrupted code, in the order in which it lies in memory. `error` is 0 where
/// the processor pushes none.
typedef struct interrupt_frame {
  uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
  uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
  uint64_t vector, error;
  uint64_t rip, cs, rflags, rsp, ss;
} interrupt_frame_t;

static_assert(sizeof(interrupt_frame_t) == 22 * 8, "interrupts.S pushes this frame");

/// Called for every vector, on the IST stack of its kind (arch/descriptors.h), with interrupts off
/// and the direction and access flags clear. `frame` lies on that stack; the code that it describes
/// goes on when the function returns. Defined by the gate layer.
void interrupt_handle(interrupt_frame_t *frame);

/// Loads all registers from a frame anywhere in memory, and goes on there.
[[noreturn]] void interrupt_resume(const interrupt_frame_t *frame);

/// Calls `function` on another stack, and comes back.
/// @param stack_top  one past the stack's last byte; a multiple of 16
void stack_call(uint64_t stack_top, void (*function)(void *), void *argument);

/// Leaves this stack for good and calls `function`, which must not return, on another one.
/// @param stack_top  as for stack_call
[[noreturn]] void stack_switch(uint64_t stack_top, void (*function)(void));

/// Lets interrupts in and sleeps until one has been handled; none is lost in between. Returns with
/// interrupts off.
void interrupts_await(void);

/// Its `hlt`, of one byte.
extern const char interrupts_await_halt[];

/// The entry stubs of all vectors, kInterruptEntryBytes each.
enum { kInterruptEntryBytes = 16 };
extern const uint8_t interrupt_entries[kVectors * kInterruptEntryBytes];
