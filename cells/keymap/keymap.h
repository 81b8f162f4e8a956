// SPDX-License-Identifier: MIT
/// @file
/// Makes characters of scan codes (set 1). The modifiers that are held down are the client's, in a
/// sealed object, so that another layout can be swapped in between any two keys.
/// @spill   none: no state in this cell.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// Modifiers and prefix bytes of one keyboard, held by the client; all zero to begin with.
SEALED_DEFINE(keymap_state_t, 32);

/// Keys that are no characters.
enum keymap_key {
  kKeymapUp = 0x100,
  kKeymapDown,
  kKeymapLeft,
  kKeymapRight,
  kKeymapHome,
  kKeymapEnd,
  kKeymapPageUp,
  kKeymapPageDown,
  kKeymapInsert,
  kKeymapDelete,
  kKeymapF1 = 0x120,  // F2 to F12 follow
};

/// Translates one scan code.
/// @param state      changed by modifiers and prefixes
/// @param scan_code  0 .. 255
/// @returns  a character (Enter is LF, Backspace 8, Tab 9, Escape 27; with Ctrl the control code),
///           a number of `enum keymap_key`, or 0: this code makes none (a release, a modifier)
/// @errors   OUT_OF_RANGE: `scan_code`. INVALID_OBJECT, STALE: `state`. It is unchanged.
/// @context  any; never waits; O(1)
CELL_EXPORT u32_result_t keymap_translate(LENT keymap_state_t *state, uint64_t scan_code);

EXTERN_C_END
