// SPDX-License-Identifier: MIT
/// @file
/// The commands of the archive, in turn, each with words that it must refuse. A command takes part
/// by listing load_calls as a client.
#pragma once
#include "cells/load_generator/batch.h"
#include "patterns/command.h"

// No command takes so many words, and none of them is a name or a number.
static const text_t kRefusedLine = TEXT("x ? ? ? ? ? ?");
static const text_t kCommandPrefix = TEXT("command_");

// The interface of the first command in the archive at or after place `*place`, which moves on.
// END: there is none; `*place` is 0 then.
static inline status_t commands_next(uint64_t *place, name_t *interface) {
  for (;;) {
    object_info_t info;
    const status_t status = object_describe(*place, &info);
    *place = status_is(status, STATUS_END) ? 0 : *place + 1;
    if (status_is(status, STATUS_BAD_OBJECT)) continue;
    TRY(status);
    *interface = info.implements;
    if (text_starts_with(COMMAND_FIELD(interface->characters), kCommandPrefix)) return OK;
  }
}

static inline reference_result_t commands_obtain_step(const name_t *interface) {
  const text_t suffix = TEXT("_step");
  char function[kNameBytes + 8];
  const text_buffer_t buffer = SPAN_OF(text_buffer, function);
  const size_t used = text_copy(buffer, COMMAND_FIELD(interface->characters));
  text_copy(text_buffer_slice(buffer, used, suffix.length), suffix);
  return reference_obtain(text_slice(SPAN_OF(text, function), 0, used + suffix.length));
}

// Makes the first step of the next command of the archive.
static inline void commands_one(load_batch_t *batch, uint64_t *place) {
  name_t interface;
  const status_t found = commands_next(place, &interface);
  if (status_is(found, STATUS_END)) return;
  if (!batch_accept(batch, found)) return;
  const reference_result_t step = commands_obtain_step(&interface);
  // One that does not list this cell as a client does not promise to refuse.
  if (status_is(step.status, STATUS_DENIED)) return batch_count(batch, true);
  if (!batch_accept(batch, step.status)) return;
  command_t command = {.line_length = (uint32_t)kRefusedLine.length};
  text_copy(SPAN_OF(text_buffer, command.line), kRefusedLine);
  const status_t answer =
      reference_call(step.value, (uint64_t)(uintptr_t)&command, 0, 0, 0, 0).status;
  batch_accept(batch, reference_release(step.value));
  if (status_is(answer, STATUS_INVALID_ARGUMENT) || status_is(answer, STATUS_NOT_FOUND)) {
    return batch_count(batch, true);
  }
  if (batch_accept(batch, answer)) batch_count(batch, false);
}
