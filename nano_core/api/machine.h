// SPDX-License-Identifier: MIT
/// @file
/// What nano_core knows of the machine and of its own command line. Served by nano_core.
#pragma once
#include "nano_core/api/export.h"
#include "nano_core/api/ownership.h"
#include "nano_core/api/span.h"
#include "nano_core/api/status.h"
#include "nano_core/api/units.h"
EXTERN_C_BEGIN

/// Where a colour's bits lie in a pixel.
typedef struct machine_channel {
  uint8_t shift;
  uint8_t bits;
} machine_channel_t;

/// A linear framebuffer that the boot loader has set up. Nothing in it is checked.
typedef struct machine_framebuffer {
  paddr_t start;
  uint32_t pitch;           // bytes from one row of pixels to the next
  uint32_t width;           // pixels
  uint32_t height;          // pixels
  uint32_t bits_per_pixel;  // 0: there is no framebuffer
  machine_channel_t red;
  machine_channel_t green;
  machine_channel_t blue;
} machine_framebuffer_t;

/// The framebuffer that the boot loader handed over.
/// @errors   NOT_FOUND: none; the screen, if any, is in text mode.
CELL_EXPORT status_t machine_framebuffer(OUT machine_framebuffer_t *framebuffer);

/// Where the boot loader says that ACPI's root pointer (RSDP) lies.
/// @errors   NOT_FOUND: it says nothing; the firmware's memory may still have one.
CELL_EXPORT paddr_result_t machine_acpi_root(void);

/// Whether `word` stands on the kernel command line (words are separated by blanks).
CELL_EXPORT bool_result_t machine_option(text_t word);

/// Copies what follows `name=` on the kernel command line.
/// @returns  its length
/// @errors   NOT_FOUND
CELL_EXPORT size_result_t machine_option_value(text_t name, LENT text_buffer_t value);

/// The emergency console: the first serial line, polled. For the one case that the cells which
/// serve the console are gone.
/// @errors   emergency_read: WOULD_BLOCK: no character is there; nothing is watched.
CELL_EXPORT status_t emergency_write(text_t text);
CELL_EXPORT u32_result_t emergency_read(void);

/// The cost of the benchmark `name` of nano_core itself, in cycles (instructions under icount):
/// "gate.call", "gate.direct"; of one sample each, with all processors: "swap.rendezvous" (parking
/// them for nothing), "swap.flush" (having them forget translations).
/// @errors   NOT_FOUND
CELL_EXPORT u64_result_t machine_measure(text_t name);

EXTERN_C_END
