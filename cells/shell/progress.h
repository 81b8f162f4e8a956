// SPDX-License-Identifier: MIT
/// @file
/// What the shell knows between two steps, and how it writes.
#pragma once
#include "cells/console_multiplexer/console_multiplexer.h"
#include "nano_core/api/machine.h"
#include "patterns/command.h"
#include "patterns/line_editor.h"
#include "patterns/pager.h"
#include "patterns/terminal_style.h"

enum {
  kShellTag = SEALED_TAG('S', 'H', 'E', 'L'),
  kShellVersion = 2,
  kPromptColumns = 9,
};

// The line is edited in place in command.line; command.output, which is empty while no command is
// under way, keeps the line that was begun while older ones are looked at.
typedef struct shell_progress {
  line_editor_t editor;
  command_t command;
  reference_t step;   // of the command under way; none: a line is being read
  uint64_t log_next;  // number of the first log line that was not printed
  pager_t pager;      // of the command under way
  uint32_t rows;      // of the terminal; 0: nothing is held up
  uint32_t columns;   // of the terminal
  uint32_t printed;   // characters of the command's output that are on the screen
  status_t outcome;   // of the command's last step
  bool started;
  bool ansi;      // prompt and echo
  bool colours;   // on top of that
  bool quiet;     // no log lines
  bool answered;  // the command under way is in its part after the answer
  bool returned;  // the last character was a carriage return
  bool paused;    // the reader is asked whether the output shall go on
  bool skipping;  // the reader has seen enough of it
  bool heading;   // its first line is still to come
  bool tabbed;    // the last key was a Tab that could add nothing
} shell_progress_t;

static_assert(sizeof(shell_progress_t) <= kTaskProgressBytes / 4 * 3, "a quarter is kept spare");

// A line that is put together on the stack and written at once.
typedef struct sheet {
  char text[kMessageBytes + 4 * kNameBytes];
  size_t length;
} sheet_t;

__attribute__((noinline)) static void sheet_put(sheet_t *sheet, text_t text) {
  const text_buffer_t room = SPAN_OF(text_buffer, sheet->text);
  sheet->length +=
      text_copy(text_buffer_slice(room, sheet->length, room.length - sheet->length), text);
}

static inline text_t sheet_text(const sheet_t *sheet) {
  return text_slice(SPAN_OF(text, sheet->text), 0, sheet->length);
}

// Writes by whatever way is left.
__attribute__((noinline)) static void write_text(text_t text) {
  if (text.length == 0) return;
  const status_t status = console_multiplexer_write(text);
  if (status_is_ok(status)) return;
  // A writer that failed half-way has left the cursor anywhere.
  if (status_is(status, STATUS_FAULT)) {
    status_ignore(emergency_write(TEXT("\n")), "there is no other way left");
  }
  status_ignore(emergency_write(text), "there is no other way left");
}

static inline void write_styled(const shell_progress_t *progress, enum terminal_style style,
                                text_t text) {
  if (progress->colours) write_text(terminal_style_text(style));
  write_text(text);
  if (progress->colours) write_text(terminal_style_text(kTerminalStylePlain));
}

static inline void write_prompt(const shell_progress_t *progress) {
  if (progress->ansi) write_styled(progress, kTerminalStyleBold, TEXT("theseus> "));
}

// Takes what stands in `columns` columns off the screen.
static inline void write_blanks(size_t columns) {
  char blanks[kCommandLineBytes + kPromptColumns + 3];
  for (size_t i = 0; i < sizeof(blanks); i++) blanks[i] = ' ';
  write_text(TEXT("\r"));
  write_text(text_slice(SPAN_OF(text, blanks), 0, columns));
  write_text(TEXT("\r"));
}

static inline void show_line(const shell_progress_t *progress) {
  const text_t line = SPAN_OF(text, progress->command.line);
  write_prompt(progress);
  write_text(text_slice(line, 0, progress->editor.length));
  for (size_t i = progress->editor.cursor; i < progress->editor.length; i++) {
    write_text(TEXT("\b"));
  }
}
