// SPDX-License-Identifier: MIT
#include "cells/console/console.h"

#include "cells/console/jobs.h"
#include "cells/console/screen.h"
#include "cells/console/terminal.h"
#include "nano_core/api/memory.h"

// Bytes that are taken in one go; writers alternate at its ends.
enum { kTakeBytes = 64 };

// Draws what differs. What cannot be drawn now stays marked as changed, so no error is worth
// telling the writer.
static void show(void) {
  job_t job = {};
  while (job_next(&job)) {
    const status_t status = job_do(&job);
    if (!status_is_ok(status)) return job_fail(&job, status);
  }
}

static void take(text_t text) {
  monitor_enter(&state_console_screen->monitor);
  for (size_t i = 0; i < text.length; i++) terminal_take((uint8_t)*text_at(text, i));
  monitor_exit(&state_console_screen->monitor);
}

static void begin(void) REQUIRES(state_console_screen->monitor) {
  const text_size_t size = {kDefaultColumns, kDefaultRows};
  state_set(&state_console_screen->size, size);
  state_set(&state_console_screen->pen, kPlainPen);
  screen_clear();
}

status_t console_initialize(void) {
  // The text is the system's, not this instance's.
  TRY(blob_retain(TEXT("console_screen")));
  monitor_enter(&state_console_screen->monitor);
  if (state_console_screen->size.rows == 0) begin();
  state_set(&state_console_screen->display, (uint32_t)kDisplayNone);
  state_set(&state_console_screen->drawing, 0);
  monitor_exit(&state_console_screen->monitor);
  // Only the size is asked for: drawing a whole screen would hold off preemption here.
  job_t job = {};
  if (!status_is_ok(job_find_display(&job))) return OK;
  monitor_enter(&state_console_screen->monitor);
  job_install(&job);
  monitor_exit(&state_console_screen->monitor);
  return OK;
}

status_t console_write(text_t text) {
  for (size_t at = 0; at < text.length; at += kTakeBytes) {
    const size_t left = text.length - at;
    take(text_slice(text, at, left < kTakeBytes ? left : kTakeBytes));
  }
  show();
  return OK;
}

status_t console_clear(void) {
  monitor_enter(&state_console_screen->monitor);
  screen_clear();
  monitor_exit(&state_console_screen->monitor);
  show();
  return OK;
}

status_t console_redraw(void) {
  monitor_enter(&state_console_screen->monitor);
  screen_forget_shown();
  monitor_exit(&state_console_screen->monitor);
  show();
  return OK;
}

status_t console_size(console_size_t *size) {
  monitor_enter(&state_console_screen->monitor);
  *size = (console_size_t){state_console_screen->size.columns, state_console_screen->size.rows};
  monitor_exit(&state_console_screen->monitor);
  return OK;
}
