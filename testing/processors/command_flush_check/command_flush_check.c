// SPDX-License-Identifier: MIT
// A command that tests whether processors forget translations: `flush_check [ROUNDS]` unmaps a page
// and maps another frame in its place, ROUNDS times, while tasks on all other processors read and
// write it. From the moment that the call has returned, none may reach what was there before.
#include "cells/address_space_mapper/address_space_mapper.h"
#include "nano_core/api/cell.h"
#include "patterns/tap.h"
#include "testing/commands/children.h"
#include "testing/processors/command_flush_check/board.h"

CELL_EXPORT status_t command_flush_check_step(LENT command_t *command);

enum { kUsualRounds = 400 };

enum { kStageBegin, kStageMapped, kStageUnmapped, kStageJoin, kStageLines, kStageReport };

STATE(children_table_t, flush_check_readers);

typedef struct check_progress {
  flush_area_t *area;
  reference_t touch;
  children_t readers;
  paddr_t home;                 // the frame that the mapper put behind the target
  paddr_t frames[kFlushViews];  // that views[] show
  uint64_t rounds;
  uint64_t round;
  uint64_t told;         // other processors that had the page when it was last unmapped, a bit each
  uint64_t remote;       // first accesses in a round that were made on one of them
  uint64_t overwritten;  // words of a frame that were not as they should be
  owner_t owner;
  uint32_t reserved;
} check_progress_t;

// What the owner of a frame writes into it while it is not mapped at the target.
static uint64_t owned(uint64_t round) { return ~round; }

static vaddr_t address_of(const page_t *page) { return (vaddr_t){(uint64_t)(uintptr_t)page}; }

static void fill(page_t *page, uint64_t value) {
  for (size_t i = 0; i < kPageWords; i++) flush_write(&page->words[i], value);
}

// How many of the first words are another value.
static uint64_t count_others(const page_t *page, size_t words, uint64_t value) {
  uint64_t others = 0;
  for (size_t i = 0; i < words; i++) others += flush_read(&page->words[i]) != value;
  return others;
}

static paddr_result_t unmap(const page_t *page) {
  unmapped_frames_t unmapped = {};
  TRY_RESULT(paddr_result_t, memory_unmap_pages(address_of(page), 1, &unmapped));
  if (unmapped.frames[0].bytes == 0) return (paddr_result_t){.status = ERR(INTERNAL)};
  return (paddr_result_t){.value = unmapped.frames[0]};
}

static status_t map(const page_t *page, paddr_t frame, uint64_t flags) {
  return memory_map_page(address_of(page), frame, flags).status;
}

static page_t *view_of(const check_progress_t *progress, uint64_t round) {
  return &progress->area->views[round % kFlushViews];
}

// Maps the target for a round; its frame was filled before.
static status_t map_round(check_progress_t *progress, uint64_t round) {
  flush_board_t *board = &progress->area->board;
  const uint64_t flags = round_may_write(round) ? kPageWritable : 0;
  flush_write(&board->number, round * kRoundPhases - 1);
  TRY(map(&progress->area->target, progress->frames[round % kFlushViews], flags));
  flush_write(&board->number, round * kRoundPhases);
  progress->round = round;
  return event_signal(board->moved);
}

// Which frames lie behind the area. The target's own stays unmapped until the end.
static status_t take_frames(check_progress_t *progress) {
  for (size_t i = 0; i < kFlushViews; i++) {
    const page_t *view = &progress->area->views[i];
    const paddr_result_t frame = unmap(view);
    TRY(frame.status);
    progress->frames[i] = frame.value;
    TRY(map(view, frame.value, kPageWritable));
  }
  const paddr_result_t home = unmap(&progress->area->target);
  progress->home = home.value;
  return home.status;
}

static status_t make_area(check_progress_t *progress) {
  const owner_result_t owner = owner_self();
  TRY(owner.status);
  const memory_result_t memory =
      address_space_mapper_map(owner.value, sizeof(flush_area_t) / kFrameBytes);
  TRY(memory.status);
  progress->owner = owner.value;
  progress->area = memory.value;
  const event_result_t moved = event_create();
  TRY(moved.status);
  progress->area->board.moved = moved.value;
  const event_result_t answered = event_create();
  TRY(answered.status);
  progress->area->board.answered = answered.value;
  return take_frames(progress);
}

