// SPDX-License-Identifier: MIT
#include <iostream>

#include "tools/compile_commands/command.h"

int main(int argc, char **argv) {
  return theseus::compile_commands_tool({argv + 1, argv + argc}, std::cout, std::cerr);
}
