// SPDX-License-Identifier: MIT
#include "cells/load_generator/load_generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

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
#include "testing/host/fake_core.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(load_generator_counters, 512);

namespace {

// Everything that the loads call: it works, and can be told to go wrong.
struct World {
  uint64_t now = 1000;
  std::vector<std::string> spawned;
  status_t spawn_status = OK, cancel_status = OK;
  bool cancelled = false;
  // What every cell answers instead of working: UNAVAILABLE while it is swapped, say.
  status_t everywhere = OK;
  bool wrong_answers = false;
  bool commands_accept = false;  // words that they must refuse
  int referenced = 0;            // calls of references

  std::set<uint64_t> frames;
  uint64_t next_frame = 1;
  bool same_frame_twice = false;
  std::map<void *, std::unique_ptr<uint64_t[]>> blocks;
  int pools = 0;

  uint64_t token = 0;
  bool key_held = false;  // the consumer's token is valid
  std::deque<keyboard_item_t> queue;
  uint32_t sequence = 1;
  int drop_keys = 0;   // injected codes that never come back
  int wrong_keys = 0;  // that come back as another one
  int takeovers = 0;   // times that somebody else takes the keyboard
};

World world;

uint64_t Number(uint64_t right) { return world.wrong_answers ? right + 1 : right; }

}  // namespace

task_result_t task_spawn(text_t name, reference_t, const task_progress_t *progress) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(progress->seal.tag, 0u);
  if (!status_is_ok(world.spawn_status)) return {world.spawn_status, {}};
  world.spawned.push_back(fake_string(name));
  return {OK, {1, 1}};
}

status_t task_cancel(task_t) {
  world.cancelled = status_is_ok(world.cancel_status);
  return world.cancel_status;
}

