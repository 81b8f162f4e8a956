// SPDX-License-Identifier: MIT
#include "tools/cell_runtime/memory.h"

int memcmp(const void *left, const void *right, size_t bytes) {
  const unsigned char *a = left;
  const unsigned char *b = right;
  for (size_t i = 0; i < bytes; i++) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}
