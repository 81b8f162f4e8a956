// SPDX-License-Identifier: MIT
#include "cells/processors/processors.h"

#include "cells/acpi_madt/acpi_madt.h"
#include "cells/log/log.h"
#include "cells/timer/timer.h"
#include "nano_core/api/machine.h"
#include "nano_core/api/memory.h"
#include "patterns/text_line.h"

// Interrupts for these go to every processor, so no single one has such a number.
static const uint32_t kEverybody = 0xff;
static const uint32_t kEverybodyExtended = UINT32_MAX;

enum { kReachable = 255, kWordBits = 64 };

// How long things take; the first as the manufacturers say, the others with patience.
static const uint64_t kResetNs = 10000000;
static const uint64_t kStartAgainNs[] = {20000000, 200000000};
static const uint64_t kGiveUpNs = 1000000000;
static const uint64_t kLookOftenNs = 1000000;
static const uint64_t kLookNs = 10000000;

enum { kBusyTries = 100 };  // kResetNs apart

typedef struct processors_failed {
  monitor_t monitor;
  uint64_t asked;                               // 1: the task was made
  uint64_t failed[kReachable / kWordBits + 1];  // a bit for the number of each local APIC
} processors_failed_t;

STATE(processors_failed_t, processors_failed);

enum stage {
  kStageSeek,   // for the next one
  kStageReset,  // it was reset, and must be left alone for a while
  kStageAwait,  // it was told to start
};

typedef struct progress {
  uint64_t cursor;  // of processors_next
  uint64_t limit;   // how many may run
  uint64_t since;   // nanoseconds: when its stage began
  uint32_t stage;   // enum stage
  uint32_t apic;    // the one that is being started, from the second stage on
  uint32_t number;
  uint32_t tries;  // how often it was told to start
} progress_t;

static const uint32_t kProgressTag = SEALED_TAG('P', 'R', 'O', 'C');
enum { kProgressVersion = 1 };

static void say(const text_line_t *line) {
  status_ignore(log_write(TEXT("processors"), text_line_view(line)), "then it is not said");
}

static bool has_failed(uint32_t apic) {
  monitor_enter(&state_processors_failed->monitor);
  const uint64_t word = state_processors_failed->failed[apic / kWordBits];
  monitor_exit(&state_processors_failed->monitor);
  return (word >> apic % kWordBits & 1) != 0;
}

static void set_failed(uint32_t apic) {
  const uint64_t *word = &state_processors_failed->failed[apic / kWordBits];
  monitor_enter(&state_processors_failed->monitor);
  state_set(word, *word | UINT64_C(1) << apic % kWordBits);
  monitor_exit(&state_processors_failed->monitor);
}

// What nano_core calls the processor; kProcessors: nothing.
static uint32_t number_of(uint32_t apic, uint32_t *status) {
  for (uint32_t number = 0; number < kProcessors; number++) {
    processor_info_t info;
    if (!status_is_ok(processor_describe(number, &info)) || info.apic != apic) continue;
    *status = info.status;
    return number;
  }
  return kProcessors;
}

static uint32_t state_without_number(const acpi_madt_entry_t *entry) {
  if ((entry->flags & kAcpiMadtEnabled) == 0) {
    return (entry->flags & kAcpiMadtOnlineCapable) != 0 ? kProcessorAbsent : kProcessorDisabled;
  }
  if (entry->number >= kReachable) return kProcessorUnreachable;
  return has_failed(entry->number) ? kProcessorFailed : kProcessorIdle;
}

static processor_t describe(const acpi_madt_entry_t *entry) {
  uint32_t status = 0;
  processor_t processor = {.apic = entry->number, .number = number_of(entry->number, &status)};
  if (processor.number == kProcessors) {
    processor.state = state_without_number(entry);
  } else {
    processor.state = status == kProcessorOnline ? kProcessorRunning : kProcessorStarting;
  }
  return processor;
}

// Whether the entry stands for a processor other than the one that booted.
static bool is_another(const acpi_madt_entry_t *entry, uint32_t boot) {
  return entry->kind == kAcpiMadtProcessor && entry->number != boot &&
         entry->number != kEverybody && entry->number != kEverybodyExtended;
}

