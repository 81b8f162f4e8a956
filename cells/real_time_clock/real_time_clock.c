// SPDX-License-Identifier: MIT
#include "cells/real_time_clock/real_time_clock.h"

#include "cells/acpi/acpi.h"
#include "nano_core/api/port_io.h"

enum {
  kIndexPort = 0x70,
  kDataPort = 0x71,
  kSecond = 0x00,
  kMinute = 0x02,
  kHour = 0x04,
  kDay = 0x07,
  kMonth = 0x08,
  kYear = 0x09,
  kStatusA = 0x0a,
  kStatusB = 0x0b,
  kStatusD = 0x0d,
  kUpdating = 1 << 7,  // of A
  kBinary = 1 << 2,    // of B; else each digit has four bits
  kAll24Hours = 1 << 1,
  kPowered = 1 << 7,  // of D
  kAfternoon = 1 << 7,
  kFirstFree = 0x0e,  // the century may be in a register from here on
  kLastRegister = 0x7f,
  kFadtCentury = 108,
};

enum { kCenturyYears = 100, kFirstYear = 1970, kLastYear = 2199 };

// Choosing a register and reading it are two accesses that make one.
typedef struct real_time_clock_registers {
  monitor_t monitor;
} real_time_clock_registers_t;

STATE(real_time_clock_registers_t, real_time_clock_registers);

// Date and time as they stand in the device.
typedef struct raw_time {
  uint8_t second;
  uint8_t minute;
  uint8_t hour;
  uint8_t day;
  uint8_t month;
  uint8_t year;
  uint8_t century;  // 0: not known
} raw_time_t;

// All that is read at one moment.
typedef struct reading {
  uint8_t status_a;
  uint8_t status_b;
  uint8_t status_d;
  raw_time_t time;
} reading_t;

static uint8_t read_register(uint8_t number) REQUIRES(state_real_time_clock_registers->monitor) {
  port_write8(kIndexPort, number);
  return port_read8(kDataPort);
}

static reading_t read_all(uint8_t century_register)
    REQUIRES(state_real_time_clock_registers->monitor) {
  reading_t reading = {.status_a = read_register(kStatusA)};
  reading.time.second = read_register(kSecond);
  reading.time.minute = read_register(kMinute);
  reading.time.hour = read_register(kHour);
  reading.time.day = read_register(kDay);
  reading.time.month = read_register(kMonth);
  reading.time.year = read_register(kYear);
  if (century_register != 0) reading.time.century = read_register(century_register);
  reading.status_b = read_register(kStatusB);
  reading.status_d = read_register(kStatusD);
  return reading;
}

// The register that the firmware keeps the century in, or 0.
static uint8_t century_register(void) {
  const u64_result_t fadt = acpi_find(TEXT("FACP"), 0);
  uint8_t number = 0;
  if (!status_is_ok(fadt.status)) return 0;
  if (!status_is_ok(acpi_read(fadt.value, kFadtCentury, (byte_span_t){&number, 1}))) return 0;
  return number >= kFirstFree && number <= kLastRegister ? number : 0;
}

static bool is_same(const raw_time_t *a, const raw_time_t *b) {
  return a->second == b->second && a->minute == b->minute && a->hour == b->hour &&
         a->day == b->day && a->month == b->month && a->year == b->year && a->century == b->century;
}

// The number in a register. IO_ERROR: it has digits above 9.
static u32_result_t decode(uint8_t value, bool binary) {
  if (binary) return (u32_result_t){.value = value};
  const uint32_t tens = value >> 4;
  const uint32_t ones = value & 15;
  if (tens > 9 || ones > 9) return (u32_result_t){.status = ERR(IO_ERROR)};
  return (u32_result_t){.value = 10 * tens + ones};
}

// On a device that counts to 12, midnight and noon are 12.
static u32_result_t decode_hour(uint8_t value, uint8_t status_b) {
  const bool binary = (status_b & kBinary) != 0;
  if ((status_b & kAll24Hours) != 0) return decode(value, binary);
  u32_result_t hour = decode(value & ~kAfternoon, binary);
  TRY_RESULT(u32_result_t, hour.status);
  if (hour.value < 1 || hour.value > 12) return (u32_result_t){.status = ERR(IO_ERROR)};
  hour.value = hour.value % 12 + ((value & kAfternoon) != 0 ? 12 : 0);
  return hour;
}

static u32_result_t decode_year(const raw_time_t *time, bool binary) {
  const u32_result_t in_century = decode(time->year, binary);
  const u32_result_t century = decode(time->century, binary);
  TRY_RESULT(u32_result_t, in_century.status);
  TRY_RESULT(u32_result_t, century.status);
  uint32_t year = century.value * kCenturyYears + in_century.value;
  if (century.value == 0) {
    year += kFirstYear / kCenturyYears * kCenturyYears;
    if (year < kFirstYear) year += kCenturyYears;
  }
  if (in_century.value >= kCenturyYears || year < kFirstYear || year > kLastYear) {
    return (u32_result_t){.status = ERR(IO_ERROR)};
  }
  return (u32_result_t){.value = year};
}

static uint32_t days_of(uint32_t year, uint32_t month) {
  const uint8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

static bool is_date(uint32_t year, uint32_t month, uint32_t day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= days_of(year, month);
}

static status_t convert(const reading_t *reading, real_time_t *time) {
  const bool binary = (reading->status_b & kBinary) != 0;
  const u32_result_t second = decode(reading->time.second, binary);
  const u32_result_t minute = decode(reading->time.minute, binary);
  const u32_result_t hour = decode_hour(reading->time.hour, reading->status_b);
  const u32_result_t day = decode(reading->time.day, binary);
  const u32_result_t month = decode(reading->time.month, binary);
  const u32_result_t year = decode_year(&reading->time, binary);
  TRY(second.status);
  TRY(minute.status);
  TRY(hour.status);
  TRY(day.status);
  TRY(month.status);
  TRY(year.status);
  if (second.value > 59 || minute.value > 59 || hour.value > 23) return ERR(IO_ERROR);
  if (!is_date(year.value, month.value, day.value)) return ERR(IO_ERROR);
  *time = (real_time_t){.year = (uint16_t)year.value,
                        .month = (uint8_t)month.value,
                        .day = (uint8_t)day.value,
                        .hour = (uint8_t)hour.value,
                        .minute = (uint8_t)minute.value,
                        .second = (uint8_t)second.value};
  return OK;
}

status_t real_time_clock_read(real_time_t *time) {
  const uint8_t century = century_register();
  // An update that begins while the registers are read shows as a difference, or at its end.
  monitor_enter(&state_real_time_clock_registers->monitor);
  const reading_t first = read_all(century);
  const reading_t second = read_all(century);
  monitor_exit(&state_real_time_clock_registers->monitor);
  // A device that is not there reads as all ones, which also says that it is updating.
  if (second.status_b == UINT8_MAX || (second.status_d & kPowered) == 0) return ERR(IO_ERROR);
  if ((first.status_a & kUpdating) != 0 || (second.status_a & kUpdating) != 0) return ERR(BUSY);
  if (!is_same(&first.time, &second.time)) return ERR(BUSY);
  return convert(&second, time);
}
