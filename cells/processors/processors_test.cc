// SPDX-License-Identifier: MIT
#include "cells/processors/processors.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cells/acpi_madt/acpi_madt.h"
#include "cells/log/log.h"
#include "cells/timer/timer.h"
#include "nano_core/api/machine.h"
#include "nano_core/api/memory.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(processors_failed, 256);

namespace {

constexpr uint64_t kMillisecond = 1000000;
constexpr uint64_t kNever = UINT64_MAX;

// A processor that somebody may start.
struct Sleeper {
  uint64_t delay = kMillisecond / 10;  // from the first start that counts until it is online
  int deaf = 0;                        // so many starts do not count
  uint64_t comes = kNever;             // when
};

struct Prepared {
  uint32_t apic = 0;
  bool online = false;
};

struct World {
  std::vector<acpi_madt_entry_t> entries;
  status_t madt_end = {STATUS_END};
  std::map<std::string, std::string> words;
  std::map<uint32_t, Sleeper> sleepers;               // by APIC; others never come
  std::map<uint64_t, Prepared> processors;            // by number
  std::map<uint32_t, status_t> unpreparable;          // by APIC
  std::vector<std::pair<uint64_t, uint32_t>> starts;  // when, APIC
  std::vector<uint32_t> abandoned;
  std::vector<std::string> lines;
  std::vector<task_progress_t> tasks;
  status_t spawn_status = {STATUS_OK};
  status_t timer_status = {STATUS_OK};
  status_t start_status = {STATUS_OK};
  bool comes_at_the_last_moment = false;
  uint64_t reset = 0;  // when the last one was
  uint64_t now = 5;
  uint64_t wake = 0;
  int steps = 0;
};

World world;

uint32_t Code(status_t status) { return status.code; }

acpi_madt_entry_t Entry(uint32_t number, uint32_t flags) {
  acpi_madt_entry_t entry = {};
  entry.kind = kAcpiMadtProcessor;
  entry.number = number;
  entry.flags = flags;
  return entry;
}

void Settle() {
  for (auto &[number, processor] : world.processors) {
    const auto sleeper = world.sleepers.find(processor.apic);
    if (sleeper == world.sleepers.end() || sleeper->second.comes > world.now) continue;
    processor.online = true;
  }
}

}  // namespace

u64_result_t acpi_madt_next(uint64_t cursor, acpi_madt_entry_t *entry) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  const uint64_t index = cursor <= 1 ? 0 : cursor - 1;
  if (index >= world.entries.size()) return {world.madt_end, 0};
  *entry = world.entries[index];
  return {OK, index + 2};
}

status_t blob_retain(text_t) { return OK; }

size_result_t machine_option_value(text_t name, text_buffer_t value) {
  const auto word = world.words.find(std::string(name.data, name.length));
  if (word == world.words.end()) return {ERR(NOT_FOUND), 0};
  return {OK, text_copy(value, {word->second.data(), word->second.size()})};
}

status_t log_write(text_t source, text_t message) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(std::string(source.data, source.length), "processors");
  world.lines.emplace_back(message.data, message.length);
  return OK;
}

nanoseconds_result_t timer_now(void) { return {world.timer_status, {world.now}}; }

status_t timer_wait_until(nanoseconds_t deadline) {
  if (!status_is_ok(world.timer_status)) return world.timer_status;
  if (world.now >= deadline.count) return OK;
  world.wake = deadline.count;
  return ERR(WOULD_BLOCK);
}

reference_result_t reference_obtain(text_t) { return {OK, {3, 1}}; }
status_t reference_release(reference_t) { return OK; }

task_result_t task_spawn(text_t name, reference_t, const task_progress_t *progress) {
  EXPECT_EQ(std::string(name.data, name.length), "processors");
  if (!status_is_ok(world.spawn_status)) return {world.spawn_status, {}};
  world.tasks.push_back(*progress);
  return {OK, {1, 1}};
}

