// SPDX-License-Identifier: MIT
#include "cells/command_top/command_top.h"

#include <functional>

#include "cells/timer/timer.h"
#include "testing/host/command_test.h"

namespace {

uint64_t now;
int polls;                     // questions until the second is over
std::function<void()> second;  // what happens in it
status_t timer_status = OK;

}  // namespace

// A gigahertz.
u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles) { return {timer_status, cycles}; }

nanoseconds_result_t timer_now() { return {timer_status, {now}}; }

status_t timer_wait_until(nanoseconds_t deadline) {
  EXPECT_EQ(deadline.count, 1000000000 + 77u);
  if (polls-- > 0) return ERR(WOULD_BLOCK);
  for (processor_info_t &processor : fake_core().processors) processor.cycles += 1000000000;
  if (second) second();
  return OK;
}

namespace {

constexpr uint64_t kMillisecond = 1000000;

class CommandTopTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    now = 77;
    polls = 1;
    second = nullptr;
    timer_status = OK;
    processor_info_t processor = {};
    processor.cycles = 3000 * kMillisecond;
    processor.idle_cycles = 500 * kMillisecond;
    processor.steps = 9;
    fake_core().processors = {processor, processor};
    fake_core().processors[1].idle = 1;
  }

  static void Add(const std::string &name, uint32_t status, uint64_t ran) {
    task_info_t info = {};
    name.copy(info.name, sizeof(info.name) - 1);
    info.index = static_cast<uint32_t>(fake_core().tasks.size());
    info.generation = 1;
    info.status = status;
    info.ran = ran;
    info.priority = 32;
    info.weight = 1024;
    fake_core().tasks.push_back(info);
  }

  // The values of a column, row by row.
  static std::vector<std::string> Column(const std::string &output, size_t column) {
    std::vector<std::string> values;
    size_t start = 0;
    while (start < output.size()) {
      const size_t end = output.find('\n', start);
      const std::string line = output.substr(start, end - start);
      values.emplace_back(fake_string(words_at({line.data(), line.size()}, column)));
      start = end + 1;
    }
    return values;
  }
};

TEST_F(CommandTopTest, Top_Second_SharesAreOfTheInterval) {
  Add("shell", kTaskRunning, 100 * kMillisecond);
  Add("", 0, 0);
  Add("old", kTaskWaiting, 2000 * kMillisecond);
  Add("busy", kTaskReady, 10 * kMillisecond);
  second = [] {
    fake_core().tasks[3].ran += 750 * kMillisecond;
    fake_core().tasks[0].ran += 33 * kMillisecond;
    fake_core().processors[0].idle_cycles += 217 * kMillisecond;
    fake_core().processors[1].idle_cycles += 1000 * kMillisecond;
  };
  const CommandAnswer answer = Run(command_top_step, "top");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.waits, 1);
  EXPECT_EQ(answer.output,
            "INDEX NAME                 SHARE STATUS  PRIORITY WEIGHT PROCESSOR STEPS        "
            "PREEMPTIONS RAN_MS\n"
            "-     idle/0               21.7  busy    -        -      0         9            "
            "-           717\n"
            "-     idle/1               100.0 asleep  -        -      1         9            "
            "-           1500\n"
            "3     busy                 75.0  ready   32       1024   0         0            "
            "0           760\n"
            "0     shell                3.3   running 32       1024   0         0            "
            "0           133\n"
            "2     old                  0.0   waiting 32       1024   0         0            "
            "0           2000\n");
}

TEST_F(CommandTopTest, Top_Number_IsHowManyTasks) {
  for (int i = 0; i < 30; i++) Add("task", kTaskReady, 0);
  EXPECT_EQ(Column(Run(command_top_step, "top").output, 0).size(), 13u);
  polls = 0;
  EXPECT_EQ(Column(Run(command_top_step, "top 18").output, 0).size(), 21u);
  polls = 0;
  EXPECT_EQ(Column(Run(command_top_step, "top 1").output, 0).size(), 4u);
}

TEST_F(CommandTopTest, Top_ManyTasks_TheActiveOnesAreWatched) {
  for (int i = 0; i < 3000; i++) Add("waits", kTaskWaiting, 50 * kMillisecond);
  for (int i = 0; i < 10; i++) Add("active", kTaskReady, 0);
  second = [] {
    for (uint64_t i = 0; i < 10; i++) {
      fake_core().tasks[3000 + i].ran = (1 + i) * 10 * kMillisecond;
    }
  };
  const CommandAnswer answer = Run(command_top_step, "top");
  const std::vector<std::string> indices = Column(answer.output, 0);
  ASSERT_EQ(indices.size(), 13u);
  for (size_t i = 0; i < 10; i++) EXPECT_EQ(indices[3 + i], std::to_string(3009 - i));
}

TEST_F(CommandTopTest, Top_TaskEndedOrReplacedMeanwhile_IsLeftOutOrNew) {
  Add("ends", kTaskReady, 10 * kMillisecond);
  Add("first", kTaskReady, 900 * kMillisecond);
  second = [] {
    fake_core().tasks[0].name[0] = 0;
    strcpy(fake_core().tasks[1].name, "second");
    fake_core().tasks[1].ran = 200 * kMillisecond;
  };
  const CommandAnswer answer = Run(command_top_step, "top");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output.find("ends"), std::string::npos);
  EXPECT_NE(answer.output.find("second               20.0  "), std::string::npos);
}

TEST_F(CommandTopTest, Top_SixteenProcessors_HaveALineEach) {
  fake_core().processors.resize(kProcessors, fake_core().processors[0]);
  Add("task", kTaskReady, 0);
  const std::vector<std::string> names = Column(Run(command_top_step, "top").output, 1);
  ASSERT_EQ(names.size(), 18u);
  EXPECT_EQ(names[16], "idle/15");
  EXPECT_EQ(names[17], "task");
}

TEST_F(CommandTopTest, Top_CountersBeyond32Bits_AreStillRight) {
  fake_core().processors[0].cycles = UINT64_C(0xfffffff0) << 10;
  Add("task", kTaskReady, (UINT64_C(0xfffffffe) << 10) + 5);
  second = [] { fake_core().tasks[0].ran += 500 * kMillisecond; };
  EXPECT_EQ(Column(Run(command_top_step, "top").output, 2).back(), "50.0");
}

TEST_F(CommandTopTest, Top_NoProcessorCounts_SharesAreNotInvented) {
  fake_core().processors.clear();
  Add("task", kTaskReady, 0);
  const CommandAnswer answer = Run(command_top_step, "top");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(Column(answer.output, 2).back(), "-");
}

TEST_F(CommandTopTest, Top_Arguments_AreChecked) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_top_step, "top x").status);
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_top_step, "top 1 2").status);
  EXPECT_STATUS(OUT_OF_RANGE, Run(command_top_step, "top 0").status);
  EXPECT_STATUS(OUT_OF_RANGE, Run(command_top_step, "top 19").status);
}

TEST_F(CommandTopTest, Top_NoTimer_IsSaid) {
  timer_status = ERR(UNAVAILABLE);
  EXPECT_STATUS(UNAVAILABLE, Run(command_top_step, "top").status);
}

}  // namespace
