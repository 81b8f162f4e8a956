// SPDX-License-Identifier: MIT
#include "cells/command_cells/command_cells.h"

#include "testing/host/command_test.h"

namespace {

using CommandCellsTest = CommandTest;

TEST_F(CommandCellsTest, Cells_Instances_AreRows) {
  instance_info_t info = fake_instance("keyboard", 3);
  info.object = fake_name("keyboard_fixed");
  info.generation = 12;
  info.text = {0xffffa00000001000};
  info.rodata = {0xffffa00000003000};
  info.state_bytes = 8192;
  info.imports = 9;
  info.callers = 2;
  info.text_bytes = 5000;
  info.rodata_bytes = 77;
  instance_info_t old = fake_instance("heap");
  old.status = kInstanceRetired;
  fake_core().instances = {info, old};
  const CommandAnswer answer = Run(command_cells_step, "cells");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "NAME                 OBJECT               VERSION GEN   STATUS  TEXT               "
            "RODATA             STATE   IMPORTS CALLERS TEXT_BYTES RODATA_BYTES\n"
            "keyboard             keyboard_fixed       3       12    serving 0xffffa00000001000 "
            "0xffffa00000003000 8192    9       2       5000       77\n"
            "heap                 heap                 1       1     retired 0x0000000000000000 "
            "0x0000000000000000 0       0       0       0          0\n");
}

TEST_F(CommandCellsTest, Cells_LongestNames_AreNotCut) {
  instance_info_t info = fake_instance(std::string(63, 'n'), UINT32_MAX);
  info.generation = info.state_bytes = info.imports = info.callers = UINT64_MAX;
  info.text_bytes = info.rodata_bytes = UINT64_MAX;
  fake_core().instances = {info, info, info, info, info};
  const CommandAnswer answer = Run(command_cells_step, "cells");
  const size_t row =
      answer.output.find('\n', answer.output.find('\n') + 1) - answer.output.find('\n');
  EXPECT_LE(row, static_cast<size_t>(kCommandRowBytes));
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 6);
}

TEST_F(CommandCellsTest, Cells_DevUnsigned_IsSaid) {
  fake_core().options = {"dev_unsigned"};
  EXPECT_NE(Run(command_cells_step, "cells").output.find("\n[cells] dev_unsigned"),
            std::string::npos);
}

TEST_F(CommandCellsTest, Cells_Arguments_IsUsage) {
  const CommandAnswer answer = Run(command_cells_step, "cells x");
  EXPECT_STATUS(INVALID_ARGUMENT, answer.status);
  EXPECT_EQ(answer.message, "usage: cells");
}

}  // namespace
