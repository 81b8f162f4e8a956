// SPDX-License-Identifier: MIT
/// @file
/// Starting another processor: it begins in real mode, in memory below 1 MiB, and ends in a
/// function in C on a stack of its own, in the address space of the one that started it.
///
/// The startup area is kStartupFrames consecutive frames: code and parameters, then three page
/// tables that show the first 2 MiB as they lie in memory, readable and executable, and above what
/// the root table in force shows. Nobody but a starting processor uses those tables.
#pragma once
#include "nano_core/api/ownership.h"
#include "nano_core/api/units.h"

enum { kStartupFrames = 4 };

/// What a processor finds; start.S knows the layout.
typedef struct startup {
  uint64_t root_table;  // physical
  uint64_t stack_top;
  uint64_t gs;     // the per-processor block; its stack canary is there
  uint64_t entry;  // [[noreturn]] void entry(void); interrupts are off, protections are on
  uint32_t apic;   // any other processor stops
} startup_t;

/// Fills the area; the one processor may come from now on.
/// @param area  physical address of the area, below 1 MiB; nobody is on the way in it
void startup_write(paddr_t area, LENT const startup_t *parameters);

/// Withdraws the permission to come. A processor that begins to run in the area later stops at
/// once, and touches nothing but the area.
/// @returns  false: it has come, and goes to its entry
bool startup_withdraw(paddr_t area);
