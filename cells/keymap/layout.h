// SPDX-License-Identifier: MIT
/// @file
/// What all cells that implement `keymap` share: everything but where the characters are. The
/// progress in keymap_state_t is the same for all of them, so one layout takes over from another
/// while Shift is held down.
/// @spill none: no data.
#pragma once
#include "cells/keymap/keymap.h"

enum {
  kLayoutCodes = 0x36,  // codes below make the characters that differ between layouts
  kLayoutRelease = 0x80,
  kLayoutPrefix0 = 0xe0,
  kLayoutPrefix1 = 0xe1,
  kLayoutProgressVersion = 1,
};

/// The characters of the codes 0 .. kLayoutCodes - 1, without and with Shift; 0: none.
typedef struct keymap_layout {
  char plain[kLayoutCodes + 1];
  char shifted[kLayoutCodes + 1];
} keymap_layout_t;

/// What is inside of keymap_state_t.
typedef struct keymap_progress {
  uint8_t prefix;  // 0xe0 after that code
  uint8_t skip;    // codes that belong to the Pause key and still have to come
  uint8_t left_shift;
  uint8_t right_shift;
  uint8_t control;  // one bit for each of the two keys
  uint8_t caps_lock;
} keymap_progress_t;

// The keypad, codes 0x47 to 0x53.
static const char kLayoutKeypad[] = "789-456+1230.";

// What a key makes that is the same in all layouts; 0: nothing.
static inline uint32_t layout_other_key(uint32_t key) {
  if (key == 0x37) return '*';
  if (key == 0x39) return ' ';
  if (key >= 0x3b && key <= 0x44) return (uint32_t)kKeymapF1 + key - 0x3b;
  if (key == 0x57 || key == 0x58) return (uint32_t)kKeymapF1 + 10 + key - 0x57;
  if (key >= 0x47 && key <= 0x53) return (uint32_t)kLayoutKeypad[key - 0x47];
  return 0;
}

// What a key makes whose code follows the prefix 0xe0; 0: nothing.
static inline uint32_t layout_prefixed_key(uint32_t key) {
  switch (key) {
    case 0x1c:
      return '\n';
    case 0x35:
      return '/';
    case 0x47:
      return kKeymapHome;
    case 0x48:
      return kKeymapUp;
    case 0x49:
      return kKeymapPageUp;
    case 0x4b:
      return kKeymapLeft;
    case 0x4d:
      return kKeymapRight;
    case 0x4f:
      return kKeymapEnd;
    case 0x50:
      return kKeymapDown;
    case 0x51:
      return kKeymapPageDown;
    case 0x52:
      return kKeymapInsert;
    case 0x53:
      return kKeymapDelete;
    default:
      return 0;
  }
}

static inline bool layout_is_letter(uint32_t character) {
  return (character | 0x20) >= 'a' && (character | 0x20) <= 'z';
}

// The character of a key of the layout under the modifiers.
static inline uint32_t layout_character(const keymap_layout_t *layout,
                                        const keymap_progress_t *progress, uint32_t key) {
  const uint32_t plain = (uint8_t)layout->plain[key];
  const bool shift = (progress->left_shift | progress->right_shift) != 0;
  const bool capital = progress->caps_lock != 0 && layout_is_letter(plain);
  const uint32_t character = shift != capital ? (uint8_t)layout->shifted[key] : plain;
  if (progress->control != 0 && character >= '@' && character < 0x7f) return character & 0x1f;
  return character;
}

// Follows a modifier. Returns whether the key is one.
static inline bool layout_modifier(keymap_progress_t *progress, uint32_t key, bool prefixed,
                                   bool down) {
  const uint8_t control = prefixed ? 2 : 1;
  switch (key) {
    case 0x1d:
      progress->control = down ? progress->control | control : progress->control & ~control;
      return true;
    case 0x2a:  // with the prefix: only an envelope of other keys
      if (!prefixed) progress->left_shift = down;
      return true;
    case 0x36:
      if (!prefixed) progress->right_shift = down;
      return true;
    case 0x3a:
      if (down) progress->caps_lock ^= 1;
      return true;
    default:
      return key == 0x38;  // Alt
  }
}

// Advances the progress by one code. Returns the character, or 0.
static inline uint32_t layout_step(const keymap_layout_t *layout, keymap_progress_t *progress,
                                   uint32_t code) {
  if (progress->skip != 0) {
    progress->skip--;
    return 0;
  }
  if (code == kLayoutPrefix1) progress->skip = 2;
  const bool prefixed = progress->prefix != 0;
  progress->prefix = code == kLayoutPrefix0 ? kLayoutPrefix0 : 0;
  if (code == kLayoutPrefix0 || code == kLayoutPrefix1) return 0;
  const bool down = (code & kLayoutRelease) == 0;
  const uint32_t key = code & ~(uint32_t)kLayoutRelease;
  if (layout_modifier(progress, key, prefixed, down) || !down) return 0;
  if (prefixed) return layout_prefixed_key(key);
  return key < kLayoutCodes ? layout_character(layout, progress, key) : layout_other_key(key);
}

/// keymap_translate by a given layout.
static inline u32_result_t layout_translate(const keymap_layout_t *layout, keymap_state_t *state,
                                            uint64_t scan_code) {
  const uint32_t tag = SEALED_TAG('k', 'e', 'y', 'm');
  if (scan_code > UINT8_MAX) return (u32_result_t){.status = ERR(OUT_OF_RANGE)};
  keymap_progress_t progress = {};
  TRY_RESULT(u32_result_t, SEALED_OPEN(state, tag, kLayoutProgressVersion, &progress));
  const uint32_t character = layout_step(layout, &progress, (uint32_t)scan_code);
  SEALED_COMMIT(state, tag, kLayoutProgressVersion, &progress);
  return (u32_result_t){.value = character};
}
