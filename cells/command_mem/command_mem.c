// SPDX-License-Identifier: MIT
#include "cells/command_mem/command_mem.h"

#include "cells/frame_allocator/frame_allocator.h"
#include "nano_core/api/memory.h"

enum { kStageTable, kStageSums };

static void put_row(command_t *command, text_t name, size_t width, uint64_t frames) {
  command_column(command, name, width);
  command_column_decimal(command, frames, width == 0 ? 0 : 10);
  command_column_decimal(command, frames * kFrameBytes, 0);
  command_end_row(command);
}

static status_t put_owner(command_t *command, const frame_usage_t *usage) {
  char name[kNameBytes] = {};
  const status_t status = owner_name(usage->owner, SPAN_OF(text_buffer, name));
  if (!status_is(status, STATUS_NOT_FOUND)) TRY(status);
  put_row(command, COMMAND_FIELD(name), 22, usage->frames);
  return OK;
}

static status_t put_owners(command_t *command) {
  for (; command_has_room(command); command->cursor++) {
    frame_usage_t usage;
    const status_t status = frame_allocator_usage(command->cursor, &usage);
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    TRY(status);
    TRY(put_owner(command, &usage));
  }
  return OK;
}

// Free is what anybody could still get: frames that nobody holds, and nano_core's reserve. Cached
// is the part of it that lies ready for the processors, one by one.
static status_t put_sums(command_t *command) {
  const u64_result_t total = frame_allocator_total_frames();
  TRY(total.status);
  const u64_result_t free_frames = frame_allocator_free_frames();
  TRY(free_frames.status);
  const u64_result_t cached = frame_allocator_cached_frames();
  TRY(cached.status);
  const u64_result_t reserve = memory_reserve_frames();
  TRY(reserve.status);
  const u64_result_t core = memory_core_frames();
  TRY(core.status);
  put_row(command, TEXT("total"), 0, total.value + reserve.value + core.value);
  put_row(command, TEXT("free"), 0, free_frames.value + reserve.value);
  put_row(command, TEXT("reserve"), 0, reserve.value);
  put_row(command, TEXT("core"), 0, core.value);
  put_row(command, TEXT("cached"), 0, cached.value);
  return ERR(END);
}

status_t command_mem_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("mem"));
  if (command->stage == kStageSums) return put_sums(command);
  if (command->cursor == 0) command_put(command, TEXT("OWNER                  FRAMES     BYTES\n"));
  const status_t status = put_owners(command);
  if (!status_is(status, STATUS_END)) return status;
  command->stage = kStageSums;
  return OK;
}
