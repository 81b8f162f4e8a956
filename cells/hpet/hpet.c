// SPDX-License-Identifier: MIT
#include "cells/hpet/hpet.h"

#include "cells/acpi/acpi.h"
#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/interrupt_controller/interrupt_controller.h"
#include "nano_core/api/mmio.h"

// The firmware's table: a generic address, of which the kind of space and the address count.
enum {
  kTableSpace = 40,
  kTableAddress = 44,
  kSpaceMemory = 0,
};

// Registers; each is accessed in halves of 32 bits, which every device takes.
enum {
  kRegisterBytes = 0x400,
  kCapabilities = 0x00,
  kPeriod = 0x04,  // femtoseconds a count
  kConfiguration = 0x10,
  kCounter = 0xf0,
  kCounterHigh = 0xf4,
  kTimers = 0x100,  // the first; each has kTimerBytes
  kTimerBytes = 0x20,
  kTimerRoutes = 0x04,  // within a timer: lines that it can reach, as bits
  kTimerComparator = 0x08,
};

enum {
  kRevisionMask = 0xff,  // of the capabilities; 0 is none
  kLastTimerShift = 8,
  kLastTimerMask = 0x1f,
  kCanReplace = 1 << 15,
  kEnable = 1 << 0,  // of the configuration
  kReplace = 1 << 1,
  kTimerEnable = 1 << 2,  // of a timer
  kTimerPeriodic = 1 << 3,
  kTimerCanRepeat = 1 << 4,
  kTimerSetValue = 1 << 6,
  kTimer32Bits = 1 << 8,
  kTimerRouteShift = 9,
};

static const uint64_t kFemtosecondsPerSecond = UINT64_C(1000000000000000);
static const uint64_t kShortestPeriod = 100000;    // 10 GHz
static const uint64_t kLongestPeriod = 100000000;  // 10 MHz, the slowest that the specification has

enum {
  kReplacedLine = 0,    // of the interval timer
  kReplacedGlobal = 2,  // the pin at which a replacing timer comes in
  kCountingReads = 100,
};

// ISA lines that a timer may have: no usual device's, and last the interval timer's.
static const uint64_t kLines[] = {5, 10, 11, 0};

typedef struct hpet_registers {
  monitor_t monitor;
  uint64_t running;       // 1: `source` is how it ticks
  byte_span_t registers;  // once it was started
  tick_source_t source;
} hpet_registers_t;

STATE(hpet_registers_t, hpet_registers);

// How the ticks leave the device.
typedef struct route {
  uint64_t timer;
  uint64_t line;
  uint64_t pin;
  bool replaces;
} route_t;

status_t hpet_initialize(void) {
  // The device stays mapped, and ticks on when the cell is unloaded.
  TRY(blob_retain(TEXT("hpet_registers")));
  // The timer's handler reads the counter. Nobody can be inside before this function is done.
  state_set(&state_hpet_registers->monitor.interrupts, 1);
  return OK;
}

static uint64_t number_of(bytes_t bytes) {
  uint64_t number = 0;
  for (size_t i = bytes.length; i > 0; i--) number = number << 8 | *bytes_at(bytes, i - 1);
  return number;
}

// Where the firmware says that the device is.
static paddr_result_t find_device(void) {
  const u64_result_t place = acpi_find(TEXT("HPET"), 0);
  TRY_RESULT(paddr_result_t, place.status);
  uint8_t space = 0;
  uint8_t address[sizeof(uint64_t)] = {};
  status_t status = acpi_read(place.value, kTableSpace, (byte_span_t){&space, 1});
  if (status_is_ok(status)) {
    status = acpi_read(place.value, kTableAddress, SPAN_OF(byte_span, address));
  }
  const paddr_t start = {number_of(SPAN_OF(bytes, address))};
  if (!status_is_ok(status) || space != kSpaceMemory || start.bytes == 0 ||
      start.bytes % kRegisterBytes != 0) {
    return (paddr_result_t){.status = ERR(IO_ERROR)};
  }
  return (paddr_result_t){.value = start};
}

