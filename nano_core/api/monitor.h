// SPDX-License-Identifier: MIT
/// @file
/// Monitors: the only way to a blob of the state database. A monitor is short, fair, holds off
/// preemption, and is never held across a call that may block or obtain memory.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/types.h"
EXTERN_C_BEGIN

// clang's thread-safety analysis; absent elsewhere.
#ifdef __clang__
#define CAPABILITY(name) __attribute__((capability(name)))
#define GUARDED_BY(monitor) __attribute__((guarded_by(monitor)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))
#define ACQUIRES(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASES(...) __attribute__((release_capability(__VA_ARGS__)))
#else
#define CAPABILITY(name)
#define GUARDED_BY(monitor)
#define REQUIRES(...)
#define EXCLUDES(...)
#define ACQUIRES(...)
#define RELEASES(...)
#endif

/// The first member of every blob. All zero is a free monitor that interrupt handlers do not enter.
typedef struct CAPABILITY("monitor") monitor {
  uint32_t next;        // the ticket that the next one to enter draws
  uint32_t serving;     // the ticket that is inside
  uint32_t interrupts;  // not 0: handlers enter it too, so it holds off interrupts as well
  uint32_t reserved;
} monitor_t;

/// Enters; waits only for who is inside. Monitors nest up to eight deep, in one order everywhere.
/// @context  any; an interrupt handler only where `interrupts` is set
CELL_DIRECT void monitor_enter(const monitor_t *monitor) ACQUIRES(*monitor);

/// Leaves; monitors are left in the reverse order of entry.
CELL_DIRECT void monitor_exit(const monitor_t *monitor) RELEASES(*monitor);

EXTERN_C_END