u32_result_t processor_count(void) {
  Settle();
  uint32_t count = 0;
  for (const auto &[number, processor] : world.processors) count += processor.online;
  return {OK, count};
}

status_t processor_describe(uint64_t number, processor_info_t *info) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  Settle();
  const auto found = world.processors.find(number);
  if (found == world.processors.end()) return ERR(NOT_FOUND);
  *info = {};
  info->apic = found->second.apic;
  info->status = found->second.online ? kProcessorOnline : kProcessorPrepared;
  return OK;
}

u32_result_t processor_prepare(uint32_t apic) {
  const auto refused = world.unpreparable.find(apic);
  if (refused != world.unpreparable.end()) return {refused->second, 0};
  uint32_t number = 0;
  for (const auto &[given, processor] : world.processors) {
    if (processor.apic == apic)
      return {processor.online ? ERR(ALREADY_EXISTS) : OK, static_cast<uint32_t>(given)};
  }
  while (world.processors.count(number) > 0) number++;
  EXPECT_LT(number, static_cast<uint32_t>(kProcessors));
  world.processors[number] = {apic, false};
  world.reset = world.now;
  return {OK, number};
}

status_t processor_start(uint32_t number) {
  EXPECT_GE(world.now, world.reset + 10 * kMillisecond);
  if (!status_is_ok(world.start_status)) return world.start_status;
  const uint32_t apic = world.processors.at(number).apic;
  world.starts.emplace_back(world.now, apic);
  const auto sleeper = world.sleepers.find(apic);
  if (sleeper == world.sleepers.end() || sleeper->second.deaf-- > 0) return OK;
  if (sleeper->second.comes == kNever) sleeper->second.comes = world.now + sleeper->second.delay;
  return OK;
}

status_t processor_abandon(uint32_t number) {
  Prepared &processor = world.processors.at(number);
  if (world.comes_at_the_last_moment) processor.online = true;
  if (processor.online) return ERR(ALREADY_EXISTS);
  world.abandoned.push_back(processor.apic);
  world.processors.erase(number);
  return OK;
}

namespace {

using Row = std::pair<uint32_t, uint32_t>;  // APIC, state

class ProcessorsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(processors_failed);
    world = {};
    world.processors[0] = {0, true};
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  // A machine of processors 0 to count - 1, all of which come.
  static void Announce(uint32_t count) {
    for (uint32_t apic = 0; apic < count; apic++) {
      world.entries.push_back(Entry(apic, 1));
      if (apic != 0) world.sleepers[apic] = {};
    }
  }

  // Initialises, and makes the task's steps until it ends.
  static status_t Run() {
    EXPECT_EQ(Code(processors_initialize()), STATUS_OK);
    if (world.tasks.size() != 1) return ERR(NOT_FOUND);
    for (;;) {
      const status_t status = processors_step(&world.tasks[0]);
      EXPECT_EQ(host_monitor_depth(), 0u);
      if (status_is(status, STATUS_END)) {
        const std::string last = world.lines.back();
        world.lines.pop_back();
        EXPECT_EQ(last, std::to_string(processor_count().value) +
                            (processor_count().value == 1 ? " processor runs" : " processors run"));
      }
      if (++world.steps > 5000) ADD_FAILURE() << "the task does not end";
      if (world.steps > 5000) return status;
      if (status_is(status, STATUS_WOULD_BLOCK)) {
        EXPECT_GT(world.wake, world.now);
        world.now = world.wake;
      } else if (!status_is_ok(status)) {
        return status;
      }
    }
  }

  // Reads the list to its end.
  status_t List() {
    list_.clear();
    for (uint64_t cursor = 0;;) {
      processor_t processor = {};
      const u64_result_t next = processors_next(cursor, &processor);
      if (!status_is_ok(next.status)) return next.status;
      EXPECT_GT(next.value, cursor);
      cursor = next.value;
      list_.push_back({processor.apic, processor.state});
    }
  }

