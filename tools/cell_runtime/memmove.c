// SPDX-License-Identifier: MIT
#include "tools/cell_runtime/memory.h"

void *memmove(void *destination, const void *source, size_t bytes) {
  const uintptr_t to = (uintptr_t)destination;
  const uintptr_t from = (uintptr_t)source;
  if (to - from >= bytes) {  // also true, by wrapping, where the destination lies below
    cell_runtime_copy_forward(destination, source, bytes);
    return destination;
  }
  unsigned char *target = destination;
  const unsigned char *origin = source;
  for (size_t i = bytes; i > 0; i--) target[i - 1] = origin[i - 1];
  return destination;
}
