// SPDX-License-Identifier: MIT
#include "cells/timer/timer.h"

#include "cells/hpet/hpet.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/log/log.h"
#include "cells/pit/pit.h"
#include "cells/timer/clock.h"
#include "nano_core/api/machine.h"
#include "patterns/text_line.h"

enum {
  kTurns = 3,  // at the wheel; its hand seldom moves in between, and a step has four watches
};

// How long a source may be silent before it is taken for dead: about a second (0.9 s at 5 GHz,
// 4.3 s at 1 GHz), in which the machine did work, too, and was not stopped itself.
static const uint64_t kSilentCycles = UINT64_C(1) << 32;
static const uint64_t kSilentAsks = 1000;

// Whether nobody knows yet that the source does tick.
static bool is_silent(void) REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  return clock->ticks == clock->silent_ticks && clock->given_up == 0;
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
  text_line_decimal(&line, ((UINT64_C(1000) << kClockRatioShift) + ratio / 2) / ratio);
  text_line_text(&line, TEXT(" MHz"));
  status_ignore(log_write(TEXT("timer"), text_line_view(&line)), "without a log it is not said");
}

static void say_silence(uint64_t kind) {
  text_line_t line = {};
  text_line_text(&line, source_name(kind));
  text_line_text(&line, TEXT(" does not tick; "));
  text_line_text(&line,
                 kind == kSourceHpet ? TEXT("the pit takes over") : TEXT("time stands still"));
  status_ignore(log_write(TEXT("timer"), text_line_view(&line)), "without a log it is not said");
}

// Whether the HPET is not to be used: the command line excludes it, or it has failed.
static bool_result_t is_hpet_excluded(void) {
  monitor_enter(&state_timer_clock->monitor);
  const bool dead = state_timer_clock->hpet_is_dead != 0;
  monitor_exit(&state_timer_clock->monitor);
  return dead ? (bool_result_t){.value = true} : machine_option(TEXT("timer=pit"));
}

// Starts the better source that there is.
static status_t start_source(uint64_t *kind, tick_source_t *source) {
  const bool_result_t excluded = is_hpet_excluded();
  TRY(excluded.status);
  *kind = kSourceHpet;
  if (!excluded.value && status_is_ok(hpet_start(source))) return OK;
  *kind = kSourcePit;
  return pit_start(source);
}

// From here on the source is on trial.
static void begin_silence(void) REQUIRES(state_timer_clock->monitor) {
  state_set(&state_timer_clock->silent_ticks, state_timer_clock->ticks);
  state_set(&state_timer_clock->silent_asks, UINT64_C(0));
  state_set(&state_timer_clock->given_up, UINT64_C(0));
}

// Counts are the source's, so they begin anew where the clock stands. Deterministic time needs no
// calibration: one cycle is one nanosecond.
static void set_up(uint64_t kind, const tick_source_t *source, bool deterministic)
    REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  const uint64_t one = UINT64_C(1) << kClockRatioShift;
  if (clock->kind != kind) begin_silence();
  if (clock->calibrated == 0) {
    state_set(&clock->base_time, clock->latest);
    state_set(&clock->elapsed, UINT64_C(0));
  }
  state_set(&clock->kind, kind);
  state_set(&clock->source, *source);
  state_set(&clock->count_ratio, (kClockSecond << kClockRatioShift) / source->hertz);
  state_set(&clock->sampled, UINT64_C(0));
  if (deterministic && clock->calibrated == 0) clock_adopt(one, cycle_counter(), 0);
}

static text_t line_name(uint64_t kind) {
  return kind == kSourceHpet ? TEXT("timer/hpet") : TEXT("timer/pit");
}

// The ticks are those of the watchdog, too, unless the command line does not want it.
static void watch(uint64_t line) {
  const bool_result_t excluded = machine_option(TEXT("watchdog=off"));
  if (!status_is_ok(excluded.status) || excluded.value) return;
  if (status_is_ok(interrupt_dispatch_watch(line))) return;
  status_ignore(log_write(TEXT("timer"), TEXT("no watchdog: a call that never ends is not ended")),
                "without a log it is not said");
}

// Makes a source that runs the one of the ticks.
static status_t connect(uint64_t kind, const tick_source_t *source, bool deterministic) {
  if (source->hertz == 0) return ERR(INTERNAL);
  monitor_enter(&state_timer_clock->monitor);
  set_up(kind, source, deterministic);
  monitor_exit(&state_timer_clock->monitor);
  const reference_result_t handler = reference_obtain(TEXT("timer_interrupt"));
  TRY(handler.status);
  TRY(interrupt_dispatch_register(source->line, handler.value, line_name(kind)));
  watch(source->line);
  return OK;
}

