// SPDX-License-Identifier: MIT
#include "nano_core/loader/message.h"

static size_t message_length(const message_t *message) {
  size_t length = 0;
  while (length < kMessageBytes - 1 && message->text[length] != '\0') length++;
  return length;
}

void message_clear(message_t *message) { __builtin_memset(message, 0, sizeof(*message)); }

void message_text(message_t *message, text_t text) {
  size_t length = message_length(message);
  for (size_t i = 0; i < text.length && length < kMessageBytes - 1; i++) {
    const char c = text.data[i];
    message->text[length++] = c >= ' ' && c <= '~' ? c : '?';
  }
  message->text[length] = '\0';
}

static void append_number(message_t *message, uint64_t value, uint64_t base) {
  enum { kDigits = 20 };  // of 2^64 in decimal
  char digits[kDigits];
  size_t first = kDigits;
  do {
    digits[--first] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  message_text(message, text_slice(SPAN_OF(text, digits), first, kDigits - first));
}

void message_decimal(message_t *message, uint64_t value) { append_number(message, value, 10); }

void message_hexadecimal(message_t *message, uint64_t value) {
  message_text(message, TEXT("0x"));
  append_number(message, value, 16);
}

status_t message_refuse(message_t *message, text_t before, text_t name, text_t after) {
  message_clear(message);
  message_text(message, before);
  message_text(message, name);
  message_text(message, after);
  return ERR(BAD_OBJECT);
}

status_t message_refuse_number(message_t *message, text_t before, uint64_t number, text_t after) {
  message_clear(message);
  message_text(message, before);
  message_decimal(message, number);
  message_text(message, after);
  return ERR(BAD_OBJECT);
}