static uint32_t read_timer(byte_span_t registers, uint64_t timer, uint64_t at) {
  return mmio_read32(registers, kTimers + timer * kTimerBytes + at);
}

static void write_timer(byte_span_t registers, uint64_t timer, uint64_t at, uint32_t value) {
  mmio_write32(registers, kTimers + timer * kTimerBytes + at, value);
}

// Finds a line whose global interrupt the timer can reach. Returns whether there is one.
static bool find_line(uint32_t reachable, route_t *route) {
  for (size_t i = 0; i < COUNT_OF(kLines); i++) {
    const u64_result_t global = interrupt_controller_global(kLines[i]);
    const bool_result_t edge = interrupt_controller_is_edge(kLines[i]);
    if (!status_is_ok(global.status) || global.value >= 32 || !edge.value) continue;
    if ((reachable >> global.value & 1) == 0) continue;
    route->line = kLines[i];
    route->pin = global.value;
    return true;
  }
  return false;
}

// Chooses a timer, and how it reaches the processor. UNSUPPORTED: none does.
static status_t find_route(byte_span_t registers, route_t *route) {
  const uint32_t capabilities = mmio_read32(registers, kCapabilities);
  const uint64_t timers = (capabilities >> kLastTimerShift & kLastTimerMask) + 1;
  const u64_result_t replaced = interrupt_controller_global(kReplacedLine);
  const bool repeats = (read_timer(registers, 0, 0) & kTimerCanRepeat) != 0;
  if (repeats && (capabilities & kCanReplace) != 0 && status_is_ok(replaced.status) &&
      replaced.value == kReplacedGlobal) {
    *route = (route_t){.line = kReplacedLine, .pin = kReplacedGlobal, .replaces = true};
    return OK;
  }
  for (uint64_t timer = 0; timer < timers; timer++) {
    if (timer * kTimerBytes + kTimers + kTimerBytes > registers.length) break;
    if ((read_timer(registers, timer, 0) & kTimerCanRepeat) == 0) continue;
    *route = (route_t){.timer = timer};
    if (find_line(read_timer(registers, timer, kTimerRoutes), route)) return OK;
  }
  return ERR(UNSUPPORTED);
}

// Fills in what the counter is like. IO_ERROR: nonsense.
static status_t describe(byte_span_t registers, tick_source_t *source) {
  const uint32_t capabilities = mmio_read32(registers, kCapabilities);
  const uint64_t period = mmio_read32(registers, kPeriod);
  if (capabilities == UINT32_MAX || (capabilities & kRevisionMask) == 0) return ERR(IO_ERROR);
  if (period < kShortestPeriod || period > kLongestPeriod) return ERR(IO_ERROR);
  const uint64_t hertz = (kFemtosecondsPerSecond + period / 2) / period;
  *source = (tick_source_t){
      .hertz = hertz, .mask = UINT32_MAX, .counts_per_tick = hertz / kTicksPerSecond};
  return OK;
}

// Whether the counter, started, moves on.
static bool does_count(byte_span_t registers) {
  const uint32_t first = mmio_read32(registers, kCounter);
  for (size_t i = 0; i < kCountingReads; i++) {
    if (mmio_read32(registers, kCounter) != first) return true;
  }
  return false;
}

// A periodic timer takes the first tick's time, then the distance of those that follow.
static void program(byte_span_t registers, const route_t *route, uint32_t counts) {
  const uint32_t replace = route->replaces ? (uint32_t)kReplace : 0;
  mmio_write32(registers, kConfiguration, 0);
  mmio_write32(registers, kCounter, 0);
  mmio_write32(registers, kCounterHigh, 0);
  write_timer(registers, route->timer, 0,
              kTimerEnable | kTimerPeriodic | kTimerSetValue | kTimer32Bits |
                  (uint32_t)route->pin << kTimerRouteShift);
  write_timer(registers, route->timer, kTimerComparator, counts);
  write_timer(registers, route->timer, kTimerComparator, counts);
  mmio_write32(registers, kConfiguration, kEnable | replace);
}

