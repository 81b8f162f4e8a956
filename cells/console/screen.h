// SPDX-License-Identifier: MIT
/// @file
/// The console's blob: a grid of characters, and what was last drawn of it. Rows stand in a ring,
/// so that scrolling moves no text.
#pragma once
#include "nano_core/api/cell.h"
#include "patterns/text_cell.h"

enum {
  kMaximumColumns = 240,
  kMaximumRows = 75,
  kDefaultColumns = 80,  // where there is no display
  kDefaultRows = 25,
};

/// What a display is reached by.
enum display { kDisplayNone, kDisplayFramebuffer, kDisplayVgaText };

/// What the next characters look like.
typedef struct pen {
  uint8_t foreground;  // enum text_colour, without brightness from `bold`
  uint8_t background;
  uint8_t bold;
  uint8_t reversed;
} pen_t;

/// Cells [first, end) of a row may differ from what was drawn; none if they are equal.
typedef struct changed {
  uint16_t first;
  uint16_t end;
} changed_t;

enum { kParameters = 8 };

/// A character or an escape sequence of which only the beginning was written yet.
typedef struct decoder {
  uint32_t phase;      // enum escape_phase
  uint32_t parameter;  // the one that is read; kParameters: too many
  uint32_t parameters[kParameters];
  uint32_t code_point;  // of a character of several bytes
  uint32_t missing;     // bytes of it
  uint32_t least;       // a smaller code point should have been shorter
} decoder_t;

typedef struct screen {
  monitor_t monitor;
  text_size_t size;  // rows 0: not initialised yet
  uint32_t top;      // the ring's row that is the screen's first
  text_place_t at;   // the cursor; column == size.columns: the next character goes to the next line
  pen_t pen;
  decoder_t decoder;

  uint32_t display;    // enum display
  uint32_t cleared;    // 1: the display has been cleared since it was found
  uint64_t turn;       // of who draws, or drew last (jobs.h)
  uint32_t drawing;    // 1: somebody draws
  uint32_t passed_by;  // writers that left the drawing to him since he last showed life
  text_place_t cursor_shown;

  changed_t changed[kMaximumRows];                   // by the screen's rows
  text_cell_t cells[kMaximumRows][kMaximumColumns];  // by the ring's rows: what is to be seen
  text_cell_t shown[kMaximumRows][kMaximumColumns];  // by the screen's rows: what was drawn
} screen_t;

STATE(screen_t, console_screen);

static inline uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static inline uint32_t most(uint32_t a, uint32_t b) { return a > b ? a : b; }

/// The ring's row of a row of the screen.
static inline uint32_t screen_ring_row(uint32_t row) REQUIRES(state_console_screen->monitor) {
  return (state_console_screen->top + row) % kMaximumRows;
}

/// What is to be seen at a place, the cursor apart.
static inline const text_cell_t *screen_cell(uint32_t row, uint32_t column)
    REQUIRES(state_console_screen->monitor) {
  return &state_console_screen->cells[screen_ring_row(row)][column];
}

/// Where the cursor is shown: on the last column while the next character would wrap.
static inline text_place_t screen_cursor(void) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  return (text_place_t){screen->at.row, least(screen->at.column, screen->size.columns - 1)};
}

/// Takes note that cells [first, end) of a row may differ from what was drawn.
static inline void screen_change(uint32_t row, uint32_t first, uint32_t end)
    REQUIRES(state_console_screen->monitor) {
  const changed_t *changed = &state_console_screen->changed[row];
  const bool none = changed->first == changed->end;
  const changed_t now = {(uint16_t)(none ? first : least(first, changed->first)),
                         (uint16_t)(none ? end : most(end, changed->end))};
  state_set(changed, now);
}

static inline void screen_change_all(void) REQUIRES(state_console_screen->monitor) {
  const text_size_t size = state_console_screen->size;
  changed_t all[kMaximumRows] = {};
  for (uint32_t row = 0; row < size.rows; row++) all[row].end = (uint16_t)size.columns;
  state_copy(state_console_screen->changed, all, sizeof(all));
}

