#include "nano_core/api/cell.h"
CELL_EXPORT u64_result_t hello_add(uint64_t a, uint64_t b) {
  return (u64_result_t){.value = a + b};
}
