// SPDX-License-Identifier: MIT
#include "cells/log/log.h"

// Line number i stands in place i % kLogLines; lines from `written` - kLogLines on are there.
typedef struct log_ring {
  monitor_t monitor;
  event_t event;  // signalled by each line
  uint64_t written;
  log_line_t lines[kLogLines];
} log_ring_t;

STATE(log_ring_t, log_ring);

status_t log_initialize(void) {
  const event_result_t event = event_create();
  TRY(event.status);
  // Before the first entry: handlers write lines too.
  state_set(&state_log_ring->monitor.interrupts, 1);
  monitor_enter(&state_log_ring->monitor);
  state_set(&state_log_ring->event, event.value);
  monitor_exit(&state_log_ring->monitor);
  return OK;
}

// Copies what fits, and keeps the line one line.
static void copy_line_text(text_buffer_t out, text_t text) {
  if (text.length > 0 && *text_at(text, text.length - 1) == '\n') {
    text = text_slice(text, 0, text.length - 1);
  }
  const size_t length = text_copy(out, text);
  for (size_t i = 0; i < length; i++) {
    char *character = text_buffer_at(out, i);
    if (*character < ' ' || *character == 0x7f) *character = '.';
  }
}

status_t log_write(text_t source, text_t message) {
  if (source.length == 0) return ERR(INVALID_ARGUMENT);
  log_line_t line = {};
  copy_line_text((text_buffer_t){line.source, kLogSourceBytes - 1}, source);
  copy_line_text((text_buffer_t){line.message, kLogMessageBytes - 1}, message);
  monitor_enter(&state_log_ring->monitor);
  line.number = state_log_ring->written;
  state_copy(&state_log_ring->lines[line.number % kLogLines], &line, sizeof(line));
  state_set(&state_log_ring->written, line.number + 1);
  const event_t event = state_log_ring->event;
  monitor_exit(&state_log_ring->monitor);
  status_ignore(event_signal(event), "without the event readers are late, but lose nothing");
  return OK;
}

status_t log_read(uint64_t number, log_line_t *line) {
  monitor_enter(&state_log_ring->monitor);
  const event_t event = state_log_ring->event;
  monitor_exit(&state_log_ring->monitor);
  // Before the test, so that no wake-up is lost.
  status_ignore(event_watch(event), "the reader is woken by something else then");
  status_t status = ERR(END);
  monitor_enter(&state_log_ring->monitor);
  const uint64_t written = state_log_ring->written;
  const uint64_t oldest = written > kLogLines ? written - kLogLines : 0;
  if (number < oldest) number = oldest;
  if (number < written) {
    *line = state_log_ring->lines[number % kLogLines];
    status = OK;
  }
  monitor_exit(&state_log_ring->monitor);
  return status;
}
