// SPDX-License-Identifier: MIT
// Tries to obtain a reference to a function of a cell that does not list it.
#include "nano_core/api/cell.h"

CELL_EXPORT status_t prowler_obtain(void);
CELL_EXPORT status_t prowler_obtain_nothing(void);

status_t prowler_obtain(void) {
  const reference_result_t reference = reference_obtain(TEXT("frame_allocator_allocate"));
  TRY(reference.status);
  return reference_release(reference.value);
}

status_t prowler_obtain_nothing(void) {
  const reference_result_t reference = reference_obtain(TEXT("nobody_publishes_this"));
  TRY(reference.status);
  return reference_release(reference.value);
}