// The one that booted comes first; 1 then stands for the firmware's first entry.
u64_result_t processors_next(uint64_t cursor, processor_t *processor) {
  processor_info_t boot;
  TRY_RESULT(u64_result_t, processor_describe(0, &boot));
  if (cursor == 0) {
    *processor = (processor_t){.apic = boot.apic, .state = kProcessorRunning};
    return (u64_result_t){.value = 1};
  }
  for (;;) {
    acpi_madt_entry_t entry;
    const u64_result_t next = acpi_madt_next(cursor, &entry);
    if (status_is(next.status, STATUS_NOT_FOUND)) return (u64_result_t){.status = ERR(END)};
    TRY_RESULT(u64_result_t, next.status);
    cursor = next.value;
    if (!is_another(&entry, boot.apic)) continue;
    *processor = describe(&entry);
    return (u64_result_t){.value = cursor};
  }
}

// The next one that can be started, or whose start was cut off. A list that ends with nonsense ends
// there.
static u64_result_t next_to_start(uint64_t cursor, processor_t *processor) {
  for (;;) {
    const u64_result_t next = processors_next(cursor, processor);
    if (status_is(next.status, STATUS_IO_ERROR)) return (u64_result_t){.status = ERR(END)};
    TRY_RESULT(u64_result_t, next.status);
    if (processor->state == kProcessorIdle || processor->state == kProcessorStarting) return next;
    cursor = next.value;
  }
}

static status_t seek_again(progress_t *progress) {
  progress->stage = kStageSeek;
  return OK;
}

static status_t leave_out(progress_t *progress, text_t before) {
  text_line_t line = {};
  text_line_text(&line, before);
  text_line_text(&line, TEXT(" (APIC "));
  text_line_decimal(&line, progress->apic);
  text_line_text(&line, TEXT(") did not start; the machine goes on without it"));
  set_failed(progress->apic);
  say(&line);
  return seek_again(progress);
}

static status_t give_up(progress_t *progress) {
  // It may have come after all, just now.
  if (!status_is_ok(processor_abandon(progress->number))) return seek_again(progress);
  text_line_t name = {};
  text_line_text(&name, TEXT("processor "));
  text_line_decimal(&name, progress->number);
  return leave_out(progress, text_line_view(&name));
}

static status_t finish(void) {
  const u32_result_t running = processor_count();
  TRY(running.status);
  text_line_t line = {};
  text_line_decimal(&line, running.value);
  text_line_text(&line, running.value == 1 ? TEXT(" processor runs") : TEXT(" processors run"));
  say(&line);
  return ERR(END);
}

static status_t set_stage(progress_t *progress, uint32_t stage, nanoseconds_t since) {
  progress->since = since.count;
  progress->stage = stage;
  return OK;
}

static status_t prepare(progress_t *progress, nanoseconds_t now) {
  const u32_result_t number = processor_prepare(progress->apic);
  if (status_is(number.status, STATUS_ALREADY_EXISTS)) return seek_again(progress);
  if (status_is(number.status, STATUS_NO_MEMORY)) {
    return leave_out(progress, TEXT("for want of memory, a processor"));
  }
  if (status_is(number.status, STATUS_UNSUPPORTED)) {
    text_line_t line = {};
    text_line_text(&line, TEXT("no memory below 1 MiB is free to start other processors in"));
    say(&line);
    return finish();
  }
  if (status_is(number.status, STATUS_NO_SPACE)) return finish();
  TRY(number.status);
  progress->number = number.value;
  progress->tries = 0;
  return set_stage(progress, kStageReset, now);
}

static status_t seek(progress_t *progress) {
  const u32_result_t running = processor_count();
  TRY(running.status);
  if (running.value >= progress->limit) return finish();
  processor_t processor;
  const u64_result_t next = next_to_start(progress->cursor, &processor);
  if (status_is(next.status, STATUS_END)) return finish();
  TRY(next.status);
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  progress->cursor = next.value;
  progress->apic = processor.apic;
  return prepare(progress, now.value);
}

