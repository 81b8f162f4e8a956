// SPDX-License-Identifier: MIT
#include "cells/command_date/command_date.h"

#include "cells/real_time_clock/real_time_clock.h"
#include "cells/timer/timer.h"

// An update of the device takes 2 ms.
enum { kTries = 10 };
static const uint64_t kPatienceNanoseconds = 3000000;

typedef struct progress {
  uint64_t tries;
  uint64_t deadline;  // not before that time; 0: at once
} progress_t;

// At least `width` digits.
static void put_number(command_t *command, uint64_t number, uint64_t width, text_t after) {
  for (uint64_t limit = 10, i = 1; i < width; i++, limit *= 10) {
    if (number < limit) command_put(command, TEXT("0"));
  }
  command_put_decimal(command, number);
  command_put(command, after);
}

static void put_time(command_t *command, const real_time_t *time) {
  put_number(command, time->year, 4, TEXT("-"));
  put_number(command, time->month, 2, TEXT("-"));
  put_number(command, time->day, 2, TEXT("T"));
  put_number(command, time->hour, 2, TEXT(":"));
  put_number(command, time->minute, 2, TEXT(":"));
  put_number(command, time->second, 2, TEXT("Z\n"));
}

// Has the command go on in a while.
static status_t try_later(command_t *command, progress_t *progress) {
  if (++progress->tries == kTries) {
    return command_refuse(command, ERR(IO_ERROR), TEXT("the real-time clock"), TEXT(""),
                          TEXT(" does not stop changing; is there one?"));
  }
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  progress->deadline = now.value.count + kPatienceNanoseconds;
  COMMAND_COMMIT(command, progress);
  return OK;
}

status_t command_date_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("date"));
  progress_t progress;
  COMMAND_OPEN(command, &progress);
  if (progress.deadline != 0) TRY(timer_wait_until((nanoseconds_t){progress.deadline}));
  real_time_t time;
  const status_t status = real_time_clock_read(&time);
  if (status_is(status, STATUS_BUSY)) return try_later(command, &progress);
  if (status_is(status, STATUS_IO_ERROR)) {
    return command_refuse(command, status, TEXT("the real-time clock"), TEXT(""),
                          TEXT(" shows no date that there is; is its battery empty?"));
  }
  TRY(status);
  put_time(command, &time);
  return ERR(END);
}
