// SPDX-License-Identifier: MIT
#include "cells/command_reboot/command_reboot.h"

#include "cells/power/power.h"

enum { kStageReboot = 1 };

status_t command_reboot_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("reboot"));
  if (command->stage == kStageReboot) {
    TRY(power_reboot());
    return ERR(END);
  }
  // The answer comes first, so it is checked before that somebody can reset the machine.
  const reference_result_t power = reference_obtain(TEXT("power_reboot"));
  if (!status_is_ok(power.status)) {
    return command_refuse(command, power.status, TEXT("the cell power cannot be reached"), TEXT(""),
                          TEXT(""));
  }
  TRY(reference_release(power.value));
  command->after = kStageReboot;
  return ERR(END);
}
