// SPDX-License-Identifier: MIT
#include "tools/cell_runtime/memory.h"

void *memcpy(void *restrict destination, const void *restrict source, size_t bytes) {
  cell_runtime_copy_forward(destination, source, bytes);
  return destination;
}
