// SPDX-License-Identifier: MIT
/// @file
/// COM1, polled: the console that needs nobody. Stateless; where there is no UART, nothing happens.
#pragma once
#include "nano_core/api/ownership.h"
#include "nano_core/api/span.h"

/// Sets the UART to 115200 baud, 8N1, without interrupts.
void emergency_console_initialize(void);

/// Writes the characters as they are. Gives up silently when the UART stays busy.
/// @context  any
void emergency_console_write(text_t text);

/// Takes one character, if one has come.
/// @returns  whether *out was written
bool emergency_console_read(OUT uint8_t *out);
