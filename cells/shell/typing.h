// SPDX-License-Identifier: MIT
/// @file
/// A part of the shell: the keys that edit the line, and Tab. What may stand there is the cell
/// `completion`'s to say.
#pragma once
#include "cells/completion/completion.h"
#include "cells/shell/progress.h"

enum { kEchoBytes = 4 * kCommandLineBytes, kCandidateGap = 2, kMostCandidates = 512 };

// What all candidates have in common.
typedef struct candidates {
  name_t common;
  size_t common_length;
  size_t longest;
  size_t typed;
  size_t count;
} candidates_t;

static inline void edit_line(shell_progress_t *progress, uint32_t key) {
  char echo[kEchoBytes];
  line_edit_t edit = {
      .line = SPAN_OF(text_buffer, progress->command.line),
      .draft =
          text_buffer_slice(SPAN_OF(text_buffer, progress->command.output), 0, kCommandLineBytes),
      .echo = SPAN_OF(text_buffer, echo),
  };
  line_editor_apply(&progress->editor, &edit, key);
  if (progress->ansi) write_text(line_editor_text(edit.echo, 0, edit.echo_length));
}

static inline text_t line_to_cursor(const shell_progress_t *progress) {
  return text_slice(SPAN_OF(text, progress->command.line), 0, progress->editor.cursor);
}

static inline void candidates_add(candidates_t *all, const completion_t *candidate) {
  const text_t text = COMMAND_FIELD(candidate->text.characters);
  if (all->count++ == 0) {
    all->common = candidate->text;
    all->common_length = text.length;
    all->typed = candidate->typed;
  }
  if (text.length > all->longest) all->longest = text.length;
  size_t same = 0;
  while (same < all->common_length && same < text.length &&
         all->common.characters[same] == *text_at(text, same)) {
    same++;
  }
  all->common_length = same;
}

static inline candidates_t candidates_look(text_t line) {
  candidates_t all = {};
  completion_t candidate;
  for (uint64_t place = 0; all.count < kMostCandidates; place = candidate.next) {
    if (!status_is_ok(completion_find(line, place, &candidate))) break;
    candidates_add(&all, &candidate);
  }
  return all;
}

// Below the line, in columns; the line comes again.
static inline void candidates_list(const shell_progress_t *progress, const candidates_t *all) {
  const size_t width = all->longest + kCandidateGap;
  const size_t columns = progress->columns / width;
  completion_t candidate;
  uint64_t place = 0;
  write_text(TEXT("\n"));
  for (size_t i = 1; i <= all->count; i++, place = candidate.next) {
    if (!status_is_ok(completion_find(line_to_cursor(progress), place, &candidate))) break;
    sheet_t sheet = {};
    const text_t text = COMMAND_FIELD(candidate.text.characters);
    const bool ends = columns < 2 || i % columns == 0 || i == all->count;
    sheet_put(&sheet, text);
    for (size_t j = text.length; !ends && j < width; j++) sheet_put(&sheet, TEXT(" "));
    if (ends) sheet_put(&sheet, TEXT("\n"));
    write_text(sheet_text(&sheet));
  }
  show_line(progress);
}

// Tab: types what all candidates have in common; where that is nothing, the second Tab in a row
// lists them.
static inline void complete_line(shell_progress_t *progress) {
  const candidates_t all = candidates_look(line_to_cursor(progress));
  const bool again = progress->tabbed;
  progress->tabbed = false;
  if (all.count == 0) return;
  for (size_t i = all.typed; i < all.common_length; i++) {
    edit_line(progress, (uint8_t)all.common.characters[i]);
  }
  if (all.common_length == all.longest) return edit_line(progress, ' ');
  progress->tabbed = all.common_length == all.typed;
  if (again && progress->tabbed) candidates_list(progress, &all);
}
