// SPDX-License-Identifier: MIT
#include "nano_core/core/core.h"

status_t name_set(name_t *name, text_t text) {
  if (text.length == 0 || text.length >= kNameBytes) return ERR(INVALID_ARGUMENT);
  *name = (name_t){};
  __builtin_memcpy(name->characters, text.data, text.length);
  return OK;
}

text_t name_text(const name_t *name) {
  size_t length = 0;
  while (length < kNameBytes && name->characters[length] != 0) length++;
  return (text_t){name->characters, length};
}
