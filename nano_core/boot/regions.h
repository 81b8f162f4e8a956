// SPDX-License-Identifier: MIT
/// @file
/// The list of usable memory in boot_info_t: whole frames, sorted, without overlap or touching
/// neighbours. What does not fit into the list is left unused, the highest first.
#pragma once
#include "nano_core/api/ownership.h"
#include "nano_core/arch/boot_info.h"
EXTERN_C_BEGIN

/// Adds the whole frames inside of [start, start + bytes).
void regions_add(LENT boot_info_t *info, uint64_t start, uint64_t bytes);

/// Removes all frames that [start, start + bytes) touches.
void regions_remove(LENT boot_info_t *info, uint64_t start, uint64_t bytes);

/// Where processors can be started (arch/startup.h): usable frames below 640 KiB, never frame 0.
/// @returns  0: there is no room
paddr_t regions_startup_area(LENT const boot_info_t *info);

EXTERN_C_END