  uint32_t CountRunning() {
    uint32_t count = 0;
    EXPECT_EQ(Code(List()), STATUS_END);
    for (const Row &row : list_) count += row.second == kProcessorRunning;
    return count;
  }

  std::vector<Row> list_;
};

TEST_F(ProcessorsTest, Next_NoFirmwareList_IsTheOneThatRuns) {
  world.madt_end = ERR(NOT_FOUND);
  EXPECT_EQ(Code(List()), STATUS_END);
  EXPECT_EQ(list_, (std::vector<Row>{{0, kProcessorRunning}}));
}

TEST_F(ProcessorsTest, Next_EachKind_HasItsState) {
  world.processors = {{0, {2, true}}, {1, {10, true}}, {2, {12, false}}};
  world.entries = {Entry(0, 1),   Entry(2, 1),   Entry(4, 2),  Entry(6, 0), Entry(300, 3),
                   Entry(8, ~1u), Entry(254, 1), Entry(10, 1), Entry(12, 1)};
  EXPECT_EQ(Code(List()), STATUS_END);
  EXPECT_EQ(list_, (std::vector<Row>{{2, kProcessorRunning},
                                     {0, kProcessorIdle},
                                     {4, kProcessorAbsent},
                                     {6, kProcessorDisabled},
                                     {300, kProcessorUnreachable},
                                     {8, kProcessorAbsent},
                                     {254, kProcessorIdle},
                                     {10, kProcessorRunning},
                                     {12, kProcessorStarting}}));
}

TEST_F(ProcessorsTest, Next_Numbers_AreThoseOfNanoCore) {
  world.processors = {{0, {2, true}}, {5, {10, true}}};
  world.entries = {Entry(2, 1), Entry(10, 1), Entry(11, 1)};
  processor_t processor = {};
  ASSERT_EQ(Code(processors_next(1, &processor).status), STATUS_OK);
  EXPECT_EQ(processor.number, 5u);
  ASSERT_EQ(Code(processors_next(3, &processor).status), STATUS_OK);
  EXPECT_EQ(processor.number, static_cast<uint32_t>(kProcessors));
}

TEST_F(ProcessorsTest, Next_NumbersOfEverybodyAndOtherEntries_AreLeftOut) {
  world.entries = {Entry(0xff, 1), Entry(UINT32_MAX, 1), Entry(7, 1)};
  world.entries.push_back({});
  world.entries.back().kind = kAcpiMadtController;
  EXPECT_EQ(Code(List()), STATUS_END);
  EXPECT_EQ(list_, (std::vector<Row>{{0, kProcessorRunning}, {7, kProcessorIdle}}));
}

TEST_F(ProcessorsTest, Next_AThousand_AreAllThere) {
  for (uint32_t i = 0; i < 1000; i++) world.entries.push_back(Entry(i, 1));
  EXPECT_EQ(Code(List()), STATUS_END);
  EXPECT_EQ(list_.size(), 999u);  // 0 runs, 255 is nobody's number
}

TEST_F(ProcessorsTest, Next_NonsenseAtTheEnd_IsIoErrorAfterTheGoodOnes) {
  world.madt_end = ERR(IO_ERROR);
  world.entries = {Entry(1, 1)};
  EXPECT_EQ(Code(List()), STATUS_IO_ERROR);
  EXPECT_EQ(list_.size(), 2u);
}

TEST_F(ProcessorsTest, Initialize_NobodyToStart_MakesNoTask) {
  world.entries = {Entry(0, 1), Entry(1, 2), Entry(2, 0), Entry(255, 1), Entry(256, 1)};
  EXPECT_EQ(Code(processors_initialize()), STATUS_OK);
  EXPECT_TRUE(world.tasks.empty());
}

TEST_F(ProcessorsTest, Initialize_AgainAfterASwap_MakesNoOtherTask) {
  Announce(4);
  EXPECT_EQ(Code(processors_initialize()), STATUS_OK);
  EXPECT_EQ(Code(processors_initialize()), STATUS_OK);
  EXPECT_EQ(world.tasks.size(), 1u);
}

