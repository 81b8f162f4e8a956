// SPDX-License-Identifier: MIT
/// @file
/// A command of the shell is a cell `command_WORD` that publishes one step,
///   status_t command_WORD_step(LENT command_t *command);
/// which the shell calls until it has an answer:
///   OK           print what is in the output buffer and call again
///   END          print it, and `= ok`, or the error in `result`
///   WOULD_BLOCK  print it, and call again when the watched event has moved
///   an error     print it, and `= error NAME: message`
/// All that the command knows between its steps stands in the command_t, which the shell holds: the
/// cell may be replaced between any two of them.
///
/// Tables have a header row; rows begin in column 1, and columns are separated by blanks. A loop
/// over rows runs while command_has_room(), so that no row is ever cut.
/// @spill none
#pragma once
#include "nano_core/api/instances.h"
#include "nano_core/api/span.h"
#include "nano_core/api/status.h"
#include "nano_core/api/units.h"
#include "patterns/number_text.h"
#include "patterns/words.h"

enum {
  kCommandLineBytes = 512,
  kCommandOutputBytes = 1024,
  kCommandRowBytes = 400,  // the longest row
  kCommandPrivateBytes = 192,
};

/// Once per command cell, not once per use: commands are small.
#define COMMAND_SHARED __attribute__((noinline)) static inline

/// The progress of one command.
typedef struct command {
  char line[kCommandLineBytes];      // as it was typed
  char output[kCommandOutputBytes];  // printed, and emptied, after each step
  char message[kMessageBytes];       // terminated; for an error; empty: the vocabulary's meaning
  status_t result;                   // with END: what to answer (END and WOULD_BLOCK, too)
  uint32_t line_length;
  uint32_t output_length;
  uint32_t stage;  // the command's own; 0 at the first call
  uint32_t after;  // with END: go on at this stage once the answer is printed; nothing more is
  uint32_t reserved;
  uint64_t cursor;                                  // the command's own; 0 at the first call
  alignas(8) uint8_t memory[kCommandPrivateBytes];  // the command's own; all zero at first
} command_t;

/// Copies the command's private struct out of (or back into) its progress.
#define COMMAND_OPEN(command, progress)                                         \
  do {                                                                          \
    static_assert(sizeof(*(progress)) <= kCommandPrivateBytes, "does not fit"); \
    __builtin_memcpy((progress), (command)->memory, sizeof(*(progress)));       \
  } while (0)
#define COMMAND_COMMIT(command, progress) \
  __builtin_memcpy((command)->memory, (progress), sizeof(*(progress)))

/// The line as a text.
static inline text_t command_line(const command_t *command) {
  return text_slice(SPAN_OF(text, command->line), 0, command->line_length);
}

/// The `index`-th word of the line; word 0 is the command. Empty past the last.
static inline text_t command_word(const command_t *command, size_t index) {
  return words_at(command_line(command), index);
}

/// How many words the line has, the command included.
static inline size_t command_words(const command_t *command) {
  return words_count(command_line(command));
}

/// The text in a fixed array that is terminated, or full: COMMAND_FIELD(info.name.characters).
#define COMMAND_FIELD(array) (command_field(SPAN_OF(text, (array))))
static inline text_t command_field(text_t field) {
  size_t length = 0;
  while (length < field.length && *text_at(field, length) != 0) length++;
  return text_slice(field, 0, length);
}

/// Whether another row fits into the output buffer.
static inline bool command_has_room(const command_t *command) {
  return command->output_length + kCommandRowBytes <= kCommandOutputBytes;
}

/// Appends to the output. What does not fit is cut.
COMMAND_SHARED void command_put(command_t *command, text_t text) {
  const text_buffer_t output = SPAN_OF(text_buffer, command->output);
  const size_t used = command->output_length;
  command->output_length +=
      (uint32_t)text_copy(text_buffer_slice(output, used, output.length - used), text);
}

COMMAND_SHARED void command_put_decimal(command_t *command, uint64_t value) {
  char digits[kNumberTextDecimalDigits];
  const size_result_t length = number_text_decimal(SPAN_OF(text_buffer, digits), value);
  command_put(command, text_slice(SPAN_OF(text, digits), 0, length.value));
}

/// Appends `value` in hexadecimal with leading zeros up to `digits` (1 to 16), no prefix.
COMMAND_SHARED void command_put_hexadecimal(command_t *command, uint64_t value, uint64_t digits) {
  char text[kNumberTextHexadecimalDigits];
  const size_result_t length = number_text_hexadecimal(SPAN_OF(text_buffer, text), value, digits);
  command_put(command, text_slice(SPAN_OF(text, text), 0, length.value));
}

/// Appends blanks up to `width`, at least one.
COMMAND_SHARED void command_pad(command_t *command, size_t used, size_t width) {
  do {
    command_put(command, TEXT(" "));
    used++;
  } while (used <= width);
}

/// Appends a column: `text` (a `-` where it is empty) and blanks, at least one.
COMMAND_SHARED void command_column(command_t *command, text_t text, size_t width) {
  if (text.length == 0) text = TEXT("-");
  command_put(command, text);
  command_pad(command, text.length, width);
}

COMMAND_SHARED void command_column_decimal(command_t *command, uint64_t value, size_t width) {
  const size_t start = command->output_length;
  command_put_decimal(command, value);
  command_pad(command, command->output_length - start, width);
}

/// Appends a column with an address: 0x and 16 digits.
static inline void command_column_address(command_t *command, vaddr_t address) {
  command_put(command, TEXT("0x"));
  command_put_hexadecimal(command, address.bytes, kNumberTextHexadecimalDigits);
  command_put(command, TEXT(" "));
}

/// Ends a row; blanks at its end go.
COMMAND_SHARED void command_end_row(command_t *command) {
  while (command->output_length > 0 && command->output[command->output_length - 1] == ' ') {
    command->output_length--;
  }
  command_put(command, TEXT("\n"));
}

/// Sets the message of the error that the step is about to answer: three texts in a row, for
/// example before, the word in question, after.
/// @returns  `status`
COMMAND_SHARED status_t command_refuse(command_t *command, status_t status, text_t before,
                                       text_t word, text_t after) {
  const text_buffer_t message = {command->message, kMessageBytes - 1};
  size_t used = text_copy(message, before);
  used += text_copy(text_buffer_slice(message, used, message.length - used), word);
  used += text_copy(text_buffer_slice(message, used, message.length - used), after);
  command->message[used] = 0;
  return status;
}

/// The answer to wrong arguments.
static inline status_t command_usage(command_t *command, text_t usage) {
  return command_refuse(command, ERR(INVALID_ARGUMENT), TEXT("usage: "), usage, TEXT(""));
}

/// The whole number in word `index`.
/// @errors   INVALID_ARGUMENT: it is none, or too large; the message names it
static inline u64_result_t command_number(command_t *command, size_t index) {
  const text_t word = command_word(command, index);
  u64_result_t number = number_text_parse(word);
  if (status_is_ok(number.status)) return number;
  const text_t why = status_is(number.status, STATUS_OUT_OF_RANGE)
                         ? TEXT(" does not fit into 64 bits")
                         : TEXT(" is not a number");
  number.status = command_refuse(command, ERR(INVALID_ARGUMENT), TEXT(""), word, why);
  return number;
}
