// SPDX-License-Identifier: MIT
#include "nano_core/gate/measure.h"
#include "nano_core/api/cycle_counter.h"
#include "nano_core/api/machine.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/paging.h"
#include "nano_core/core/core.h"
#include "nano_core/core/lock.h"
#include "nano_core/memory/frames.h"
#include "nano_core/memory/mapping.h"
#include "nano_core/processor/processor.h"

enum { kCalls = 1000 };

// The cost of `kCalls` calls of `entry`.
static uint64_t time_calls(uint64_t entry) {
  const uint64_t flags = cpu_flags_save();
  const uint64_t start = cycle_counter();
  measure_calls(entry, kCalls);
  const uint64_t cycles = cycle_counter() - start;
  cpu_flags_restore(flags);
  return cycles;
}

static u64_result_t time_gate(const mapping_t *code, const mapping_t *slot) {
  gate_emit((uint8_t *)code->start.bytes, code->start.bytes, slot->start.bytes);
  *(gate_slot_t *)slot->start.bytes =
      (gate_slot_t){(uint64_t)(uintptr_t)measure_nothing, core_current()->core_instance};
  const status_t status = mapping_protect(code, kPageExecutable);
  if (!status_is_ok(status)) return (u64_result_t){.status = status};
  const uint64_t direct = time_calls((uint64_t)(uintptr_t)measure_nothing);
  const uint64_t gated = time_calls(code->start.bytes);
  return (u64_result_t){.value = gated > direct ? (gated - direct) / kCalls : 0};
}

static u64_result_t measure_gate(void) {
  mapping_t code = {};
  mapping_t slot = {};
  TRY_RESULT(u64_result_t, frames_ensure(2));
  TRY_RESULT(u64_result_t, mapping_create(kAreaInstances, 1, kPageWritable, &code));
  u64_result_t result = {.status = mapping_create(kAreaInstances, 1, kPageWritable, &slot)};
  if (status_is_ok(result.status)) {
    result = time_gate(&code, &slot);
    mapping_destroy(&slot);
  }
  mapping_destroy(&code);
  return result;
}

// One empty rendezvous: all processors parked, and let go.
static u64_result_t measure_rendezvous(void) {
  const uint64_t start = cycle_counter();
  processors_park();
  processors_release();
  return (u64_result_t){.value = cycle_counter() - start};
}

static u64_result_t measure_flush(void) {
  const uint64_t start = cycle_counter();
  processors_flush();
  return (u64_result_t){.value = cycle_counter() - start};
}

u64_result_t machine_measure(text_t name) {
  if (!core_may_lock()) return (u64_result_t){.status = ERR(UNAVAILABLE)};
  core_lock();
  u64_result_t result = {.status = ERR(NOT_FOUND)};
  if (text_equal(name, TEXT("gate.call"))) result = measure_gate();
  if (text_equal(name, TEXT("gate.direct"))) {
    result = (u64_result_t){.value = time_calls((uint64_t)(uintptr_t)measure_nothing) / kCalls};
  }
  if (text_equal(name, TEXT("swap.rendezvous"))) result = measure_rendezvous();
  if (text_equal(name, TEXT("swap.flush"))) result = measure_flush();
  core_unlock();
  return result;
}
