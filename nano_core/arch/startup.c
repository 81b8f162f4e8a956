// SPDX-License-Identifier: MIT
#include "nano_core/arch/startup.h"

#include "nano_core/arch/cpu.h"
#include "nano_core/arch/page_table.h"

// As start.S has it.
enum { kCodeBytes = 0x180, kParameters = 0xf00 };

typedef struct startup_block {
  startup_t parameters;
  // 1: the processor may come. Whoever takes it away, by an exchange, decides.
  uint32_t claim;
} startup_block_t;

static_assert(offsetof(startup_t, entry) == 24 && offsetof(startup_t, apic) == 32);
static_assert(offsetof(startup_block_t, claim) == 40);

extern const uint8_t startup_code[kCodeBytes];

static startup_block_t *block_of(paddr_t area) {
  return physical_pointer((paddr_t){area.bytes + kParameters});
}

static paddr_t frame_of(paddr_t area, uint64_t index) {
  return (paddr_t){area.bytes + index * kFrameBytes};
}

static page_table_t *table_new(paddr_t frame) {
  page_table_t *table = physical_pointer(frame);
  __builtin_memset(table, 0, sizeof(*table));
  return table;
}

static void tables_write(paddr_t area) {
  const page_table_t *current = entry_table(cpu_root_table());
  page_table_t *root = table_new(frame_of(area, 1));
  for (size_t i = kTableEntries / 2; i < kTableEntries; i++) root->entries[i] = current->entries[i];
  root->entries[0] = entry_of_table(frame_of(area, 2));
  table_new(frame_of(area, 2))->entries[0] = entry_of_table(frame_of(area, 3));
  table_new(frame_of(area, 3))->entries[0] =
      entry_of_page((paddr_t){0}, kPageExecutable) | kEntryLarge;
}

void startup_write(paddr_t area, const startup_t *parameters) {
  startup_block_t *block = block_of(area);
  __builtin_memcpy(physical_pointer(area), startup_code, kCodeBytes);
  tables_write(area);
  block->parameters = *parameters;
  __atomic_store_n(&block->claim, 1, __ATOMIC_SEQ_CST);
}

bool startup_withdraw(paddr_t area) {
  return __atomic_exchange_n(&block_of(area)->claim, 0, __ATOMIC_SEQ_CST) != 0;
}
