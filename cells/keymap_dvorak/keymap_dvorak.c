// SPDX-License-Identifier: MIT
#include "cells/keymap/keymap.h"

#include "cells/keymap/layout.h"

static const keymap_layout_t kLayout = {
    .plain = "\0\0331234567890[]\b\t',.pyfgcrl/=\n\0aoeuidhtns-`\0\\;qjkxbmwvz",
    .shifted = "\0\033!@#$%^&*(){}\b\t\"<>PYFGCRL?+\n\0AOEUIDHTNS_~\0|:QJKXBMWVZ",
};

u32_result_t keymap_translate(keymap_state_t *state, uint64_t scan_code) {
  return layout_translate(&kLayout, state, scan_code);
}
