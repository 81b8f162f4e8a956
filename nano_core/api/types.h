// SPDX-License-Identifier: MIT
/// @file
/// Fixed-width integers, `bool`, `size_t`, and what makes one header serve C23 and C++20.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define EXTERN_C_BEGIN extern "C" {
#define EXTERN_C_END }
#else
#include <stdbool.h>
#define EXTERN_C_BEGIN
#define EXTERN_C_END
#endif

/// Ends the current call: the trap is an exception, and the caller receives `FAULT`.
#define TRAP() __builtin_trap()

/// The number of elements of an array (not of a pointer).
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
