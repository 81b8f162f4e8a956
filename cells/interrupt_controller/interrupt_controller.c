// SPDX-License-Identifier: MIT
#include "cells/interrupt_controller/interrupt_controller.h"

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/interrupt_controller/layout.h"
#include "nano_core/api/mmio.h"
#include "nano_core/api/port_io.h"

enum {
  kSelect = 0x00,  // offsets of the two registers in memory: which one, and its value
  kWindow = 0x10,
  kVersion = 0x01,  // numbers of the registers behind them
  kRedirection = 0x10,
  kVersionMask = 0xff,
  kLastPinShift = 16,
  kDeliverNmi = 4 << 8,
  kDeliveryMask = 7 << 8,
  kMasked = 1 << 16,
  kTargetShift = 24,
  kLegacyMask1 = 0x21,
  kLegacyMask2 = 0xa1,
  kLastTarget = 254,  // 255 is all processors
  kMaximumPins = 240,
  kFirstVector = 32,
  kLastVector = 239,
};

typedef struct controller {
  byte_span_t registers;
  uint64_t base;  // the first global interrupt
  uint64_t pins;
} controller_t;

// Two accesses make one, so they are made inside the monitor.
typedef struct controller_registers {
  monitor_t monitor;
  uint64_t count;   // 0: not set up
  uint64_t target;  // the processor that all lines go to
  controller_t controllers[kControllers];
  isa_route_t isa[kIsaLines];
} controller_registers_t;

STATE(controller_registers_t, interrupt_controller_registers);

static uint32_t read_register(byte_span_t registers, uint32_t number)
    REQUIRES(state_interrupt_controller_registers->monitor) {
  mmio_write32(registers, kSelect, number);
  return mmio_read32(registers, kWindow);
}

static void write_register(byte_span_t registers, uint32_t number, uint32_t value)
    REQUIRES(state_interrupt_controller_registers->monitor) {
  mmio_write32(registers, kSelect, number);
  mmio_write32(registers, kWindow, value);
}

// Fixed delivery to one processor. The low half is written last: it unmasks.
static void write_redirection(byte_span_t registers, uint64_t pin, uint32_t low)
    REQUIRES(state_interrupt_controller_registers->monitor) {
  const uint32_t number = kRedirection + 2 * (uint32_t)pin;
  const uint64_t target = state_interrupt_controller_registers->target;
  write_register(registers, number, kMasked);
  write_register(registers, number + 1, (uint32_t)(target << kTargetShift));
  write_register(registers, number, low);
}

// Whether a controller is there: where nobody answers, all registers read as zeros or as ones.
static bool does_answer(byte_span_t registers)
    REQUIRES(state_interrupt_controller_registers->monitor) {
  const uint32_t version = read_register(registers, kVersion);
  if ((version & kVersionMask) == 0 || version == UINT32_MAX) return false;
  write_redirection(registers, 0, kMasked);
  return (read_register(registers, kRedirection) & kMasked) != 0;
}

// Learns how many pins a controller has, masks them, and enters it. Returns whether it answers, and
// has no line that another one has.
static bool enter_controller(byte_span_t registers, uint64_t base)
    REQUIRES(state_interrupt_controller_registers->monitor) {
  const controller_registers_t *all = state_interrupt_controller_registers;
  if (!does_answer(registers)) return false;
  const uint64_t pins = (read_register(registers, kVersion) >> kLastPinShift & 0xff) + 1;
  if (pins > kMaximumPins) return false;
  for (uint64_t i = 0; i < all->count; i++) {
    const controller_t *other = &all->controllers[i];
    if (base < other->base + other->pins && other->base < base + pins) return false;
  }
  const controller_t controller = {registers, base, pins};
  for (uint64_t pin = 0; pin < pins; pin++) write_redirection(registers, pin, kMasked);
  state_copy(&all->controllers[all->count], &controller, sizeof(controller));
  state_set(&all->count, all->count + 1);
  return true;
}

