// SPDX-License-Identifier: MIT
// A command that tests the virtio console from inside: `channel_check [LINES]` sends numbered lines
// to a host that sends everything back, compares what comes, and swaps virtio_console all the
// while.
#include "cells/virtio_console/virtio_console.h"
#include "nano_core/api/cell.h"
#include "patterns/command_request.h"
#include "patterns/tap.h"

CELL_EXPORT status_t command_channel_check_step(LENT command_t *command);

enum { kDefaultLines = 10000, kLineBytes = 8, kPartBytes = 100, kLeastSwaps = 20 };

// Both directions are one stream of numbered lines; a position in it says which byte is due.
typedef struct check_progress {
  request_t request;  // a swap that is under way; none where generation is 0
  uint64_t bytes;     // to be sent and received; 0: not begun
  uint64_t sent;
  uint64_t received;
  uint64_t wrong;  // bytes that were not the ones that were due
  uint64_t swaps;
} check_progress_t;

// The byte at a position: seven digits and a line feed each.
static char byte_at(uint64_t position) {
  static const uint64_t kPlaces[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
  const uint64_t line = position / kLineBytes;
  const uint64_t column = position % kLineBytes;
  return column == kLineBytes - 1 ? '\n' : (char)('0' + line / kPlaces[column] % 10);
}

static status_t send(check_progress_t *progress) {
  char part[kPartBytes];
  const uint64_t left = progress->bytes - progress->sent;
  const size_t length = left < kPartBytes ? left : kPartBytes;
  if (length == 0) return ERR(WOULD_BLOCK);
  for (size_t i = 0; i < length; i++) part[i] = byte_at(progress->sent + i);
  const size_result_t sent = virtio_console_write(text_slice(SPAN_OF(text, part), 0, length));
  TRY(sent.status);
  progress->sent += sent.value;
  return OK;
}

static status_t receive(check_progress_t *progress) {
  char part[kPartBytes];
  const size_result_t came = virtio_console_read(SPAN_OF(text_buffer, part));
  TRY(came.status);
  for (size_t i = 0; i < came.value && i < kPartBytes; i++) {
    progress->wrong += part[i] != byte_at(progress->received + i);
  }
  progress->received += came.value;
  return OK;
}

// Begins a swap, or sees one through.
static status_t swap(command_t *command, check_progress_t *progress) {
  if (progress->request.generation == 0) {
    const request_result_t request =
        command_request_one(kRequestSwap, TEXT("virtio_console"), TEXT(""));
    TRY(request.status);
    progress->request = request.value;
  }
  TRY(command_request_poll(command, progress->request));
  TRY(request_close(progress->request));
  progress->request = (request_t){};
  progress->swaps++;
  return OK;
}

static status_t report(command_t *command, const check_progress_t *progress) {
  tap_t tap = {};
  command_put(command, TEXT("lines "));
  command_put_decimal(command, progress->received / kLineBytes);
  command_put(command, TEXT(" swaps "));
  command_put_decimal(command, progress->swaps);
  command_put(command, TEXT("\n"));
  tap_check(&tap, command, progress->wrong == 0, TEXT("every byte was the one that was due"));
  tap_check(&tap, command, progress->received == progress->bytes, TEXT("none came twice"));
  tap_check(&tap, command, progress->swaps >= kLeastSwaps, TEXT("the driver was swapped often"));
  return tap_end(&tap, command);
}

static status_t begin(command_t *command, check_progress_t *progress) {
  progress->bytes = kDefaultLines * kLineBytes;
  if (command_words(command) == 1) return OK;
  const u64_result_t lines = command_number(command, 1);
  progress->bytes = lines.value * kLineBytes;
  return lines.status;
}

// WOULD_BLOCK only where none of the three goes on; what they wait for is watched then.
static status_t step(command_t *command, check_progress_t *progress) {
  if (progress->bytes == 0) TRY(begin(command, progress));
  const status_t swapped = swap(command, progress);
  if (!status_is_ok(swapped) && !status_is(swapped, STATUS_WOULD_BLOCK)) return swapped;
  const bool done = progress->received >= progress->bytes;
  if (done) return status_is_ok(swapped) ? report(command, progress) : swapped;
  const status_t sent = send(progress);
  if (!status_is_ok(sent) && !status_is(sent, STATUS_WOULD_BLOCK)) return sent;
  const status_t received = receive(progress);
  if (!status_is_ok(received) && !status_is(received, STATUS_WOULD_BLOCK)) return received;
  return status_is_ok(swapped) || status_is_ok(sent) ? OK : received;
}

status_t command_channel_check_step(command_t *command) {
  check_progress_t progress;
  COMMAND_OPEN(command, &progress);
  const status_t status = step(command, &progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}
