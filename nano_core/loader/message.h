// SPDX-License-Identifier: MIT
/// @file
/// One sentence about what went wrong, for people. Every refusal of the loader writes one that
/// names the thing and the remedy. What does not fit is cut off; what is not printable ASCII
/// becomes `?`, so a message is always one line, whatever the file held that it speaks of.
/// @context  any; no waiting, no allocation, no global data
/// @spill    none
#pragma once
#include "nano_core/api/instances.h"
#include "nano_core/api/span.h"
#include "nano_core/api/status.h"
EXTERN_C_BEGIN

/// A sentence of at most kMessageBytes - 1 characters; all zero is the empty message.
typedef struct message {
  char text[kMessageBytes];  // terminated
} message_t;

/// Empties `message`.
void message_clear(message_t *message);

/// Appends `text`.
void message_text(message_t *message, text_t text);

/// Appends `value` in decimal digits.
void message_decimal(message_t *message, uint64_t value);

/// Appends `0x` and `value` in hexadecimal digits without leading zeros.
void message_hexadecimal(message_t *message, uint64_t value);

/// Replaces the message by `before`, `name` and `after`.
/// @returns  always BAD_OBJECT, so that a check ends with `return message_refuse(...)`
status_t message_refuse(message_t *message, text_t before, text_t name, text_t after);

/// As message_refuse, with a number in decimal digits in the middle.
status_t message_refuse_number(message_t *message, text_t before, uint64_t number, text_t after);

EXTERN_C_END
