// SPDX-License-Identifier: MIT
#include "cells/scheduler/scheduler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>
#include <vector>

#include "cells/scheduler_policy_round_robin/scheduler_policy.h"
#include "cells/timer/timer.h"
#include "nano_core/api/memory.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(scheduler_queue, 512 << 10);

namespace {

constexpr uint64_t kIdentity = 0x64636261;  // "abcd"
constexpr uint64_t kOther = 0x68676665;     // "efgh"

// The policy of these tests: the key is what the test put into the priority.
struct Policy {
  status_t status = OK;
  uint64_t identity = kIdentity;
  void (*meanwhile)() = nullptr;  // what another processor does while this one asks; once
  int calls = 0;
  uint64_t reason = 0, now = 0, sequence = 0, floor = 0;
};
Policy policy;

std::map<uint32_t, task_info_t> tasks;
task_parameters_t parameters;
status_t retained = OK;
u64_result_t second = {OK, 250000000};  // nanoseconds of 10^9 cycles: 4 GHz

uint32_t Code(status_t status) { return status.code; }

}  // namespace

u64_result_t scheduler_policy_place(task_schedule_t *schedule, uint64_t reason, uint64_t now,
                                    uint64_t sequence, uint64_t floor) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  policy.calls++;
  policy.reason = reason;
  policy.now = now;
  policy.sequence = sequence;
  policy.floor = floor;
  if (!status_is_ok(policy.status)) return {policy.status, 0};
  schedule->key = schedule->priority;
  const uint64_t answer = policy.identity;
  const auto meanwhile = policy.meanwhile;
  policy.meanwhile = nullptr;
  if (meanwhile != nullptr) meanwhile();
  return {OK, answer};
}

u64_result_t timer_cycles_to_nanoseconds(uint64_t cycles) {
  EXPECT_EQ(cycles, 1000000000u);
  return second;
}

status_t blob_retain(text_t name) {
  EXPECT_TRUE(text_equal(name, TEXT("scheduler_queue")));
  return retained;
}

status_t task_describe(uint64_t index, task_info_t *info) {
  if (index > 100) return ERR(OUT_OF_RANGE);
  const auto found = tasks.find(static_cast<uint32_t>(index));
  if (found == tasks.end()) return ERR(NOT_FOUND);
  *info = found->second;
  return OK;
}

status_t task_set_parameters(task_t task, const task_parameters_t *wanted) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (tasks.count(task.index) == 0) return ERR(STALE);
  parameters = *wanted;
  return OK;
}

namespace {

class SchedulerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(scheduler_queue);
    policy = {};
    tasks.clear();
    parameters = {};
    retained = OK;
    second = {OK, 250000000};
    host_cycles = 5000;
    ASSERT_EQ(Code(scheduler_initialize()), STATUS_OK);
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  uint32_t Enqueue(uint64_t ticket, uint64_t key, uint64_t reason = kScheduleReady) {
    schedule_ = {};
    schedule_.priority = key;
    return Code(scheduler_enqueue(ticket, &schedule_, reason));
  }
  u64_result_t Switch(uint64_t ticket, uint64_t key, uint64_t reason = kScheduleYield) {
    schedule_ = {};
    schedule_.priority = key;
    return scheduler_switch(ticket, &schedule_, reason);
  }
  // The next one, by a processor that has none; 0: none is ready.
  uint64_t Take() {
    const u64_result_t next = scheduler_switch(0, nullptr, 0);
    if (status_is(next.status, STATUS_WOULD_BLOCK)) return 0;
    EXPECT_EQ(Code(next.status), STATUS_OK);
    return next.value;
  }
  scheduler_info_t Info() {
    scheduler_info_t info = {};
    EXPECT_EQ(Code(scheduler_describe(&info)), STATUS_OK);
    return info;
  }
  std::vector<unsigned char> Snapshot() {
    const auto *bytes =
        reinterpret_cast<const unsigned char *>(HOST_STATE_STORAGE(scheduler_queue));
    return {bytes, bytes + sizeof(*HOST_STATE_STORAGE(scheduler_queue))};
  }

