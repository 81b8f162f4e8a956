// SPDX-License-Identifier: MIT
#include "patterns/event.h"

#include <gtest/gtest.h>

#include "testing/host/state.h"

struct condition {
  monitor_t monitor;
  event_t event;
};

HOST_STATE(condition, event_condition);

namespace {

// nano_core's events, as far as these tests need them.
uint32_t created;
uint32_t destroyed;
uint32_t signalled;
uint32_t watched;
bool table_full;
bool somebody_is_quicker;

}  // namespace

event_result_t event_create(void) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (table_full) return {ERR(NO_MEMORY), {}};
  created++;
  if (somebody_is_quicker) HOST_STATE_STORAGE(event_condition)->event = {77, 1};
  return {OK, {created, 1}};
}

status_t event_destroy(event_t event) {
  destroyed = event.index;
  return OK;
}

status_t event_signal(event_t event) {
  signalled = event.index;
  return OK;
}

status_t event_watch(event_t event) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  watched = event.index;
  return OK;
}

namespace {

uint32_t Code(status_t status) { return status.code; }

class EventTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(event_condition);
    created = destroyed = signalled = watched = 0;
    table_full = somebody_is_quicker = false;
  }

  status_t Watch() {
    return event_watch_state(&state_event_condition->monitor, &state_event_condition->event);
  }
};

TEST_F(EventTest, Watch_First_MakesTheEventOnce) {
  EXPECT_EQ(Code(Watch()), STATUS_OK);
  EXPECT_EQ(Code(Watch()), STATUS_OK);
  EXPECT_EQ(created, 1u);
  EXPECT_EQ(watched, 1u);
  EXPECT_EQ(state_event_condition->event.index, 1u);
}

TEST_F(EventTest, Watch_TableFull_IsNoMemory) {
  table_full = true;
  EXPECT_EQ(Code(Watch()), STATUS_NO_MEMORY);
  EXPECT_TRUE(event_is_none(state_event_condition->event));
}

TEST_F(EventTest, Watch_SomebodyWasQuicker_TakesHisEvent) {
  somebody_is_quicker = true;
  EXPECT_EQ(Code(Watch()), STATUS_OK);
  EXPECT_EQ(watched, 77u);
  EXPECT_EQ(destroyed, 1u);
}

TEST_F(EventTest, Signal_NobodyEverWatched_DoesNothing) {
  event_signal_state(&state_event_condition->event);
  EXPECT_EQ(signalled, 0u);
}

TEST_F(EventTest, Signal_Watched_Signals) {
  EXPECT_EQ(Code(Watch()), STATUS_OK);
  event_signal_state(&state_event_condition->event);
  EXPECT_EQ(signalled, 1u);
}

}  // namespace