TEST_F(ProcessorsTest, Initialize_NoTaskToBeHad_IsSaidAndTheListWorks) {
  Announce(2);
  world.spawn_status = ERR(NO_MEMORY);
  EXPECT_EQ(Code(processors_initialize()), STATUS_OK);
  EXPECT_EQ(world.lines.size(), 1u);
  EXPECT_EQ(CountRunning(), 1u);
}

TEST_F(ProcessorsTest, Step_AllCome_AllRunOneAfterTheOther) {
  Announce(4);
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(CountRunning(), 4u);
  ASSERT_EQ(world.starts.size(), 3u);
  for (uint32_t i = 0; i < 3; i++) EXPECT_EQ(world.starts[i].second, i + 1);
  EXPECT_LT(world.now, 50 * kMillisecond);
  EXPECT_TRUE(world.lines.empty());
}

TEST_F(ProcessorsTest, Step_OneNeverComes_IsGivenUpAndLeftOut) {
  Announce(4);
  world.sleepers.erase(2);
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(world.abandoned, (std::vector<uint32_t>{2}));
  EXPECT_EQ(world.lines,
            (std::vector<std::string>{
                "processor 2 (APIC 2) did not start; the machine goes on without it"}));
  EXPECT_EQ(CountRunning(), 3u);
  EXPECT_EQ(list_[2], (Row{2, kProcessorFailed}));
  ASSERT_EQ(world.starts.size(), 5u);  // 1, three times 2, 3
  const uint64_t first = world.starts[1].first;
  EXPECT_NEAR(static_cast<double>(world.starts[2].first - first), 20.0 * kMillisecond,
              10.0 * kMillisecond);
  EXPECT_NEAR(static_cast<double>(world.starts[3].first - first), 200.0 * kMillisecond,
              10.0 * kMillisecond);
  EXPECT_GE(world.starts[4].first - first, 1000 * kMillisecond);
}

TEST_F(ProcessorsTest, Step_OneComesLate_Runs) {
  Announce(3);
  world.sleepers[1].delay = 990 * kMillisecond;
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(CountRunning(), 3u);
  EXPECT_TRUE(world.lines.empty());
}

TEST_F(ProcessorsTest, Step_OneComesWhenItIsGivenUp_Runs) {
  Announce(2);
  world.sleepers.erase(1);
  world.comes_at_the_last_moment = true;
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(CountRunning(), 2u);
  EXPECT_TRUE(world.lines.empty());
}

TEST_F(ProcessorsTest, Step_FirstStartsAreLost_IsStartedAgain) {
  Announce(2);
  world.sleepers[1].deaf = 2;
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(CountRunning(), 2u);
  EXPECT_EQ(world.starts.size(), 3u);
}

TEST_F(ProcessorsTest, Step_OneIsListedTwice_IsStartedOnce) {
  Announce(3);
  world.entries.push_back(Entry(1, 1));
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(world.starts.size(), 2u);
}

TEST_F(ProcessorsTest, Step_OneIsListedTwiceAndNeverComes_IsTriedOnce) {
  Announce(2);
  world.sleepers.clear();
  world.entries.push_back(Entry(1, 1));
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(world.abandoned.size(), 1u);
}

TEST_F(ProcessorsTest, Step_SixteenAndTwenty_SixteenRun) {
  for (const uint32_t count : {16u, 20u}) {
    SetUp();
    Announce(count);
    EXPECT_EQ(Code(Run()), STATUS_END);
    EXPECT_EQ(CountRunning(), 16u) << count;
    EXPECT_EQ(list_.size(), count);
    EXPECT_EQ(list_.back().second, count == 16 ? kProcessorRunning : kProcessorIdle);
    EXPECT_TRUE(world.lines.empty());
  }
}

