// SPDX-License-Identifier: MIT
#include <iostream>

#include "tools/new_cell/command.h"

int main(int argc, char **argv) {
  return theseus::new_cell({argv + 1, argv + argc}, std::cout, std::cerr);
}
