// SPDX-License-Identifier: MIT
#include "cells/command_mouse/command_mouse.h"

#include "cells/mouse/mouse.h"

// command->cursor counts the events that were printed.
enum { kStageBegin, kStageEvents };

static void put_signed(command_t *command, int16_t value, size_t width) {
  const size_t start = command->output_length;
  const int32_t wide = value;
  if (wide < 0) command_put(command, TEXT("-"));
  command_put_decimal(command, (uint64_t)(wide < 0 ? -wide : wide));
  command_pad(command, command->output_length - start, width);
}

static void put_row(command_t *command, const mouse_event_t *event) {
  put_signed(command, event->right, 5);
  put_signed(command, event->down, 5);
  put_signed(command, event->wheel, 5);
  if (event->buttons == 0) command_put(command, TEXT("-"));
  if ((event->buttons & kMouseLeft) != 0) command_put(command, TEXT("l"));
  if ((event->buttons & kMouseMiddle) != 0) command_put(command, TEXT("m"));
  if ((event->buttons & kMouseRight) != 0) command_put(command, TEXT("r"));
  command_end_row(command);
}

static status_t explain(command_t *command, status_t status) {
  if (!status_is(status, STATUS_NOT_FOUND) && !status_is(status, STATUS_IO_ERROR)) return status;
  return command_refuse(command, status, TEXT("no PS/2 mouse answers"), TEXT(""), TEXT(""));
}

// Prints events; with `wanted` 0 those that are there, else so many.
static status_t put_events(command_t *command, uint64_t wanted) {
  while (command_has_room(command)) {
    if (wanted != 0 && command->cursor >= wanted) return ERR(END);
    mouse_event_t event;
    const status_t status = mouse_read(&event);
    if (status_is(status, STATUS_WOULD_BLOCK)) return wanted == 0 ? ERR(END) : status;
    if (!status_is_ok(status)) return explain(command, status);
    put_row(command, &event);
    command->cursor++;
  }
  return OK;
}

status_t command_mouse_step(command_t *command) {
  u64_result_t wanted = {};
  if (command_words(command) > 2) return command_usage(command, TEXT("mouse [EVENTS]"));
  if (command_words(command) == 2) {
    wanted = command_number(command, 1);
    TRY(wanted.status);
  }
  if (command->stage == kStageBegin) {
    command_put(command, TEXT("RIGHT DOWN  WHEEL BUTTONS\n"));
    command->stage = kStageEvents;
  }
  return put_events(command, wanted.value);
}
