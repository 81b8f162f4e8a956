// SPDX-License-Identifier: MIT
#include "testing/host/events.h"

#include <gtest/gtest.h>

#include "nano_core/api/event.h"
#include "testing/host/state.h"

HostEvents host_events;

event_result_t event_create(void) { return {OK, {1, 1}}; }

status_t event_destroy(event_t) { return OK; }

status_t event_signal(event_t) {
  host_events.signals++;
  return OK;
}

status_t event_watch(event_t) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  host_events.watches++;
  return OK;
}