TEST_F(ProcessorsTest, Step_TwentyOfWhichSomeNeverCome_OthersTakeTheirPlaces) {
  Announce(20);
  for (const uint32_t apic : {1, 7, 15}) world.sleepers.erase(apic);
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(CountRunning(), 16u);
  EXPECT_EQ(list_[18].second, kProcessorRunning);
  EXPECT_EQ(list_[19].second, kProcessorIdle);
}

TEST_F(ProcessorsTest, Word_Number_IsTheMostThatRun) {
  for (const uint32_t limit : {1u, 3u, 7u}) {
    SetUp();
    Announce(5);
    world.words["processors"] = std::to_string(limit);
    EXPECT_EQ(Code(Run()), limit == 1 ? STATUS_NOT_FOUND : STATUS_END);
    EXPECT_EQ(CountRunning(), limit < 5 ? limit : 5) << limit;
    EXPECT_TRUE(world.lines.empty());
  }
}

TEST_F(ProcessorsTest, Word_Malformed_IsSaidAndIgnored) {
  for (const char *word : {"", "0", "x", "-1", "0x2", "2x", "99999999999999999999"}) {
    SetUp();
    Announce(3);
    world.words["processors"] = word;
    EXPECT_EQ(Code(Run()), STATUS_END) << word;
    EXPECT_EQ(CountRunning(), 3u) << word;
    EXPECT_EQ(world.lines,
              (std::vector<std::string>{"processors=" + std::string(word) +
                                        " is ignored; it must be a number from 1 on"}));
  }
}

TEST_F(ProcessorsTest, Step_NoMemoryForOne_IsLeftOut) {
  Announce(3);
  world.unpreparable[1] = ERR(NO_MEMORY);
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(CountRunning(), 2u);
  EXPECT_EQ(list_[1], (Row{1, kProcessorFailed}));
  EXPECT_EQ(world.lines.size(), 1u);
}

TEST_F(ProcessorsTest, Step_NoPlaceBelowOneMegabyte_IsSaidOnce) {
  Announce(3);
  world.unpreparable[1] = ERR(UNSUPPORTED);
  world.unpreparable[2] = ERR(UNSUPPORTED);
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(world.lines.size(), 1u);
  EXPECT_EQ(CountRunning(), 1u);
}

TEST_F(ProcessorsTest, Step_AnotherIsOnItsWayForEver_EndsSometime) {
  Announce(2);
  world.start_status = ERR(BUSY);
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(world.abandoned.size(), 1u);
  EXPECT_GE(world.now, 900 * kMillisecond);
}

TEST_F(ProcessorsTest, Step_NonsenseAtTheListsEnd_StartsTheGoodOnes) {
  Announce(3);
  world.madt_end = ERR(IO_ERROR);
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(world.starts.size(), 2u);
}

TEST_F(ProcessorsTest, Step_TimerGoneForAWhile_GoesOnWhereItWas) {
  Announce(2);
  ASSERT_EQ(Code(processors_initialize()), STATUS_OK);
  world.timer_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(processors_step(&world.tasks[0])), STATUS_UNAVAILABLE);
  world.timer_status = OK;
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(CountRunning(), 2u);
}

TEST_F(ProcessorsTest, Step_CutOffAfterTheReset_StartsItAnyway) {
  Announce(3);
  ASSERT_EQ(Code(processors_initialize()), STATUS_OK);
  const task_progress_t before = world.tasks[0];
  ASSERT_EQ(Code(processors_step(&world.tasks[0])), STATUS_OK);
  ASSERT_EQ(world.processors.size(), 2u);
  world.tasks[0] = before;
  EXPECT_EQ(Code(Run()), STATUS_END);
  EXPECT_EQ(CountRunning(), 3u);
}

TEST_F(ProcessorsTest, Step_ForeignProgress_IsRefused) {
  task_progress_t foreign = {};
  foreign.seal.tag = 1;
  EXPECT_EQ(Code(processors_step(&foreign)), STATUS_INVALID_OBJECT);
}

}  // namespace
