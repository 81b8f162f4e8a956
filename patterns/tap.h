// SPDX-License-Identifier: MIT
/// @file
/// Test Anything Protocol lines from a command cell that tests the running system: `1..N`,
/// `ok N - text`, `not ok N - text`. The host's runner makes a test case of each.
/// @spill none: the count stands in the caller's progress.
#pragma once
#include "patterns/command.h"

/// How many lines were printed, and how many of them were `not ok`.
typedef struct tap {
  uint64_t count;
  uint64_t failed;
} tap_t;

/// Prints one line.
COMMAND_SHARED void tap_check(tap_t *tap, command_t *command, bool passed, text_t what) {
  tap->count++;
  if (!passed) {
    tap->failed++;
    command_put(command, TEXT("not "));
  }
  command_put(command, TEXT("ok "));
  command_put_decimal(command, tap->count);
  command_put(command, TEXT(" - "));
  command_put(command, what);
  command_put(command, TEXT("\n"));
}

/// Prints the plan; the last line of a test.
/// @returns  END, or FAULT where a line was `not ok`
static inline status_t tap_end(const tap_t *tap, command_t *command) {
  command_put(command, TEXT("1.."));
  command_put_decimal(command, tap->count);
  command_put(command, TEXT("\n"));
  if (tap->failed == 0) return ERR(END);
  return command_refuse(command, ERR(INTERNAL), TEXT("a check failed"), TEXT(""), TEXT(""));
}
