// SPDX-License-Identifier: MIT
/// @file
/// A part of the load `calls`: commands of the shell, each with words that it must refuse.
#pragma once
#include "cells/load_generator/batch.h"
#include "patterns/command.h"

static const text_t kCommandSteps[] = {
    TEXT("command_bench_step"),    TEXT("command_call_step"),    TEXT("command_cells_step"),
    TEXT("command_deps_step"),     TEXT("command_help_step"),    TEXT("command_iface_step"),
    TEXT("command_irqs_step"),     TEXT("command_load_step"),    TEXT("command_log_step"),
    TEXT("command_mem_step"),      TEXT("command_objects_step"), TEXT("command_pages_step"),
    TEXT("command_poweroff_step"), TEXT("command_reboot_step"),  TEXT("command_state_step"),
    TEXT("command_swap_step"),     TEXT("command_tasks_step"),   TEXT("command_unload_step"),
    TEXT("command_work_step"),
};

// No command takes so many words, and none of them is a name or a number.
static const text_t kRefusedLine = TEXT("x ? ? ? ? ? ?");

// Makes the first step of the command number `number`.
static inline void commands_one(batch_t *batch, uint64_t number) {
  command_t command = {.line_length = (uint32_t)kRefusedLine.length};
  text_copy(SPAN_OF(text_buffer, command.line), kRefusedLine);
  const reference_result_t step = reference_obtain(kCommandSteps[number % COUNT_OF(kCommandSteps)]);
  if (!batch_accept(batch, step.status)) return;
  const status_t answer =
      reference_call(step.value, (uint64_t)(uintptr_t)&command, 0, 0, 0, 0).status;
  batch_accept(batch, reference_release(step.value));
  if (status_is(answer, STATUS_INVALID_ARGUMENT) || status_is(answer, STATUS_NOT_FOUND)) {
    return batch_count(batch, true);
  }
  if (batch_accept(batch, answer)) batch_count(batch, false);
}
