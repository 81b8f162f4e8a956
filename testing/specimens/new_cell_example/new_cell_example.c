// SPDX-License-Identifier: MIT
#include "testing/specimens/new_cell_example/new_cell_example.h"

u64_result_t new_cell_example_double(uint64_t number) {
  if (number > UINT64_MAX / 2) return (u64_result_t){.status = ERR(OUT_OF_RANGE)};
  return (u64_result_t){.value = 2 * number};
}
