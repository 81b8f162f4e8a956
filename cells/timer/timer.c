// SPDX-License-Identifier: MIT
#include "cells/timer/timer.h"

#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "nano_core/api/cycle_counter.h"
#include "nano_core/api/machine.h"
#include "nano_core/api/port_io.h"
#include "patterns/event.h"

// Channel 0 makes the ticks. Channel 2 runs free: it tells how much time lies between two ticks,
// also where the machine merged some, so that the cycle counter can be calibrated while the system
// works. Two windows in a row must agree, since an emulator may be stopped for longer than the 55
// ms that channel 2 can count.
enum {
  kHertz = 1193182,
  kTickCounts = 1193,           // a tick every 0.99985 ms
  kWindowCounts = kHertz / 32,  // 31 ms
  kAgreement = 128,             // ratios that differ by less than 1/128 agree
  kChannel0 = 0x40,
  kChannel2 = 0x42,
  kCommand = 0x43,
  kRateGenerator0 = 0x34,  // mode 2, low byte first
  kRateGenerator2 = 0xb4,
  kLatch2 = 0x80,
  kSpeakerPort = 0x61,
  kSpeakerGate = 1 << 0,  // lets channel 2 count
  kSpeakerOn = 1 << 1,
  kTimerLine = 0,
  kRatioShift = 32,
};

static const uint64_t kNanosecondsPerSecond = 1000000000;

typedef struct timer_clock {
  monitor_t monitor;
  event_t event;  // signalled when `wake` has come
  uint64_t ticks;
  uint64_t wake;           // the earliest deadline somebody waits for, nanoseconds; 0: nobody
  uint64_t calibrated;     // 1: the three numbers below hold
  uint64_t ratio;          // nanoseconds per cycle, fixed point; 0: not even an estimate
  uint64_t base_cycles;    // a moment, as the cycle counter shows it
  uint64_t base_time;      // and in nanoseconds
  uint64_t elapsed;        // counts of channel 2 since the first tick
  uint64_t last_count;     // channel 2 at the last tick
  uint64_t window_cycles;  // the cycle counter when the window began
  uint64_t window_counts;  // counts of channel 2 since then
  uint64_t window_ratio;   // of the window before; 0: none
} timer_clock_t;

STATE(timer_clock_t, timer_clock);

static uint64_t nanoseconds_of_counts(uint64_t counts) {
  return counts * kNanosecondsPerSecond / kHertz;
}

static uint64_t nanoseconds_of_cycles(uint64_t cycles, uint64_t ratio) {
  return (uint64_t)((unsigned __int128)cycles * ratio >> kRatioShift);
}

// How many nanoseconds a cycle lasts, where so many cycles passed in so many counts; at least 1.
static uint64_t ratio_of(uint64_t cycles, uint64_t counts) {
  if (cycles == 0) cycles = 1;
  const uint64_t ratio = (nanoseconds_of_counts(counts) << kRatioShift) / cycles;
  return ratio != 0 ? ratio : 1;
}

static bool agree(uint64_t a, uint64_t b) {
  const uint64_t difference = a > b ? a - b : b - a;
  return difference < a / kAgreement;
}

static uint64_t read_channel2(void) {
  port_write8(kCommand, kLatch2);
  const uint64_t low = port_read8(kChannel2);
  return low | (uint64_t)port_read8(kChannel2) << 8;
}

static void program_channels(void) {
  const uint8_t speaker = port_read8(kSpeakerPort);
  port_write8(kSpeakerPort, (uint8_t)((speaker & ~kSpeakerOn) | kSpeakerGate));
  port_write8(kCommand, kRateGenerator2);
  port_write8(kChannel2, 0);
  port_write8(kChannel2, 0);
  port_write8(kCommand, kRateGenerator0);
  port_write8(kChannel0, kTickCounts & 0xff);
  port_write8(kChannel0, kTickCounts >> 8);
}

static void begin_window(uint64_t cycles) REQUIRES(state_timer_clock->monitor) {
  state_set(&state_timer_clock->window_cycles, cycles);
  state_set(&state_timer_clock->window_counts, 0);
}

// From here on the cycle counter is the clock; it goes on where the ticks stood.
static void adopt(uint64_t ratio, uint64_t cycles, uint64_t time)
    REQUIRES(state_timer_clock->monitor) {
  state_set(&state_timer_clock->ratio, ratio);
  state_set(&state_timer_clock->base_cycles, cycles);
  state_set(&state_timer_clock->base_time, time);
  state_set(&state_timer_clock->calibrated, 1);
}