static status_t start_device(byte_span_t registers, tick_source_t *source) {
  route_t route;
  TRY(describe(registers, source));
  TRY(find_route(registers, &route));
  source->line = route.line;
  program(registers, &route, (uint32_t)source->counts_per_tick);
  if (does_count(registers)) return OK;
  mmio_write32(registers, kConfiguration, 0);
  return ERR(IO_ERROR);
}

// What an earlier call has started.
static bool is_started(tick_source_t *source) {
  monitor_enter(&state_hpet_registers->monitor);
  const bool started = state_hpet_registers->running != 0;
  if (started) *source = state_hpet_registers->source;
  monitor_exit(&state_hpet_registers->monitor);
  return started;
}

static void remember(byte_span_t registers, const tick_source_t *source) {
  monitor_enter(&state_hpet_registers->monitor);
  state_set(&state_hpet_registers->registers, registers);
  state_set(&state_hpet_registers->source, *source);
  state_set(&state_hpet_registers->running, UINT64_C(1));
  monitor_exit(&state_hpet_registers->monitor);
}

// The registers, where an earlier start has mapped them; else none.
static byte_span_t mapped_registers(void) {
  monitor_enter(&state_hpet_registers->monitor);
  const byte_span_t registers = state_hpet_registers->registers;
  monitor_exit(&state_hpet_registers->monitor);
  return registers;
}

// Maps the device and starts it; it stays mapped.
static status_t map_and_start(paddr_t start, tick_source_t *source) {
  const owner_result_t owner = owner_self();
  TRY(owner.status);
  const uint64_t offset = start.bytes % kFrameBytes;
  const uint64_t bytes = offset + kRegisterBytes;
  const memory_result_t memory =
      address_space_mapper_map_device(owner.value, (paddr_t){start.bytes - offset}, bytes);
  TRY(memory.status);
  const byte_span_t registers =
      byte_span_slice((byte_span_t){memory.value, bytes}, offset, kRegisterBytes);
  const status_t status = start_device(registers, source);
  if (status_is_ok(status)) {
    remember(registers, source);
  } else {
    status_ignore(address_space_mapper_unmap(owner.value, memory.value), "the list shows it");
  }
  return status;
}

static status_t find_and_start(tick_source_t *source) {
  const byte_span_t registers = mapped_registers();
  if (registers.data == NULL) {
    const paddr_result_t start = find_device();
    TRY(start.status);
    return map_and_start(start.value, source);
  }
  TRY(start_device(registers, source));
  remember(registers, source);
  return OK;
}

status_t hpet_start(tick_source_t *source) {
  tick_source_t found = {};
  if (!is_started(&found)) TRY(find_and_start(&found));
  *source = found;
  return OK;
}

status_t hpet_stop(void) {
  monitor_enter(&state_hpet_registers->monitor);
  const bool running = state_hpet_registers->running != 0;
  if (running) {
    mmio_write32(state_hpet_registers->registers, kConfiguration, 0);
    state_set(&state_hpet_registers->running, UINT64_C(0));
  }
  monitor_exit(&state_hpet_registers->monitor);
  return running ? OK : ERR(NOT_FOUND);
}

u64_result_t hpet_counter(void) {
  monitor_enter(&state_hpet_registers->monitor);
  const bool running = state_hpet_registers->running != 0;
  const byte_span_t registers = state_hpet_registers->registers;
  monitor_exit(&state_hpet_registers->monitor);
  if (!running) return (u64_result_t){.status = ERR(NOT_FOUND)};
  return (u64_result_t){.value = mmio_read32(registers, kCounter)};
}