  task_schedule_t schedule_ = {};
};

TEST_F(SchedulerTest, Initialize_Fresh_HoldsInterruptsOffAndKnowsThePolicy) {
  monitor_t monitor;
  memcpy(&monitor, HOST_STATE_STORAGE(scheduler_queue), sizeof(monitor));
  EXPECT_EQ(monitor.interrupts, 1u);
  EXPECT_STREQ(Info().policy, "abcd");
  EXPECT_EQ(Enqueue(7, 1), STATUS_OK);
  EXPECT_EQ(Info().dropped, 0u);
}

TEST_F(SchedulerTest, Initialize_AgainWithTasks_KeepsThem) {
  EXPECT_EQ(Enqueue(7, 1), STATUS_OK);
  policy.identity = kOther;  // found when a task is handed in, not here
  EXPECT_EQ(Code(scheduler_initialize()), STATUS_OK);
  EXPECT_EQ(Take(), 7u);
}

TEST_F(SchedulerTest, Initialize_BlobIsNotThere_TellsWhy) {
  retained = ERR(NOT_FOUND);
  EXPECT_EQ(Code(scheduler_initialize()), STATUS_NOT_FOUND);
}

TEST_F(SchedulerTest, Enqueue_NoTicketOrSchedule_IsInvalidAndChangesNothing) {
  const auto before = Snapshot();
  EXPECT_EQ(Enqueue(0, 1), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(scheduler_enqueue(1, nullptr, kScheduleReady)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(scheduler_switch(1, nullptr, kScheduleTick).status), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Snapshot(), before);
}

TEST_F(SchedulerTest, Enqueue_SetsTheKeyOfTheSchedule) {
  EXPECT_EQ(Enqueue(1, 42), STATUS_OK);
  EXPECT_EQ(schedule_.key, 42u);
}

TEST_F(SchedulerTest, Policy_IsToldReasonTimeSequenceAndFloor) {
  EXPECT_EQ(policy.floor, 0u);  // when the cell was initialised there was no queue yet
  host_cycles = 6000;
  EXPECT_EQ(Enqueue(1, 90000, kScheduleAgain), STATUS_OK);
  EXPECT_EQ(policy.reason, uint64_t{kScheduleAgain});
  EXPECT_EQ(policy.now, 6000u);
  EXPECT_EQ(policy.sequence, 0u);
  EXPECT_EQ(policy.floor, 5000u);
  EXPECT_EQ(Take(), 1u);
  EXPECT_EQ(Enqueue(2, 10), STATUS_OK);
  EXPECT_EQ(policy.sequence, 1u);
  EXPECT_EQ(policy.floor, 90000u);
  EXPECT_EQ(Take(), 2u);
  EXPECT_EQ(Enqueue(3, 10), STATUS_OK);
  EXPECT_EQ(policy.floor, 90000u) << "the floor goes back";
}

TEST_F(SchedulerTest, Switch_NoneReady_WouldBlock) {
  EXPECT_EQ(Code(scheduler_switch(0, nullptr, 0).status), STATUS_WOULD_BLOCK);
  EXPECT_EQ(policy.calls, 1);
}

TEST_F(SchedulerTest, Switch_SmallestKey_GoesOnWithoutTouchingTheQueue) {
  EXPECT_EQ(Enqueue(1, 10), STATUS_OK);
  const u64_result_t next = Switch(2, 9);
  EXPECT_EQ(next.value, 2u);
  EXPECT_EQ(Info().continued, 1u);
  EXPECT_EQ(Info().entries, 1u);
  EXPECT_EQ(Switch(3, 11).value, 1u);
  EXPECT_EQ(Info().switched, 1u);
  EXPECT_EQ(Take(), 3u);
  EXPECT_EQ(Info().switched, 2u);
}

TEST_F(SchedulerTest, Switch_Alone_GoesOn) { EXPECT_EQ(Switch(2, UINT64_MAX).value, 2u); }

TEST_F(SchedulerTest, Switch_SameKey_EarlierComesFirst) {
  for (uint64_t ticket = 1; ticket <= 50; ticket++) EXPECT_EQ(Enqueue(ticket, 10), STATUS_OK);
  EXPECT_EQ(Switch(51, 10).value, 1u);
  for (uint64_t ticket = 2; ticket <= 51; ticket++) EXPECT_EQ(Take(), ticket);
}

TEST_F(SchedulerTest, Enqueue_Full_IsNoSpaceAndEverythingComesOut) {
  for (uint64_t i = 0; i < kSchedulerEntries; i++) {
    ASSERT_EQ(Enqueue(i + 1, kSchedulerEntries - i), STATUS_OK);
  }
  const auto before = Snapshot();
  EXPECT_EQ(Enqueue(20000, 0), STATUS_NO_SPACE);
  EXPECT_EQ(Snapshot(), before);
  EXPECT_EQ(Switch(20000, 5).value, uint64_t{kSchedulerEntries});  // an exchange still fits
  for (uint64_t i = 2; i <= kSchedulerEntries; i++) {
    if (i == 6) EXPECT_EQ(Take(), 20000u);  // as early as the one of its key, but later put in
    ASSERT_EQ(Take(), kSchedulerEntries + 1 - i);
  }
  EXPECT_EQ(Take(), 0u);
}

TEST_F(SchedulerTest, Policy_Changed_DropsTheQueueOnceAndIsStale) {
  EXPECT_EQ(Enqueue(1, 10), STATUS_OK);
  EXPECT_EQ(Enqueue(2, 20), STATUS_OK);
  policy.identity = kOther;
  host_cycles = 7777;
  EXPECT_EQ(Enqueue(3, 1), STATUS_STALE);
  EXPECT_EQ(Info().entries, 0u);
  EXPECT_STREQ(Info().policy, "efgh");
  for (uint64_t ticket = 11; ticket <= 13; ticket++) {
    EXPECT_EQ(Enqueue(ticket, 30 - ticket, kScheduleAgain), STATUS_OK);
    EXPECT_EQ(policy.floor, 7777u);
  }
  EXPECT_EQ(Info().dropped, 1u);
  EXPECT_EQ(Take(), 13u);
  EXPECT_EQ(Take(), 12u);
  EXPECT_EQ(Take(), 11u);
}

TEST_F(SchedulerTest, Policy_ChangedAtASwitch_IsStaleToo) {
  EXPECT_EQ(Enqueue(1, 10), STATUS_OK);
  policy.identity = kOther;
  EXPECT_EQ(Code(Switch(3, 1).status), STATUS_STALE);
  EXPECT_EQ(Take(), 0u);
  EXPECT_EQ(Switch(4, 1).value, 4u);
}

TEST_F(SchedulerTest, Policy_NewVersionOfTheSame_KeepsTheQueue) {
  EXPECT_EQ(Enqueue(1, 10), STATUS_OK);
  policy = {};
  EXPECT_EQ(Switch(3, 11).value, 1u);
  EXPECT_EQ(Info().dropped, 0u);
}

TEST_F(SchedulerTest, Policy_Fails_FirstInFirstOutServes) {
  for (const uint32_t error : {STATUS_UNAVAILABLE, STATUS_FAULT, STATUS_BUSY}) {
    policy.status = {error};
    for (uint64_t ticket = 1; ticket <= 20; ticket++) {
      EXPECT_EQ(Enqueue(ticket, 1000 - ticket), STATUS_OK);
    }
    EXPECT_EQ(Switch(21, 0).value, 1u);
    for (uint64_t ticket = 2; ticket <= 21; ticket++) EXPECT_EQ(Take(), ticket);
  }
  EXPECT_EQ(Info().failures, 63u);
  EXPECT_EQ(Info().dropped, 0u);
}

TEST_F(SchedulerTest, Policy_FailsNowAndThen_TheTaskComesBehindThoseThatWait) {
  EXPECT_EQ(Enqueue(1, 10), STATUS_OK);
  EXPECT_EQ(Enqueue(2, 20), STATUS_OK);
  policy.status = ERR(FAULT);
  EXPECT_EQ(Enqueue(3, 0), STATUS_OK);
  EXPECT_EQ(schedule_.key, 20u);
  schedule_.ran = 99;
  EXPECT_EQ(scheduler_switch(9, &schedule_, kScheduleTick).value, 1u);
  EXPECT_EQ(schedule_.ran, 0u);  // not held against it later
  policy.status = OK;
  EXPECT_EQ(Enqueue(4, 21), STATUS_OK);  // so whoever comes later does not keep it waiting
  for (const uint64_t ticket : {2, 3, 9, 4}) EXPECT_EQ(Take(), ticket);
}

TEST_F(SchedulerTest, Policy_MissingFromTheBoot_IsFirstInFirstOutUntilItComes) {
  HOST_STATE_CLEAR(scheduler_queue);
  policy.status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(scheduler_initialize()), STATUS_OK);
  EXPECT_STREQ(Info().policy, "");
  EXPECT_EQ(Enqueue(1, 9), STATUS_OK);
  EXPECT_EQ(Enqueue(2, 8), STATUS_OK);
  EXPECT_EQ(Take(), 1u);
  policy.status = OK;
  EXPECT_EQ(Enqueue(3, 8), STATUS_STALE);
  EXPECT_EQ(Enqueue(4, 8), STATUS_OK);
}

