// SPDX-License-Identifier: MIT
/// @file
/// The figures of the workers, as comments between the lines of TAP.
#pragma once
#include "testing/scheduling/command_policy_check/judge.h"

static inline void put_figure(command_t *command, text_t before, uint64_t value) {
  command_put(command, before);
  command_put_decimal(command, value);
}

static inline void put_figures(command_t *command, text_t who, const group_t *group) {
  command_put(command, TEXT("# "));
  command_put(command, who);
  put_figure(command, TEXT(" ran_us "), group->ran / kMicrosecond);
  put_figure(command, TEXT(" units "), group->units);
  put_figure(command, TEXT(" jobs "), group->jobs);
  put_figure(command, TEXT(" misses "), group->misses);
  put_figure(command, TEXT(" disorder "), group->disorder);
  put_figure(command, TEXT(" wait_us "), group->longest_wait / kMicrosecond);
  put_figure(command, TEXT(" latency_us "), group->latency / kMicrosecond);
  put_figure(command, TEXT(" job_us "), group->jobs == 0 ? 0 : group->shortest_job / kMicrosecond);
  command_put(command, TEXT("\n"));
}

/// Prints as many rows as fit, each worker's and one of all; where there are hundreds, those of the
/// busy ones and one of the others.
/// @returns  whether that was all
static inline bool put_all_figures(command_t *command, uint64_t check) {
  const uint64_t workers = check_workers(check);
  const uint64_t each = check_is_swapped(check) ? kSwapsBusy : workers;
  for (; command_has_room(command) && command->cursor < each; command->cursor++) {
    const group_t one = group_of(check, command->cursor, command->cursor + 1);
    text_line_t name = {};
    text_line_text(&name, TEXT("worker "));
    text_line_decimal(&name, command->cursor);
    put_figures(command, text_line_view(&name), &one);
  }
  if (!command_has_room(command)) return false;
  const bool rest = check_is_swapped(check);
  const group_t all = group_of(check, rest ? kSwapsBusy : 0, workers);
  put_figures(command, rest ? TEXT("others") : TEXT("all"), &all);
  return true;
}
