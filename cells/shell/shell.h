// SPDX-License-Identifier: MIT
/// @file
/// The shell: reads lines from the console, has each carried out by the cell `command_WORD`
/// (patterns/command.h), and answers each with exactly one line, `= ok` or `= error NAME: message`.
/// It prints the log's new lines between its own.
/// @spill none outside of the declared state `shell_boot`; the line, the history and the command
///        under way stand in the task's progress.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// The step of the shell's task. Command-line words: `terminal=ansi` (echo, prompt, editing,
/// completion, pages, colours; else nothing but answers is printed), `rows=N`, `columns=N` (of the
/// terminal), `colour=off`, `quiet` (no log lines).
/// @errors   WOULD_BLOCK: waits for a character, for a log line, or for what the command waits for.
///           INVALID_OBJECT, STALE: the progress is not the shell's.
CELL_EXPORT status_t shell_step(LENT task_progress_t *progress);

/// The cycle counter (instructions under deterministic time) when the shell was first ready.
/// @errors   WOULD_BLOCK: it is not ready yet; nothing is watched.
CELL_EXPORT u64_result_t shell_ready_cycles(void);

EXTERN_C_END
