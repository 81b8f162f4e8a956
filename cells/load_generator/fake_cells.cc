// SPDX-License-Identifier: MIT
// The cells that the loads call: they work, and can be told to go wrong.
#include "cells/acpi/acpi.h"
#include "cells/acpi_madt/acpi_madt.h"
#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/console/console.h"
#include "cells/font/font.h"
#include "cells/formatting/formatting.h"
#include "cells/frame_allocator/frame_allocator.h"
#include "cells/framebuffer/framebuffer.h"
#include "cells/heap/heap.h"
#include "cells/host_channel/host_channel.h"
#include "cells/hpet/hpet.h"
#include "cells/interrupt_controller/interrupt_controller.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/keyboard/keyboard.h"
#include "cells/keymap/keymap.h"
#include "cells/load_generator/fake_world.h"
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

namespace {

uint64_t Number(uint64_t right) { return world.wrong_answers ? right + 1 : right; }

}  // namespace

nanoseconds_result_t timer_now(void) {
  if (!status_is_ok(world.timer)) return {world.timer, {}};
  return {OK, {world.now += 1000}};
}
status_t timer_wait_until(nanoseconds_t deadline) {
  if (!status_is_ok(world.timer)) return world.timer;
  if (deadline.count <= world.now) return OK;
  return world.wake_early ? OK : ERR(WOULD_BLOCK);
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

paddr_result_t frame_allocator_allocate(owner_t, uint64_t count) {
  if (!status_is_ok(world.everywhere)) return {world.everywhere, {}};
  const uint64_t first = world.same_frame_twice ? 1 : world.next_frame;
  for (uint64_t i = 0; i < count; i++) world.frames.insert(first + i);
  world.next_frame += count;
  return {OK, {first * kFrameBytes}};
}
status_t frame_allocator_free(owner_t, paddr_t start, uint64_t count) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  for (uint64_t i = 0; i < count; i++) world.frames.erase(start.bytes / kFrameBytes + i);
  return OK;
}

heap_pool_result_t heap_pool_create(owner_t, uint64_t) {
  if (!status_is_ok(world.everywhere)) return {world.everywhere, {}};
  world.pools++;
  return {OK, {1, 1}};
}
status_t heap_pool_destroy(heap_pool_t) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  world.pools--;
  return OK;
}
memory_result_t heap_allocate(heap_pool_t, uint64_t bytes) {
  if (!status_is_ok(world.everywhere)) return {world.everywhere, nullptr};
  auto block = std::make_unique<uint64_t[]>((bytes + 7) / 8);
  if (world.wrong_answers) block[0] = 1;
  void *const memory = block.get();
  world.blocks[memory] = std::move(block);
  return {OK, memory};
}
status_t heap_free(heap_pool_t, void *memory) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  EXPECT_EQ(world.blocks.erase(memory), 1u);
  return OK;
}
u64_result_t heap_used_bytes(heap_pool_t) { return {OK, world.blocks.size()}; }

keyboard_consumer_result_t keyboard_acquire(void) {
  if (!status_is_ok(world.everywhere)) return {world.everywhere, 0};
  world.key_held = true;
  return {OK, ++world.token};
}
status_t keyboard_release(uint64_t token) {
  if (token != world.token) return ERR(STALE);
  world.key_held = false;
  return OK;
}
status_t keyboard_describe(keyboard_counters_t *counters) {
  *counters = {};
  counters->completed = world.wrong_answers ? 1 : 0;
  return world.everywhere;
}
status_t keyboard_inject(uint64_t code) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  if (world.drop_keys-- > 0) return OK;
  if (world.wrong_keys-- > 0) code ^= 1;
  world.queue.push_back({world.sequence++, static_cast<uint8_t>(code), true});
  return OK;
}
status_t keyboard_peek(uint64_t token, keyboard_item_t *item) {
  if (!status_is_ok(world.everywhere)) return world.everywhere;
  if (world.takeovers-- > 0) world.token++;
  if (token != world.token) return ERR(STALE);
  if (world.queue.empty()) return ERR(WOULD_BLOCK);
  *item = world.queue.front();
  return OK;
}
status_t keyboard_complete(uint64_t token, uint64_t sequence) {
  if (token != world.token || world.queue.front().sequence != sequence) return ERR(STALE);
  world.queue.pop_front();
  return OK;
}
