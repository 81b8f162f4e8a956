// SPDX-License-Identifier: MIT
#include "nano_core/arch/descriptors.h"

static const uint64_t kSegmentCode = UINT64_C(0x00af9b000000ffff);  // 64-bit, accessed
static const uint64_t kSegmentData = UINT64_C(0x00cf93000000ffff);  // writable, accessed
static const uint64_t kSegmentTask = UINT64_C(0x0000890000000000);  // available 64-bit TSS
static const uint8_t kGateInterrupt = 0x8e;                         // present; turns interrupts off

static_assert(sizeof(task_state_t) == 104 && sizeof(interrupt_gate_t) == 16, "hardware layouts");

// The operand of lgdt and lidt.
typedef struct [[gnu::packed]] table_pointer {
  uint16_t limit;
  uint64_t base;
} table_pointer_t;

static enum interrupt_stack stack_of(uint64_t vector) {
  if (vector >= kVectorDeviceFirst) return kStackDevice;
  switch (vector) {
    case kVectorDoubleFault:
      return kStackDoubleFault;
    case kVectorNmi:
      return kStackNmi;
    case kVectorMachineCheck:
      return kStackMachineCheck;
    case kVectorPageFault:
      return kStackPageFault;
    case kVectorProtection:
    case kVectorStackFault:
      return kStackProtection;
    default:
      return kStackException;
  }
}

static void gates_fill(interrupt_gate_t gates[kVectors]) {
  for (uint64_t i = 0; i < kVectors; i++) {
    const uint64_t entry = (uint64_t)&interrupt_entries[i * kInterruptEntryBytes];
    gates[i] = (interrupt_gate_t){
        .offset_low = (uint16_t)entry,
        .selector = kSelectorCode,
        .stack = (uint8_t)stack_of(i),
        .type = kGateInterrupt,
        .offset_middle = (uint16_t)(entry >> 16),
        .offset_high = (uint32_t)(entry >> 32),
    };
  }
}

static void segments_fill(descriptors_t *descriptors) {
  const uint64_t task = (uint64_t)&descriptors->task;
  uint64_t *segments = descriptors->segments;
  segments[kSelectorCode / 8] = kSegmentCode;
  segments[kSelectorData / 8] = kSegmentData;
  segments[kSelectorTask / 8] = kSegmentTask | (sizeof(task_state_t) - 1) |
                                (task & 0xffffff) << 16 | (task >> 24 & 0xff) << 56;
  segments[kSelectorTask / 8 + 1] = task >> 32;
}

static void tables_load(const descriptors_t *descriptors) {
  const table_pointer_t segments = {sizeof(descriptors->segments) - 1,
                                    (uint64_t)descriptors->segments};
  const table_pointer_t gates = {sizeof(descriptors->gates) - 1, (uint64_t)descriptors->gates};
  __asm__ volatile("lgdt %0" : : "m"(segments) : "memory");
  __asm__ volatile(
      "pushq %0\n\tleaq 1f(%%rip), %%rax\n\tpushq %%rax\n\tlretq\n1:\n\t"
      "movl %1, %%eax\n\tmovl %%eax, %%ds\n\tmovl %%eax, %%es\n\tmovl %%eax, %%ss"
      :
      : "i"(kSelectorCode), "i"(kSelectorData)
      : "rax", "memory");
  __asm__ volatile("ltr %w0" : : "r"(kSelectorTask) : "memory");
  __asm__ volatile("lidt %0" : : "m"(gates) : "memory");
}

void descriptors_load(descriptors_t *descriptors, const uint64_t ist[kInterruptStacks]) {
  __builtin_memset(descriptors, 0, sizeof(*descriptors));
  for (size_t i = 0; i < kInterruptStacks; i++) descriptors->task.ist[i] = ist[i];
  descriptors->task.io_map = sizeof(task_state_t);
  segments_fill(descriptors);
  gates_fill(descriptors->gates);
  tables_load(descriptors);
}
