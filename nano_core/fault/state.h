// SPDX-License-Identifier: MIT
/// @file
/// What nano_core keeps of faults, in core_t.
#pragma once
#include "nano_core/api/faults.h"
#include "nano_core/api/monitor.h"
#include "nano_core/arch/ticket_lock.h"

struct gate_frame;
struct interface_record;

/// A call on the way to a fault. Texts are the archive's, or nano_core's.
typedef struct call_record {
  const struct interface_record *cell;  // null: the resolver
  text_t function;
} call_record_t;

typedef struct fault_record {
  uint64_t time;
  uint64_t address;
  uint64_t offset;
  uint64_t accessed;
  text_t object;
  uint32_t vector;
  uint32_t cause;
  uint32_t injected;
  uint32_t depth;
  status_t status;
  call_record_t calls[kFaultCalls];
} fault_record_t;

/// A fault to come. A place is free where it names neither an interface nor a call.
typedef struct injection {
  struct interface_record *interface;
  const struct gate_frame *frame;  // of the call that is about to fail by it
  uint64_t kind;                   // enum fault_kind
  uint64_t remaining;              // calls until then
} injection_t;

typedef struct faults {
  ticket_lock_t lock;  // of the records
  uint64_t count;      // that ever were
  fault_record_t records[kFaultRecords];
  injection_t injections[kFaultInjections];
  monitor_t monitor;  // that is entered where the cell has none
} faults_t;
