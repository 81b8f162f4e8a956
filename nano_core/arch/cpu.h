// SPDX-License-Identifier: MIT
/// @file
/// Intrinsics of nano_core itself, and the processor's protections.
#pragma once
#include "nano_core/api/types.h"

enum cpu_msr { kMsrEfer = 0xc0000080, kMsrGsBase = 0xc0000101 };
static const uint64_t kFlagInterrupts = UINT64_C(1) << 9;

/// Turns on what this processor offers of: no-execute, write protection in supervisor mode, SMEP,
/// SMAP, UMIP. A floating-point instruction is a fault from here on. Once per processor.
void cpu_features_enable(void);

static inline void cpu_interrupts_disable(void) { __asm__ volatile("cli" : : : "memory"); }

static inline void cpu_interrupts_enable(void) { __asm__ volatile("sti" : : : "memory"); }

/// Sleeps until the next interrupt that may come, if any.
static inline void cpu_halt(void) { __asm__ volatile("hlt" : : : "memory"); }

/// Enters interrupt_handle with kVectorPreempt.
static inline void cpu_preempt_now(void) { __asm__ volatile("int $254" : : : "memory"); }

static inline void cpu_pause(void) { __asm__ volatile("pause" : : : "memory"); }

static inline uint64_t cpu_flags(void) {
  uint64_t flags;
  __asm__ volatile("pushfq\n\tpopq %0" : "=r"(flags) : : "memory");
  return flags;
}

#if __STDC_HOSTED__
// A test sees when interrupts are off.
EXTERN_C_BEGIN
uint64_t cpu_flags_save(void);
void cpu_flags_restore(uint64_t flags);
EXTERN_C_END
#else
/// Turns interrupts off.
/// @returns  the flags before, for cpu_flags_restore
static inline uint64_t cpu_flags_save(void) {
  const uint64_t flags = cpu_flags();
  cpu_interrupts_disable();
  return flags;
}

static inline void cpu_flags_restore(uint64_t flags) {
  __asm__ volatile("pushq %0\n\tpopfq" : : "r"(flags) : "memory", "cc");
}
#endif

static inline uint64_t cpu_msr_read(uint32_t msr) {
  uint32_t low;
  uint32_t high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
  return (uint64_t)high << 32 | low;
}

static inline void cpu_msr_write(uint32_t msr, uint64_t value) {
  const uint32_t low = (uint32_t)value;
  const uint32_t high = (uint32_t)(value >> 32);
  __asm__ volatile("wrmsr" : : "c"(msr), "a"(low), "d"(high) : "memory");
}

typedef struct cpuid {
  uint32_t eax, ebx, ecx, edx;
} cpuid_t;

/// All zero for a leaf past the last one that the processor has.
static inline cpuid_t cpu_identify(uint32_t leaf) {
  cpuid_t last;
  const uint32_t range = leaf & 0x80000000u;
  __asm__("cpuid"
          : "=a"(last.eax), "=b"(last.ebx), "=c"(last.ecx), "=d"(last.edx)
          : "a"(range), "c"(0));
  if (leaf > last.eax) return (cpuid_t){0};
  cpuid_t answer;
  __asm__("cpuid"
          : "=a"(answer.eax), "=b"(answer.ebx), "=c"(answer.ecx), "=d"(answer.edx)
          : "a"(leaf), "c"(0));
  return answer;
}

/// Flushes the page around `address`, and all cached upper levels, from this processor.
static inline void cpu_invalidate_page(uint64_t address) {
  __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

/// CR2: the address that the last page fault was about.
static inline uint64_t cpu_fault_address(void) {
  uint64_t address;
  __asm__ volatile("movq %%cr2, %0" : "=r"(address));
  return address;
}

/// CR3: the physical address of the root page table.
static inline uint64_t cpu_root_table(void) {
  uint64_t root;
  __asm__ volatile("movq %%cr3, %0" : "=r"(root));
  return root;
}

/// Makes another root page table the one in force, and flushes this processor's translations.
static inline void cpu_root_table_set(uint64_t root) {
  __asm__ volatile("movq %0, %%cr3" : : "r"(root) : "memory");
}

/// Writes eight bytes of the per-CPU block.
static inline void cpu_gs_write(uint64_t offset, uint64_t value) {
  __asm__ volatile("movq %1, %%gs:(%0)" : : "r"(offset), "r"(value) : "memory");
}
