// SPDX-License-Identifier: MIT
// The readers: each reads the page, and writes to it, as fast as it can, and judges every access by
// the board's number before and after it.
#include "nano_core/api/cell.h"
#include "testing/processors/command_flush_check/board.h"

/// Accesses the page many times. Where that faults, the call ends, and its caller judges.
CELL_EXPORT status_t command_flush_check_touch(LENT flush_area_t *area, uint64_t index);

/// The step of a reader.
CELL_EXPORT status_t command_flush_check_reader_step(LENT task_progress_t *task);

enum { kTouches = 512 };

static void judge(const flush_board_t *board, flush_line_t *line, enum access access,
                  uint64_t found) {
  if (!round_explains(line->attempt, flush_read(&board->number), access, found)) {
    line->wrong[access]++;
  }
}

// Tells that everything was tried at this number, once each.
static void answer(const flush_board_t *board, flush_line_t *line) {
  if (line->answered == line->attempt || flush_read(&board->number) != line->attempt) return;
  const u32_result_t processor = processor_self();
  if (!status_is_ok(processor.status)) return;
  line->processor = processor.value;
  line->processors |= UINT64_C(1) << processor.value;
  flush_write(&line->answered, line->attempt);
  status_ignore(event_signal(board->answered), "the board's own");
}

static void read_page(flush_area_t *area, flush_line_t *line, size_t word) {
  flush_write(&line->writing, 0);
  const uint64_t found = flush_read(&area->target.words[word]);
  judge(&area->board, line, kAccessRead, found);
  line->reads++;
}

// Without the right, trying once a number is enough.
static void write_page(flush_area_t *area, flush_line_t *line, uint64_t index) {
  if (!round_may_write(round_of(line->attempt))) {
    if (line->refused == line->attempt) return;
    line->refused = line->attempt;
  }
  flush_write(&line->writing, 1);
  flush_write(&area->target.words[kPageRead + index], line->attempt);
  judge(&area->board, line, kAccessWritten, 0);
  line->writes++;
}

status_t command_flush_check_touch(flush_area_t *area, uint64_t index) {
  flush_line_t *line = &area->board.lines[index];
  for (size_t i = 0; i < kTouches; i++) {
    flush_write(&line->attempt, flush_read(&area->board.number));
    if (line->attempt == kRoundsOver) return OK;
    read_page(area, line, i % kPageRead);
    write_page(area, line, index);
    answer(&area->board, line);
  }
  return OK;
}

static void note_fault(const flush_board_t *board, flush_line_t *line) {
  line->faults++;
  judge(board, line, line->writing != 0 ? kAccessWriteFault : kAccessReadFault, 0);
  answer(board, line);
}

// Whether a reader has nothing more to do at this number. Faults are not repeated: each is logged.
static bool may_rest(uint64_t number, bool faulted) {
  const bool is_mapped = round_phase(number) == kRoundMapped;
  if (faulted) return !is_mapped;
  return is_mapped && round_kind_of(round_of(number)) == kRoundSleeps;
}

static status_t go_on(const flush_board_t *board, const flush_line_t *line, bool faulted) {
  TRY(event_watch(board->moved));
  const uint64_t number = flush_read(&board->number);
  if (number == kRoundsOver) return ERR(END);
  return line->answered == number && may_rest(number, faulted) ? ERR(WOULD_BLOCK) : OK;
}

status_t command_flush_check_reader_step(task_progress_t *task) {
  flush_reader_t reader;
  TRY(SEALED_OPEN(task, kReaderTag, kReaderVersion, &reader));
  flush_board_t *board = &reader.area->board;
  flush_line_t *line = &board->lines[reader.index];
  const status_t touched =
      reference_call(reader.touch, (uint64_t)(uintptr_t)reader.area, reader.index, 0, 0, 0).status;
  const bool faulted = status_is(touched, STATUS_FAULT);
  if (!faulted) TRY(touched);
  if (faulted) note_fault(board, line);
  return go_on(board, line, faulted);
}
