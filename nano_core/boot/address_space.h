// SPDX-License-Identifier: MIT
/// @file
/// Makes the final address space (arch/paging.h).
#pragma once
#include "nano_core/api/ownership.h"
#include "nano_core/arch/boot_info.h"
#include "nano_core/boot/handed.h"

/// Builds the page tables; their frames come off the regions of `info`.
/// @param usable  memory that the physical map shows, besides the first 2 MiB and `handed`
/// @returns       the root table
paddr_t address_space_build(LENT boot_info_t *info, LENT const boot_info_t *usable,
                            LENT const handed_range_t handed[kHanded]);
