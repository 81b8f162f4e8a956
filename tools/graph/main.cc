// SPDX-License-Identifier: MIT
#include <iostream>

#include "tools/graph/command.h"

int main(int argc, char **argv) {
  return theseus::graph_tool({argv + 1, argv + argc}, std::cout, std::cerr);
}
