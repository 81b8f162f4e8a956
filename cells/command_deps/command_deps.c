// SPDX-License-Identifier: MIT
#include "cells/command_deps/command_deps.h"

enum { kStageBegin, kStageImports, kStageClients };

static status_t find(text_t name, instance_info_t *info) {
  for (uint64_t i = 0;; i++) {
    TRY(instance_describe(i, info));
    if (text_equal(COMMAND_FIELD(info->name.characters), name)) return OK;
  }
}

static void put_row(command_t *command, text_t kind, text_t name, text_t function, text_t bound) {
  command_column(command, kind, 7);
  command_column(command, name, 22);
  command_column(command, function, 36);
  command_column(command, bound, 0);
  command_end_row(command);
}

// Of a driver: how much it can lose when it fails, and that it can be reset.
static void put_window(command_t *command, text_t name) {
  instance_info_t info;
  if (!status_is_ok(find(name, &info)) || info.read_window == kNoReadWindow) return;
  command_column(command, TEXT("window"), 7);
  command_column_decimal(command, info.read_window, 22);
  const size_t start = command->output_length;
  command_put(command, name);
  command_put(command, TEXT("_reset"));
  command_pad(command, command->output_length - start, 36);
  command_put(command, TEXT("-"));
  command_end_row(command);
}

static status_t put_imports(command_t *command, text_t name) {
  for (; command_has_room(command); command->cursor++) {
    import_info_t info;
    const status_t status = instance_import(name, command->cursor, &info);
    if (status_is(status, STATUS_END)) {
      command->stage = kStageClients;
      command->cursor = 0;
      return OK;
    }
    TRY(status);
    put_row(command, TEXT("import"), COMMAND_FIELD(info.provider.characters),
            COMMAND_FIELD(info.function.characters),
            info.bound != 0 ? TEXT("bound") : TEXT("unbound"));
  }
  return OK;
}

static status_t put_clients(command_t *command, text_t name) {
  for (; command_has_room(command); command->cursor++) {
    name_t client;
    TRY(instance_client(name, command->cursor, &client));
    put_row(command, TEXT("client"), COMMAND_FIELD(client.characters), TEXT("-"), TEXT("-"));
  }
  return OK;
}

status_t command_deps_step(command_t *command) {
  if (command_words(command) != 2) return command_usage(command, TEXT("deps NAME"));
  const text_t name = command_word(command, 1);
  status_t status = OK;
  if (command->stage == kStageBegin) {
    command->stage = kStageImports;
    put_row(command, TEXT("KIND"), TEXT("NAME"), TEXT("FUNCTION"), TEXT("BOUND"));
    put_window(command, name);
  }
  if (command->stage == kStageImports) {
    status = put_imports(command, name);
  } else {
    status = put_clients(command, name);
  }
  if (!status_is(status, STATUS_NOT_FOUND)) return status;
  command->output_length = 0;
  return command_refuse(command, status, TEXT("nobody serves "), name, TEXT(""));
}