// Maps one controller and enters it. UNSUPPORTED: it does not answer, or has others' lines.
static status_t add_controller(owner_t owner, const layout_controller_t *controller) {
  const uint64_t offset = controller->start.bytes % kFrameBytes;
  const paddr_t page = {controller->start.bytes - offset};
  const memory_result_t memory =
      address_space_mapper_map_device(owner, page, offset + kControllerRegisterBytes);
  TRY(memory.status);
  const byte_span_t mapped = {memory.value, offset + kControllerRegisterBytes};
  const byte_span_t registers = byte_span_slice(mapped, offset, kControllerRegisterBytes);
  monitor_enter(&state_interrupt_controller_registers->monitor);
  const bool entered = enter_controller(registers, controller->base);
  monitor_exit(&state_interrupt_controller_registers->monitor);
  if (entered) return OK;
  status_ignore(address_space_mapper_unmap(owner, memory.value), "the list of areas shows it");
  return ERR(UNSUPPORTED);
}

// Sets up the controllers of a layout. Where none answers: the first one's error.
static status_t set_up(const layout_t *layout) {
  const owner_result_t owner = owner_self();
  TRY(owner.status);
  status_t first = OK;
  bool any = false;
  for (uint64_t i = 0; i < layout->count; i++) {
    const status_t status = add_controller(owner.value, &layout->controllers[i]);
    any = any || status_is_ok(status);
    if (status_is_ok(status)) continue;
    if (status_is_ok(first)) first = status;
    layout_say(TEXT("the I/O APIC at "), layout->controllers[i].start.bytes,
               TEXT(" does not answer, or has lines of another one; ignored"));
  }
  if (!any) return first;
  monitor_enter(&state_interrupt_controller_registers->monitor);
  state_copy(&state_interrupt_controller_registers->isa, &layout->isa, sizeof(layout->isa));
  monitor_exit(&state_interrupt_controller_registers->monitor);
  return OK;
}

// Where a line comes in.
static isa_route_t route_of(uint64_t line) REQUIRES(state_interrupt_controller_registers->monitor) {
  if (line < kIsaLines) return state_interrupt_controller_registers->isa[line];
  return (isa_route_t){line, kActiveLow | kLevelTriggered};
}

// The controller of a global interrupt, or its end.
static uint64_t controller_of(uint64_t global)
    REQUIRES(state_interrupt_controller_registers->monitor) {
  const controller_registers_t *all = state_interrupt_controller_registers;
  uint64_t i = 0;
  while (i < all->count && (global < all->controllers[i].base ||
                            global - all->controllers[i].base >= all->controllers[i].pins)) {
    i++;
  }
  return i;
}

// Writes the redirection of a line: `low`, and where `triggered` how the line signals.
static status_t redirect(uint64_t line, uint32_t low, bool triggered) {
  if (line == kCascadeLine) return ERR(OUT_OF_RANGE);
  const controller_registers_t *all = state_interrupt_controller_registers;
  monitor_enter(&state_interrupt_controller_registers->monitor);
  const isa_route_t route = route_of(line);
  const uint64_t place = controller_of(route.global);
  const bool found = place < all->count;
  if (found) {
    const controller_t *controller = &all->controllers[place];
    if (triggered) low |= (uint32_t)route.trigger;
    write_redirection(controller->registers, route.global - controller->base, low);
  }
  monitor_exit(&state_interrupt_controller_registers->monitor);
  return found ? OK : ERR(OUT_OF_RANGE);
}

// The redirection of a line that is let through.
typedef struct passage {
  byte_span_t registers;
  uint32_t number;  // of the lower half's register
  uint32_t low;
} passage_t;

