// SPDX-License-Identifier: MIT
#include "nano_core/api/port_io.h"
#include "nano_core/arch/apic.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/emergency_console.h"
#include "nano_core/boot/address_space.h"
#include "nano_core/boot/early.h"
#include "nano_core/boot/regions.h"
#include "nano_core/boot/start_info.h"

static const paddr_t kScreen = {0xb8000};  // VGA text memory
enum { kScreenWhiteOnRed = 0x4f00, kDebugExit = 0xf4, kDebugExitDied = 0x7f };

void boot_fail(text_t line) {
  volatile uint16_t *screen = physical_pointer(kScreen);
  emergency_console_write(line);
  for (size_t i = 0; i < line.length; i++) screen[i] = kScreenWhiteOnRed | (uint8_t)line.data[i];
  port_write8(kDebugExit, kDebugExitDied);
  for (;;) cpu_halt();
}

/// Called by entry.S, in the higher half, on the early page tables and the boot stack.
[[noreturn]] void boot_main(paddr_t start_info);

void boot_main(paddr_t start_info) {
  boot_info_t info = {0};
  boot_info_t usable = {0};
  handed_range_t handed[kHanded] = {0};
  emergency_console_initialize();
  legacy_interrupts_mask();
  start_info_read(start_info, &info, &usable, handed);
  cpu_root_table_set(address_space_build(&info, &usable, handed).bytes);
  regions_add(&info, early_tables_start(), kEarlyTablesBytes);
  cpu_features_enable();
  nano_core_main(&info);
}
