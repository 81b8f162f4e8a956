// SPDX-License-Identifier: MIT
#include "cells/command_fault/command_fault.h"

#include "nano_core/api/faults.h"
#include "patterns/fault_text.h"

enum { kKindWidth = 19, kAnswerWidth = 9 };

static status_t list(command_t *command) {
  if (command->stage == 0) command_put(command, TEXT("KIND                ANSWER    MEANING\n"));
  command->stage = 1;
  for (; command_has_room(command); command->cursor++) {
    if (command->cursor == kFaultKindTexts) return ERR(END);
    const fault_kind_text_t kind = fault_kind_text(command->cursor);
    command_column(command, kind.name, kKindWidth);
    command_column(command, kind.answer, kAnswerWidth);
    command_column(command, kind.meaning, 0);
    command_end_row(command);
  }
  return OK;
}

// 0: there is none of that name.
static uint64_t kind_called(text_t name) {
  for (size_t i = 0; i < kFaultKindTexts; i++) {
    const fault_kind_text_t kind = fault_kind_text(i);
    if (text_equal(kind.name, name)) return kind.kind;
  }
  return 0;
}

static status_t refuse(command_t *command, status_t status) {
  const text_t name = command_word(command, 1);
  switch (status.code) {
    case STATUS_NOT_FOUND:
      return command_refuse(command, status, TEXT("nobody serves "), name,
                            TEXT("; `cells` lists who serves what"));
    case STATUS_DENIED:
      return command_refuse(command, status, TEXT("a fault of "), name,
                            TEXT(" would end the machine; name a cell"));
    case STATUS_UNAVAILABLE:
      return command_refuse(command, status, name, TEXT(" is not served now"), TEXT("; `load` it"));
    case STATUS_NO_MEMORY:
      return command_refuse(command, status, TEXT("no room for "), name,
                            TEXT(": too much is pending; make the calls that it waits for"));
    default:
      return status;
  }
}

static status_t inject(command_t *command) {
  const uint64_t kind = kind_called(command_word(command, 2));
  if (kind == 0) {
    return command_refuse(command, ERR(INVALID_ARGUMENT), TEXT("no kind "),
                          command_word(command, 2), TEXT("; `fault kinds` lists them"));
  }
  u64_result_t n = {.value = 1};
  if (command_words(command) == 4) n = command_number(command, 3);
  TRY(n.status);
  if (n.value == 0) {
    return command_refuse(command, ERR(INVALID_ARGUMENT), TEXT("N counts calls from 1; "),
                          command_word(command, 3), TEXT(" is none of them"));
  }
  const status_t status = fault_inject(command_word(command, 1), kind, n.value);
  return status_is_ok(status) ? ERR(END) : refuse(command, status);
}

status_t command_fault_step(command_t *command) {
  const size_t words = command_words(command);
  if (words == 2 && text_equal(command_word(command, 1), TEXT("kinds"))) return list(command);
  if (words == 3 || words == 4) return inject(command);
  return command_usage(command, TEXT("fault NAME KIND [N], fault kinds"));
}
