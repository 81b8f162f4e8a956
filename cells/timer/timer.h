// SPDX-License-Identifier: MIT
/// @file
/// Time: a tick every millisecond, a clock in nanoseconds, and waiting until a point in time.
///
/// Several processors: their cycle counters are assumed to be in step, as they are on every
/// processor of the last years whose firmware leaves them alone. Where one is behind by some
/// cycles, it is told the latest time that anybody was told.
/// @spill   none in the cell; ticks, calibration, and in which slots of time somebody waits, are in
///          the blob `timer_clock`. It does not know who.
/// @source  for the devices: cells/hpet, cells/pit.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// Starts the ticks: by the HPET where there is one that answers (and the command line does not say
/// `timer=pit`), else by the PIT; also where the HPET turns out never to tick, which somebody who
/// asks for the time finds out after a second or so. Called by nano_core when the cell is loaded.
/// @errors   those of pit_start, event_create, reference_obtain and interrupt_dispatch_register
CELL_EXPORT status_t timer_initialize(void);

/// What timer_counter counts.
enum timer_counter {
  kTimerWakeUps,   // events that were signalled since somebody waited for them
  kTimerCatchUps,  // ticks that came more than a millisecond late: the machine merged or lost some
  kTimerLateness,  // nanoseconds: the longest from a deadline to the tick that told
};

/// The time since the timer was started; never goes back, whichever processor asks. For the first
/// few dozen milliseconds, until the cycle counter is calibrated, it advances by whole ticks.
/// @context  any, interrupt handlers included; never waits; O(1)
CELL_EXPORT nanoseconds_result_t timer_now(void);

/// The number of ticks handled. Ticks that the machine merged count once.
/// @context  any; never waits; O(1)
CELL_EXPORT u64_result_t timer_ticks(void);

/// One of the counters since boot.
/// @param counter  enum timer_counter
/// @errors   OUT_OF_RANGE
/// @context  any; never waits; O(1)
CELL_EXPORT u64_result_t timer_counter(uint64_t counter);

/// How long so many counts of the cycle counter last. Exact on a machine with deterministic time
/// (command-line word `icount`), where a cycle is a nanosecond.
/// @errors   WOULD_BLOCK: not one tick has passed yet; the tick is watched.
/// @context  any; never waits; O(1)
CELL_EXPORT u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles);

/// Asks whether a point in time has come. Ask again after every wake-up: one may be early (for a
/// point far away by design: it is waited for in a few stages), none is lost, and the first tick
/// that is not before the deadline wakes. Any number of tasks may wait, for any time ahead.
/// @param deadline  as timer_now counts
/// @returns  OK: it has. WOULD_BLOCK: not yet, and an event is watched that will tell.
/// @context  steps; never waits; O(1)
CELL_EXPORT status_t timer_wait_until(nanoseconds_t deadline);

/// Starts the ticks anew. The clock goes on as it was.
/// @context  any; never waits
CELL_EXPORT status_t timer_reset(void);

/// The handler of the tick: counts it, wakes who waited long enough, asks for preemption.
/// @context  interrupts
CELL_EXPORT status_t timer_interrupt(void);

EXTERN_C_END
