// SPDX-License-Identifier: MIT
#include "nano_core/fault/cause.h"

#include "nano_core/arch/interrupts.h"

// Of a page fault's error code.
enum { kErrorPresent = 1, kErrorWrite = 2, kErrorFetch = 16 };

// Exceptions of the units for floating point that cells cannot use.
enum { kVectorNoFloatingPoint = 7, kVectorFloatingPoint = 16, kVectorVector = 19 };

static const uint64_t kUpperHalf = UINT64_C(1) << 63;

static enum fault_cause cause_of_page(const fault_signs_t *signs) {
  const bool null = signs->accessed < 4096;
  if ((signs->error & kErrorFetch) != 0) {
    if (null) return kFaultCauseExecuteNull;
    return (signs->error & kErrorPresent) != 0 ? kFaultCauseExecuteData
                                               : kFaultCauseExecuteUnmapped;
  }
  if (signs->place == kPlaceBelowStack) return kFaultCauseStackOverflow;
  if (signs->place == kPlaceBehindGates) return kFaultCauseGateStackFull;
  if (signs->place == kPlaceBehindUndoLog) return kFaultCauseUndoLogFull;
  if (null) return kFaultCauseNull;
  if (signs->accessed < kUpperHalf) return kFaultCauseUser;
  const bool is_store =
      (signs->error & (kErrorPresent | kErrorWrite)) == (kErrorPresent | kErrorWrite);
  return is_store ? kFaultCauseReadOnly : kFaultCauseUnmapped;
}

// The compiler's traps are `ud1 NUMBER(%eax), %eax`, numbered by what clang calls its handlers; the
// last is this tree's own (tools/cell_runtime/stack_chk_fail.c).
static enum fault_cause cause_of_number(uint8_t number) {
  switch (number) {
    case 0x00:  // addition
    case 0x0c:  // multiplication
    case 0x0d:  // negation
    case 0x15:  // subtraction
      return kFaultCauseOverflow;
    case 0x01:
    case 0x0b:  // the end of a function that answers something
      return kFaultCauseUnreachable;
    case 0x03:
      return kFaultCauseDivision;
    case 0x0a:
      return kFaultCauseValue;
    case 0x12:
    case 0x18:  // of an array whose length is computed
      return kFaultCauseBounds;
    case 0x13:
      return kFaultCausePointerOverflow;
    case 0x14:
      return kFaultCauseShift;
    case 0x16:
      return kFaultCauseNullTrap;
    case 0x63:
      return kFaultCauseCanary;
    default:
      return kFaultCauseUndefined;
  }
}

static enum fault_cause cause_of_opcode(const uint8_t code[kTrapBytes]) {
  if (code[0] == 0x0f && code[1] == 0x0b) return kFaultCauseCheck;
  if (code[0] == 0x66 && code[1] == 0x0f) return kFaultCauseFloatingPoint;
  if (code[0] != 0x67 || code[1] != 0x0f || code[2] != 0xb9) return kFaultCauseUndefined;
  if (code[3] == 0x00) return cause_of_number(0);
  return code[3] == 0x40 ? cause_of_number(code[4]) : kFaultCauseUndefined;
}

enum fault_cause fault_cause_of(const fault_signs_t *signs) {
  switch (signs->vector) {
    case kVectorDivide:
      return kFaultCauseDivision;
    case kVectorInvalidOpcode:
      return cause_of_opcode(signs->code);
    case kVectorStackFault:
    case kVectorProtection:
    case kVectorAlignment:
      return kFaultCauseProtection;
    case kVectorPageFault:
      return cause_of_page(signs);
    case kVectorNmi:
      return kFaultCauseWatchdog;
    case kVectorNoFloatingPoint:
    case kVectorFloatingPoint:
    case kVectorVector:
      return kFaultCauseFloatingPoint;
    default:
      return kFaultCauseOther;
  }
}
