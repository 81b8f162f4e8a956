// SPDX-License-Identifier: MIT
#include <iostream>

#include "tools/cell_object/command.h"

int main(int argc, char **argv) {
  return theseus::cell_object({argv + 1, argv + argc}, std::cout, std::cerr);
}
