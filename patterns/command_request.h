// SPDX-License-Identifier: MIT
/// @file
/// What the commands that change cells (load, unload, swap, bench) share: one request, polled
/// between steps.
/// @spill none: the request's handle stands in the command's progress.
#pragma once
#include "nano_core/api/instances.h"
#include "patterns/command.h"

/// An object's name without the `.o` that it has as a file.
static inline text_t command_object(text_t word) {
  if (word.length <= 2) return word;
  const text_t end = text_slice(word, word.length - 2, 2);
  return text_equal(end, TEXT(".o")) ? text_slice(word, 0, word.length - 2) : word;
}

/// Gives up a request that was not submitted.
/// @returns  `status`, why
static inline status_t command_request_abandon(request_t request, status_t status) {
  status_ignore(request_close(request), "the first error counts");
  return status;
}

/// Opens a request for one cell and submits it.
/// @errors   those of request_open, _add and _submit; nothing is left open
static inline request_result_t command_request_one(uint64_t kind, text_t name, text_t object) {
  request_result_t request = request_open(kind);
  if (!status_is_ok(request.status)) return request;
  request.status = request_add(request.value, name, object);
  if (status_is_ok(request.status)) request.status = request_submit(request.value);
  if (!status_is_ok(request.status)) {
    request.status = command_request_abandon(request.value, request.status);
  }
  return request;
}

/// Asks how the request went. It is closed, and the message set, unless the answer is OK or
/// WOULD_BLOCK.
static inline status_t command_request_poll(command_t *command, request_t request) {
  const status_t status = request_poll(request);
  if (status_is_ok(status) || status_is(status, STATUS_WOULD_BLOCK)) return status;
  for (size_t i = 0; i < kMessageBytes; i++) command->message[i] = 0;
  const text_buffer_t message = {command->message, kMessageBytes - 1};
  status_ignore(request_message(request, message), "the vocabulary's meaning is printed then");
  return command_request_abandon(request, status);
}

/// The whole of a command that sends one request for one cell: sends it at the first step, waits,
/// and takes the outcome. The handle is the command's only private progress.
/// @param outcome  on OK how it went; the request is closed
/// @errors   WOULD_BLOCK: call again with the same arguments. Those of the request; it is closed.
COMMAND_SHARED status_t command_request_run(command_t *command, uint64_t kind, text_t name,
                                            text_t object, request_outcome_t *outcome) {
  request_t request;
  COMMAND_OPEN(command, &request);
  if (command->stage == 0) {
    const request_result_t opened = command_request_one(kind, name, object);
    TRY(opened.status);
    request = opened.value;
    COMMAND_COMMIT(command, &request);
    command->stage = 1;
  }
  TRY(command_request_poll(command, request));
  TRY(request_outcome(request, 0, outcome));
  return request_close(request);
}
