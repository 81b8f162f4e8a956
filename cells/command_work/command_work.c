// SPDX-License-Identifier: MIT
#include "cells/command_work/command_work.h"

#include "cells/load_generator/load_generator.h"

enum {
  kOperationsPerSecond = 1000,  // that a load must reach
  kNanosecondsPerSecond = 1000000000,
  kGraceNs = 100000000,  // a load that has just been started has made none yet
  kFirstName = 2,
  kWhyBytes = 80,
};

static const text_t kUsage = TEXT("work start|stop|report|workers [all|NAME...]");

// Whether the command is about the load `name`.
static bool is_wanted(const command_t *command, text_t name) {
  const text_t first = command_word(command, kFirstName);
  if (first.length == 0 || text_equal(first, TEXT("all"))) return true;
  for (size_t i = kFirstName; command_word(command, i).length != 0; i++) {
    if (text_equal(command_word(command, i), name)) return true;
  }
  return false;
}

static bool is_all(const command_t *command) {
  const text_t first = command_word(command, kFirstName);
  return first.length == 0 || text_equal(first, TEXT("all"));
}

static status_t check_name(command_t *command, text_t name) {
  for (uint64_t i = 0;; i++) {
    load_report_t report;
    const status_t status = load_generator_describe(i, &report);
    if (status_is(status, STATUS_END)) break;
    TRY(status);
    if (text_equal(name, COMMAND_FIELD(report.name))) return OK;
  }
  if (text_equal(name, TEXT("queue"))) {
    return command_refuse(command, ERR(UNSUPPORTED), TEXT("the load "), name,
                          TEXT(" is not built yet"));
  }
  return command_refuse(command, ERR(NOT_FOUND), TEXT("no load "), name,
                        TEXT("; there are calls, keys, alloc, tasks and timers"));
}

static status_t check_names(command_t *command) {
  if (is_all(command)) return OK;
  for (size_t i = kFirstName; command_word(command, i).length != 0; i++) {
    TRY(check_name(command, command_word(command, i)));
  }
  return OK;
}

static status_t start(command_t *command) {
  for (;; command->cursor++) {
    load_report_t report;
    TRY(load_generator_describe(command->cursor, &report));
    const text_t name = COMMAND_FIELD(report.name);
    if (!is_wanted(command, name)) continue;
    const status_t status = load_generator_start(name);
    if (status_is(status, STATUS_BUSY) && is_all(command)) continue;
    if (!status_is_ok(status)) {
      return command_refuse(
          command, status, TEXT("the load "), name,
          status_is(status, STATUS_BUSY) ? TEXT(" runs already") : TEXT(" cannot be started"));
    }
  }
}

static status_t stop(command_t *command) {
  for (;; command->cursor++) {
    load_report_t report;
    TRY(load_generator_describe(command->cursor, &report));
    const text_t name = COMMAND_FIELD(report.name);
    if (is_wanted(command, name)) TRY(load_generator_stop(name));
  }
}

static bool is_slow(const load_report_t *report) {
  const uint64_t wanted = report->run_ns / (kNanosecondsPerSecond / kOperationsPerSecond);
  return report->run_ns >= kGraceNs && report->operations < wanted;
}

// What the load `name` loses, when it loses something.
static text_t losses(text_t name) {
  if (text_equal(name, TEXT("tasks"))) return TEXT(" lost children: worker ");
  if (text_equal(name, TEXT("timers"))) return TEXT(" lost sleepers: worker ");
  return TEXT(" lost keys: worker ");
}

// Refuses a load because of one of its workers.
static status_t blame(command_t *command, const load_report_t *report, text_t what, text_t worker) {
  char why[kWhyBytes];
  const text_buffer_t buffer = SPAN_OF(text_buffer, why);
  size_t used = text_copy(buffer, what);
  used += text_copy(text_buffer_slice(buffer, used, buffer.length - used), worker);
  return command_refuse(command, ERR(INTERNAL), TEXT("the load "), COMMAND_FIELD(report->name),
                        text_slice(SPAN_OF(text, why), 0, used));
}

static status_t verdict(command_t *command, const load_report_t *report) {
  const text_t name = COMMAND_FIELD(report->name);
  const text_t ended = COMMAND_FIELD(report->ended);
  const text_t wrong = COMMAND_FIELD(report->wrong);
  if (ended.length != 0) {
    return blame(command, report, TEXT(" has a worker that ended by itself: "), ended);
  }
  if (report->lost != 0) return blame(command, report, losses(name), wrong);
  if (report->errors != 0) {
    return blame(command, report, TEXT(" met wrong answers: worker "), wrong);
  }
  if (!is_slow(report)) return OK;
  return command_refuse(command, ERR(TIMEOUT), TEXT("the load "), name,
                        TEXT(" made fewer than 1000 operations per second"));
}

// Remembers the first thing that is wrong for the end of the report.
static void judge(command_t *command, const load_report_t *report) {
  if (status_is_ok(command->result)) command->result = verdict(command, report);
}

static void put_row(command_t *command, const load_report_t *report, size_t width) {
  command_column(command, COMMAND_FIELD(report->name), width);
  command_column_decimal(command, report->operations, 12);
  command_column_decimal(command, report->lost, 6);
  command_column_decimal(command, report->errors, 6);
  command_column_decimal(command, report->retries, 8);
  command_column_decimal(command, report->external, 8);
}

static status_t report_loads(command_t *command) {
  if (command->cursor == 0) {
    command_put(command, TEXT("NAME     OPS          LOST   ERRORS RETRIES  EXTERNAL\n"));
  }
  for (; command_has_room(command); command->cursor++) {
    load_report_t report;
    TRY(load_generator_describe(command->cursor, &report));
    if (!is_wanted(command, COMMAND_FIELD(report.name))) continue;
    if (report.status == kLoadGeneratorIdle) {
      if (is_all(command)) continue;
      return command_refuse(command, ERR(NOT_FOUND), TEXT("the load "), COMMAND_FIELD(report.name),
                            TEXT(" was never started"));
    }
    put_row(command, &report, 8);
    command_end_row(command);
    judge(command, &report);
  }
  return OK;
}

static void put_worker(command_t *command, const load_report_t *report) {
  put_row(command, report, 10);
  command_column_decimal(command, report->worst_ns, 0);
  command_end_row(command);
}

// The cursor counts workers of the load whose place is the stage less one.
static status_t report_workers(command_t *command) {
  if (command->stage == 1 && command->cursor == 0) {
    command_put(command,
                TEXT("WORKER     OPS          LOST   ERRORS RETRIES  EXTERNAL WORST_NS\n"));
  }
  while (command_has_room(command)) {
    load_report_t report;
    TRY(load_generator_describe(command->stage - 1, &report));
    const bool wanted = is_wanted(command, COMMAND_FIELD(report.name));
    if (wanted && command->cursor < report.workers) {
      TRY(load_generator_describe_worker(command->stage - 1, command->cursor++, &report));
      put_worker(command, &report);
    } else {
      command->stage++;
      command->cursor = 0;
    }
  }
  return OK;
}

status_t command_work_step(command_t *command) {
  const text_t verb = command_word(command, 1);
  if (command->stage == 0) {
    TRY(check_names(command));
    command->stage = 1;
  }
  if (text_equal(verb, TEXT("start"))) return start(command);
  if (text_equal(verb, TEXT("stop"))) return stop(command);
  if (text_equal(verb, TEXT("report"))) return report_loads(command);
  if (text_equal(verb, TEXT("workers"))) return report_workers(command);
  return command_usage(command, kUsage);
}