status_t timer_initialize(void) {
  // The handler enters. Nobody can be inside before this function is done.
  state_set(&state_timer_clock->monitor.interrupts, 1);
  const bool_result_t deterministic = machine_option(TEXT("icount"));
  TRY(deterministic.status);
  TRY(event_ensure(&state_timer_clock->monitor, &state_timer_clock->event).status);
  uint64_t kind = kSourceNone;
  tick_source_t source = {};
  TRY(start_source(&kind, &source));
  TRY(connect(kind, &source, deterministic.value));
  if (deterministic.value) say(kind, UINT64_C(1) << kClockRatioShift);
  return OK;
}

// The HPET leaves its line, which may be the PIT's as well.
static status_t change_over(uint64_t line) {
  status_ignore(interrupt_dispatch_unregister(line), "it may never have got that far");
  status_ignore(hpet_stop(), "where nobody serves it, nothing is lost by trying");
  tick_source_t source = {};
  TRY(pit_start(&source));
  return connect(kSourcePit, &source, false);
}

// What to do about a source that was silent for too long.
typedef struct verdict {
  uint64_t kind;  // the source; kSourceNone: nothing yet
  uint64_t line;
} verdict_t;

// The verdict is given to one task only, which carries it out.
static verdict_t judge(void) REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  if (!is_silent()) return (verdict_t){};
  const uint64_t cycles = cycle_counter();
  if (clock->silent_asks == 0) state_set(&clock->silent_since, cycles);
  state_set(&clock->silent_asks, clock->silent_asks + 1);
  if (clock->silent_asks < kSilentAsks) return (verdict_t){};
  if (cycles - clock->silent_since < kSilentCycles) return (verdict_t){};
  const verdict_t verdict = {clock->kind, clock->source.line};
  if (verdict.kind == kSourceHpet) {
    state_set(&clock->hpet_is_dead, UINT64_C(1));
    state_set(&clock->kind, (uint64_t)kSourcePit);
    begin_silence();
  } else {
    state_set(&clock->given_up, UINT64_C(1));
  }
  return verdict;
}

// Whoever asks for the time before the first tick has come looks after the source: there is nobody
// else to do it, without a tick.
static void look_after_source(void) {
  monitor_enter(&state_timer_clock->monitor);
  const verdict_t verdict = judge();
  monitor_exit(&state_timer_clock->monitor);
  if (verdict.kind == kSourceNone) return;
  say_silence(verdict.kind);
  if (verdict.kind != kSourceHpet) return;
  status_ignore(change_over(verdict.line), "the PIT is judged in turn");
}

nanoseconds_result_t timer_now(void) {
  monitor_enter(&state_timer_clock->monitor);
  const uint64_t time = clock_now();
  const bool silent = is_silent();
  monitor_exit(&state_timer_clock->monitor);
  // Handlers cannot change anything about it.
  if (silent && status_is_ok(task_self().status)) look_after_source();
  return (nanoseconds_result_t){.value = {time}};
}

u64_result_t timer_ticks(void) {
  monitor_enter(&state_timer_clock->monitor);
  const uint64_t ticks = state_timer_clock->ticks;
  monitor_exit(&state_timer_clock->monitor);
  return (u64_result_t){.value = ticks};
}

u64_result_t timer_counter(uint64_t counter) {
  const wheel_t *wheel = &state_timer_clock->wheel;
  u64_result_t result = {};
  monitor_enter(&state_timer_clock->monitor);
  switch (counter) {
    case kTimerWakeUps:
      result.value = wheel->signals;
      break;
    case kTimerCatchUps:
      result.value = wheel->catch_ups;
      break;
    case kTimerLateness:
      result.value = wheel->lateness;
      break;
    default:
      result.status = ERR(OUT_OF_RANGE);
  }
  monitor_exit(&state_timer_clock->monitor);
  return result;
}

// *silent tells whether the first tick has still to come.
static uint64_t current_ratio(bool *silent) {
  monitor_enter(&state_timer_clock->monitor);
  const uint64_t ratio = state_timer_clock->ratio;
  *silent = is_silent();
  monitor_exit(&state_timer_clock->monitor);
  return ratio;
}

// Has the handler signal the event that is common to all as soon as `deadline` has come. Returns
// whether it has already.
static bool ask_for_wake(uint64_t deadline) {
  const timer_clock_t *clock = state_timer_clock;
  monitor_enter(&state_timer_clock->monitor);
  const bool past = clock_now() >= deadline;
  const bool earlier = clock->wake == 0 || deadline < clock->wake;
  if (!past && earlier) state_set(&clock->wake, deadline);
  monitor_exit(&state_timer_clock->monitor);
  return past;
}

static status_t watch_common_event(void) {
  return event_watch_state(&state_timer_clock->monitor, &state_timer_clock->event);
}

// What there is to do for who waits.
typedef struct turn {
  bool past;        // nothing: the time has come
  bool silent;      // not to sleep yet
  bool armed;       // to sleep
  uint64_t bucket;  // else: to watch the event of this one
  event_t event;    // which may be none yet
} turn_t;