static status_t spawn(check_progress_t *progress, uint64_t readers) {
  const reference_result_t touch = reference_obtain(TEXT("command_flush_check_touch"));
  TRY(touch.status);
  progress->touch = touch.value;
  TRY(children_begin(&progress->readers, TEXT("command_flush_check_reader_step")));
  for (uint64_t i = 0; i < readers; i++) {
    const flush_reader_t reader = {progress->area, touch.value, i};
    task_progress_t task = {};
    SEALED_COMMIT(&task, kReaderTag, kReaderVersion, &reader);
    TRY(children_spawn(&progress->readers, state_flush_check_readers, TEXT("reader"), &task));
  }
  return OK;
}

static status_t begin(command_t *command, check_progress_t *progress) {
  u64_result_t rounds = {.value = kUsualRounds};
  if (command_words(command) > 1) rounds = command_number(command, 1);
  TRY(rounds.status);
  const u32_result_t processors = processor_count();
  TRY(processors.status);
  if (processors.value < 2) {
    return command_refuse(command, ERR(UNSUPPORTED), TEXT("one processor alone has nobody to tell"),
                          TEXT("; start the machine with --smp=2"), TEXT(""));
  }
  progress->rounds = rounds.value;
  TRY(make_area(progress));
  fill(view_of(progress, 0), owned(0));
  fill(view_of(progress, 1), 1);
  TRY(map_round(progress, 1));
  TRY(spawn(progress, processors.value - 1));
  command->stage = kStageMapped;
  return OK;
}

// OK: every reader has accessed the page at this number.
static status_t await_readers(const check_progress_t *progress, uint64_t number) {
  flush_board_t *board = &progress->area->board;
  TRY(event_watch(board->answered));
  for (uint64_t i = 0; i < progress->readers.made; i++) {
    if (flush_read(&board->lines[i].answered) != number) return ERR(WOULD_BLOCK);
  }
  return OK;
}

// Counts the accesses of this round that were made where another processor had to be told, and
// notes who is to be told now.
static status_t note_processors(check_progress_t *progress) {
  const u32_result_t self = processor_self();
  TRY(self.status);
  uint64_t had = 0;
  for (uint64_t i = 0; i < progress->readers.made; i++) {
    const uint64_t processor = progress->area->board.lines[i].processor;
    progress->remote += progress->told >> processor & 1;
    had |= UINT64_C(1) << processor;
  }
  progress->told = had & ~(UINT64_C(1) << self.value);
  return OK;
}

// The frame that is not at the target was its owner's for a whole round.
static void prepare_next(check_progress_t *progress) {
  page_t *view = view_of(progress, progress->round + 1);
  progress->overwritten += count_others(view, kPageWords, owned(progress->round - 1));
  fill(view, progress->round + 1);
}

// From the moment that the target is unmapped, its frame is its owner's.
static status_t end_round(check_progress_t *progress) {
  flush_area_t *area = progress->area;
  const uint64_t round = progress->round;
  flush_write(&area->board.number, round * kRoundPhases + kRoundUnmapping);
  const paddr_result_t frame = unmap(&area->target);
  flush_write(&area->board.number, round * kRoundPhases + kRoundUnmapped);
  TRY(frame.status);
  if (frame.value.bytes != progress->frames[round % kFlushViews].bytes) return ERR(INTERNAL);
  page_t *view = view_of(progress, round);
  const size_t untouched = round_may_write(round) ? kPageRead : kPageWords;
  progress->overwritten += count_others(view, untouched, round);
  fill(view, owned(round));
  return OK;
}

static status_t stop_readers(command_t *command, check_progress_t *progress) {
  flush_write(&progress->area->board.number, kRoundsOver);
  TRY(event_signal(progress->area->board.moved));
  command->stage = kStageJoin;
  return OK;
}

