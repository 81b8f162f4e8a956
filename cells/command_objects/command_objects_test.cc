// SPDX-License-Identifier: MIT
#include "cells/command_objects/command_objects.h"

#include "testing/host/command_test.h"

namespace {

using CommandObjectsTest = CommandTest;

TEST_F(CommandObjectsTest, Objects_Archive_IsListed) {
  fake_core().objects = {fake_object("keymap_dvorak", "keymap", "Dvorak"),
                         fake_object("broken", "", "")};
  fake_core().bad_objects = {"broken"};
  const CommandAnswer answer = Run(command_objects_step, "objects");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "OBJECT                 IMPLEMENTS             VERSION BYTES   SUMMARY\n"
            "keymap_dvorak          keymap                 1       0       Dvorak\n"
            "broken                 -                      1       0       -\n");
}

TEST_F(CommandObjectsTest, Objects_Arguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_objects_step, "objects x").status);
}

}  // namespace
