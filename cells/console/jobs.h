// SPDX-License-Identifier: MIT
/// @file
/// Draws what differs between the grid and the display, job by job: the monitor is entered to find
/// a job and to settle it, and the display is called in between. One task at a time draws, for all:
/// a writer that comes meanwhile leaves his text to it. Who draws holds a turn; one that shows no
/// life while many writers pass by has lost it (its call has faulted), and if it lives after all,
/// it notices.
#pragma once
#include "cells/console/screen.h"
#include "cells/framebuffer/framebuffer.h"
#include "cells/vga_text/vga_text.h"

enum job_kind { kJobNone, kJobFind, kJobClear, kJobDraw, kJobCursor };

enum {
  kJobCells = 128,
  kPatience = 16,  // writers that pass by before a turn counts as lost
  kWorkPerCall = 2 * kMaximumColumns * kMaximumRows,  // cells: nobody draws for others for ever
  kNowhere = UINT32_MAX,
};

typedef struct job {
  uint64_t turn;  // 0: none yet
  uint32_t kind;  // enum job_kind
  uint32_t work;  // cells looked after in this call so far
  uint32_t display;
  text_size_t size;    // kJobFind: of the display that was found
  text_place_t place;  // kJobDraw, kJobCursor
  uint32_t count;      // kJobDraw
  text_cell_t cells[kJobCells];
} job_t;

/// Asks the displays which of them serves, and how large it is.
/// @errors   UNSUPPORTED, and others: none does.
static inline status_t job_find_display(job_t *job) {
  text_size_t size = {};
  status_t status = framebuffer_size(&size);
  job->display = kDisplayFramebuffer;
  if (!status_is_ok(status)) {
    status = vga_text_size(&size);
    job->display = kDisplayVgaText;
  }
  TRY(status);
  job->size = (text_size_t){least(size.columns, kMaximumColumns), least(size.rows, kMaximumRows)};
  return size.columns == 0 || size.rows == 0 ? ERR(UNSUPPORTED) : OK;
}

/// Carries out what job_next has found.
static inline status_t job_do(job_t *job) {
  const bool framebuffer = job->display == kDisplayFramebuffer;
  const text_place_t place = job->place;
  const text_cells_t cells = {job->cells, job->count};
  switch (job->kind) {
    case kJobFind:
      return job_find_display(job);
    case kJobClear:
      return framebuffer ? framebuffer_clear() : vga_text_clear();
    case kJobCursor:
      return vga_text_cursor(place.row, place.column);
    default:
      if (job->count == 0) return OK;
      return framebuffer ? framebuffer_draw(place.row, place.column, cells)
                         : vga_text_draw(place.row, place.column, cells);
  }
}

/// Takes a display into use; it is to be cleared, and everything to be drawn.
static inline void job_install(const job_t *job) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const text_place_t nowhere = {kNowhere, 0};
  state_set(&screen->display, job->display);
  state_set(&screen->cleared, 0);
  state_set(&screen->cursor_shown, nowhere);
  if (job->size.columns != screen->size.columns || job->size.rows != screen->size.rows) {
    screen_resize(job->size);
  }
}

// Everything is blank on the display now.
static inline void job_note_cleared(void) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  text_cell_t blanks[kMaximumColumns];
  for (uint32_t i = 0; i < kMaximumColumns; i++) {
    blanks[i] = text_cell(' ', kTextGrey, kTextBlack);
  }
  for (uint32_t row = 0; row < screen->size.rows; row++) {
    state_copy(screen->shown[row], blanks, screen->size.columns * sizeof(text_cell_t));
  }
  state_set(&screen->cleared, 1);
  screen_change_all();
}

// What the job was to draw stands on the display, or nobody knows what does.
static inline void job_note_cells(const job_t *job, bool drawn)
    REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const text_cell_t unknown = {0};
  // The screen may have become smaller since.
  if (job->place.row >= screen->size.rows ||
      !range_fits(job->place.column, job->count, screen->size.columns)) {
    return;
  }
  for (uint32_t i = 0; i < job->count; i++) {
    const text_cell_t *shown = &screen->shown[job->place.row][job->place.column + i];
    state_set(shown, drawn ? job->cells[i] : unknown);
  }
  if (!drawn && job->count > 0) {
    screen_change(job->place.row, job->place.column, job->place.column + job->count);
  }
}

// Takes note that the job was done.
static inline void job_settle(const job_t *job) REQUIRES(state_console_screen->monitor) {
  state_set(&state_console_screen->passed_by, 0);
  if (job->kind == kJobFind) job_install(job);
  if (job->kind == kJobClear) job_note_cleared();
  if (job->kind == kJobDraw) job_note_cells(job, true);
  if (job->kind == kJobCursor) state_set(&state_console_screen->cursor_shown, job->place);
}

// Takes note that nobody knows whether the job was done, or what others have drawn meanwhile.
static inline void job_forget(const job_t *job) REQUIRES(state_console_screen->monitor) {
  if (job->kind == kJobClear) state_set(&state_console_screen->cleared, 0);
  if (job->kind == kJobDraw) job_note_cells(job, false);
}

static inline bool job_has_turn(const job_t *job) REQUIRES(state_console_screen->monitor) {
  return job->turn != 0 && job->turn == state_console_screen->turn;
}

