// SPDX-License-Identifier: MIT
#include "cells/command_poweroff/command_poweroff.h"

#include "cells/power/power.h"

enum { kStageOff = 1, kLargestCode = 100 };

static u64_result_t exit_code(command_t *command) {
  u64_result_t code = {};
  if (command_words(command) == 1) return code;
  code = command_number(command, 1);
  if (status_is_ok(code.status) && code.value > kLargestCode) {
    code.status = command_refuse(command, ERR(OUT_OF_RANGE), TEXT("the code "),
                                 command_word(command, 1), TEXT(" is not within 0 to 100"));
  }
  return code;
}

status_t command_poweroff_step(command_t *command) {
  if (command_words(command) > 2) return command_usage(command, TEXT("poweroff [CODE]"));
  const u64_result_t code = exit_code(command);
  TRY(code.status);
  if (command->stage == kStageOff) {
    TRY(power_off(code.value));
    return ERR(END);
  }
  // The answer comes first, so it is checked before that somebody can switch the machine off.
  const reference_result_t power = reference_obtain(TEXT("power_off"));
  if (!status_is_ok(power.status)) {
    return command_refuse(command, power.status, TEXT("the cell power cannot be reached"), TEXT(""),
                          TEXT(""));
  }
  TRY(reference_release(power.value));
  command->after = kStageOff;
  return ERR(END);
}
