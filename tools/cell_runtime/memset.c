// SPDX-License-Identifier: MIT
#include "tools/cell_runtime/memory.h"

void *memset(void *destination, int value, size_t bytes) {
  const uint64_t pattern = (unsigned char)value * UINT64_C(0x0101010101010101);
  void *place = destination;
  size_t words = bytes / sizeof(uint64_t);
  size_t rest = bytes % sizeof(uint64_t);
  __asm__ volatile("rep stosq" : "+D"(place), "+c"(words) : "a"(pattern) : "memory");
  __asm__ volatile("rep stosb" : "+D"(place), "+c"(rest) : "a"(pattern) : "memory");
  return destination;
}
