// SPDX-License-Identifier: MIT
/// @file
/// Reads the PS/2 keyboard: scan codes (set 1) wait in a queue until a consumer has completed them.
///
/// Who consumes holds a token. It peeks at the oldest code, acts on it, and only then completes it:
/// if the consumer is replaced or fails in between, the code is still there for the next holder.
/// @spill   none in the cell; queue and counters are in the blob `keyboard_queue`.
/// @source  IBM PS/2 Hardware Interface Technical Reference, keyboards.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum { kKeyboardQueueItems = 256 };

/// One scan code. Sequence numbers rise by one; they count from 1 and wrap.
typedef struct keyboard_item {
  uint32_t sequence;
  uint8_t code;
  bool injected;  // by keyboard_inject, not from outside
} keyboard_item_t;

/// A consumer's token; 0 is nobody's.
RESULT_DEFINE(keyboard_consumer_result_t, uint64_t);

typedef struct keyboard_counters {
  uint64_t received;      // scan codes, injected ones included
  uint64_t injected;      // of them, those of keyboard_inject that have come back
  uint64_t completed;     // by consumers
  uint64_t lost;          // codes that found the queue full
  uint64_t waiting;       // in the queue now
  uint64_t acknowledged;  // keys from outside that were reported to the host
} keyboard_counters_t;

/// Opens the controller's port. Called by nano_core when the cell is loaded.
/// @errors   IO_ERROR: no controller answers. And those of reference_obtain and
///           interrupt_dispatch_register.
CELL_EXPORT status_t keyboard_initialize(void);

/// Becomes the consumer, whoever was it before: the older token is STALE from then on. For who
/// needs the keyboard to itself for a while.
/// @returns  the token, to be given back by keyboard_release
/// @context  steps; never waits
CELL_EXPORT keyboard_consumer_result_t keyboard_acquire(void);

/// Becomes the consumer if nobody is. For who reads the keyboard whenever nobody else does: where
/// its token turns STALE, it asks here until it is its turn again.
/// @errors   WOULD_BLOCK: somebody is; the event that tells of his release is watched.
/// @context  steps; never waits
CELL_EXPORT keyboard_consumer_result_t keyboard_acquire_if_free(void);

/// Ceases to be the consumer. Codes that wait stay for the next one.
/// @errors   STALE: the token is not the current one.
/// @context  steps; never waits
CELL_EXPORT status_t keyboard_release(uint64_t token);

/// Looks at the oldest code that is not completed.
/// @errors   STALE: the token. WOULD_BLOCK: none is there; the event that tells is watched.
/// @context  steps; never waits
CELL_EXPORT status_t keyboard_peek(uint64_t token, OUT keyboard_item_t *item);

/// Marks the oldest code as dealt with, which removes it. When it ends the press of a key from
/// outside, the host is told, so that it can send more.
/// @param sequence  of the item that keyboard_peek gave
/// @errors   STALE: the token; or the item is completed already. Nothing is changed.
/// @context  steps; never waits
CELL_EXPORT status_t keyboard_complete(uint64_t token, uint64_t sequence);

/// Sends a scan code through the controller, as if the keyboard had: it comes back by interrupt.
/// @param code  0 .. 255
/// @errors   OUT_OF_RANGE: `code`. BUSY: a code is on its way already; try again. IO_ERROR: the
///           controller takes no commands. Nothing is sent.
/// @context  steps; never waits
CELL_EXPORT status_t keyboard_inject(uint64_t code);

/// The counters since boot.
CELL_EXPORT status_t keyboard_describe(OUT keyboard_counters_t *counters);

/// Sets the controller's port and the keyboard up anew. Codes that wait stay; one that was injected
/// and has not come back is given up, so that others can be.
/// @errors   those of ps2_controller_open
/// @context  steps; polls, some milliseconds at most
CELL_EXPORT status_t keyboard_reset(void);

/// The handler of the keyboard's line: fetches what came.
/// @context  interrupts
CELL_EXPORT status_t keyboard_interrupt(void);

EXTERN_C_END