static status_t start(progress_t *progress) {
  TRY(timer_wait_until((nanoseconds_t){progress->since + kResetNs}));
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  const status_t status = processor_start(progress->number);
  if (status_is(status, STATUS_BUSY)) {
    if (++progress->tries == kBusyTries) return give_up(progress);
    return set_stage(progress, kStageReset, now.value);
  }
  if (!status_is_ok(status)) return seek_again(progress);
  progress->tries = 1;
  return set_stage(progress, kStageAwait, now.value);
}

static status_t await(progress_t *progress) {
  processor_info_t info;
  const status_t status = processor_describe(progress->number, &info);
  if (!status_is_ok(status) || info.status == kProcessorOnline) return seek_again(progress);
  const nanoseconds_result_t now = timer_now();
  TRY(now.status);
  const uint64_t waited = now.value.count - progress->since;
  if (waited >= kGiveUpNs) return give_up(progress);
  if (progress->tries <= COUNT_OF(kStartAgainNs) && waited >= kStartAgainNs[progress->tries - 1]) {
    progress->tries++;
    status_ignore(processor_start(progress->number), "it is asked for again, or has come");
  }
  const uint64_t pause = waited < kStartAgainNs[0] ? kLookOftenNs : kLookNs;
  return timer_wait_until((nanoseconds_t){now.value.count + pause});
}

static status_t advance(progress_t *progress) {
  switch (progress->stage) {
    case kStageReset:
      return start(progress);
    case kStageAwait:
      return await(progress);
    default:
      return seek(progress);
  }
}

status_t processors_step(task_progress_t *task) {
  progress_t progress = {};
  TRY(SEALED_OPEN(task, kProgressTag, kProgressVersion, &progress));
  const status_t status = advance(&progress);
  SEALED_COMMIT(task, kProgressTag, kProgressVersion, &progress);
  return status;
}

// How many processors may run, as the command line says it.
static uint64_t read_limit(void) {
  char characters[kNumberTextDecimalDigits] = {};
  const size_result_t length =
      machine_option_value(TEXT("processors"), SPAN_OF(text_buffer, characters));
  if (!status_is_ok(length.status)) return kProcessors;
  const text_t word = text_slice(SPAN_OF(text, characters), 0, length.value);
  const u64_result_t limit = number_text_digits(word, 10);
  if (status_is_ok(limit.status) && limit.value > 0) return limit.value;
  text_line_t line = {};
  text_line_text(&line, TEXT("processors="));
  text_line_text(&line, word);
  text_line_text(&line, TEXT(" is ignored; it must be a number from 1 on"));
  say(&line);
  return kProcessors;
}

static status_t spawn(uint64_t limit) {
  const progress_t progress = {.limit = limit, .cursor = 1};
  task_progress_t fresh = {};
  SEALED_COMMIT(&fresh, kProgressTag, kProgressVersion, &progress);
  const reference_result_t step = reference_obtain(TEXT("processors_step"));
  TRY(step.status);
  const task_result_t task = task_spawn(TEXT("processors"), step.value, &fresh);
  if (status_is_ok(task.status)) return OK;
  status_ignore(reference_release(step.value), "the first error counts");
  return task.status;
}

static bool was_asked(void) {
  monitor_enter(&state_processors_failed->monitor);
  const bool asked = state_processors_failed->asked != 0;
  state_set(&state_processors_failed->asked, UINT64_C(1));
  monitor_exit(&state_processors_failed->monitor);
  return asked;
}

status_t processors_initialize(void) {
  // Who did not come is known as long as the machine runs, also when the cell was unloaded.
  TRY(blob_retain(TEXT("processors_failed")));
  if (was_asked()) return OK;
  processor_t processor;
  const uint64_t limit = read_limit();
  if (limit == 1 || !status_is_ok(next_to_start(1, &processor).status)) return OK;
  if (status_is_ok(spawn(limit))) return OK;
  text_line_t line = {};
  text_line_text(&line, TEXT("no task can be made to start the other processors; the machine goes "
                             "on with this one"));
  say(&line);
  return OK;
}
