// SPDX-License-Identifier: MIT
#include "nano_core/api/port_io.h"
#include "nano_core/arch/apic.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/emergency_console.h"
#include "nano_core/boot/address_space.h"
#include "nano_core/boot/early.h"
#include "nano_core/boot/multiboot2.h"
#include "nano_core/boot/regions.h"
#include "nano_core/boot/start_info.h"

static const paddr_t kScreen = {0xb8000};  // VGA text memory
static const uint64_t kFirstMegabyte = UINT64_C(1) << 20;
enum { kScreenWhiteOnRed = 0x4f00, kDebugExit = 0xf4, kDebugExitDied = 0x7f };

void boot_fail(text_t line) {
  volatile uint16_t *screen = physical_pointer(kScreen);
  emergency_console_write(line);
  for (size_t i = 0; i < line.length; i++) screen[i] = kScreenWhiteOnRed | (uint8_t)line.data[i];
  port_write8(kDebugExit, kDebugExitDied);
  for (;;) cpu_halt();
}

const void *early_pointer(uint64_t start, uint64_t bytes) {
  if (start >= kEarlyBytes || bytes > kEarlyBytes - start) {
    boot_fail(TEXT("boot: the loader's data lie above the first GiB\n"));
  }
  return physical_pointer((paddr_t){start});
}

static void multiboot2_start(paddr_t address, boot_info_t *info, handed_range_t handed[kHanded]) {
  const uint32_t bytes = *(const uint32_t *)early_pointer(address.bytes, sizeof(bytes));
  const bytes_t information = {early_pointer(address.bytes, bytes), bytes};
  const text_t problem = multiboot2_read(information, address, info, handed);
  if (problem.length != 0) boot_fail(problem);
}

// Takes off the regions what nobody may allocate.
static void regions_guard(boot_info_t *info, const handed_range_t handed[kHanded]) {
  const machine_framebuffer_t *screen = &info->framebuffer;
  info->image_start = (paddr_t){(uint64_t)image_text_start - kImageBase};
  info->image_end = (paddr_t){(uint64_t)image_boot_stack_end - kImageBase};
  regions_remove(info, info->image_start.bytes, info->image_end.bytes - info->image_start.bytes);
  regions_remove(info, early_tables_start(), kEarlyTablesBytes);
  regions_remove(info, screen->start.bytes, (uint64_t)screen->pitch * screen->height);
  for (size_t i = 0; i < kHanded; i++) {
    regions_remove(info, handed[i].start, handed[i].end - handed[i].start);
  }
  info->startup_area = regions_startup_area(info);
  regions_remove(info, 0, kFirstMegabyte);
}

/// Called by entry.S, in the higher half, on the early page tables and the boot stack.
/// @param handover  what the loader left in ebx: the address of what it says
/// @param magic     what it left in eax: which loader it is, if it is a multiboot2 loader
[[noreturn]] void boot_main(paddr_t handover, uint32_t magic);

void boot_main(paddr_t handover, uint32_t magic) {
  boot_info_t info = {0};
  handed_range_t handed[kHanded] = {0};
  emergency_console_initialize();
  legacy_interrupts_mask();
  if (magic == kMultiboot2Magic) {
    multiboot2_start(handover, &info, handed);
  } else {
    start_info_read(handover, &info, handed);
  }
  if (info.archive.length == 0) {
    emergency_console_write(
        TEXT("boot: no archive of cells; give cells.cpio as the first module\n"));
  }
  const boot_info_t usable = info;
  regions_guard(&info, handed);
  cpu_root_table_set(address_space_build(&info, &usable, handed).bytes);
  regions_add(&info, early_tables_start(), kEarlyTablesBytes);
  cpu_features_enable();
  nano_core_main(&info);
}