// Two processors ask at the same time; the first one's key was computed for the old queue.
TEST_F(SchedulerTest, Policy_ChangedWhileBeingAsked_KeysForTheOldQueueDoNotCount) {
  EXPECT_EQ(Enqueue(1, 10), STATUS_OK);
  policy.meanwhile = [] {
    policy.identity = kOther;
    task_schedule_t schedule = {};
    EXPECT_EQ(Code(scheduler_enqueue(3, &schedule, kScheduleReady)), STATUS_STALE);
    EXPECT_EQ(Code(scheduler_enqueue(4, &schedule, kScheduleAgain)), STATUS_OK);
  };
  EXPECT_EQ(Enqueue(2, 10), STATUS_STALE);
  EXPECT_STREQ(Info().policy, "efgh");
  EXPECT_EQ(Info().entries, 0u);
  EXPECT_EQ(Enqueue(5, 10), STATUS_OK);
  EXPECT_EQ(Info().dropped, 2u);
}

// The new policy answers, but was told the floor of the old queue.
TEST_F(SchedulerTest, Policy_ChangedBeforeItAnswers_KeysForTheOldQueueDoNotCount) {
  EXPECT_EQ(Enqueue(1, 10), STATUS_OK);
  policy.identity = kOther;
  policy.meanwhile = [] {
    task_schedule_t schedule = {};
    EXPECT_EQ(Code(scheduler_enqueue(3, &schedule, kScheduleReady)), STATUS_STALE);
    EXPECT_EQ(Code(scheduler_enqueue(4, &schedule, kScheduleAgain)), STATUS_OK);
  };
  EXPECT_EQ(Code(Switch(2, 10).status), STATUS_STALE);
  EXPECT_STREQ(Info().policy, "efgh");
  EXPECT_EQ(Take(), 0u);
}

