// SPDX-License-Identifier: MIT
/// @file
/// Where a processor that was started goes on, in C.
#pragma once

/// Runs for ever, on its root's stack; `gs` points at its block. Interrupts are off on entry.
[[noreturn]] void processor_main(void);
