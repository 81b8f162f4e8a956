// SPDX-License-Identifier: MIT
#include "cells/keymap/keymap.h"

#include "cells/keymap/layout.h"

static const keymap_layout_t kLayout = {
    .plain = "\0\0331234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./",
    .shifted = "\0\033!@#$%^&*()_+\b\tQWERTYUIOP{}\n\0ASDFGHJKL:\"~\0|ZXCVBNM<>?",
};

u32_result_t keymap_translate(keymap_state_t *state, uint64_t scan_code) {
  return layout_translate(&kLayout, state, scan_code);
}
