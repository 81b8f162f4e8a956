// SPDX-License-Identifier: MIT
#include "cells/interrupt_controller/interrupt_controller.h"

#include "cells/address_space_mapper/address_space_mapper.h"
#include "nano_core/api/mmio.h"
#include "nano_core/api/port_io.h"

static const uint64_t kPhysicalAddress = 0xfec00000;

enum {
  kRegisterBytes = 0x20,
  kSelect = 0x00,  // offsets of the two registers in memory: which one, and its value
  kWindow = 0x10,
  kVersion = 0x01,  // numbers of the registers behind them
  kRedirection = 0x10,
  kMasked = 1 << 16,
  kLevelActiveLow = 1 << 15 | 1 << 13,
  kLegacyMask1 = 0x21,
  kLegacyMask2 = 0xa1,
  kIsaLines = 16,
  kMaximumPins = 240,
  kFirstVector = 32,
  kLastVector = 239,
};

// Two accesses make one, so they are made inside the monitor.
typedef struct controller_registers {
  monitor_t monitor;
  byte_span_t registers;
  uint64_t pins;
} controller_registers_t;

STATE(controller_registers_t, interrupt_controller_registers);

static uint32_t read_register(uint32_t number)
    REQUIRES(state_interrupt_controller_registers->monitor) {
  mmio_write32(state_interrupt_controller_registers->registers, kSelect, number);
  return mmio_read32(state_interrupt_controller_registers->registers, kWindow);
}

static void write_register(uint32_t number, uint32_t value)
    REQUIRES(state_interrupt_controller_registers->monitor) {
  mmio_write32(state_interrupt_controller_registers->registers, kSelect, number);
  mmio_write32(state_interrupt_controller_registers->registers, kWindow, value);
}

// Fixed delivery to the processor with identification 0. The low half is written last: it unmasks.
static void write_redirection(uint64_t pin, uint32_t low)
    REQUIRES(state_interrupt_controller_registers->monitor) {
  const uint32_t number = kRedirection + 2 * (uint32_t)pin;
  write_register(number, kMasked);
  write_register(number + 1, 0);
  write_register(number, low);
}

// Learns how many pins there are, and masks them.
static status_t set_up(byte_span_t registers)
    REQUIRES(state_interrupt_controller_registers->monitor) {
  state_set(&state_interrupt_controller_registers->registers, registers);
  const uint32_t version = read_register(kVersion);
  const uint64_t pins = (version >> 16 & 0xff) + 1;
  if (version == UINT32_MAX || pins > kMaximumPins) return ERR(UNSUPPORTED);
  for (uint64_t pin = 0; pin < pins; pin++) write_redirection(pin, kMasked);
  state_set(&state_interrupt_controller_registers->pins, pins);
  return OK;
}

// The registers, mapped; once is enough, also where an earlier attempt failed after it.
static memory_result_t map_registers(void) {
  monitor_enter(&state_interrupt_controller_registers->monitor);
  uint8_t *mapped = state_interrupt_controller_registers->registers.data;
  monitor_exit(&state_interrupt_controller_registers->monitor);
  if (mapped != NULL) return (memory_result_t){.value = mapped};
  const owner_result_t owner = owner_self();
  TRY_RESULT(memory_result_t, owner.status);
  return address_space_mapper_map_device(owner.value, (paddr_t){kPhysicalAddress}, kRegisterBytes);
}

// Whether an earlier instance has set the device up: its routes hold.
static bool is_set_up(void) {
  monitor_enter(&state_interrupt_controller_registers->monitor);
  const bool set_up_before = state_interrupt_controller_registers->pins != 0;
  monitor_exit(&state_interrupt_controller_registers->monitor);
  return set_up_before;
}

status_t interrupt_controller_initialize(void) {
  TRY(blob_retain(TEXT("interrupt_controller_registers")));
  // Handlers may mask their line. Nobody can be inside before this function is done.
  state_set(&state_interrupt_controller_registers->monitor.interrupts, 1);
  if (is_set_up()) return OK;
  port_write8(kLegacyMask1, 0xff);
  port_write8(kLegacyMask2, 0xff);
  const memory_result_t memory = map_registers();
  TRY(memory.status);
  monitor_enter(&state_interrupt_controller_registers->monitor);
  const status_t status = set_up((byte_span_t){memory.value, kRegisterBytes});
  monitor_exit(&state_interrupt_controller_registers->monitor);
  return status;
}

// The pin of a line, or UINT64_MAX. The timer is line 0 and comes in at pin 2.
static uint64_t pin_of(uint64_t line) REQUIRES(state_interrupt_controller_registers->monitor) {
  if (line == 2 || line >= state_interrupt_controller_registers->pins) return UINT64_MAX;
  return line == 0 ? 2 : line;
}

static status_t route(uint64_t line, uint32_t low) {
  monitor_enter(&state_interrupt_controller_registers->monitor);
  const uint64_t pin = pin_of(line);
  if (pin != UINT64_MAX) write_redirection(pin, low);
  monitor_exit(&state_interrupt_controller_registers->monitor);
  return pin != UINT64_MAX ? OK : ERR(OUT_OF_RANGE);
}

status_t interrupt_controller_enable(uint64_t line, uint64_t vector) {
  if (vector < kFirstVector || vector > kLastVector) return ERR(OUT_OF_RANGE);
  const uint32_t trigger = line < kIsaLines ? 0 : kLevelActiveLow;
  return route(line, (uint32_t)vector | trigger);
}

status_t interrupt_controller_disable(uint64_t line) { return route(line, kMasked); }
