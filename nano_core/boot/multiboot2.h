// SPDX-License-Identifier: MIT
/// @file
/// Reads what a multiboot2 boot loader hands over.
/// @source  Multiboot2 Specification 2.0, section 3.6 (boot information format)
#pragma once
#include "nano_core/api/ownership.h"
#include "nano_core/arch/boot_info.h"
#include "nano_core/boot/handed.h"
EXTERN_C_BEGIN

/// What the loader leaves in eax.
static const uint32_t kMultiboot2Magic = 0x36d76289;

/// Reads memory map, archive (the first module), command line, ACPI's root and framebuffer.
/// Nothing in `information` is trusted but its length.
/// @param information  as long as its first word says
/// @param address      where it lies in memory
/// @param info         zero; its regions become all that is usable
/// @param handed       zero
/// @returns            why there is nothing to go on with, as a line; empty: all is well
text_t multiboot2_read(bytes_t information, paddr_t address, OUT boot_info_t *info,
                       OUT handed_range_t handed[kHanded]);

EXTERN_C_END
