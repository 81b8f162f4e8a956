// SPDX-License-Identifier: MIT
/// @file
/// A part of the shell: how the output of a command goes to the terminal, page by page.
#pragma once
#include "cells/shell/progress.h"

static const text_t kMore = TEXT("-- more --");

static inline void paging_ask(const shell_progress_t *progress) {
  write_styled(progress, kTerminalStyleReverse, kMore);
}

// A command begins: with an empty page.
static inline void paging_start(shell_progress_t *progress) {
  progress->pager = pager_start(progress->ansi ? progress->rows : 0, progress->columns);
  progress->printed = 0;
  progress->skipping = false;
  progress->heading = true;
}

// The part of the command's output that was not printed. The command may have failed while it wrote
// there.
static inline text_t paging_rest(const shell_progress_t *progress) {
  const size_t limit = kCommandOutputBytes;
  const size_t length = progress->command.output_length;
  const size_t end = length < limit ? length : limit;
  const text_t output = SPAN_OF(text, progress->command.output);
  return text_slice(output, progress->printed, end - progress->printed);
}

// Prints whole lines; the first one of a table stands out.
static inline void paging_write(shell_progress_t *progress, text_t lines) {
  if (progress->heading && lines.length > 0) {
    const text_t first = text_slice(lines, 0, pager_line_length(lines));
    if (terminal_style_is_header(first)) {
      write_styled(progress, kTerminalStyleBold, first);
      lines = text_slice(lines, first.length, lines.length - first.length);
    }
    progress->heading = false;
  }
  write_text(lines);
}

// Prints as much of the output as the page takes.
// @returns  whether that was all; the reader is asked otherwise
static inline bool paging_print(shell_progress_t *progress) {
  const text_t rest = paging_rest(progress);
  const size_t taken = progress->skipping ? rest.length : pager_take(&progress->pager, rest);
  const text_t lines = text_slice(rest, 0, progress->skipping ? 0 : taken);
  paging_write(progress, lines);
  progress->printed += (uint32_t)taken;
  progress->paused = taken < rest.length;
  if (progress->paused) {
    paging_ask(progress);
    return false;
  }
  if (lines.length > 0 && *text_at(lines, lines.length - 1) != '\n') write_text(TEXT("\n"));
  progress->printed = 0;
  progress->command.output_length = 0;
  return true;
}

// Deals with a key that answers the question.
static inline void paging_take(shell_progress_t *progress, uint32_t key) {
  const enum pager_answer answer = pager_answer(&progress->pager, key);
  if (answer == kPagerNothing) return;
  write_blanks(kMore.length);
  progress->paused = false;
  progress->skipping = answer == kPagerEnd;
}
