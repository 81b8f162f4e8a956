// SPDX-License-Identifier: MIT
/// @file
/// Date and time of day, which a battery keeps. The device is taken to run in UTC.
/// @spill   none in the cell; the blob `real_time_clock_registers` is a lock only.
/// @source  Motorola MC146818 data sheet; ACPI specification 6.5, section 5.2.9, for the century.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

typedef struct real_time {
  uint16_t year;   // 1970 to 2199
  uint8_t month;   // 1 to 12
  uint8_t day;     // 1 to the month's last
  uint8_t hour;    // 0 to 23
  uint8_t minute;  // 0 to 59
  uint8_t second;  // 0 to 59
} real_time_t;

/// Reads date and time. Where the firmware names no register for the century, years are taken to be
/// 1970 to 2069.
/// @errors   BUSY: the device is changing them; try again in 3 ms. IO_ERROR: there is no device,
/// its
///           battery is empty, or it shows no date that there is.
/// @context  steps; never waits
CELL_EXPORT status_t real_time_clock_read(OUT real_time_t *time);

EXTERN_C_END
