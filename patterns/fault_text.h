// SPDX-License-Identifier: MIT
/// @file
/// The names of kinds of faults to order, and the words for what a fault was about.
/// @spill none
#pragma once
#include "nano_core/api/faults.h"
#include "nano_core/api/span.h"

typedef struct fault_kind_text {
  uint64_t kind;   // enum fault_kind
  text_t name;     // as `fault` takes it
  text_t answer;   // what the caller sees
  text_t meaning;  // what the callee does
} fault_kind_text_t;

enum { kFaultKindTexts = kFaultKinds - 1 };

/// In the order in which they are listed. One that answers TIMEOUT ends by nothing but a watchdog.
static inline fault_kind_text_t fault_kind_text(size_t index) {
  static const fault_kind_text_t kTexts[] = {
      {kFaultNull, TEXT("null"), TEXT("FAULT"), TEXT("reads at address 0")},
      {kFaultWild, TEXT("wild"), TEXT("FAULT"), TEXT("writes where nothing is mapped")},
      {kFaultMisaligned, TEXT("misaligned"), TEXT("FAULT"),
       TEXT("exchanges 16 bytes at an odd address")},
      {kFaultNotCanonical, TEXT("not_canonical"), TEXT("FAULT"),
       TEXT("reads at an address that can not be one")},
      {kFaultUser, TEXT("user"), TEXT("FAULT"),
       TEXT("writes to the half where programs will live")},
      {kFaultWriteConstants, TEXT("write_constants"), TEXT("FAULT"),
       TEXT("writes to its own constants")},
      {kFaultWriteCode, TEXT("write_code"), TEXT("FAULT"), TEXT("writes to its own code")},
      {kFaultExecuteData, TEXT("execute_data"), TEXT("FAULT"), TEXT("jumps to writable memory")},
      {kFaultExecuteNull, TEXT("execute_null"), TEXT("FAULT"), TEXT("jumps to address 0")},
      {kFaultExecuteStack, TEXT("execute_stack"), TEXT("FAULT"), TEXT("jumps to its stack")},
      {kFaultDivision, TEXT("division"), TEXT("FAULT"), TEXT("divides by zero")},
      {kFaultUndefined, TEXT("undefined"), TEXT("FAULT"),
       TEXT("executes an instruction that does not exist")},
      {kFaultFloatingPoint, TEXT("floating_point"), TEXT("FAULT"),
       TEXT("executes an instruction of the vector unit")},
      {kFaultBounds, TEXT("bounds"), TEXT("FAULT"), TEXT("traps as an index out of bounds does")},
      {kFaultOverflow, TEXT("overflow"), TEXT("FAULT"), TEXT("traps as a sum that overflows does")},
      {kFaultStackExhaustion, TEXT("stack_exhaustion"), TEXT("FAULT"),
       TEXT("calls itself without end")},
      {kFaultSmashedReturn, TEXT("smashed_return"), TEXT("FAULT"),
       TEXT("overwrites its return address, and returns")},
      {kFaultSmashedCanary, TEXT("smashed_canary"), TEXT("FAULT"),
       TEXT("overwrites its canary, and looks at it")},
      {kFaultLoop, TEXT("loop"), TEXT("TIMEOUT"), TEXT("loops for ever")},
      {kFaultLoopInterruptsOff, TEXT("loop_interrupts_off"), TEXT("TIMEOUT"),
       TEXT("loops for ever with interrupts off")},
      {kFaultNoMemory, TEXT("no_memory"), TEXT("NO_MEMORY"), TEXT("answers NO_MEMORY")},
      {kFaultBadResult, TEXT("bad_result"), TEXT("-"),
       TEXT("answers garbage: a status that is none, and a value")},
      {kFaultMonitorHeld, TEXT("monitor_held"), TEXT("FAULT"),
       TEXT("enters a monitor, and answers FAULT without leaving it")},
      {kFaultInMonitor, TEXT("in_monitor"), TEXT("FAULT"),
       TEXT("enters a monitor, and reads at address 0")},
  };
  static_assert(sizeof(kTexts) / sizeof(kTexts[0]) == kFaultKindTexts, "each kind has its words");
  return index < kFaultKindTexts ? kTexts[index] : kTexts[0];
}

/// What a fault was about, for people.
static inline text_t fault_cause_text(uint32_t cause) {
  switch (cause) {
    case kFaultCauseNull:
      return TEXT("null pointer");
    case kFaultCauseUser:
      return TEXT("user-space address");
    case kFaultCauseUnmapped:
      return TEXT("unmapped address");
    case kFaultCauseReadOnly:
      return TEXT("write to constants or code");
    case kFaultCauseExecuteNull:
      return TEXT("jump to null");
    case kFaultCauseExecuteUnmapped:
      return TEXT("jump to an unmapped address");
    case kFaultCauseExecuteData:
      return TEXT("jump to data");
    case kFaultCauseProtection:
      return TEXT("address not canonical or misaligned");
    case kFaultCauseDivision:
      return TEXT("division");
    case kFaultCauseUndefined:
      return TEXT("undefined instruction");
    case kFaultCauseFloatingPoint:
      return TEXT("floating point");
    case kFaultCauseCheck:
      return TEXT("failed check");
    case kFaultCauseBounds:
      return TEXT("index out of bounds");
    case kFaultCauseOverflow:
      return TEXT("overflow");
    case kFaultCausePointerOverflow:
      return TEXT("overflow of an address");
    case kFaultCauseNullTrap:
      return TEXT("null pointer, checked");
    case kFaultCauseShift:
      return TEXT("shift too far");
    case kFaultCauseValue:
      return TEXT("bool or enum without such a value");
    case kFaultCauseUnreachable:
      return TEXT("unreachable code");
    case kFaultCauseCanary:
      return TEXT("stack smashed");
    case kFaultCauseStackOverflow:
      return TEXT("stack overflow");
    case kFaultCauseGateStackFull:
      return TEXT("gate stack full");
    case kFaultCauseUndoLogFull:
      return TEXT("undo log full");
    case kFaultCauseMonitorHeld:
      return TEXT("monitor held at return");
    case kFaultCauseAnswer:
      return TEXT("made to answer so");
    case kFaultCauseWatchdog:
      return TEXT("ended by the watchdog");
    default:
      return TEXT("exception");
  }
}

/// Whether `accessed` says something about the cause.
static inline bool fault_cause_has_address(uint32_t cause) {
  return cause >= kFaultCauseNull && cause <= kFaultCauseExecuteData;
}