/// Nobody knows any more what the display shows.
static inline void screen_forget_shown(void) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  for (uint32_t row = 0; row < screen->size.rows; row++) {
    state_clear(screen->shown[row], screen->size.columns * sizeof(text_cell_t));
  }
  screen_change_all();
}

/// A blank in the pen's background.
static inline text_cell_t screen_blank(void) REQUIRES(state_console_screen->monitor) {
  return text_cell(' ', kTextGrey, state_console_screen->pen.background);
}

/// Blanks cells [first, end) of a row.
static inline void screen_blank_row(uint32_t row, uint32_t first, uint32_t end)
    REQUIRES(state_console_screen->monitor) {
  if (first >= end) return;
  text_cell_t blanks[kMaximumColumns];
  for (uint32_t i = 0; i < end - first; i++) blanks[i] = screen_blank();
  screen_change(row, first, end);
  state_copy(screen_cell(row, first), blanks, (end - first) * sizeof(text_cell_t));
}

/// Blanks everything from one place up to another, that one not included, row by row.
static inline void screen_blank_range(text_place_t from, text_place_t to)
    REQUIRES(state_console_screen->monitor) {
  const uint32_t columns = state_console_screen->size.columns;
  for (uint32_t row = from.row; row <= to.row; row++) {
    const uint32_t first = row == from.row ? from.column : 0;
    screen_blank_row(row, first, row == to.row ? to.column : columns);
  }
}

static inline void screen_move(uint32_t row, uint32_t column)
    REQUIRES(state_console_screen->monitor) {
  const text_place_t at = {row, column};
  state_set(&state_console_screen->at, at);
}

static inline void screen_clear(void) REQUIRES(state_console_screen->monitor) {
  const text_size_t size = state_console_screen->size;
  screen_blank_range((text_place_t){0, 0}, (text_place_t){size.rows - 1, size.columns});
  screen_move(0, 0);
}

static inline void screen_scroll(void) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  state_set(&screen->top, (screen->top + 1) % kMaximumRows);
  screen_change_all();
  screen_blank_row(screen->size.rows - 1, 0, screen->size.columns);
}

static inline void screen_next_line(void) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  if (screen->at.row + 1 == screen->size.rows) screen_scroll();
  screen_move(least(screen->at.row + 1, screen->size.rows - 1), 0);
}

/// Puts a character at the cursor, as the pen has it.
static inline void screen_put(uint32_t character) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  if (screen->at.column == screen->size.columns) screen_next_line();
  const pen_t pen = screen->pen;
  const uint32_t bright = pen.bold != 0 ? kTextBright : 0;
  const text_cell_t cell = text_cell(character, pen.foreground | bright, pen.background);
  const text_place_t at = screen->at;
  screen_change(at.row, at.column, at.column + 1);
  state_set(screen_cell(at.row, at.column), pen.reversed != 0 ? text_cell_reversed(cell) : cell);
  screen_move(at.row, at.column + 1);
}

/// Gives the grid another size; what still fits stays, lines at the cursor rather than those at the
/// top.
static inline void screen_resize(text_size_t size) REQUIRES(state_console_screen->monitor) {
  const screen_t *screen = state_console_screen;
  const text_size_t old = screen->size;
  const text_place_t at = screen->at;
  const uint32_t dropped = at.row >= size.rows ? at.row - size.rows + 1 : 0;
  state_set(&screen->top, (screen->top + dropped) % kMaximumRows);
  state_set(&screen->size, size);
  state_clear(screen->changed, sizeof(screen->changed));
  screen_move(at.row - dropped, least(at.column, size.columns));
  const uint32_t kept = least(old.rows - dropped, size.rows);
  for (uint32_t row = 0; row < kept; row++) {
    screen_blank_row(row, least(old.columns, size.columns), size.columns);
  }
  for (uint32_t row = kept; row < size.rows; row++) screen_blank_row(row, 0, size.columns);
  screen_change_all();
}
