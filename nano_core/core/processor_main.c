// SPDX-License-Identifier: MIT
#include "nano_core/core/processor_main.h"

#include "nano_core/api/cycle_counter.h"
#include "nano_core/arch/apic.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/core/core.h"
#include "nano_core/core/stacks.h"
#include "nano_core/task/task.h"

void processor_main(void) {
  cpu_t *cpu = cpu_current();
  stacks_load(cpu);
  apic_enable(cpu->core->apic);
  cpu->came = cycle_counter();
  __atomic_fetch_add(&cpu->core->cpu_count, 1, __ATOMIC_RELAXED);
  __atomic_fetch_or(&cpu->core->online, UINT32_C(1) << cpu->number, __ATOMIC_SEQ_CST);
  __atomic_store_n(&cpu->online, 1, __ATOMIC_RELEASE);
  root_run();
}