// Compares the two counters at a tick.
static void calibrate(void) REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  const uint64_t cycles = cycle_counter();
  const uint64_t count = read_channel2();
  const uint64_t passed = (clock->last_count - count) & 0xffff;
  // A channel 2 that stands still is no channel 2: then a tick is a tick.
  const uint64_t counts = passed != 0 ? passed : kTickCounts;
  state_set(&clock->last_count, count);
  if (clock->ticks == 1) {
    begin_window(cycles);
    return;
  }
  state_set(&clock->elapsed, clock->elapsed + counts);
  state_set(&clock->window_counts, clock->window_counts + counts);
  const uint64_t ratio = ratio_of(cycles - clock->window_cycles, clock->window_counts);
  if (clock->ratio == 0) state_set(&clock->ratio, ratio);
  if (clock->window_counts < kWindowCounts) return;
  if (agree(clock->window_ratio, ratio)) {
    adopt((clock->window_ratio + ratio) / 2, cycles, nanoseconds_of_counts(clock->elapsed));
  }
  state_set(&clock->window_ratio, ratio);
  begin_window(cycles);
}

static uint64_t now(void) REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  if (clock->calibrated == 0) return nanoseconds_of_counts(clock->elapsed);
  const uint64_t cycles = cycle_counter() - clock->base_cycles;
  return clock->base_time + nanoseconds_of_cycles(cycles, clock->ratio);
}

// Deterministic time needs no calibration: one cycle is one nanosecond.
static void set_up(bool deterministic) REQUIRES(state_timer_clock->monitor) {
  if (deterministic) adopt(UINT64_C(1) << kRatioShift, cycle_counter(), 0);
}

status_t timer_initialize(void) {
  // The handler enters. Nobody can be inside before this function is done.
  state_set(&state_timer_clock->monitor.interrupts, 1);
  const bool_result_t deterministic = machine_option(TEXT("icount"));
  TRY(deterministic.status);
  monitor_enter(&state_timer_clock->monitor);
  set_up(deterministic.value);
  monitor_exit(&state_timer_clock->monitor);
  TRY(event_ensure(&state_timer_clock->monitor, &state_timer_clock->event).status);
  const reference_result_t handler = reference_obtain(TEXT("timer_interrupt"));
  TRY(handler.status);
  program_channels();
  return interrupt_dispatch_register(kTimerLine, handler.value, TEXT("timer"));
}

nanoseconds_result_t timer_now(void) {
  monitor_enter(&state_timer_clock->monitor);
  const uint64_t time = now();
  monitor_exit(&state_timer_clock->monitor);
  return (nanoseconds_result_t){.value = {time}};
}

u64_result_t timer_ticks(void) {
  monitor_enter(&state_timer_clock->monitor);
  const uint64_t ticks = state_timer_clock->ticks;
  monitor_exit(&state_timer_clock->monitor);
  return (u64_result_t){.value = ticks};
}

static uint64_t current_ratio(void) {
  monitor_enter(&state_timer_clock->monitor);
  const uint64_t ratio = state_timer_clock->ratio;
  monitor_exit(&state_timer_clock->monitor);
  return ratio;
}

// Has the handler signal as soon as `deadline` has come. Returns whether it has already.
static bool ask_for_wake(uint64_t deadline) {
  const timer_clock_t *clock = state_timer_clock;
  monitor_enter(&state_timer_clock->monitor);
  const bool past = now() >= deadline;
  const bool earlier = clock->wake == 0 || deadline < clock->wake;
  if (!past && earlier) state_set(&clock->wake, deadline);
  monitor_exit(&state_timer_clock->monitor);
  return past;
}

u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles) {
  uint64_t ratio = current_ratio();
  if (ratio == 0) {
    // The second tick gives the first estimate; any wake-up will do to look again.
    TRY_RESULT(u64_result_t,
               event_watch_state(&state_timer_clock->monitor, &state_timer_clock->event));
    ask_for_wake(1);
    ratio = current_ratio();
    if (ratio == 0) return (u64_result_t){.status = ERR(WOULD_BLOCK)};
  }
  return (u64_result_t){.value = nanoseconds_of_cycles(cycles, ratio)};
}

status_t timer_wait_until(nanoseconds_t deadline) {
  const nanoseconds_result_t time = timer_now();
  TRY(time.status);
  if (time.value.count >= deadline.count) return OK;
  TRY(event_watch_state(&state_timer_clock->monitor, &state_timer_clock->event));
  return ask_for_wake(deadline.count) ? OK : ERR(WOULD_BLOCK);
}

status_t timer_interrupt(void) {
  const timer_clock_t *clock = state_timer_clock;
  if (clock->monitor.interrupts == 0) return ERR(UNAVAILABLE);
  monitor_enter(&state_timer_clock->monitor);
  state_set(&clock->ticks, clock->ticks + 1);
  if (clock->calibrated == 0) calibrate();
  const bool due = clock->wake != 0 && now() >= clock->wake;
  if (due) {
    state_set(&clock->wake, 0);
    event_signal_state(&clock->event);
  }
  monitor_exit(&state_timer_clock->monitor);
  return task_preempt();
}