// Arms the bucket of `deadline` if it is the one that is watched.
static turn_t take_turn(uint64_t deadline, uint64_t watched) {
  const wheel_t *wheel = &state_timer_clock->wheel;
  turn_t turn = {.bucket = kWheelBuckets};
  monitor_enter(&state_timer_clock->monitor);
  turn.past = clock_now() >= deadline;
  turn.silent = is_silent();
  if (!turn.past && !turn.silent) {
    turn.bucket = wheel_bucket(wheel, deadline);
    turn.event = wheel->events[turn.bucket];
    turn.armed = turn.bucket == watched;
    if (turn.armed) wheel_arm(wheel, turn.bucket, deadline);
  }
  monitor_exit(&state_timer_clock->monitor);
  return turn;
}

static status_t watch_bucket(const turn_t *turn) {
  if (!event_is_none(turn->event)) return event_watch(turn->event);
  return event_watch_state(&state_timer_clock->monitor,
                           &state_timer_clock->wheel.events[turn->bucket]);
}

// Before the first tick nobody goes to sleep, since it is not known whether anything would wake
// him: he is called again at once.
static status_t await_first_tick(void) {
  look_after_source();
  TRY(watch_common_event());
  event_signal_state(&state_timer_clock->event);
  return ERR(WOULD_BLOCK);
}

u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles) {
  bool silent = false;
  uint64_t ratio = current_ratio(&silent);
  if (ratio == 0 && silent) return (u64_result_t){.status = await_first_tick()};
  if (ratio == 0) {
    // The second tick gives the first estimate; any wake-up will do to look again.
    TRY_RESULT(u64_result_t, watch_common_event());
    ask_for_wake(1);
    ratio = current_ratio(&silent);
    if (ratio == 0) return (u64_result_t){.status = ERR(WOULD_BLOCK)};
  }
  return (u64_result_t){.value = clock_scale(cycles, ratio)};
}

// Where there is no event for a bucket, or the bucket changes under one's hands again and again.
static status_t wait_in_common(uint64_t deadline) {
  TRY(watch_common_event());
  return ask_for_wake(deadline) ? OK : ERR(WOULD_BLOCK);
}

status_t timer_wait_until(nanoseconds_t deadline) {
  uint64_t watched = kWheelBuckets;
  for (uint32_t i = 0; i < kTurns; i++) {
    const turn_t turn = take_turn(deadline.count, watched);
    if (turn.past) return OK;
    if (turn.silent) return await_first_tick();
    if (turn.armed) return ERR(WOULD_BLOCK);
    const status_t status = watch_bucket(&turn);
    if (status_is(status, STATUS_NO_MEMORY)) break;
    TRY(status);
    watched = turn.bucket;
  }
  return wait_in_common(deadline.count);
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

// Reads the two counters one right after the other.
static clock_sample_t take_sample(uint64_t kind) {
  const u64_result_t count = kind == kSourceHpet ? hpet_counter() : pit_counter();
  return (clock_sample_t){status_is_ok(count.status), count.value, cycle_counter()};
}

// Wakes who waited long enough.
static void wake_due(void) REQUIRES(state_timer_clock->monitor) {
  const timer_clock_t *clock = state_timer_clock;
  const uint64_t time = clock_now();
  wheel_advance(&clock->wheel, time);
  if (clock->wake == 0 || time < clock->wake) return;
  wheel_note_lateness(&clock->wheel, clock->wake, time);
  state_set(&clock->wheel.signals, clock->wheel.signals + 1);
  state_set(&clock->wake, 0);
  event_signal_state(&clock->event);
}

// Where the cycle counter is not the clock yet, the tick moves it on.
static void calibrate_at_tick(uint64_t kind) {
  const timer_clock_t *clock = state_timer_clock;
  const clock_sample_t sample = take_sample(kind);
  monitor_enter(&state_timer_clock->monitor);
  if (sample.taken) clock_calibrate(sample);
  wake_due();
  const bool adopted = clock->calibrated != 0;
  const uint64_t ratio = clock->ratio;
  monitor_exit(&state_timer_clock->monitor);
  if (adopted) say(kind, ratio);
}

status_t timer_interrupt(void) {
  const timer_clock_t *clock = state_timer_clock;
  if (clock->monitor.interrupts == 0) return ERR(UNAVAILABLE);
  monitor_enter(&state_timer_clock->monitor);
  state_set(&clock->ticks, clock->ticks + 1);
  const bool calibrated = clock->calibrated != 0;
  const uint64_t kind = clock->kind;
  if (calibrated) wake_due();
  monitor_exit(&state_timer_clock->monitor);
  if (!calibrated) calibrate_at_tick(kind);
  return task_preempt();
}
