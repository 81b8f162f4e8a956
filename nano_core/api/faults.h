// SPDX-License-Identifier: MIT
/// @file
/// Faults: the last ones that ended calls, and faults to order. Served by nano_core.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/instances.h"
#include "nano_core/api/ownership.h"
#include "nano_core/api/status.h"
EXTERN_C_BEGIN

enum {
  kFaultRecords = 64,     // how many are kept
  kFaultCalls = 8,        // of the calls that led to one, the innermost
  kFaultInjections = 32,  // that can be pending
};

/// What was wrong, as far as the exception and the trapping instruction tell.
enum fault_cause {
  kFaultCauseOther = 1,        // `vector` says all
  kFaultCauseNull,             // data at an address below 4096
  kFaultCauseUser,             // data in the lower half, where programs will live
  kFaultCauseUnmapped,         // data where nothing is mapped
  kFaultCauseReadOnly,         // a store to constants or code
  kFaultCauseExecuteNull,      // a jump to an address below 4096
  kFaultCauseExecuteUnmapped,  // a jump to where nothing is mapped
  kFaultCauseExecuteData,      // a jump to what is no code
  kFaultCauseProtection,       // an address that is not canonical, or not aligned as it must be
  kFaultCauseDivision,         // by zero, or with a quotient that does not fit
  kFaultCauseUndefined,        // an instruction that does not exist
  kFaultCauseFloatingPoint,    // one that cells may not use
  kFaultCauseCheck,            // TRAP(): a check of a span, of an invariant
  kFaultCauseBounds,           // index of an array
  kFaultCauseOverflow,         // of a signed number
  kFaultCausePointerOverflow,  // of an address
  kFaultCauseNullTrap,         // null, found before it was followed
  kFaultCauseShift,            // by more than the number has bits
  kFaultCauseValue,            // a bool or enum with a value that it cannot have
  kFaultCauseUnreachable,      // code that cannot be reached was
  kFaultCauseCanary,           // a smashed stack
  kFaultCauseStackOverflow,    // the guard page below a stack
  kFaultCauseGateStackFull,    // more calls inside of each other than there is room for
  kFaultCauseUndoLogFull,      // more changed inside of a monitor than can be undone
  kFaultCauseMonitorHeld,      // a call had returned from inside of a monitor; it was left later
  kFaultCauseAnswer,           // none: the call was made to answer so
  kFaultCauseWatchdog,         // it took too long, or its task was cancelled
};

/// What was done about it.
enum fault_step { kFaultStepError = 1 /* the caller was answered with an error */ };

/// Where `offset` is when the instruction does not lie in the object's text.
static const uint64_t kFaultNoOffset = UINT64_MAX;

/// A call, by who was called.
typedef struct fault_call {
  name_t cell;
  name_t function;  // empty: not known
} fault_call_t;

typedef struct fault_info {
  uint64_t index;     // counts from 0 since boot
  uint64_t time;      // cycles
  uint64_t address;   // of the instruction
  uint64_t offset;    // of it in the object's text
  uint64_t accessed;  // address, where the cause is about one
  uint32_t vector;    // of the exception; 0 is division
  uint32_t cause;     // enum fault_cause
  uint32_t step;      // enum fault_step
  uint32_t injected;  // enum fault_kind, where it was to order; 0
  status_t status;    // what the caller was answered
  uint32_t depth;     // of gates
  name_t object;      // that the instance was made of
  fault_call_t
      calls[kFaultCalls];  // the first is the one that failed, then its caller's, and so on
} fault_info_t;

/// Reads fault `index`, or the oldest that is kept, if that is newer: `info->index` tells.
/// @errors   END: there is no such fault yet.
/// @context  steps
CELL_EXPORT status_t fault_describe(uint64_t index, OUT fault_info_t *info);

/// Faults to order, by what the callee does in place of what it was called for.
enum fault_kind {
  kFaultNull = 1,
  kFaultWild,
  kFaultMisaligned,
  kFaultNotCanonical,
  kFaultUser,
  kFaultWriteConstants,
  kFaultWriteCode,
  kFaultExecuteData,
  kFaultExecuteNull,
  kFaultExecuteStack,
  kFaultDivision,
  kFaultUndefined,
  kFaultFloatingPoint,
  kFaultBounds,
  kFaultOverflow,
  kFaultStackExhaustion,
  kFaultSmashedReturn,
  kFaultSmashedCanary,
  kFaultLoop,               // for ever
  kFaultLoopInterruptsOff,  // for ever
  kFaultNoMemory,           // answers NO_MEMORY
  kFaultBadResult,          // answers a number outside of the vocabulary, and garbage
  kFaultMonitorHeld,        // answers FAULT, inside of a monitor
  kFaultInMonitor,          // follows a null pointer, inside of a monitor
  kFaultKinds,
};

/// Has the `n`-th call of `name` from now on, of any published function, from any cell or from
/// nano_core, fail by `kind`. It stays pending over a swap, an unload and a load of the cell. Of
/// several that one call would be the n-th for, the others come with the calls after it.
/// @param n  from 1
/// @errors   INVALID_ARGUMENT: kind, n. NOT_FOUND: no such interface. DENIED: nano_core itself.
///           UNAVAILABLE: nobody serves it, or this is inside of a monitor or a handler. NO_MEMORY:
///           kFaultInjections are pending; also those of loading.
/// @context  steps
CELL_EXPORT status_t fault_inject(text_t name, uint64_t kind, uint64_t n);

EXTERN_C_END
