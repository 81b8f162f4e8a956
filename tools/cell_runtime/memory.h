// SPDX-License-Identifier: MIT
/// @file
/// The functions that a compiler calls by itself: four for what the source writes as an assignment
/// or an initialiser, and one for a smashed stack. Each cell gets its own copies, as local symbols;
/// no other library call is allowed.
/// @spill none
#pragma once
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict destination, const void *restrict source, size_t bytes);
void *memmove(void *destination, const void *source, size_t bytes);
void *memset(void *destination, int value, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);

/// A function's frame was overwritten: traps, which ends the call with FAULT.
[[noreturn]] void __stack_chk_fail(void);

/// Copies from low to high addresses, in words of eight bytes while they last: an instruction count
/// charges one for each repetition.
static inline void cell_runtime_copy_forward(void *destination, const void *source, size_t bytes) {
  size_t words = bytes / sizeof(uint64_t);
  size_t rest = bytes % sizeof(uint64_t);
  __asm__ volatile("rep movsq" : "+D"(destination), "+S"(source), "+c"(words) : : "memory");
  __asm__ volatile("rep movsb" : "+D"(destination), "+S"(source), "+c"(rest) : : "memory");
}