// The queue against a list that is searched.
TEST_F(SchedulerTest, RandomOperations_Always_MatchAModel) {
  using Entry = std::tuple<uint64_t, uint64_t, uint64_t>;  // key, sequence, ticket
  std::vector<Entry> model;
  std::mt19937_64 random(3);
  uint64_t sequence = 0;
  uint64_t ticket = 0;
  const auto take_first = [&model] {
    const auto first = std::min_element(model.begin(), model.end());
    const uint64_t taken = std::get<2>(*first);
    model.erase(first);
    return taken;
  };
  for (int i = 0; i < 30000; i++) {
    const uint64_t key = random() % (i % 3 == 0 ? 5 : 100000);
    const uint64_t action = random() % (i / 5000 % 2 == 0 ? 5 : 7);
    ticket++;
    if (action < 3) {
      ASSERT_EQ(Enqueue(ticket, key), STATUS_OK);
      model.emplace_back(key, ++sequence, ticket);
    } else if (action == 3) {
      const u64_result_t next = Switch(ticket, key);
      ASSERT_EQ(Code(next.status), STATUS_OK);
      const bool goes_on =
          model.empty() || key < std::get<0>(*std::min_element(model.begin(), model.end()));
      if (!goes_on) model.emplace_back(key, ++sequence, ticket);
      ASSERT_EQ(next.value, goes_on ? ticket : take_first());
    } else {
      ASSERT_EQ(Take(), model.empty() ? 0 : take_first());
    }
    ASSERT_EQ(Info().entries, model.size());
  }
  while (!model.empty()) ASSERT_EQ(Take(), take_first());
  EXPECT_EQ(Take(), 0u);
}

