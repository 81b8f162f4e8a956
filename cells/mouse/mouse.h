// SPDX-License-Identifier: MIT
/// @file
/// The PS/2 mouse: movements and buttons, kept until somebody reads them. It is looked for, and
/// switched on, when it is first read.
/// @spill   none in the cell; events, and the bytes of one that has come in part, are in the blob
///          `mouse_queue`.
/// @source  IBM PS/2 Hardware Interface Technical Reference, mouse; Microsoft, IntelliMouse
/// protocol
///          (a fourth byte for the wheel).
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum { kMouseEvents = 64 };

enum mouse_button { kMouseLeft = 1, kMouseRight = 2, kMouseMiddle = 4 };

/// What one packet of the mouse says.
typedef struct mouse_event {
  int16_t right;     // units of the mouse, as all movements
  int16_t down;      // towards the person
  int16_t wheel;     // towards the person
  uint16_t buttons;  // enum mouse_button: those that are held
} mouse_event_t;

typedef struct mouse_counters {
  uint64_t bytes;    // that came
  uint64_t events;   // that were made of them
  uint64_t skipped;  // bytes that made no sense: some were lost before them
  uint64_t lost;     // events that found the queue full
  uint64_t waiting;
  uint64_t ready;  // 1: the mouse was found
} mouse_counters_t;

/// Called by nano_core when the interface is first needed. The mouse is not looked for yet.
CELL_EXPORT status_t mouse_initialize(void);

/// Takes the oldest event.
/// @errors   WOULD_BLOCK: none is there; the event that tells is watched. NOT_FOUND: there is no
///           place for a mouse. IO_ERROR: no controller, or no mouse answers. BUSY: another task
///           is setting it up. And, the first time, those of interrupt_dispatch_register.
/// @context  steps; never waits; polls the first time, some milliseconds at most
CELL_EXPORT status_t mouse_read(OUT mouse_event_t *event);

/// The counters since boot.
CELL_EXPORT status_t mouse_describe(OUT mouse_counters_t *counters);

/// Sets the mouse up anew. Events that wait stay; one that has come in part is given up. Where it
/// is not in use yet, nothing is done.
/// @errors   as of mouse_read, but not WOULD_BLOCK
/// @context  steps; polls
CELL_EXPORT status_t mouse_reset(void);

/// The handler of the mouse's line: fetches what came.
/// @context  interrupts
CELL_EXPORT status_t mouse_interrupt(void);

EXTERN_C_END