// Becomes the one who draws, unless somebody does.
static inline bool job_take_turn(job_t *job) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  if (screen->drawing != 0 && screen->passed_by < kPatience) {
    state_set(&screen->passed_by, screen->passed_by + 1);
    return false;
  }
  // Whoever has lost his turn may have drawn anything, or nothing.
  if (screen->drawing != 0) screen_forget_shown();
  state_set(&screen->turn, screen->turn + 1);
  state_set(&screen->drawing, 1);
  state_set(&screen->passed_by, 0);
  job->turn = screen->turn;
  return true;
}

// The framebuffer has no cursor of its own: the cell there is drawn reversed.
static inline void job_follow_cursor(void) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const text_place_t old = screen->cursor_shown;
  const text_place_t now = screen_cursor();
  if (old.row == now.row && old.column == now.column) return;
  if (old.row < screen->size.rows) screen_change(old.row, old.column, old.column + 1);
  screen_change(now.row, now.column, now.column + 1);
  state_set(&screen->cursor_shown, now);
}

// Whether a cell differs from what was drawn. The one at the column `cursor` is drawn reversed.
static inline bool job_differs(text_place_t at, uint32_t ring_row, uint32_t cursor,
                               text_cell_t *cell) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  *cell = screen->cells[ring_row][at.column];
  if (at.column == cursor) *cell = text_cell_reversed(*cell);
  return !text_cell_equal(*cell, screen->shown[at.row][at.column]);
}

// Finds the next cells of a row that differ, if any do, and what remains to be looked at. One cell
// between two that differ is drawn along: that costs less than a job of its own for the second.
static inline void job_scan_row(job_t *job, uint32_t row) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const changed_t *changed = &screen->changed[row];
  const uint32_t ring_row = screen_ring_row(row);
  const text_place_t shown = screen->cursor_shown;
  const bool reverses = screen->display == kDisplayFramebuffer && shown.row == row;
  const uint32_t cursor = reverses ? shown.column : (uint32_t)kNowhere;
  const uint32_t end = changed->end;
  uint32_t i = changed->first;
  uint32_t equal = 0;  // cells at the end of the job that do not differ
  job->count = 0;
  for (; i < end && job->count < kJobCells && equal < 2; i++) {
    text_cell_t cell;
    const bool differs = job_differs((text_place_t){row, i}, ring_row, cursor, &cell);
    if (!differs && job->count == 0) continue;
    job->cells[job->count++] = cell;
    equal = differs ? 0 : equal + 1;
  }
  job->count -= equal;
  job->place = (text_place_t){row, i - equal - job->count};
  job->work += job->count + 1;
  state_set(changed, (i < end ? (changed_t){(uint16_t)i, (uint16_t)end} : (changed_t){}));
}

// Looks for a row that has changed, from the one that was looked at last.
static inline bool job_find_cells(job_t *job) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const uint32_t rows = screen->size.rows;
  uint32_t row = job->place.row < rows ? job->place.row : 0;
  for (uint32_t i = 0; i < rows; i++) {
    const changed_t changed = screen->changed[row];
    if (changed.first != changed.end) {
      job_scan_row(job, row);
      return true;
    }
    row = row + 1 < rows ? row + 1 : 0;
  }
  return false;
}

// What is to be done next; kJobNone if nothing is.
static inline uint32_t job_choose(job_t *job) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  job->display = screen->display;
  if (screen->display == kDisplayNone) return kJobFind;
  if (screen->cleared == 0) return kJobClear;
  if (job->work > kWorkPerCall) return kJobNone;
  if (screen->display == kDisplayFramebuffer) job_follow_cursor();
  if (job_find_cells(job)) return kJobDraw;
  const text_place_t cursor = screen_cursor();
  const bool moved =
      cursor.row != screen->cursor_shown.row || cursor.column != screen->cursor_shown.column;
  if (screen->display == kDisplayFramebuffer || !moved) return kJobNone;
  job->place = cursor;
  return kJobCursor;
}

static inline bool job_next_locked(job_t *job) REQUIRES(state_console_screen->monitor) {
  if (job_has_turn(job)) {
    job_settle(job);
  } else {
    job_forget(job);
    if (!job_take_turn(job)) return false;
  }
  job->kind = job_choose(job);
  if (job->kind == kJobNone) state_set(&state_console_screen->drawing, 0);
  return job->kind != kJobNone;
}

/// Settles the job that was done and finds the next. False: nothing is left, or another task draws
/// it.
static inline bool job_next(job_t *job) {
  monitor_enter(&state_console_screen->monitor);
  const bool found = job_next_locked(job);
  monitor_exit(&state_console_screen->monitor);
  return found;
}

/// Gives up a job that the display has answered with an error. What was not drawn is drawn with the
/// next text. A display that does not serve any more, or has another size, is looked for anew.
static inline void job_fail(const job_t *job, status_t status) {
  const bool gone = status_is(status, STATUS_UNSUPPORTED) || status_is(status, STATUS_OUT_OF_RANGE);
  monitor_enter(&state_console_screen->monitor);
  job_forget(job);
  if (job_has_turn(job)) state_set(&state_console_screen->drawing, 0);
  if (gone) state_set(&state_console_screen->display, (uint32_t)kDisplayNone);
  monitor_exit(&state_console_screen->monitor);
}