class SchedulerConfigureTest : public SchedulerTest {
 protected:
  void SetUp() override {
    SchedulerTest::SetUp();
    task_info_t info = {};
    info.index = 3;
    info.generation = 9;
    info.priority = 32;
    info.weight = 1024;
    info.deadline = 77;
    tasks[3] = info;
  }
  uint32_t Configure(task_t task, scheduler_wishes_t wishes) {
    return Code(scheduler_configure(task, &wishes));
  }
  const task_t task_ = {3, 9};
};

TEST_F(SchedulerConfigureTest, Configure_OneWish_LeavesTheOthers) {
  EXPECT_EQ(Configure(task_, {kSchedulerPriority, 5, 0, {0}}), STATUS_OK);
  EXPECT_EQ(parameters.priority, 5u);
  EXPECT_EQ(parameters.weight, 1024u);
  EXPECT_EQ(parameters.deadline, 77u);
}

TEST_F(SchedulerConfigureTest, Configure_Deadline_IsConvertedToCycles) {
  EXPECT_EQ(Configure(task_, {kSchedulerDeadline | kSchedulerWeight, 0, 7, {1000000}}), STATUS_OK);
  EXPECT_EQ(parameters.deadline, 4000000u);
  EXPECT_EQ(parameters.weight, 7u);
  EXPECT_EQ(Configure(task_, {kSchedulerDeadline, 0, 0, {3600000000000}}), STATUS_OK);
  EXPECT_EQ(parameters.deadline, 14400000000000u);
  EXPECT_EQ(Configure(task_, {kSchedulerDeadline, 0, 0, {0}}), STATUS_OK);
  EXPECT_EQ(parameters.deadline, 0u);
}

TEST_F(SchedulerConfigureTest, Configure_DeadlineShorterThanACycle_IsStillOne) {
  second = {OK, 4000000000};  // a quarter of a gigahertz
  EXPECT_EQ(Configure(task_, {kSchedulerDeadline, 0, 0, {1}}), STATUS_OK);
  EXPECT_EQ(parameters.deadline, 1u);
}

TEST_F(SchedulerConfigureTest, Configure_NotOneTickYet_WouldBlock) {
  second = {ERR(WOULD_BLOCK), 0};
  EXPECT_EQ(Configure(task_, {kSchedulerDeadline, 0, 0, {1}}), STATUS_WOULD_BLOCK);
  EXPECT_EQ(Configure(task_, {kSchedulerPriority, 5, 0, {0}}), STATUS_OK);
}

TEST_F(SchedulerConfigureTest, Configure_BadNumbers_AreRefused) {
  EXPECT_EQ(Configure(task_, {kSchedulerPriority, 64, 0, {0}}), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Configure(task_, {kSchedulerWeight, 0, 0, {0}}), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Configure(task_, {kSchedulerDeadline, 0, 0, {UINT64_MAX}}), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Configure(task_, {8, 0, 0, {0}}), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(Code(scheduler_configure(task_, nullptr)), STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(parameters.weight, 0u);  // never reached
}

TEST_F(SchedulerConfigureTest, Configure_NoSuchTask_IsStale) {
  EXPECT_EQ(Configure({3, 8}, {kSchedulerPriority, 5, 0, {0}}), STATUS_STALE);
  EXPECT_EQ(Configure({4, 9}, {kSchedulerPriority, 5, 0, {0}}), STATUS_STALE);
  EXPECT_EQ(Configure({400, 9}, {kSchedulerPriority, 5, 0, {0}}), STATUS_STALE);
}

}  // namespace
