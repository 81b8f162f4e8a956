// SPDX-License-Identifier: MIT
#include "cells/command_swap/command_swap.h"

#include "cells/timer/timer.h"
#include "nano_core/api/machine.h"
#include "patterns/command_request.h"

// What is remembered between steps. Cells swap places in nano_core's list while `--all` walks
// them, so it goes by name: the next one is the first behind `last` in the alphabet.
typedef struct swap_progress {
  request_t request;
  name_t last;
} swap_progress_t;

enum { kStageBegin, kStagePoll, kStageReport };

static const text_t kUsage = TEXT("swap NAME [OBJECT] | swap NAME=OBJECT ... | swap --all");

static bool is_all(const command_t *command) {
  return text_equal(command_word(command, 1), TEXT("--all"));
}

static bool text_before(text_t a, text_t b) {
  for (size_t i = 0; i < a.length && i < b.length; i++) {
    if (*text_at(a, i) != *text_at(b, i)) return *text_at(a, i) < *text_at(b, i);
  }
  return a.length < b.length;
}

// Finds the served name that follows `last`.
static status_t find_next(swap_progress_t *progress) {
  const text_t last = COMMAND_FIELD(progress->last.characters);
  name_t next = {};
  for (uint64_t i = 0;; i++) {
    instance_info_t info;
    const status_t status = instance_describe(i, &info);
    if (status_is(status, STATUS_END)) break;
    TRY(status);
    const text_t name = COMMAND_FIELD(info.name.characters);
    const text_t best = COMMAND_FIELD(next.characters);
    if (info.status == kInstanceRetired || text_equal(name, TEXT("nano_core"))) continue;
    if (!text_before(last, name)) continue;
    if (best.length == 0 || text_before(name, best)) next = info.name;
  }
  if (next.characters[0] == 0) return ERR(END);
  progress->last = next;
  return OK;
}

// Adds word `index`, NAME=OBJECT, to the request.
static status_t add_pair(command_t *command, request_t request, size_t index) {
  const text_t word = command_word(command, index);
  for (size_t i = 1; i + 1 < word.length; i++) {
    if (*text_at(word, i) != '=') continue;
    const text_t object = text_slice(word, i + 1, word.length - i - 1);
    return request_add(request, text_slice(word, 0, i), command_object(object));
  }
  return command_refuse(command, ERR(INVALID_ARGUMENT), TEXT(""), word,
                        TEXT(" is not NAME=OBJECT"));
}

static request_result_t submit_pairs(command_t *command) {
  request_result_t request = request_open(kRequestSwap);
  if (!status_is_ok(request.status)) return request;
  const size_t words = command_words(command);
  for (size_t i = 1; i < words && status_is_ok(request.status); i++) {
    request.status = add_pair(command, request.value, i);
  }
  if (status_is_ok(request.status)) request.status = request_submit(request.value);
  if (!status_is_ok(request.status)) {
    request.status = command_request_abandon(request.value, request.status);
  }
  return request;
}

static bool has_pairs(const command_t *command) {
  const text_t word = command_word(command, 1);
  for (size_t i = 0; i < word.length; i++) {
    if (*text_at(word, i) == '=') return true;
  }
  return false;
}

static status_t begin(command_t *command, swap_progress_t *progress) {
  const size_t words = command_words(command);
  request_result_t request = {};
  if (words == 2 && is_all(command)) {
    TRY(find_next(progress));
    request = command_request_one(kRequestSwap, COMMAND_FIELD(progress->last.characters), TEXT(""));
  } else if (has_pairs(command)) {
    request = submit_pairs(command);
  } else if (words == 2 || words == 3) {
    request = command_request_one(kRequestSwap, command_word(command, 1),
                                  command_object(command_word(command, 2)));
  } else {
    return command_usage(command, kUsage);
  }
  TRY(request.status);
  progress->request = request.value;
  command->cursor = 0;
  command->stage = kStagePoll;
  return OK;
}

static uint64_t pause_instructions(uint64_t cycles) {
  const bool_result_t icount = machine_option(TEXT("icount"));
  return status_is_ok(icount.status) && icount.value ? cycles : 0;
}

// 0 where nobody can tell.
static uint64_t nanoseconds_of(uint64_t cycles) {
  const u64_result_t result = timer_cycles_to_nanoseconds(cycles);
  return status_is_ok(result.status) ? result.value : 0;
}

static void put_number(command_t *command, text_t before, uint64_t value) {
  command_put(command, before);
  command_put_decimal(command, value);
}

static void put_outcome(command_t *command, const request_outcome_t *outcome) {
  command_put(command, TEXT("swap "));
  command_put(command, COMMAND_FIELD(outcome->name.characters));
  put_number(command, TEXT(" "), outcome->old_version);
  put_number(command, TEXT(" -> "), outcome->new_version);
  put_number(command, TEXT(" generation "), outcome->generation);
  put_number(command, TEXT(" pinned "), outcome->pinned);
  put_number(command, TEXT(" pause_ns "), nanoseconds_of(outcome->pause_cycles));
  put_number(command, TEXT(" pause_instructions "), pause_instructions(outcome->pause_cycles));
  put_number(command, TEXT(" total_ns "), nanoseconds_of(outcome->total_cycles));
  command_put(command, TEXT("\n"));
}

static status_t report(command_t *command, request_t request) {
  for (; command_has_room(command); command->cursor++) {
    request_outcome_t outcome;
    const status_t status = request_outcome(request, command->cursor, &outcome);
    if (status_is(status, STATUS_END)) {
      TRY(request_close(request));
      if (!is_all(command)) return status;
      command->stage = kStageBegin;
      return OK;
    }
    TRY(status);
    put_outcome(command, &outcome);
  }
  return OK;
}

status_t command_swap_step(command_t *command) {
  swap_progress_t progress;
  COMMAND_OPEN(command, &progress);
  if (command->stage == kStageBegin) TRY(begin(command, &progress));
  COMMAND_COMMIT(command, &progress);
  if (command->stage == kStagePoll) {
    TRY(command_request_poll(command, progress.request));
    command->stage = kStageReport;
  }
  return report(command, progress.request);
}
