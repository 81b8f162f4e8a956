// SPDX-License-Identifier: MIT
#include "nano_core/processor/processor.h"

#include "nano_core/api/cycle_counter.h"
#include "nano_core/arch/apic.h"
#include "nano_core/arch/cpu.h"

static void ask(const core_t *core, const cpu_t *cpu) {
  apic_send(core->apic, cpu->apic, kVectorCall);
}

// The others, as they are asked in turn: null where there is none.
static cpu_t *other_at(const core_t *core, uint32_t number) {
  // One that is not online may be abandoned, and its block with it, at any time.
  if ((__atomic_load_n(&core->online, __ATOMIC_ACQUIRE) >> number & 1) == 0) return nullptr;
  cpu_t *cpu = core->cpus[number];
  return cpu != cpu_current() ? cpu : nullptr;
}

static bool is_asleep(const cpu_t *cpu) {
  return __atomic_load_n(&cpu->asleep, __ATOMIC_SEQ_CST) != 0;
}

// A turn of a wait for other processors. Who waits is not to blame for the time.
static void pause(cpu_t *cpu) {
  cpu->owed_looks = 0;
  cpu_pause();
}

static void forget_translations(cpu_t *cpu) {
  const uint64_t wanted = __atomic_load_n(&cpu->core->flush_wanted, __ATOMIC_ACQUIRE);
  if (cpu->flush_seen == wanted) return;
  cpu_root_table_set(cpu_root_table());
  __atomic_store_n(&cpu->flush_seen, wanted, __ATOMIC_RELEASE);
}

static void stay_parked(cpu_t *cpu) {
  const uint64_t round = __atomic_load_n(&cpu->core->parking, __ATOMIC_ACQUIRE);
  if (round == 0) return;
  __atomic_store_n(&cpu->parked, round, __ATOMIC_RELEASE);
  while (__atomic_load_n(&cpu->core->parking, __ATOMIC_ACQUIRE) == round) pause(cpu);
}

void processor_answer(cpu_t *cpu) {
  forget_translations(cpu);
  stay_parked(cpu);
}

void processor_wait(cpu_t *cpu) {
  pause(cpu);
  if (!processor_is_asked(cpu)) return;
  const uint64_t flags = cpu_flags_save();
  processor_answer(cpu);
  cpu_flags_restore(flags);
}

static bool has_parked(const cpu_t *cpu, uint64_t round) {
  return __atomic_load_n(&cpu->parked, __ATOMIC_ACQUIRE) == round || is_asleep(cpu);
}

void processors_park(void) {
  core_t *core = core_current();
  cpu_t *self = cpu_current();
  self->park_flags = cpu_flags_save();
  const uint64_t round = ++core->parkings;
  __atomic_store_n(&core->parking, round, __ATOMIC_SEQ_CST);
  for (uint32_t i = 0; i < kProcessors; i++) {
    const cpu_t *cpu = other_at(core, i);
    if (cpu != nullptr && !is_asleep(cpu)) ask(core, cpu);
  }
  for (uint32_t i = 0; i < kProcessors; i++) {
    const cpu_t *cpu = other_at(core, i);
    while (cpu != nullptr && !has_parked(cpu, round)) pause(self);
  }
}

void processors_release(void) {
  __atomic_store_n(&core_current()->parking, UINT64_C(0), __ATOMIC_RELEASE);
  cpu_flags_restore(cpu_current()->park_flags);
}

static bool has_flushed(const cpu_t *cpu, uint64_t wanted) {
  return __atomic_load_n(&cpu->flush_seen, __ATOMIC_ACQUIRE) >= wanted || is_asleep(cpu);
}

void processors_flush(void) {
  core_t *core = core_current();
  const uint64_t wanted = __atomic_add_fetch(&core->flush_wanted, 1, __ATOMIC_SEQ_CST);
  const uint64_t flags = cpu_flags_save();
  cpu_t *self = cpu_current();
  forget_translations(self);
  for (uint32_t i = 0; i < kProcessors; i++) {
    const cpu_t *cpu = other_at(core, i);
    if (cpu != nullptr && !has_flushed(cpu, wanted)) ask(core, cpu);
  }
  for (uint32_t i = 0; i < kProcessors; i++) {
    const cpu_t *cpu = other_at(core, i);
    while (cpu != nullptr && !has_flushed(cpu, wanted)) pause(self);
  }
  cpu_flags_restore(flags);
}

// The bit is for whoever looks for a processor to wake, the flag for whoever waits for all.
void processor_awake(cpu_t *cpu) {
  if (cpu->asleep == 0) return;
  const uint64_t now = cycle_counter();
  cpu->idle_cycles += now - cpu->asleep_since;
  __atomic_fetch_and(&cpu->core->sleepers, ~(UINT64_C(1) << cpu->number), __ATOMIC_SEQ_CST);
  __atomic_store_n(&cpu->asleep, 0, __ATOMIC_SEQ_CST);
  processor_answer(cpu);
}

void processor_sleep(cpu_t *cpu, bool (*has_work)(const core_t *core)) {
  cpu->asleep_since = cycle_counter();
  __atomic_store_n(&cpu->asleep, 1, __ATOMIC_SEQ_CST);
  __atomic_fetch_or(&cpu->core->sleepers, UINT64_C(1) << cpu->number, __ATOMIC_SEQ_CST);
  // Work that came before the bit was seen would wake nobody.
  if (!has_work(cpu->core)) interrupts_await();
  processor_awake(cpu);
}

void processor_wake_one(void) {
  core_t *core = core_current();
  uint64_t sleepers = __atomic_load_n(&core->sleepers, __ATOMIC_SEQ_CST);
  while (sleepers != 0) {
    const uint64_t number = (uint64_t)__builtin_ctzll(sleepers);
    const uint64_t bit = UINT64_C(1) << number;
    if (!__atomic_compare_exchange_n(&core->sleepers, &sleepers, sleepers & ~bit, false,
                                     __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
      continue;
    }
    // An interrupt handler of the sleeper itself: it looks for work when the handler is done.
    if (core->cpus[number] != cpu_current()) ask(core, core->cpus[number]);
    return;
  }
}

void processors_preempt(void) {
  const core_t *core = core_current();
  for (uint32_t i = 0; i < kProcessors; i++) {
    cpu_t *cpu = other_at(core, i);
    if (cpu == nullptr || __atomic_load_n(&cpu->task, __ATOMIC_RELAXED) == nullptr) continue;
    __atomic_store_n(&cpu->preempt_wanted, 1, __ATOMIC_RELEASE);
    ask(core, cpu);
  }
}
