// SPDX-License-Identifier: MIT
/// @file
/// The reserve of frames that nano_core draws on while it loads and swaps, so that no fallible
/// call into a cell is needed half-way. It is topped up from the frame allocator (or from the boot
/// regions before there is one) ahead of each piece of work, and trimmed afterwards.
#pragma once
#include "nano_core/api/units.h"

/// Makes sure that `count` frames are in the reserve.
/// @errors   NO_MEMORY: neither boot memory nor the frame allocator has them; nothing is lost.
/// @context  root or step, in no monitor
status_t frames_ensure(uint64_t count);

/// A frame that does not come from the reserve.
/// @errors   NO_MEMORY
/// @context  as frames_ensure
paddr_result_t frame_obtain(void);

/// Gives what is above kReserveLevel back to the frame allocator.
/// @context  root
void frames_trim(void);

/// Takes a frame from the reserve; its contents are undefined.
/// @errors   NO_MEMORY: the reserve is empty.
paddr_result_t core_frame_take(void);

/// Puts a frame into the reserve.
void core_frame_give(paddr_t frame);

/// Has every processor forget what was unmapped, and puts what was retired into the reserve.
/// @context  core_lock
void frames_flush(void);