static status_t find_passage(uint64_t line, passage_t *passage)
    REQUIRES(state_interrupt_controller_registers->monitor) {
  const controller_registers_t *all = state_interrupt_controller_registers;
  const isa_route_t route = route_of(line);
  const uint64_t place = controller_of(route.global);
  if (line == kCascadeLine || place == all->count) return ERR(OUT_OF_RANGE);
  const controller_t *controller = &all->controllers[place];
  passage->registers = controller->registers;
  passage->number = kRedirection + 2 * (uint32_t)(route.global - controller->base);
  passage->low = read_register(passage->registers, passage->number);
  return (passage->low & kMasked) != 0 ? ERR(NOT_FOUND) : OK;
}

// Only the half that holds the target is written, so an edge that comes meanwhile is delivered,
// either way; it would be lost while the line is masked.
status_t interrupt_controller_route(uint64_t line, uint64_t apic) {
  if (apic > kLastTarget) return ERR(OUT_OF_RANGE);
  passage_t passage = {};
  monitor_enter(&state_interrupt_controller_registers->monitor);
  const status_t status = find_passage(line, &passage);
  if (status_is_ok(status)) {
    write_register(passage.registers, passage.number + 1, (uint32_t)(apic << kTargetShift));
  }
  monitor_exit(&state_interrupt_controller_registers->monitor);
  return status;
}

status_t interrupt_controller_make_nmi(uint64_t line) {
  passage_t passage = {};
  monitor_enter(&state_interrupt_controller_registers->monitor);
  status_t status = find_passage(line, &passage);
  if (status_is_ok(status) && (passage.low & kLevelTriggered) != 0) status = ERR(UNSUPPORTED);
  if (status_is_ok(status)) {
    const uint32_t low = (passage.low & ~(uint32_t)kDeliveryMask) | kDeliverNmi;
    write_register(passage.registers, passage.number, low);
  }
  monitor_exit(&state_interrupt_controller_registers->monitor);
  return status;
}

status_t interrupt_controller_enable(uint64_t line, uint64_t vector) {
  if (vector < kFirstVector || vector > kLastVector) return ERR(OUT_OF_RANGE);
  return redirect(line, (uint32_t)vector, true);
}

status_t interrupt_controller_disable(uint64_t line) { return redirect(line, kMasked, false); }

// Where a line comes in, where a controller has it. OUT_OF_RANGE: none has.
static status_t find_route(uint64_t line, isa_route_t *route) {
  if (line == kCascadeLine) return ERR(OUT_OF_RANGE);
  monitor_enter(&state_interrupt_controller_registers->monitor);
  *route = route_of(line);
  const bool found = controller_of(route->global) < state_interrupt_controller_registers->count;
  monitor_exit(&state_interrupt_controller_registers->monitor);
  return found ? OK : ERR(OUT_OF_RANGE);
}

u64_result_t interrupt_controller_global(uint64_t line) {
  isa_route_t route = {};
  const status_t status = find_route(line, &route);
  return (u64_result_t){status, status_is_ok(status) ? route.global : 0};
}

bool_result_t interrupt_controller_is_edge(uint64_t line) {
  isa_route_t route = {};
  const status_t status = find_route(line, &route);
  return (bool_result_t){status, status_is_ok(status) && route.trigger == 0};
}

// Whether an earlier instance has set the devices up: their routes hold.
static bool is_set_up(void) {
  monitor_enter(&state_interrupt_controller_registers->monitor);
  const bool set_up_before = state_interrupt_controller_registers->count != 0;
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
  // The one that booted, whose number is 0.
  processor_info_t target;
  TRY(processor_describe(0, &target));
  monitor_enter(&state_interrupt_controller_registers->monitor);
  state_set(&state_interrupt_controller_registers->target, (uint64_t)target.apic);
  monitor_exit(&state_interrupt_controller_registers->monitor);
  layout_t layout;
  const bool named = layout_read(&layout) && status_is_ok(set_up(&layout));
  if (named && status_is_ok(interrupt_controller_global(kTimerLine).status)) return OK;
  if (named) {
    layout_say(TEXT("no I/O APIC has the timer's line; one is assumed at "), kUsualController,
               TEXT(""));
  }
  layout = layout_usual();
  return set_up(&layout);
}
