// SPDX-License-Identifier: MIT
#include "cells/timer/timer.h"

#include "cells/hpet/hpet.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/log/log.h"
#include "cells/pit/pit.h"
#include "nano_core/api/cycle_counter.h"
#include "nano_core/api/machine.h"
#include "patterns/event.h"
#include "patterns/text_line.h"

// The source of the ticks has a counter, which tells how much time lies between two ticks, also
// where the machine merged some. So the cycle counter can be calibrated while the system works. Two
// windows in a row must agree, since an emulator may be stopped for longer than the counter can
// count, or between the reading of the two.
enum {
  kAgreement = 128,  // ratios that differ by less than 1/128 agree
  kRatioShift = 32,
};

static const uint64_t kNanosecondsPerSecond = 1000000000;
static const uint64_t kWindowNanoseconds = 31250000;
static const uint64_t kLongestWindow = UINT64_C(1) << kRatioShift;  // 4.3 s

enum timer_source { kSourceNone, kSourceHpet, kSourcePit };

typedef struct timer_clock {
  monitor_t monitor;
  event_t event;  // signalled when `wake` has come
  uint64_t ticks;
  uint64_t wake;           // the earliest deadline somebody waits for, nanoseconds; 0: nobody
  uint64_t calibrated;     // 1: the three numbers below hold
  uint64_t ratio;          // nanoseconds per cycle, fixed point; 0: not even an estimate
  uint64_t base_cycles;    // a moment, as the cycle counter shows it
  uint64_t base_time;      // and in nanoseconds
  uint64_t kind;           // enum timer_source
  tick_source_t source;    // of the ticks
  uint64_t count_ratio;    // nanoseconds per count of the source, fixed point
  uint64_t sampled;        // 1: the numbers below hold
  uint64_t elapsed;        // counts of the source since the first tick
  uint64_t last_count;     // the source's counter at the last tick
  uint64_t window_cycles;  // the cycle counter when the window began
  uint64_t window_counts;  // counts of the source since then
  uint64_t window_ratio;   // of the window before; 0: none
} timer_clock_t;

STATE(timer_clock_t, timer_clock);

// The two counters at one moment.
typedef struct sample {
  bool taken;
  uint64_t count;
  uint64_t cycles;
} sample_t;

static uint64_t scale(uint64_t number, uint64_t ratio) {
  return (uint64_t)((unsigned __int128)number * ratio >> kRatioShift);
}

static uint64_t nanoseconds_of_counts(uint64_t counts) REQUIRES(state_timer_clock->monitor) {
  return scale(counts, state_timer_clock->count_ratio);
}

// How many nanoseconds a cycle lasts, where so many passed in a time below kLongestWindow; at
// least 1.
static uint64_t ratio_of(uint64_t cycles, uint64_t nanoseconds) {
  if (cycles == 0) cycles = 1;
  const uint64_t ratio = (nanoseconds << kRatioShift) / cycles;
  return ratio != 0 ? ratio : 1;
}

static bool agree(uint64_t a, uint64_t b) {
  const uint64_t difference = a > b ? a - b : b - a;
  return difference < a / kAgreement;
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

// Ends the window, and adopts what it shows where the window before agrees.
static void end_window(uint64_t cycles, uint64_t ratio) REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  if (agree(clock->window_ratio, ratio)) {
    adopt((clock->window_ratio + ratio) / 2, cycles, nanoseconds_of_counts(clock->elapsed));
  }
  state_set(&clock->window_ratio, ratio);
  begin_window(cycles);
}

// Takes the first sample, from which the others are counted.
static void begin_sampling(sample_t sample) REQUIRES(state_timer_clock->monitor) {
  state_set(&state_timer_clock->last_count, sample.count);
  state_set(&state_timer_clock->sampled, UINT64_C(1));
  begin_window(sample.cycles);
}

// Compares the two counters at a tick.
static void calibrate(sample_t sample) REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  if (clock->sampled == 0) return begin_sampling(sample);
  const uint64_t passed = (sample.count - clock->last_count) & clock->source.mask;
  // A counter that stands still is no counter: then a tick is a tick.
  const uint64_t counts = passed != 0 ? passed : clock->source.counts_per_tick;
  state_set(&clock->last_count, sample.count);
  state_set(&clock->elapsed, clock->elapsed + counts);
  state_set(&clock->window_counts, clock->window_counts + counts);
  const uint64_t nanoseconds = nanoseconds_of_counts(clock->window_counts);
  if (nanoseconds >= kLongestWindow) return begin_window(sample.cycles);
  const uint64_t ratio = ratio_of(sample.cycles - clock->window_cycles, nanoseconds);
  if (clock->ratio == 0) state_set(&clock->ratio, ratio);
  if (nanoseconds >= kWindowNanoseconds) end_window(sample.cycles, ratio);
}

static uint64_t now(void) REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  if (clock->calibrated == 0) return nanoseconds_of_counts(clock->elapsed);
  const uint64_t cycles = cycle_counter() - clock->base_cycles;
  return clock->base_time + scale(cycles, clock->ratio);
}

static text_t source_name(uint64_t kind) {
  return kind == kSourceHpet ? TEXT("hpet") : TEXT("pit");
}

