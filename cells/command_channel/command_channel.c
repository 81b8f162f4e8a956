// SPDX-License-Identifier: MIT
#include "cells/command_channel/command_channel.h"

#include "cells/virtio_console/virtio_console.h"

enum { kLineBytes = 160 };

// A line that came in part; command->cursor counts the bytes that were written, or the lines that
// were printed.
typedef struct channel_progress {
  uint64_t wanted;  // lines
  uint32_t begun;   // 1: the number of lines is known
  uint32_t length;
  char line[kLineBytes];
} channel_progress_t;

static status_t usage(command_t *command) {
  return command_usage(command, TEXT("channel write TEXT | read [LINES] | status"));
}

static status_t explain(command_t *command, status_t status) {
  if (status_is(status, STATUS_NOT_FOUND)) {
    return command_refuse(command, status, TEXT("no virtio console: give the machine one"),
                          TEXT(""), TEXT(""));
  }
  if (status_is(status, STATUS_IO_ERROR)) {
    return command_refuse(command, status, TEXT("the virtio console answers nonsense; "),
                          TEXT("call virtio_console virtio_console_reset"),
                          TEXT(" starts it anew"));
  }
  return status;
}

// What follows the word `write`, with the line feed that ends it.
static text_t text_to_write(const command_t *command, text_buffer_t buffer) {
  const text_t line = command_line(command);
  const text_t word = command_word(command, 2);
  // The words are slices of the line.
  size_t start = line.length;
  while (start > 0 && text_slice(line, start, line.length - start).data != word.data) start--;
  const size_t length = text_copy(buffer, text_slice(line, start, line.length - start));
  *text_buffer_at(buffer, length) = '\n';
  return text_slice((text_t){buffer.data, buffer.length}, 0, length + 1);
}

static status_t write(command_t *command) {
  char buffer[kCommandLineBytes + 1];
  if (command_words(command) < 3) return usage(command);
  const text_t text = text_to_write(command, SPAN_OF(text_buffer, buffer));
  const size_t done = command->cursor;
  if (done >= text.length) return ERR(END);
  const size_result_t written = virtio_console_write(text_slice(text, done, text.length - done));
  if (!status_is_ok(written.status)) return explain(command, written.status);
  command->cursor += written.value;
  return OK;
}

// Prints the line that has come so far. What a terminal would not print is shown as a dot.
static void put_line(command_t *command, channel_progress_t *progress) {
  command_put(command, TEXT("channel: "));
  for (uint32_t i = 0; i < progress->length; i++) {
    const char c = progress->line[i];
    const char shown[1] = {c >= ' ' && c <= '~' ? c : '.'};
    command_put(command, SPAN_OF(text, shown));
  }
  command_put(command, TEXT("\n"));
  progress->length = 0;
  command->cursor++;
}

static status_t read_lines(command_t *command, channel_progress_t *progress) {
  while (command_has_room(command)) {
    if (progress->wanted != 0 && command->cursor >= progress->wanted) return ERR(END);
    char byte[1];
    const size_result_t count = virtio_console_read(SPAN_OF(text_buffer, byte));
    // Without a number of lines it is what there is now.
    if (status_is(count.status, STATUS_WOULD_BLOCK) && progress->wanted == 0) {
      if (progress->length > 0) put_line(command, progress);
      return ERR(END);
    }
    if (!status_is_ok(count.status)) return explain(command, count.status);
    if (byte[0] != '\n') progress->line[progress->length++] = byte[0];
    if (byte[0] == '\n' || progress->length == kLineBytes) put_line(command, progress);
  }
  return OK;
}

static status_t read(command_t *command) {
  channel_progress_t progress;
  COMMAND_OPEN(command, &progress);
  if (command_words(command) > 3) return usage(command);
  if (progress.begun == 0 && command_words(command) == 3) {
    const u64_result_t lines = command_number(command, 2);
    TRY(lines.status);
    if (lines.value == 0) return usage(command);
    progress.wanted = lines.value;
  }
  progress.begun = 1;
  const status_t status = read_lines(command, &progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}

static status_t show(command_t *command) {
  virtio_console_info_t info;
  if (command_words(command) != 2) return usage(command);
  TRY(virtio_console_describe(&info));
  command_put(command, TEXT("STATUS   RECEIVED   SENT       INTERRUPTS\n"));
  const text_t working = info.ready != 0 ? TEXT("ready") : TEXT("unused");
  command_column(command, info.failed != 0 ? TEXT("failed") : working, 8);
  command_column_decimal(command, info.received, 10);
  command_column_decimal(command, info.sent, 10);
  command_column_decimal(command, info.interrupts, 0);
  command_end_row(command);
  return ERR(END);
}

status_t command_channel_step(command_t *command) {
  const text_t word = command_word(command, 1);
  if (text_equal(word, TEXT("write"))) return write(command);
  if (text_equal(word, TEXT("read"))) return read(command);
  if (text_equal(word, TEXT("status"))) return show(command);
  return usage(command);
}
