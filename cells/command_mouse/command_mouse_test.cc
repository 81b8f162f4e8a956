// SPDX-License-Identifier: MIT
#include "cells/command_mouse/command_mouse.h"

#include <deque>

#include "cells/mouse/mouse.h"
#include "testing/host/command_test.h"

namespace {

std::deque<mouse_event_t> events;
status_t mouse_status;
int late;  // an event comes after so many questions

}  // namespace

status_t mouse_read(mouse_event_t *event) {
  if (!status_is_ok(mouse_status)) return mouse_status;
  if (events.empty() && late > 0 && --late == 0) events.push_back({1, 2, 3, kMouseMiddle});
  if (events.empty()) return ERR(WOULD_BLOCK);
  *event = events.front();
  events.pop_front();
  return OK;
}

namespace {

class CommandMouseTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    events.clear();
    mouse_status = OK;
    late = 0;
  }
};

TEST_F(CommandMouseTest, Mouse_Events_AreRows) {
  events = {{5, -3, 0, 0}, {-256, 255, -1, kMouseLeft | kMouseRight}};
  const CommandAnswer answer = Run(command_mouse_step, "mouse");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "RIGHT DOWN  WHEEL BUTTONS\n"
            "5     -3    0     -\n"
            "-256  255   -1    lr\n");
  EXPECT_EQ(answer.waits, 0);
}

TEST_F(CommandMouseTest, Mouse_Number_WaitsForSoMany) {
  events = {{5, -3, 0, 0}};
  late = 3;
  const CommandAnswer answer = Run(command_mouse_step, "mouse 2");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.waits, 2);
  EXPECT_NE(answer.output.find("1     2     3     m\n"), std::string::npos);
}

TEST_F(CommandMouseTest, Mouse_Many_TakeSeveralSteps) {
  for (int i = 0; i < 64; i++) events.push_back({});
  const CommandAnswer answer = Run(command_mouse_step, "mouse 60");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 61);
  EXPECT_EQ(events.size(), 4u);
}

TEST_F(CommandMouseTest, Mouse_None_IsSaid) {
  mouse_status = ERR(NOT_FOUND);
  const CommandAnswer answer = Run(command_mouse_step, "mouse");
  EXPECT_STATUS(NOT_FOUND, answer.status);
  EXPECT_EQ(answer.message, "no PS/2 mouse answers");
}

TEST_F(CommandMouseTest, Mouse_Arguments_AreChecked) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_mouse_step, "mouse x").status);
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_mouse_step, "mouse 1 2").status);
}

}  // namespace