static status_t on_mapped(command_t *command, check_progress_t *progress) {
  const uint64_t round = progress->round;
  TRY(await_readers(progress, round * kRoundPhases));
  TRY(note_processors(progress));
  if (round == progress->rounds + 1) return stop_readers(command, progress);
  prepare_next(progress);
  TRY(end_round(progress));
  if (round_kind_of(round) == kRoundStops) {
    command->stage = kStageUnmapped;
    return event_signal(progress->area->board.moved);
  }
  return map_round(progress, round + 1);
}

static status_t on_unmapped(command_t *command, check_progress_t *progress) {
  TRY(await_readers(progress, progress->round * kRoundPhases + kRoundUnmapped));
  command->stage = kStageMapped;
  return map_round(progress, progress->round + 1);
}

static status_t join(command_t *command, check_progress_t *progress) {
  const status_t status = children_join(&progress->readers, state_flush_check_readers, 1);
  if (!status_is(status, STATUS_END)) return status;
  command->stage = kStageLines;
  command->cursor = 0;
  return OK;
}

static void put(command_t *command, text_t before, uint64_t value) {
  command_put(command, before);
  command_put_decimal(command, value);
}

static status_t put_lines(command_t *command, const check_progress_t *progress) {
  while (command->cursor < progress->readers.made) {
    if (!command_has_room(command)) return OK;
    const flush_line_t *line = &progress->area->board.lines[command->cursor];
    put(command, TEXT("reader "), command->cursor++);
    command_put(command, TEXT(" processors 0x"));
    command_put_hexadecimal(command, line->processors, 1);
    put(command, TEXT(" reads "), line->reads);
    put(command, TEXT(" writes "), line->writes);
    put(command, TEXT(" faults "), line->faults);
    command_put(command, TEXT("\n"));
  }
  command->stage = kStageReport;
  return OK;
}

static uint64_t wrong(const check_progress_t *progress, enum access access) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < progress->readers.made; i++) {
    sum += progress->area->board.lines[i].wrong[access];
  }
  return sum;
}

static status_t give_back(check_progress_t *progress) {
  TRY(event_destroy(progress->area->board.moved));
  TRY(event_destroy(progress->area->board.answered));
  TRY(reference_release(progress->touch));
  TRY(unmap(&progress->area->target).status);
  TRY(map(&progress->area->target, progress->home, kPageWritable));
  return address_space_mapper_unmap(progress->owner, progress->area);
}

static status_t report(command_t *command, check_progress_t *progress) {
  tap_t tap = {};
  put(command, TEXT("rounds "), progress->rounds);
  put(command, TEXT(" remote "), progress->remote);
  put(command, TEXT(" stale reads "), wrong(progress, kAccessRead));
  put(command, TEXT(" stale writes "), wrong(progress, kAccessWritten));
  put(command, TEXT(" overwritten words "), progress->overwritten);
  command_put(command, TEXT("\n"));
  tap_check(&tap, command, wrong(progress, kAccessRead) == 0,
            TEXT("nobody reads a page after it was unmapped"));
  tap_check(&tap, command, wrong(progress, kAccessWritten) == 0,
            TEXT("nobody writes to a page after it was unmapped, or mapped without the right"));
  tap_check(&tap, command, progress->overwritten == 0,
            TEXT("a frame that was unmapped keeps what its owner writes"));
  tap_check(&tap, command,
            wrong(progress, kAccessReadFault) == 0 && wrong(progress, kAccessWriteFault) == 0,
            TEXT("everybody reaches a page once it is mapped"));
  tap_check(&tap, command, progress->readers.wrong == 0, TEXT("every reader ends well"));
  tap_check(&tap, command, progress->remote * 2 >= progress->rounds,
            TEXT("often enough a page was first read where it had to be forgotten"));
  TRY(give_back(progress));
  return tap_end(&tap, command);
}

static status_t step(command_t *command, check_progress_t *progress) {
  switch (command->stage) {
    case kStageBegin:
      return begin(command, progress);
    case kStageMapped:
      return on_mapped(command, progress);
    case kStageUnmapped:
      return on_unmapped(command, progress);
    case kStageJoin:
      return join(command, progress);
    case kStageLines:
      return put_lines(command, progress);
    default:
      return report(command, progress);
  }
}

status_t command_flush_check_step(command_t *command) {
  check_progress_t progress;
  COMMAND_OPEN(command, &progress);
  const status_t status = step(command, &progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}
