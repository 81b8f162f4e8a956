// SPDX-License-Identifier: MIT
#include <iostream>

#include "tools/size/command.h"

int main(int argc, char **argv) {
  return theseus::size_tool({argv + 1, argv + argc}, std::cout, std::cerr);
}