// Says once what time is made of; `ratio` as in the clock.
static void say(uint64_t kind, uint64_t ratio) {
  text_line_t line = {};
  text_line_text(&line, TEXT("ticks from "));
  text_line_text(&line, source_name(kind));
  text_line_text(&line, TEXT(", TSC "));
  text_line_decimal(&line, ((UINT64_C(1000) << kRatioShift) + ratio / 2) / ratio);
  text_line_text(&line, TEXT(" MHz"));
  status_ignore(log_write(TEXT("timer"), text_line_view(&line)), "without a log it is not said");
}

// Starts the better source that there is. The command line can exclude it.
static status_t start_source(uint64_t *kind, tick_source_t *source) {
  const bool_result_t simple = machine_option(TEXT("timer=pit"));
  TRY(simple.status);
  *kind = kSourceHpet;
  if (!simple.value && status_is_ok(hpet_start(source))) return OK;
  *kind = kSourcePit;
  return pit_start(source);
}

// Deterministic time needs no calibration: one cycle is one nanosecond.
static void set_up(uint64_t kind, const tick_source_t *source, bool deterministic)
    REQUIRES(state_timer_clock->monitor) {
  const uint64_t one = UINT64_C(1) << kRatioShift;
  state_set(&state_timer_clock->kind, kind);
  state_set(&state_timer_clock->source, *source);
  state_set(&state_timer_clock->count_ratio,
            (kNanosecondsPerSecond << kRatioShift) / source->hertz);
  state_set(&state_timer_clock->sampled, UINT64_C(0));
  if (deterministic && state_timer_clock->calibrated == 0) adopt(one, cycle_counter(), 0);
}

static text_t line_name(uint64_t kind) {
  return kind == kSourceHpet ? TEXT("timer/hpet") : TEXT("timer/pit");
}

status_t timer_initialize(void) {
  // The handler enters. Nobody can be inside before this function is done.
  state_set(&state_timer_clock->monitor.interrupts, 1);
  const bool_result_t deterministic = machine_option(TEXT("icount"));
  TRY(deterministic.status);
  uint64_t kind = kSourceNone;
  tick_source_t source = {};
  TRY(start_source(&kind, &source));
  if (source.hertz == 0) return ERR(INTERNAL);
  monitor_enter(&state_timer_clock->monitor);
  set_up(kind, &source, deterministic.value);
  monitor_exit(&state_timer_clock->monitor);
  if (deterministic.value) say(kind, UINT64_C(1) << kRatioShift);
  TRY(event_ensure(&state_timer_clock->monitor, &state_timer_clock->event).status);
  const reference_result_t handler = reference_obtain(TEXT("timer_interrupt"));
  TRY(handler.status);
  return interrupt_dispatch_register(source.line, handler.value, line_name(kind));
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
  return (u64_result_t){.value = scale(cycles, ratio)};
}

status_t timer_wait_until(nanoseconds_t deadline) {
  const nanoseconds_result_t time = timer_now();
  TRY(time.status);
  if (time.value.count >= deadline.count) return OK;
  TRY(event_watch_state(&state_timer_clock->monitor, &state_timer_clock->event));
  return ask_for_wake(deadline.count) ? OK : ERR(WOULD_BLOCK);
}

status_t timer_reset(void) {
  monitor_enter(&state_timer_clock->monitor);
  const uint64_t kind = state_timer_clock->kind;
  monitor_exit(&state_timer_clock->monitor);
  tick_source_t source = {};
  TRY(kind == kSourceHpet ? hpet_start(&source) : pit_start(&source));
  // Its counter may begin anew.
  monitor_enter(&state_timer_clock->monitor);
  state_set(&state_timer_clock->sampled, UINT64_C(0));
  monitor_exit(&state_timer_clock->monitor);
  return OK;
}

// Reads the two counters one right after the other, where the cycle counter is not calibrated yet.
static sample_t take_sample(void) {
  const timer_clock_t *clock = state_timer_clock;
  monitor_enter(&state_timer_clock->monitor);
  const uint64_t kind = clock->calibrated == 0 ? clock->kind : (uint64_t)kSourceNone;
  monitor_exit(&state_timer_clock->monitor);
  if (kind == kSourceNone) return (sample_t){};
  const u64_result_t count = kind == kSourceHpet ? hpet_counter() : pit_counter();
  return (sample_t){status_is_ok(count.status), count.value, cycle_counter()};
}

status_t timer_interrupt(void) {
  const timer_clock_t *clock = state_timer_clock;
  if (clock->monitor.interrupts == 0) return ERR(UNAVAILABLE);
  const sample_t sample = take_sample();
  monitor_enter(&state_timer_clock->monitor);
  state_set(&clock->ticks, clock->ticks + 1);
  if (sample.taken) calibrate(sample);
  const bool adopted = sample.taken && clock->calibrated != 0;
  const uint64_t kind = clock->kind;
  const uint64_t ratio = clock->ratio;
  const bool due = clock->wake != 0 && now() >= clock->wake;
  if (due) {
    state_set(&clock->wake, 0);
    event_signal_state(&clock->event);
  }
  monitor_exit(&state_timer_clock->monitor);
  if (adopted) say(kind, ratio);
  return task_preempt();
}
