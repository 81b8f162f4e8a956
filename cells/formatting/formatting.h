// SPDX-License-Identifier: MIT
/// @file
/// Turns numbers into text and text into numbers.
/// @spill none: pure functions.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// Writes `value` in decimal.
/// @returns  the number of characters written, from the start of `out`
/// @errors   NO_SPACE: it does not fit; `out` is unchanged. 20 characters always suffice.
/// @context  any
CELL_EXPORT size_result_t formatting_decimal(LENT text_buffer_t out, uint64_t value);

/// Writes `value` as a signed number, with `-` before it where it is negative.
/// @returns  the number of characters written
/// @errors   NO_SPACE: it does not fit; `out` is unchanged.
/// @context  any
CELL_EXPORT size_result_t formatting_signed(LENT text_buffer_t out, int64_t value);

/// Writes `value` in hexadecimal, small letters, without a prefix.
/// @param digits  1 to 16: leading zeros fill up to so many; a longer value is written whole
/// @returns  the number of characters written
/// @errors   INVALID_ARGUMENT: `digits`. NO_SPACE: it does not fit; `out` is unchanged.
/// @context  any
CELL_EXPORT size_result_t formatting_hexadecimal(LENT text_buffer_t out, uint64_t value,
                                                 uint64_t digits);

/// Writes `text`, followed by blanks up to `width` characters; a longer text is written whole.
/// @returns  the number of characters written
/// @errors   NO_SPACE: it does not fit; `out` is unchanged.
/// @context  any
CELL_EXPORT size_result_t formatting_padded(LENT text_buffer_t out, LENT text_t text,
                                            uint64_t width);

/// Reads a whole number: decimal, or hexadecimal after `0x`, each with an optional `-` before it
/// (the value is the two's complement then). Nothing else may stand in `text`.
/// @errors   INVALID_ARGUMENT: no number. OUT_OF_RANGE: more than 64 bits, or below -2^63.
/// @context  any
CELL_EXPORT u64_result_t formatting_parse(LENT text_t text);

EXTERN_C_END
