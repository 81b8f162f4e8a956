// SPDX-License-Identifier: MIT
#include "cells/command_deps/command_deps.h"

#include "testing/host/command_test.h"

namespace {

using CommandDepsTest = CommandTest;

TEST_F(CommandDepsTest, Deps_Name_ListsImportsAndClients) {
  import_info_t import = {};
  import.provider = fake_name("heap");
  import.function = fake_name("heap_allocate");
  import.bound = 1;
  fake_core().imports["shell"] = {import};
  fake_core().clients["shell"] = {"nano_core", "command_bench"};
  const CommandAnswer answer = Run(command_deps_step, "deps shell");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "KIND    NAME                   FUNCTION                             BOUND\n"
            "import  heap                   heap_allocate                        bound\n"
            "client  nano_core              -                                    -\n"
            "client  command_bench          -                                    -\n");
}

TEST_F(CommandDepsTest, Deps_Driver_ShowsItsReadWindow) {
  fake_core().instances = {fake_instance("shell"), fake_instance("serial_port")};
  fake_core().instances[1].read_window = 1;
  fake_core().clients["serial_port"] = {"shell"};
  fake_core().clients["shell"] = {"nano_core"};
  fake_core().imports["serial_port"] = fake_core().imports["shell"] = {};
  EXPECT_EQ(Run(command_deps_step, "deps serial_port").output,
            "KIND    NAME                   FUNCTION                             BOUND\n"
            "window  1                      serial_port_reset                    -\n"
            "client  shell                  -                                    -\n");
  EXPECT_EQ(Run(command_deps_step, "deps shell").output.find("window"), std::string::npos);
}

TEST_F(CommandDepsTest, Deps_ManyImports_AreAllListed) {
  import_info_t import = {};
  import.provider = fake_name(std::string(63, 'p'));
  import.function = fake_name(std::string(63, 'f'));
  fake_core().imports["x"].assign(40, import);
  fake_core().clients["x"].assign(40, "c");
  const CommandAnswer answer = Run(command_deps_step, "deps x");
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 81);
}

TEST_F(CommandDepsTest, Deps_Unknown_IsNotFound) {
  const CommandAnswer answer = Run(command_deps_step, "deps x");
  EXPECT_STATUS(NOT_FOUND, answer.status);
  EXPECT_EQ(answer.message, "nobody serves x");
  EXPECT_EQ(answer.output, "");
}

TEST_F(CommandDepsTest, Deps_NoName_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_deps_step, "deps").status);
}

}  // namespace
