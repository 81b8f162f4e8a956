// SPDX-License-Identifier: MIT
/// @file
/// Never comes to the end of its initialisation.
/// @spill none.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

/// Does not end.
CELL_EXPORT status_t looper_start_initialize(void);

/// Nobody ever gets here.
CELL_EXPORT status_t looper_start_answer(void);

EXTERN_C_END
