// SPDX-License-Identifier: MIT
// The cells that are called: they work, and can be told to go wrong.
#include "cells/load_calls/fake_world.h"
#include "cells/acpi/acpi.h"
#include "cells/acpi_madt/acpi_madt.h"
#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/console/console.h"
#include "cells/font/font.h"
#include "cells/formatting/formatting.h"
#include "cells/framebuffer/framebuffer.h"
#include "cells/host_channel/host_channel.h"
#include "cells/hpet/hpet.h"
#include "cells/interrupt_controller/interrupt_controller.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/keyboard/keyboard.h"
#include "cells/keymap/keymap.h"
#include "cells/mouse/mouse.h"
#include "cells/pci/pci.h"
#include "cells/pit/pit.h"
#include "cells/power/power.h"
#include "cells/processors/processors.h"
#include "cells/ps2_controller/ps2_controller.h"
#include "cells/real_time_clock/real_time_clock.h"
#include "cells/serial_port/serial_port.h"
#include "cells/timer/timer.h"
#include "cells/vga_text/vga_text.h"
#include "cells/virtio_console/virtio_console.h"
#include "patterns/number_text.h"

FakeWorld world;

namespace {

uint64_t Number(uint64_t right) { return world.wrong_answers ? right + 1 : right; }

}  // namespace

bool_result_t load_generator_begin(const load_worker_t *worker, const load_batch_t *batch) {
  EXPECT_EQ(worker->number, kFakeNumber);
  if (!status_is_ok(world.begin)) return {world.begin, false};
  world.counted.operations += batch->operations;
  world.counted.errors += batch->errors;
  world.counted.retries += batch->retries;
  EXPECT_EQ(batch->lost + batch->external + batch->worst_ns, 0u);
  return {OK, world.stopping};
}
status_t load_generator_leave(const load_worker_t *) {
  EXPECT_TRUE(world.stopping);
  if (status_is_ok(world.leave)) world.left++;
  return world.leave;
}

status_t task_yield(void) {
  world.yields++;
  return OK;
}

nanoseconds_result_t timer_now(void) {
  if (world.wrong_answers) world.now -= 2000;
  return {world.everywhere, {world.now += 1000}};
}

size_result_t formatting_decimal(text_buffer_t out, uint64_t value) {
  if (!status_is_ok(world.everywhere)) return {world.everywhere, 0};
  return number_text_decimal(out, Number(value));
}
size_result_t formatting_hexadecimal(text_buffer_t out, uint64_t value, uint64_t digits) {
  if (!status_is_ok(world.everywhere)) return {world.everywhere, 0};
  return number_text_hexadecimal(out, Number(value), digits);
}
u64_result_t formatting_parse(text_t text) { return number_text_parse(text); }

u32_result_t keymap_translate(keymap_state_t *, uint64_t code) {
  if (!status_is_ok(world.everywhere)) return {world.everywhere, 0};
  if (code >= 0x80) return {OK, world.wrong_answers ? 'x' : 0u};
  return {OK, code == 0x39 ? ' ' : code == 0x2a ? 0u : 'a'};
}

status_t font_glyph(uint32_t, font_glyph_t *glyph) {
  *glyph = {};
  glyph->rows[8] = world.wrong_answers ? 0 : 0x7e;
  return world.everywhere;
}

status_t framebuffer_size(text_size_t *size) {
  *size = {world.wrong_answers ? 0u : 128u, 48};
  return world.everywhere;
}
status_t vga_text_size(text_size_t *) {
  return status_is_ok(world.everywhere) ? ERR(UNSUPPORTED) : world.everywhere;
}

status_t console_write(text_t) { return world.everywhere; }
status_t console_size(console_size_t *size) {
  *size = {static_cast<uint32_t>(Number(80)), 25};
  if (world.wrong_answers) *size = {0, 0};
  return world.everywhere;
}

status_t serial_port_describe(serial_port_counters_t *counters) {
  *counters = {};
  return world.everywhere;
}
status_t interrupt_dispatch_describe(uint64_t, interrupt_info_t *info) {
  *info = {};
  info->vector = static_cast<uint32_t>(Number(kInterruptFirstVector));
  return world.everywhere;
}
status_t address_space_mapper_describe(uint64_t, mapped_area_t *) {
  return status_is_ok(world.everywhere) ? ERR(NOT_FOUND) : world.everywhere;
}
status_t interrupt_controller_enable(uint64_t, uint64_t) {
  return status_is_ok(world.everywhere) ? ERR(OUT_OF_RANGE) : world.everywhere;
}
u64_result_t interrupt_controller_global(uint64_t) { return {world.everywhere, Number(2)}; }

status_t acpi_describe(uint64_t, acpi_table_t *table) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  *table = {};
  memcpy(table->signature, world.wrong_answers ? "RSDT" : "XSDT", 4);
  return OK;
}
status_t acpi_read(uint64_t place, uint64_t, byte_span_t buffer) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  if (place != 0) return ERR(NOT_FOUND);
  memcpy(buffer.data, "XSDT", 4);
  return OK;
}
u64_result_t acpi_madt_next(uint64_t cursor, acpi_madt_entry_t *entry) {
  entry->kind = kAcpiMadtProcessor;
  return {world.everywhere, cursor + 1};
}
u64_result_t processors_next(uint64_t cursor, processor_t *processor) {
  processor->state = world.wrong_answers ? kProcessorIdle : kProcessorRunning;
  return {world.everywhere, cursor + 1};
}
u64_result_t hpet_counter(void) { return {world.everywhere, Number(UINT32_MAX)}; }
u64_result_t pit_counter(void) { return {world.everywhere, Number(UINT16_MAX)}; }
status_t real_time_clock_read(real_time_t *time) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  *time = {2026, 11, static_cast<uint8_t>(world.wrong_answers ? 0 : 22), 12, 30, 0};
  return OK;
}

status_t host_channel_announce(uint64_t) {
  return status_is_ok(world.everywhere) ? ERR(INVALID_ARGUMENT) : world.everywhere;
}
u64_result_t reference_call(reference_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t) {
  world.referenced++;
  return {.status = world.commands_accept ? OK : ERR(INVALID_ARGUMENT), .value = 0};
}

status_t keyboard_describe(keyboard_counters_t *counters) {
  *counters = {};
  counters->completed = world.wrong_answers ? 1 : 0;
  return world.everywhere;
}
status_t mouse_describe(mouse_counters_t *counters) {
  *counters = {};
  return world.everywhere;
}
status_t ps2_controller_open(uint64_t) {
  return status_is_ok(world.everywhere) ? ERR(OUT_OF_RANGE) : world.everywhere;
}
status_t pci_find(uint64_t, uint64_t, uint64_t, pci_device_t *) {
  return status_is_ok(world.everywhere) ? ERR(OUT_OF_RANGE) : world.everywhere;
}
size_result_t virtio_console_write(text_t bytes) {
  EXPECT_EQ(bytes.length, 0u);
  return {status_is_ok(world.everywhere) ? ERR(INVALID_ARGUMENT) : world.everywhere, 0};
}

status_t power_off(uint64_t code) {
  EXPECT_GT(code, 100u);
  return status_is_ok(world.everywhere) ? ERR(OUT_OF_RANGE) : world.everywhere;
}
