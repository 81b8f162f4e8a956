// SPDX-License-Identifier: MIT
// Processors: the first one's blocks are made at boot, the others' here.
#include "nano_core/api/processor.h"

#include "nano_core/api/cycle_counter.h"
#include "nano_core/arch/apic.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/paging.h"
#include "nano_core/arch/startup.h"
#include "nano_core/core/core.h"
#include "nano_core/core/lock.h"
#include "nano_core/core/processor_main.h"
#include "nano_core/core/stacks.h"
#include "nano_core/memory/frames.h"
#include "nano_core/memory/mapping.h"

static bool is_online(const cpu_t *cpu) {
  return __atomic_load_n(&cpu->online, __ATOMIC_ACQUIRE) != 0;
}

static cpu_t *find(const core_t *core, uint64_t number) {
  return number < kProcessors ? core->cpus[number] : nullptr;
}

static cpu_t *find_apic(const core_t *core, uint32_t apic) {
  for (size_t i = 0; i < kProcessors; i++) {
    if (core->cpus[i] != nullptr && core->cpus[i]->apic == apic) return core->cpus[i];
  }
  return nullptr;
}

// Has a processor that was prepared never come. It may have come already, or be on its way.
static bool take_back(cpu_t *cpu) {
  const core_t *core = cpu->core;
  if (cpu->started != 0 && !startup_withdraw(core->startup_area)) return false;
  cpu->started = 0;
  apic_send_init(core->apic, cpu->apic);
  return true;
}

static status_t make(core_t *core, uint32_t apic, cpu_t **made) {
  mapping_t memory;
  const uint64_t pages = pages_for(sizeof(cpu_t));
  TRY(frames_ensure(pages));
  TRY(mapping_create(kAreaRecords, pages, kPageWritable, &memory));
  cpu_t *cpu = (cpu_t *)memory.start.bytes;
  *cpu = (cpu_t){.self = cpu, .core = core, .apic = apic, .memory = memory};
  cpu->held_top = &cpu->held[1];
  cpu->canary = cpu_current()->canary;  // a task may go on elsewhere between two instructions
  const status_t status = stacks_create(cpu);
  if (!status_is_ok(status)) {
    mapping_destroy(&memory);
    return status;
  }
  *made = cpu;
  return OK;
}

static u32_result_t prepare(core_t *core, uint32_t apic) {
  cpu_t *cpu = find_apic(core, apic);
  if (cpu != nullptr) {
    if (is_online(cpu) || !take_back(cpu)) return (u32_result_t){.status = ERR(ALREADY_EXISTS)};
    return (u32_result_t){.value = cpu->number};
  }
  uint32_t number = 0;
  while (number < kProcessors && core->cpus[number] != nullptr) number++;
  if (number == kProcessors) return (u32_result_t){.status = ERR(NO_SPACE)};
  TRY_RESULT(u32_result_t, make(core, apic, &cpu));
  cpu->number = number;
  core->cpus[number] = cpu;
  apic_send_init(core->apic, apic);
  return (u32_result_t){.value = number};
}

// The startup area belongs to the one that is on its way.
static bool is_area_taken(const core_t *core, const cpu_t *but) {
  for (size_t i = 0; i < kProcessors; i++) {
    const cpu_t *cpu = core->cpus[i];
    if (cpu != nullptr && cpu != but && cpu->started != 0 && !is_online(cpu)) return true;
  }
  return false;
}

static status_t start(core_t *core, uint64_t number) {
  cpu_t *cpu = find(core, number);
  if (cpu == nullptr) return ERR(NOT_FOUND);
  if (is_online(cpu)) return ERR(ALREADY_EXISTS);
  if (is_area_taken(core, cpu)) return ERR(BUSY);
  if (cpu->started == 0) {
    const startup_t parameters = {.root_table = cpu_root_table(),
                                  .stack_top = cpu->root_stack,
                                  .gs = (uint64_t)cpu,
                                  .entry = (uint64_t)processor_main,
                                  .apic = cpu->apic};
    startup_write(core->startup_area, &parameters);
    cpu->started = 1;
  }
  apic_send_startup(core->apic, cpu->apic, (uint8_t)(core->startup_area.bytes / kFrameBytes));
  return OK;
}

static status_t abandon(core_t *core, uint64_t number) {
  cpu_t *cpu = find(core, number);
  if (cpu == nullptr) return ERR(NOT_FOUND);
  if (is_online(cpu) || !take_back(cpu)) return ERR(ALREADY_EXISTS);
  core->cpus[number] = nullptr;
  stacks_destroy(cpu);
  mapping_t memory = cpu->memory;
  mapping_destroy(&memory);
  return OK;
}

u32_result_t processor_self(void) { return (u32_result_t){.value = (uint32_t)CPU_READ(number)}; }

u32_result_t processor_count(void) {
  return (u32_result_t){.value = __atomic_load_n(&core_current()->cpu_count, __ATOMIC_RELAXED)};
}

u32_result_t processor_prepare(uint32_t apic) {
  core_t *core = core_current();
  if (apic > kApicHighest || core->startup_area.bytes == 0) {
    return (u32_result_t){.status = ERR(UNSUPPORTED)};
  }
  core_lock();
  const u32_result_t result = prepare(core, apic);
  core_unlock();
  return result;
}

status_t processor_start(uint32_t number) {
  core_lock();
  const status_t status = start(core_current(), number);
  core_unlock();
  return status;
}

status_t processor_abandon(uint32_t number) {
  core_lock();
  const status_t status = abandon(core_current(), number);
  core_unlock();
  return status;
}

// With the sleep that it is in.
static uint64_t idle_cycles(const cpu_t *cpu) {
  const uint64_t since = cpu->asleep_since;
  return cpu->idle_cycles + (cpu->asleep != 0 ? cycle_counter() - since : 0);
}

status_t processor_describe(uint64_t number, processor_info_t *info) {
  if (number >= kProcessors) return ERR(OUT_OF_RANGE);
  core_lock();
  const cpu_t *cpu = find(core_current(), number);
  if (cpu != nullptr) {
    const bool online = is_online(cpu);
    *info = (processor_info_t){.apic = cpu->apic,
                               .status = online ? kProcessorOnline : kProcessorPrepared,
                               .idle = cpu->asleep,
                               .cycles = online ? cycle_counter() - cpu->came : 0,
                               .idle_cycles = idle_cycles(cpu),
                               .switches = cpu->switches,
                               .steps = cpu->steps,
                               .interrupts = cpu->interrupts,
                               .calls = cpu->calls};
  }
  core_unlock();
  return cpu == nullptr ? ERR(NOT_FOUND) : OK;
}
