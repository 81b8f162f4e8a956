// SPDX-License-Identifier: MIT
#include <iostream>

#include "tools/archive/command.h"

int main(int argc, char **argv) {
  return theseus::archive_tool({argv + 1, argv + argc}, std::cout, std::cerr);
}
