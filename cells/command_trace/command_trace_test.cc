// SPDX-License-Identifier: MIT
#include "cells/command_trace/command_trace.h"

#include "cells/timer/timer.h"
#include "testing/host/command_test.h"

namespace {

uint64_t g_ratio;  // nanoseconds of four cycles
status_t g_timer_status;

trace_event_t Event(uint32_t kind, const std::string &name, uint64_t start, uint64_t duration = 0) {
  trace_event_t event = {};
  event.kind = kind;
  event.start = start;
  event.duration = duration;
  event.name = fake_name(name);
  return event;
}

}  // namespace

u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles) {
  if (!status_is_ok(g_timer_status)) return {g_timer_status, 0};
  return {OK, cycles / 4 * g_ratio};
}

namespace {

class CommandTraceTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    g_ratio = 4;
    g_timer_status = OK;
  }

  static trace_event_t &Add(trace_event_t event) {
    event.index = fake_core().trace.size();
    fake_core().trace.push_back(event);
    return fake_core().trace.back();
  }
};

constexpr char kHeader[] =
    "TIME_NS       KIND       NAME                   STATUS      DURATION_NS DETAIL\n";

TEST_F(CommandTraceTest, Trace_Events_AreRows) {
  trace_event_t &swap = Add(Event(kTraceSwap, "keyboard", 1000, 500));
  swap.number = 2;
  swap.value = 7;
  Add(Event(kTraceLoad, "heap", 2000, 30)).value = 1;
  Add(Event(kTraceInitialise, "heap", 2100, 5)).status = ERR(NO_MEMORY);
  trace_event_t &fault = Add(Event(kTraceFault, "adder", 3000));
  fault.number = 14;
  fault.value = 0xffffffffa0001234;
  fault.status = ERR(FAULT);
  trace_event_t &task = Add(Event(kTraceTaskEnd, "shell", 4000));
  task.value = 12;
  task.status = ERR(END);
  trace_event_t &bind = Add(Event(kTraceBind, "console", 5000, 90));
  bind.value = 8;
  bind.status = ERR(UNAVAILABLE);
  Add(Event(kTracePrepare, "", 6000, 1)).status = ERR(BAD_OBJECT);
  const CommandAnswer answer = Run(command_trace_step, "trace");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(
      answer.output,
      std::string(kHeader) +
          "1000          swap       keyboard               OK          500         "
          "request 2 generation 7\n"
          "2000          load       heap                   OK          30          "
          "generation 1\n"
          "2100          initialise heap                   NO_MEMORY   5           -\n"
          "3000          fault      adder                  FAULT       0           "
          "exception 14 at 0xffffffffa0001234\n"
          "4000          task_end   shell                  END         0           "
          "task 0 steps 12\n"
          "5000          bind       console                UNAVAILABLE 90          times 8\n"
          "6000          prepare    -                      BAD_OBJECT  1           cells 0\n");
}

TEST_F(CommandTraceTest, Trace_Json_IsOneEventALine) {
  trace_event_t &swap = Add(Event(kTraceSwap, "keyboard", 1234567, 1500));
  swap.number = 2;
  swap.value = 7;
  Add(Event(kTraceTaskStart, "shell", 2000)).number = 3;
  Add(Event(kTraceTaskEnd, "shell", 3000)).number = 3;
  Add(Event(kTraceMonitor, "heap", 4000)).number = 1;
  const CommandAnswer answer = Run(command_trace_step, "trace json");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(
      answer.output,
      "{\"traceEvents\":[\n"
      "{\"name\":\"swap keyboard\",\"cat\":\"swap\",\"ph\":\"X\",\"ts\":1234.567,\"dur\":1.500,"
      "\"pid\":1,\"tid\":2,\"args\":{\"status\":\"OK\",\"detail\":\"request 2 generation 7\"}},\n"
      "{\"name\":\"task shell\",\"cat\":\"task\",\"ph\":\"B\",\"ts\":2.000,\"pid\":1,\"tid\":103,"
      "\"args\":{\"status\":\"OK\",\"detail\":\"task 3\"}},\n"
      "{\"name\":\"task shell\",\"cat\":\"task\",\"ph\":\"E\",\"ts\":3.000,\"pid\":1,\"tid\":103,"
      "\"args\":{\"status\":\"OK\",\"detail\":\"task 3 steps 0\"}},\n"
      "{\"name\":\"monitor heap\",\"cat\":\"monitor\",\"ph\":\"i\",\"s\":\"t\",\"ts\":4.000,"
      "\"pid\":1,\"tid\":0,\"args\":{\"status\":\"OK\",\"detail\":\"left 1\"}},\n"
      "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"tid\":0,"
      "\"args\":{\"name\":\"Theseus\"}}\n]}\n");
}

TEST_F(CommandTraceTest, Trace_PartOfASpan_StaysInsideAfterRounding) {
  g_ratio = 1;  // 0.25 ns a cycle: both ends are cut
  Add(Event(kTraceSwap, "outer", 1001, 10));
  Add(Event(kTraceGrace, "outer", 1003, 8));
  const std::string output = Run(command_trace_step, "trace").output;
  EXPECT_NE(output.find("250           swap       outer                  OK          2"),
            std::string::npos);
  EXPECT_NE(output.find("250           grace      outer                  OK          2"),
            std::string::npos);
}

TEST_F(CommandTraceTest, Trace_LongUptime_DoesNotWrap) {
  Add(Event(kTraceSwap, "late", UINT64_C(1) << 60, 4));
  EXPECT_NE(Run(command_trace_step, "trace").output.find("\n1152921504606846976 swap"),
            std::string::npos);
}

TEST_F(CommandTraceTest, Trace_EventsThatKeepComing_EndItAllTheSame) {
  for (int i = 0; i < 1500; i++) Add(Event(kTraceStep, "x", 1));
  const CommandAnswer answer = Run(command_trace_step, "trace");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 1 + kTraceEvents);
}

TEST_F(CommandTraceTest, Trace_NoTimerYet_Waits) {
  g_timer_status = ERR(WOULD_BLOCK);
  Begin("trace");
  EXPECT_STATUS(WOULD_BLOCK, command_trace_step(&command_));
  g_timer_status = OK;
  EXPECT_EQ(Finish(command_trace_step).output, kHeader);
}

TEST_F(CommandTraceTest, Trace_OtherWords_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_trace_step, "trace xml").status);
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_trace_step, "trace json x").status);
}

}  // namespace
