// SPDX-License-Identifier: MIT
#include "cells/command_date/command_date.h"

#include "cells/real_time_clock/real_time_clock.h"
#include "cells/timer/timer.h"
#include "testing/host/command_test.h"

namespace {

real_time_t time_now;
status_t clock_status = OK;
int busy;  // so many reads answer BUSY first
uint64_t now;
bool waited;

}  // namespace

status_t real_time_clock_read(real_time_t *time) {
  if (busy > 0) {
    busy--;
    return ERR(BUSY);
  }
  if (!status_is_ok(clock_status)) return clock_status;
  *time = time_now;
  return OK;
}

nanoseconds_result_t timer_now(void) { return {OK, {now}}; }

// Every second question the time has come.
status_t timer_wait_until(nanoseconds_t deadline) {
  EXPECT_EQ(deadline.count, now + 3000000);
  waited = !waited;
  return waited ? ERR(WOULD_BLOCK) : OK;
}

namespace {

class CommandDateTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    time_now = {2026, 1, 2, 3, 4, 5};
    clock_status = OK;
    busy = 0;
    now = 77;
    waited = false;
  }
};

TEST_F(CommandDateTest, Date_Small_HasLeadingZeros) {
  const CommandAnswer answer = Run(command_date_step, "date");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "2026-01-02T03:04:05Z\n");
}

TEST_F(CommandDateTest, Date_Large_IsWhole) {
  time_now = {1999, 12, 31, 23, 59, 59};
  EXPECT_EQ(Run(command_date_step, "date").output, "1999-12-31T23:59:59Z\n");
}

TEST_F(CommandDateTest, Date_Busy_WaitsAndTriesAgain) {
  busy = 3;
  const CommandAnswer answer = Run(command_date_step, "date");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.waits, 3);
  EXPECT_EQ(answer.output, "2026-01-02T03:04:05Z\n");
}

TEST_F(CommandDateTest, Date_BusyForEver_IsIoError) {
  busy = 1000;
  const CommandAnswer answer = Run(command_date_step, "date");
  EXPECT_STATUS(IO_ERROR, answer.status);
  EXPECT_EQ(busy, 990);
  EXPECT_NE(answer.message.find("does not stop changing"), std::string::npos);
}

TEST_F(CommandDateTest, Date_Nonsense_IsIoError) {
  clock_status = ERR(IO_ERROR);
  const CommandAnswer answer = Run(command_date_step, "date");
  EXPECT_STATUS(IO_ERROR, answer.status);
  EXPECT_NE(answer.message.find("no date that there is"), std::string::npos);
}

TEST_F(CommandDateTest, Date_CellGone_IsUnavailable) {
  clock_status = ERR(UNAVAILABLE);
  EXPECT_STATUS(UNAVAILABLE, Run(command_date_step, "date").status);
}

TEST_F(CommandDateTest, Date_Arguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_date_step, "date x").status);
}

}  // namespace