nanoseconds_result_t timer_now(void) { return {OK, {world.now += 1000}}; }
status_t timer_wait_until(nanoseconds_t deadline) {
  return deadline.count <= world.now ? OK : ERR(WOULD_BLOCK);
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

namespace {

class LoadGeneratorTest : public ::testing::Test {
 protected:
  using Step = status_t (*)(task_progress_t *);

  void SetUp() override {
    HOST_STATE_CLEAR(load_generator_counters);
    fake_core() = {};
    world = {};
    EXPECT_TRUE(status_is_ok(load_generator_initialize()));
  }

  static void Start(const std::string &name) {
    EXPECT_TRUE(status_is_ok(load_generator_start({name.data(), name.size()})));
  }

  static status_t Stop(const std::string &name) {
    return load_generator_stop({name.data(), name.size()});
  }

  // Steps a task; the answer of the last step.
  status_t Steps(Step step, int count) {
    status_t status = OK;
    for (int i = 0; i < count && !status_is(status, STATUS_END); i++) {
      status = step(&task_);
      EXPECT_EQ(host_monitor_depth(), 0u);
    }
    return status;
  }

  // The same where the answer does not matter.
  void Work(Step step, int count) { status_ignore(Steps(step, count), "the report tells"); }

  static load_report_t Report(const std::string &name) {
    load_report_t report = {};
    for (uint64_t i = 0; status_is_ok(load_generator_describe(i, &report)); i++) {
      if (name == report.name) return report;
    }
    ADD_FAILURE() << name;
    return report;
  }

  task_progress_t task_ = {};
};

TEST_F(LoadGeneratorTest, Describe_AtFirst_AllAreIdle) {
  for (const char *name : {"calls", "keys", "alloc"}) {
    EXPECT_EQ(Report(name).status, static_cast<uint32_t>(kLoadGeneratorIdle));
    EXPECT_EQ(Report(name).operations, 0u);
  }
  load_report_t report;
  EXPECT_TRUE(status_is(load_generator_describe(3, &report), STATUS_END));
}

TEST_F(LoadGeneratorTest, Start_Twice_IsBusy) {
  Start("calls");
  EXPECT_EQ(world.spawned, std::vector<std::string>{"calls"});
  EXPECT_EQ(fake_core().obtained, std::vector<std::string>{"load_generator_calls_step"});
  EXPECT_TRUE(status_is(load_generator_start(TEXT("calls")), STATUS_BUSY));
}

TEST_F(LoadGeneratorTest, Start_Unknown_IsNotFound) {
  EXPECT_TRUE(status_is(load_generator_start(TEXT("queue")), STATUS_NOT_FOUND));
  EXPECT_TRUE(status_is(Stop(""), STATUS_NOT_FOUND));
}

TEST_F(LoadGeneratorTest, Start_NoTask_NothingIsStarted) {
  world.spawn_status = ERR(NO_MEMORY);
  EXPECT_TRUE(status_is(load_generator_start(TEXT("keys")), STATUS_NO_MEMORY));
  EXPECT_EQ(Report("keys").status, static_cast<uint32_t>(kLoadGeneratorIdle));
  EXPECT_EQ(fake_core().references_held, 0);
}

TEST_F(LoadGeneratorTest, Start_AfterStop_CountsAnew) {
  Start("calls");
  EXPECT_TRUE(status_is_ok(Steps(load_generator_calls_step, 5)));
  EXPECT_TRUE(status_is(Stop("calls"), STATUS_WOULD_BLOCK));
  EXPECT_TRUE(status_is(Steps(load_generator_calls_step, 1), STATUS_END));
  EXPECT_TRUE(status_is_ok(Stop("calls")));
  EXPECT_GT(Report("calls").operations, 100u);
  Start("calls");
  EXPECT_EQ(Report("calls").operations, 0u);
}

TEST_F(LoadGeneratorTest, Stop_NeverStarted_IsOk) { EXPECT_TRUE(status_is_ok(Stop("alloc"))); }

TEST_F(LoadGeneratorTest, Stop_LoadHangs_IsCancelledAndAnError) {
  Start("calls");
  EXPECT_TRUE(status_is(Stop("calls"), STATUS_WOULD_BLOCK));
  world.now += 6000000000;
  world.cancel_status = ERR(BUSY);
  EXPECT_TRUE(status_is(Stop("calls"), STATUS_WOULD_BLOCK));
  world.cancel_status = OK;
  EXPECT_TRUE(status_is_ok(Stop("calls")));
  EXPECT_TRUE(world.cancelled);
  EXPECT_EQ(Report("calls").errors, 1u);
  EXPECT_EQ(Report("calls").status, static_cast<uint32_t>(kLoadGeneratorStopped));
}

TEST_F(LoadGeneratorTest, Describe_Stopped_TimeStandsStill) {
  Start("calls");
  world.now += 5000000;
  EXPECT_TRUE(status_is(Stop("calls"), STATUS_WOULD_BLOCK));
  EXPECT_TRUE(status_is(Steps(load_generator_calls_step, 1), STATUS_END));
  const uint64_t run_ns = Report("calls").run_ns;
  EXPECT_GE(run_ns, 5000000u);
  world.now += 5000000;
  EXPECT_EQ(Report("calls").run_ns, run_ns);
}

TEST_F(LoadGeneratorTest, Calls_AllWell_OnlyOperations) {
  Start("calls");
  Work(load_generator_calls_step, 20);
  const load_report_t report = Report("calls");
  EXPECT_GE(report.operations, 20u * 32u);
  EXPECT_EQ(report.errors + report.lost + report.retries, 0u);
}

TEST_F(LoadGeneratorTest, Calls_CellsAway_AreRetries) {
  Start("calls");
  world.everywhere = ERR(UNAVAILABLE);
  Work(load_generator_calls_step, 10);
  EXPECT_GT(Report("calls").retries, 200u);
  EXPECT_EQ(Report("calls").errors, 0u);
}

TEST_F(LoadGeneratorTest, Calls_CellsFail_AreErrors) {
  Start("calls");
  world.everywhere = ERR(FAULT);
  Work(load_generator_calls_step, 10);
  EXPECT_GT(Report("calls").errors, 200u);
  EXPECT_EQ(Report("calls").retries, 0u);
}

TEST_F(LoadGeneratorTest, Calls_WrongAnswers_AreErrors) {
  Start("calls");
  Work(load_generator_calls_step, 2);
  world.wrong_answers = true;
  Work(load_generator_calls_step, 12);
  // Of thirteen kinds ten have an answer that the test makes wrong, commands once in sixteen
  // rounds.
  EXPECT_GE(Report("calls").errors, 12u * 32u / 13u * 8u);
}

// Enough steps for a dozen commands.
TEST_F(LoadGeneratorTest, Calls_CommandsOfTheArchive_AreCalledInTurn) {
  fake_core().objects = {fake_object("command_a", "command_a", ""), fake_object("heap", "heap", ""),
                         fake_object("broken", "", ""), fake_object("b", "command_b", "")};
  fake_core().bad_objects = {"broken"};
  Start("calls");
  fake_core().obtained.clear();
  Work(load_generator_calls_step, 80);
  const std::vector<std::string> &obtained = fake_core().obtained;
  ASSERT_GE(obtained.size(), 6u);
  for (size_t i = 0; i < 3; i++) EXPECT_EQ(obtained[2 * i], "command_a_step");
  for (size_t i = 0; i < 3; i++) EXPECT_EQ(obtained[2 * i + 1], "command_b_step");
  EXPECT_EQ(world.referenced, static_cast<int>(obtained.size()));
  EXPECT_EQ(Report("calls").errors, 0u);
}

TEST_F(LoadGeneratorTest, Calls_CommandOfOthersOnly_IsLeftAlone) {
  fake_core().objects = {fake_object("command_a", "command_a", "")};
  fake_core().references["command_a_step"] = ERR(DENIED);
  Start("calls");
  Work(load_generator_calls_step, 40);
  EXPECT_GE(fake_core().obtained.size(), 3u);
  EXPECT_EQ(world.referenced, 0);
  EXPECT_EQ(Report("calls").errors + Report("calls").retries, 0u);
}

TEST_F(LoadGeneratorTest, Calls_CommandThatTakesNonsense_IsAnError) {
  fake_core().objects = {fake_object("command_a", "command_a", "")};
  world.commands_accept = true;
  Start("calls");
  const int held = fake_core().references_held;
  Work(load_generator_calls_step, 40);
  EXPECT_GE(world.referenced, 3);
  EXPECT_EQ(Report("calls").errors, static_cast<uint64_t>(world.referenced));
  EXPECT_EQ(fake_core().references_held, held);
}

TEST_F(LoadGeneratorTest, Keys_AllWell_ComeBackInOrder) {
  Start("keys");
  Work(load_generator_keys_step, 10);
  const load_report_t report = Report("keys");
  EXPECT_EQ(report.operations, 240u);
  EXPECT_EQ(report.errors + report.lost + report.retries + report.external, 0u);
  EXPECT_TRUE(world.key_held);
}

TEST_F(LoadGeneratorTest, Keys_Stop_GivesTheKeyboardBack) {
  Start("keys");
  Work(load_generator_keys_step, 3);
  EXPECT_TRUE(status_is(Stop("keys"), STATUS_WOULD_BLOCK));
  EXPECT_TRUE(status_is(Steps(load_generator_keys_step, 5), STATUS_END));
  EXPECT_FALSE(world.key_held);
  EXPECT_TRUE(world.queue.empty());
}

TEST_F(LoadGeneratorTest, Keys_NoneComes_WaitsThenIsLost) {
  Start("keys");
  Work(load_generator_keys_step, 1);
  world.drop_keys = 1;
  EXPECT_TRUE(status_is(Steps(load_generator_keys_step, 1), STATUS_WOULD_BLOCK));
  EXPECT_TRUE(status_is(Steps(load_generator_keys_step, 1), STATUS_WOULD_BLOCK));
  EXPECT_EQ(Report("keys").lost, 0u);
  world.now += 2000000000;
  Work(load_generator_keys_step, 2);
  EXPECT_EQ(Report("keys").lost, 1u);
  EXPECT_EQ(Report("keys").errors, 0u);
  EXPECT_GT(Report("keys").operations, 30u) << "it goes on";
}

TEST_F(LoadGeneratorTest, Keys_StopWhileOneIsUnderWay_WaitsForIt) {
  Start("keys");
  world.drop_keys = 1;
  Work(load_generator_keys_step, 1);
  EXPECT_TRUE(status_is(Stop("keys"), STATUS_WOULD_BLOCK));
  EXPECT_TRUE(status_is(Steps(load_generator_keys_step, 3), STATUS_WOULD_BLOCK));
  world.queue.push_back({world.sequence++, 0x60, true});
  EXPECT_TRUE(status_is(Steps(load_generator_keys_step, 2), STATUS_END));
  EXPECT_EQ(Report("keys").operations, 1u);
}

TEST_F(LoadGeneratorTest, Keys_AnotherCode_IsAnError) {
  Start("keys");
  world.wrong_keys = 3;
  Work(load_generator_keys_step, 2);
  EXPECT_EQ(Report("keys").errors, 3u);
}

TEST_F(LoadGeneratorTest, Keys_FromOutside_AreCountedApart) {
  Start("keys");
  Work(load_generator_keys_step, 1);
  world.queue.push_back({world.sequence++, 0x1e, false});
  world.queue.push_back({world.sequence++, 0x9e, false});
  Work(load_generator_keys_step, 1);
  EXPECT_EQ(Report("keys").external, 2u);
  EXPECT_EQ(Report("keys").errors, 0u);
}

TEST_F(LoadGeneratorTest, Keys_TakenOver_AreTakenBack) {
  Start("keys");
  Work(load_generator_keys_step, 1);
  world.takeovers = 1;
  Work(load_generator_keys_step, 2);
  EXPECT_EQ(Report("keys").retries, 1u);
  EXPECT_EQ(Report("keys").errors + Report("keys").lost, 0u);
}

TEST_F(LoadGeneratorTest, Keys_DriverBusy_IsARetry) {
  Start("keys");
  world.everywhere = ERR(BUSY);
  EXPECT_TRUE(status_is_ok(Steps(load_generator_keys_step, 5)));
  EXPECT_EQ(Report("keys").retries, 5u);
  world.everywhere = OK;
  Work(load_generator_keys_step, 5);
  EXPECT_EQ(Report("keys").errors + Report("keys").lost, 0u);
}

TEST_F(LoadGeneratorTest, Alloc_AllWell_OnlyOperations) {
  Start("alloc");
  Work(load_generator_alloc_step, 100);
  const load_report_t report = Report("alloc");
  EXPECT_EQ(report.operations, 2400u);
  EXPECT_EQ(report.errors + report.lost + report.retries, 0u);
  EXPECT_FALSE(world.frames.empty());
  EXPECT_FALSE(world.blocks.empty());
}

TEST_F(LoadGeneratorTest, Alloc_Stop_GivesEverythingBack) {
  Start("alloc");
  Work(load_generator_alloc_step, 50);
  EXPECT_TRUE(status_is(Stop("alloc"), STATUS_WOULD_BLOCK));
  EXPECT_TRUE(status_is(Steps(load_generator_alloc_step, 5), STATUS_END));
  EXPECT_TRUE(world.frames.empty());
  EXPECT_TRUE(world.blocks.empty());
  EXPECT_EQ(world.pools, 0);
  EXPECT_EQ(Report("alloc").errors, 0u);
}

TEST_F(LoadGeneratorTest, Alloc_StopWhileCellsAreAway_IsTriedAgain) {
  Start("alloc");
  Work(load_generator_alloc_step, 50);
  EXPECT_TRUE(status_is(Stop("alloc"), STATUS_WOULD_BLOCK));
  world.everywhere = ERR(UNAVAILABLE);
  EXPECT_TRUE(status_is_ok(Steps(load_generator_alloc_step, 3)));
  world.everywhere = OK;
  EXPECT_TRUE(status_is(Steps(load_generator_alloc_step, 5), STATUS_END));
  EXPECT_TRUE(world.frames.empty() && world.blocks.empty() && world.pools == 0);
}

TEST_F(LoadGeneratorTest, Alloc_FrameTwice_IsAnError) {
  Start("alloc");
  world.same_frame_twice = true;
  Work(load_generator_alloc_step, 3);
  EXPECT_GT(Report("alloc").errors, 0u);
}

TEST_F(LoadGeneratorTest, Alloc_BlockNotZero_IsAnError) {
  Start("alloc");
  world.wrong_answers = true;
  Work(load_generator_alloc_step, 3);
  EXPECT_GT(Report("alloc").errors, 0u);
}

TEST_F(LoadGeneratorTest, Alloc_SomebodyWritesIntoABlock_IsAnError) {
  Start("alloc");
  Work(load_generator_alloc_step, 10);
  EXPECT_EQ(Report("alloc").errors, 0u);
  for (auto &[memory, block] : world.blocks) block[0] ^= 1;
  Work(load_generator_alloc_step, 50);
  EXPECT_GT(Report("alloc").errors, 0u);
}

TEST_F(LoadGeneratorTest, Step_ForeignProgress_IsInvalidObject) {
  task_.seal.tag = 1;
  EXPECT_TRUE(status_is(load_generator_calls_step(&task_), STATUS_INVALID_OBJECT));
  EXPECT_TRUE(status_is(load_generator_keys_step(&task_), STATUS_INVALID_OBJECT));
  EXPECT_TRUE(status_is(load_generator_alloc_step(&task_), STATUS_INVALID_OBJECT));
}

}  // namespace
