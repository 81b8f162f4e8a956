// SPDX-License-Identifier: MIT
#include "testing/host/state.h"

#include <gtest/gtest.h>

#include <thread>

struct counter {
  monitor_t monitor;
  uint64_t value;
};

HOST_STATE(counter, host_counter);
HOST_STATE_BYTES(host_bytes, 64);

namespace {

const monitor_t *second() { return static_cast<const monitor_t *>(state_host_bytes); }

class HostStateTest : public ::testing::Test {
 protected:
  void SetUp() override { HOST_STATE_CLEAR(host_counter); }
};

TEST_F(HostStateTest, Blob_First_IsAllZero) {
  EXPECT_EQ(state_host_counter->value, 0u);
  EXPECT_EQ(static_cast<const void *>(HOST_STATE_STORAGE(host_bytes)), state_host_bytes);
}

TEST_F(HostStateTest, Set_Member_IsSeenByTheCell) {
  state_set(&state_host_counter->value, uint64_t{7});
  EXPECT_EQ(state_host_counter->value, 7u);
}

TEST_F(HostStateTest, Clear_AfterSet_IsAllZero) {
  state_set(&state_host_counter->value, uint64_t{7});
  HOST_STATE_CLEAR(host_counter);
  EXPECT_EQ(state_host_counter->value, 0u);
}

TEST_F(HostStateTest, Monitor_Nested_IsCounted) {
  const size_t before = host_monitor_entries();
  monitor_enter(&state_host_counter->monitor);
  monitor_enter(second());
  EXPECT_EQ(host_monitor_depth(), 2u);
  EXPECT_TRUE(host_monitor_is_entered(second()));
  monitor_exit(second());
  EXPECT_FALSE(host_monitor_is_entered(second()));
  monitor_exit(&state_host_counter->monitor);
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(host_monitor_entries(), before + 2);
}

TEST_F(HostStateTest, Monitor_Threads_ExcludeEachOther) {
  const auto count = [] {
    for (int i = 0; i < 1000; i++) {
      monitor_enter(&state_host_counter->monitor);
      state_set(&state_host_counter->value, state_host_counter->value + 1);
      monitor_exit(&state_host_counter->monitor);
    }
  };
  std::thread other(count);
  count();
  other.join();
  EXPECT_EQ(state_host_counter->value, 2000u);
}

TEST(HostStateDeathTest, MonitorEnter_Twice_Traps) {
  monitor_enter(second());
  EXPECT_DEATH(monitor_enter(second()), "");
  monitor_exit(second());
}

TEST(HostStateDeathTest, MonitorEnter_NineDeep_Traps) {
  const monitor_t monitors[9] = {};
  for (int i = 0; i < 8; i++) monitor_enter(&monitors[i]);
  EXPECT_DEATH(monitor_enter(&monitors[8]), "");
  for (int i = 7; i >= 0; i--) monitor_exit(&monitors[i]);
}

TEST(HostStateDeathTest, MonitorExit_NotEntered_Traps) { EXPECT_DEATH(monitor_exit(second()), ""); }

TEST(HostStateDeathTest, MonitorExit_OutOfOrder_Traps) {
  monitor_enter(&state_host_counter->monitor);
  monitor_enter(second());
  EXPECT_DEATH(monitor_exit(&state_host_counter->monitor), "");
  monitor_exit(second());
  monitor_exit(&state_host_counter->monitor);
}

}  // namespace
