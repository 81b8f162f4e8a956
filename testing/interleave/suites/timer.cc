// SPDX-License-Identifier: MIT
// cells/timer: nobody is woken too early, nobody is forgotten, and time never goes back, whichever
// processor asks, and wherever the tick comes in.
#include "cells/timer/timer.h"

#include <array>
#include <atomic>

#include "cells/hpet/hpet.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/log/log.h"
#include "cells/pit/pit.h"
#include "nano_core/api/cycle_counter.h"
#include "nano_core/api/machine.h"
#include "testing/interleave/events.h"
#include "testing/interleave/suite.h"

INTERLEAVE_STATE(timer_clock, 64 << 10);

namespace {

constexpr uint64_t kTick = 1000000;  // nanoseconds; time is deterministic, a cycle is one
constexpr uint64_t kPatience = 3;    // ticks after which one who is due must have been woken

std::atomic<uint64_t> cycles{kTick};

// Processor 0 takes the ticks, the others wait for points in time.
class TimerSuite : public interleave::Suite {
 public:
  void Prepare() override {
    const status_t status = timer_initialize();
    INTERLEAVE_CHECK(status_is_ok(status), "timer_initialize answers %u", status.code);
  }

  void Begin(interleave::Random &, int processors) override {
    interleave::EventsClear();
    cycles.store(kTick);
    busy_.store(processors - 1);
    for (auto &sleeper : sleepers_) sleeper.deadline.store(0);
    for (auto &sleeper : sleepers_) sleeper.overdue = 0;
  }

  void Run(int processor, int operations, interleave::Random &random) override {
    if (processor == 0) {
      while (busy_.load() > 0) {
        Tick();
        LookForForgotten();
        interleave::Yield();
      }
      return;
    }
    for (int i = 0; i < operations / 3 + 1; i++) {
      if (random.Percent(25)) {
        LookAtTime();
      } else {
        Sleep(processor, random.Percent(10) ? 80 * kTick : random.Below(6 * kTick));
      }
    }
    busy_.fetch_sub(1);
  }

  bool HasInterrupt() const override { return true; }
  void Interrupt() override { Tick(); }

 private:
  struct Sleeper {
    std::atomic<uint64_t> deadline{0};  // 0: it does not wait
    uint64_t overdue = 0;               // ticks
  };

  static void Tick() {
    cycles.fetch_add(kTick);
    const status_t status = timer_interrupt();
    INTERLEAVE_CHECK(status_is_ok(status), "timer_interrupt answers %u", status.code);
  }

  static uint64_t Now() {
    const nanoseconds_result_t time = timer_now();
    INTERLEAVE_CHECK(status_is_ok(time.status), "timer_now answers %u", time.status.code);
    return time.value.count;
  }

  static void LookAtTime() {
    const uint64_t first = Now();
    cycles.fetch_add(7);
    interleave::Pause();
    INTERLEAVE_CHECK(Now() >= first, "time goes back");
  }

  void Sleep(int processor, uint64_t length) {
    Sleeper &sleeper = sleepers_[static_cast<size_t>(processor)];
    const uint64_t deadline = Now() + length;
    interleave::Note("sleeps until %llu", static_cast<unsigned long long>(deadline));
    sleeper.deadline.store(deadline);
    for (;;) {
      const status_t status = timer_wait_until({deadline});
      if (status_is_ok(status)) break;
      INTERLEAVE_CHECK(status_is(status, STATUS_WOULD_BLOCK), "timer_wait_until answers %u",
                       status.code);
      interleave::Await();
    }
    sleeper.deadline.store(0);
    INTERLEAVE_CHECK(Now() >= deadline, "it is woken %llu ns early",
                     static_cast<unsigned long long>(deadline - Now()));
  }

  void LookForForgotten() {
    for (int i = 1; i < interleave::Processors(); i++) {
      Sleeper &sleeper = sleepers_[static_cast<size_t>(i)];
      const uint64_t deadline = sleeper.deadline.load();
      const bool due = deadline != 0 && cycles.load() > deadline + kTick;
      sleeper.overdue = due && interleave::IsParked(i) ? sleeper.overdue + 1 : 0;
      INTERLEAVE_CHECK(sleeper.overdue <= kPatience, "processor %d sleeps past %llu", i,
                       static_cast<unsigned long long>(deadline));
    }
  }

  std::atomic<int> busy_{0};
  std::array<Sleeper, interleave::kMostProcessors> sleepers_;
};

constexpr uint64_t kHertz = 1000000000;

}  // namespace

// The HPET is there, and counts as the cycles do; nothing else is asked for.
status_t hpet_start(tick_source_t *source) {
  interleave::Call("hpet_start");
  *source = {11, kHertz, UINT32_MAX, kTick};
  return OK;
}
u64_result_t hpet_counter(void) {
  interleave::Call("hpet_counter");
  return {OK, cycles.load() & UINT32_MAX};
}
extern "C" status_t hpet_stop(void);
status_t hpet_stop(void) { return OK; }
status_t pit_start(tick_source_t *) { return ERR(NOT_FOUND); }
u64_result_t pit_counter(void) { return {ERR(NOT_FOUND), 0}; }
uint64_t host_cycle_counter(void) { return cycles.load(); }

status_t log_write(text_t, text_t) {
  interleave::Call("log_write");
  return OK;
}

bool_result_t machine_option(text_t word) { return {OK, text_equal(word, TEXT("icount"))}; }

reference_result_t reference_obtain(text_t) {
  interleave::Call("reference_obtain");
  return {OK, {1, 1}};
}

status_t interrupt_dispatch_register(uint64_t, reference_t, text_t) {
  interleave::Call("interrupt_dispatch_register");
  return OK;
}
extern "C" status_t interrupt_dispatch_watch(uint64_t line);
status_t interrupt_dispatch_watch(uint64_t) {
  interleave::Call("interrupt_dispatch_watch");
  return OK;
}
extern "C" status_t interrupt_dispatch_unregister(uint64_t line);
status_t interrupt_dispatch_unregister(uint64_t) { return OK; }

// No step, so there is nobody to look after a silent source.
task_result_t task_self(void) { return {ERR(NOT_FOUND), {}}; }

status_t task_preempt(void) {
  interleave::Call("task_preempt");
  return OK;
}

INTERLEAVE_SUITE("timer", TimerSuite);
