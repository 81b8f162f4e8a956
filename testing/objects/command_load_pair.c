// SPDX-License-Identifier: MIT
// A command for tests: `load_pair A B` loads two objects by one request.
#include "nano_core/api/cell.h"
#include "nano_core/api/instances.h"
#include "patterns/command.h"
#include "patterns/command_request.h"

CELL_EXPORT status_t command_load_pair_step(LENT command_t *command);

static status_t submit(const command_t *command, request_t request) {
  for (size_t i = 1; i <= 2; i++) {
    TRY(request_add(request, TEXT(""), command_object(command_word(command, i))));
  }
  return request_submit(request);
}

status_t command_load_pair_step(command_t *command) {
  request_t request;
  COMMAND_OPEN(command, &request);
  if (command->stage == 0) {
    const request_result_t opened = request_open(kRequestLoad);
    TRY(opened.status);
    request = opened.value;
    const status_t status = submit(command, request);
    if (!status_is_ok(status)) return command_request_abandon(request, status);
    COMMAND_COMMIT(command, &request);
    command->stage = 1;
  }
  TRY(command_request_poll(command, request));
  TRY(request_close(request));
  return ERR(END);
}
