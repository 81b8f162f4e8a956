// SPDX-License-Identifier: MIT
#include "cells/timer/fake_world.h"

#include "cells/hpet/hpet.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/log/log.h"
#include "cells/pit/pit.h"
#include "nano_core/api/machine.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(timer_clock, 4096);

FakeWorld world;

namespace {

status_t Start(FakeSource *source, tick_source_t *out) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  source->starts++;
  if (!status_is_ok(source->start_status)) return source->start_status;
  const auto hertz = static_cast<uint64_t>(source->hertz);
  *out = {source->line, hertz, source->mask, hertz / kTicksPerSecond};
  return OK;
}

u64_result_t Count(const FakeSource &source) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (!status_is_ok(source.counter_status)) return {source.counter_status, 0};
  return {OK,
          source.running ? static_cast<uint64_t>(world.seconds * source.hertz) & source.mask : 0};
}

class NoDevice : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t, int) override {
    ADD_FAILURE();
    return 0;
  }
  void WritePort(uint16_t, uint32_t, int) override { ADD_FAILURE(); }
};

}  // namespace

status_t hpet_start(tick_source_t *source) { return Start(&world.hpet, source); }
u64_result_t hpet_counter(void) { return Count(world.hpet); }
status_t hpet_stop(void) {
  EXPECT_EQ(world.unregistrations, 1) << "the line is quiet first";
  EXPECT_EQ(world.pit.starts, 0) << "the PIT's line is taken until then";
  world.stops++;
  return OK;
}
status_t pit_start(tick_source_t *source) { return Start(&world.pit, source); }
u64_result_t pit_counter(void) { return Count(world.pit); }

status_t log_write(text_t source, text_t message) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_TRUE(text_equal(source, TEXT("timer")));
  world.lines.push_back(std::string(message.data, message.length));
  return OK;
}

bool_result_t machine_option(text_t word) {
  if (text_equal(word, TEXT("watchdog=off"))) return {OK, world.unwatched};
  return {OK, text_equal(word, TEXT("icount"))
                  ? world.deterministic
                  : text_equal(word, TEXT("timer=pit")) && world.forced};
}

event_result_t event_create(void) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  const auto index = static_cast<uint32_t>(world.events.numbers.size());
  if (index >= world.events.most) return {ERR(NO_MEMORY), {}};
  world.events.numbers[index] = 0;
  return {OK, {index, 1}};
}

status_t event_destroy(event_t) { return OK; }

status_t event_signal(event_t event) {
  world.events.signals++;
  world.events.numbers.at(event.index)++;
  return OK;
}

status_t event_watch(event_t event) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (world.events.before_watch) world.events.before_watch();
  world.events.watches++;
  world.events.watched = event;
  world.events.number = world.events.numbers.at(event.index);
  return OK;
}

task_result_t task_self(void) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  return {world.in_a_step ? OK : ERR(NOT_FOUND), {}};
}

reference_result_t reference_obtain(text_t function) {
  EXPECT_TRUE(text_equal(function, TEXT("timer_interrupt")));
  return {OK, {9, 1}};
}

status_t interrupt_dispatch_register(uint64_t line, reference_t handler, text_t name) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  world.registered_line = line;
  world.registered_name = std::string(name.data, name.length);
  EXPECT_EQ(handler.index, 9u);
  world.registrations++;
  return world.register_status;
}

status_t interrupt_dispatch_watch(uint64_t line) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(line, world.registered_line) << "nobody would handle the tick";
  world.watched.push_back(line);
  return world.watch_status;
}

status_t interrupt_dispatch_unregister(uint64_t line) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(line, world.registered_line);
  world.unregistrations++;
  return OK;
}

status_t task_preempt(void) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  world.preemptions++;
  return OK;
}

void TimerTest::SetUp() {
  static NoDevice no_device;
  host_device = &no_device;
  ForgetState();
  SetCycles(kBase);
  world = {};
}

void TimerTest::TearDown() { EXPECT_EQ(host_monitor_depth(), 0u); }

void TimerTest::ForgetState() { HOST_STATE_CLEAR(timer_clock); }

void TimerTest::PassCycles(uint64_t cycles) { host_cycles += cycles; }

void TimerTest::SetCycles(uint64_t cycles) { host_cycles = cycles; }

void TimerTest::Pass(double milliseconds) {
  world.seconds += milliseconds / 1000;
  PassCycles(static_cast<uint64_t>(milliseconds * megahertz_ * 1000));
}

void TimerTest::Tick(double milliseconds) {
  Pass(milliseconds);
  EXPECT_EQ(Code(timer_interrupt()), STATUS_OK);
}

void TimerTest::StartDeterministic() {
  world.deterministic = true;
  Start();
  TickAt(0);
}

void TimerTest::TickAt(uint64_t time) {
  SetCycles(kBase + time);
  EXPECT_EQ(Code(timer_interrupt()), STATUS_OK);
}
