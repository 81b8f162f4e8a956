// SPDX-License-Identifier: MIT
#include "cells/command_trace/command_trace.h"

#include "cells/command_trace/kinds.h"
#include "cells/timer/timer.h"
#include "patterns/status_text.h"

enum {
  kStageBegin,
  kStageRows,
  kRatioBits = 30,  // the ratio is the time of so many cycles, as a power of two
  kTaskLanes = 100,
};

// The ratio is asked for once, so that what lies within something else does so in nanoseconds, too.
typedef struct trace_progress {
  uint64_t ratio;  // nanoseconds of 2^kRatioBits cycles
  uint64_t next;   // event
} trace_progress_t;

// An event with its times in nanoseconds.
typedef struct timed_event {
  trace_event_t event;
  uint64_t start_ns;
  uint64_t duration_ns;
} timed_event_t;

static uint64_t nanoseconds(uint64_t cycles, uint64_t ratio) {
  const uint64_t whole = cycles >> kRatioBits;
  const uint64_t rest = cycles & ((UINT64_C(1) << kRatioBits) - 1);
  return whole * ratio + (rest * ratio >> kRatioBits);
}

static void put_number(command_t *command, text_t before, uint64_t value) {
  command_put(command, before);
  command_put_decimal(command, value);
}

// The two numbers that go with an event, each after a blank.
static void put_detail(command_t *command, const trace_event_t *event) {
  const trace_words_t words = trace_words(event->kind);
  if (words.number.length > 0 && (event->number > 0 || words.number_may_be_zero)) {
    command_put(command, words.number);
    put_number(command, TEXT(" "), event->number);
    if (words.value.length > 0) command_put(command, TEXT(" "));
  }
  if (words.value.length == 0) return;
  command_put(command, words.value);
  command_put(command, TEXT(" "));
  if (event->kind != kTraceFault) return command_put_decimal(command, event->value);
  command_put(command, TEXT("0x"));
  command_put_hexadecimal(command, event->value, kNumberTextHexadecimalDigits);
}

static void put_row(command_t *command, const timed_event_t *timed) {
  const trace_event_t *event = &timed->event;
  command_column_decimal(command, timed->start_ns, 13);
  command_column(command, trace_words(event->kind).kind, 10);
  command_column(command, COMMAND_FIELD(event->name.characters), 22);
  command_column(command, status_text_name(event->status), 11);
  command_column_decimal(command, timed->duration_ns, 11);
  const uint32_t before = command->output_length;
  put_detail(command, event);
  if (command->output_length == before) command_put(command, TEXT("-"));
  command_end_row(command);
}

// Microseconds, which is what the format counts in.
static void put_microseconds(command_t *command, text_t before, uint64_t time_ns) {
  put_number(command, before, time_ns / 1000);
  command_put(command, TEXT("."));
  for (uint64_t unit = 100; unit > 0; unit /= 10) {
    command_put_decimal(command, time_ns / unit % 10);
  }
}

static void put_lane(command_t *command, const trace_event_t *event) {
  uint64_t lane = event->number;
  if (trace_is_task(event->kind)) {
    lane += kTaskLanes;
  } else if (!trace_is_span(event->kind)) {
    lane = 0;
  }
  put_number(command, TEXT(",\"pid\":1,\"tid\":"), lane);
}

static text_t phase(uint32_t kind) {
  if (kind == kTraceTaskStart) return TEXT("B");
  if (kind == kTraceTaskEnd) return TEXT("E");
  return trace_is_span(kind) ? TEXT("X") : TEXT("i\",\"s\":\"t");
}

// One event, one line. Names have letters, digits and underscores only.
static void put_json(command_t *command, const timed_event_t *timed) {
  const trace_event_t *event = &timed->event;
  const text_t name = COMMAND_FIELD(event->name.characters);
  const bool is_run = event->kind == kTraceTaskStart || event->kind == kTraceTaskEnd;
  command_put(command, TEXT("{\"name\":\""));
  command_put(command, is_run ? TEXT("task") : trace_words(event->kind).kind);
  if (name.length > 0) command_put(command, TEXT(" "));
  command_put(command, name);
  command_put(command, TEXT("\",\"cat\":\""));
  command_put(command, is_run ? TEXT("task") : trace_words(event->kind).kind);
  command_put(command, TEXT("\",\"ph\":\""));
  command_put(command, phase(event->kind));
  put_microseconds(command, TEXT("\",\"ts\":"), timed->start_ns);
  if (trace_is_span(event->kind)) put_microseconds(command, TEXT(",\"dur\":"), timed->duration_ns);
  put_lane(command, event);
  command_put(command, TEXT(",\"args\":{\"status\":\""));
  command_put(command, status_text_name(event->status));
  command_put(command, TEXT("\",\"detail\":\""));
  put_detail(command, event);
  command_put(command, TEXT("\"}},\n"));
}

static bool is_json(const command_t *command) {
  return text_equal(command_word(command, 1), TEXT("json"));
}

static status_t begin(command_t *command, trace_progress_t *progress) {
  if (command_words(command) > 2 || (command_words(command) == 2 && !is_json(command))) {
    return command_usage(command, TEXT("trace [json]"));
  }
  const u64_result_t ratio = timer_cycles_to_nanoseconds(UINT64_C(1) << kRatioBits);
  TRY(ratio.status);
  progress->ratio = ratio.value;
  command->stage = kStageRows;
  command_put(command, is_json(command)
                           ? TEXT("{\"traceEvents\":[\n")
                           : TEXT("TIME_NS       KIND       NAME                   STATUS      "
                                  "DURATION_NS DETAIL\n"));
  return OK;
}

// The last element, without a comma, whatever came before.
static void put_json_end(command_t *command) {
  command_put(command,
              TEXT("{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"tid\":0,\"args\":{\"name\":"
                   "\"Theseus\"}}\n]}\n"));
}

// No more events than the ring has: those that come meanwhile are for the next time.
static status_t put_events(command_t *command, trace_progress_t *progress) {
  for (; command->cursor < kTraceEvents && command_has_room(command); command->cursor++) {
    timed_event_t timed;
    const status_t status = trace_read(progress->next, &timed.event);
    if (status_is(status, STATUS_END)) command->cursor = kTraceEvents;
    if (status_is(status, STATUS_END)) break;
    TRY(status);
    progress->next = timed.event.index + 1;
    const uint64_t end = timed.event.start + timed.event.duration;
    timed.start_ns = nanoseconds(timed.event.start, progress->ratio);
    timed.duration_ns = nanoseconds(end, progress->ratio) - timed.start_ns;
    if (is_json(command)) {
      put_json(command, &timed);
    } else {
      put_row(command, &timed);
    }
  }
  if (command->cursor < kTraceEvents || !command_has_room(command)) return OK;
  if (is_json(command)) put_json_end(command);
  return ERR(END);
}

status_t command_trace_step(command_t *command) {
  trace_progress_t progress;
  COMMAND_OPEN(command, &progress);
  status_t status = OK;
  if (command->stage == kStageBegin) status = begin(command, &progress);
  if (status_is_ok(status)) status = put_events(command, &progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}
