// SPDX-License-Identifier: MIT
/// @file
/// Marks what a cell publishes. The build fingerprints every function that carries the mark and
/// refuses one whose name does not begin with the interface's name or whose shape a gate cannot
/// carry (docs/book/gates.md).
#pragma once

/// Stands before the prototype of each published function, in the cell's public header (or in the
/// source file, where the cell has no header).
#define CELL_EXPORT __attribute__((visibility("default"), annotate("cell_export")))

/// Marks one of the few functions of nano_core that return no status and are bound without a gate
/// frame: fixed sequences that cannot fail, such as monitor_enter.
#define CELL_DIRECT __attribute__((visibility("default"), annotate("cell_direct")))
