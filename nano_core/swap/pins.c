// SPDX-License-Identifier: MIT
#include "nano_core/swap/pins.h"

#include "nano_core/processor/processor.h"

static uint64_t count(uint64_t base, uint64_t top, const instance_t *instance) {
  uint64_t frames = 0;
  for (uint64_t at = base; at < top; at += FRAME_BYTES) {
    frames += ((const gate_frame_t *)at)->instance == instance;
  }
  return frames;
}

static uint64_t count_preempted(const context_t *context, const instance_t *instance) {
  return count(context->gates.start.bytes, context->gate_top, instance);
}

// On a processor that is parked, or is this one: whatever it was doing.
static uint64_t count_running(const cpu_t *cpu, const instance_t *instance) {
  const bool interrupted = cpu->interrupt_depth > 0;
  const uint64_t top = interrupted ? cpu->interrupted_top : cpu->gate_top;
  const uint64_t base = cpu->task != nullptr ? cpu->spare->gates.start.bytes : cpu->root_gates;
  const uint64_t handler = interrupted ? count(cpu->interrupt_gates, cpu->gate_top, instance) : 0;
  return handler + count(base, top, instance);
}

uint64_t pins_count(const instance_t *instance) {
  const core_t *core = core_current();
  uint64_t pins = 0;
  for (uint32_t i = 0; i < core->used_contexts; i++) {
    const context_t *context = &core->contexts[i];
    if (context->preempted != 0) pins += count_preempted(context, instance);
  }
  for (uint32_t i = 0; i < kProcessors; i++) {
    const cpu_t *cpu = core->cpus[i];
    if (cpu != nullptr && cpu->online != 0) pins += count_running(cpu, instance);
  }
  return pins;
}

static bool is_inside(const context_t *context, const request_record_t *request) {
  for (uint64_t i = 0; i < request->count; i++) {
    const instance_t *old = request->items[i].old_instance;
    if (old != nullptr && count_preempted(context, old) > 0) return true;
  }
  return false;
}

bool requests_pinned_by(const context_t *context) {
  const core_t *core = core_current();
  for (size_t i = 0; i < kRequests; i++) {
    const request_record_t *request = &core->requests[i];
    if (request->status == kRequestGrace && is_inside(context, request)) return true;
  }
  return false;
}

static bool has_passed(const cpu_t *cpu, const request_record_t *request) {
  return cpu == nullptr || cpu->online == 0 || cpu == cpu_current() ||
         processor_passes(cpu) != request->passes[cpu->number] ||
         __atomic_load_n(&cpu->asleep, __ATOMIC_ACQUIRE) != 0;
}

static bool context_keeps(const context_t *context, const request_record_t *request) {
  if (__atomic_load_n(&context->preempted, __ATOMIC_ACQUIRE) != 0)
    return is_inside(context, request);
  return context->task != nullptr && context->epoch < request->epoch;
}

// Processors first: what one has preempted since is seen then.
bool pins_keep(const request_record_t *request) {
  const core_t *core = core_current();
  for (uint32_t i = 0; i < kProcessors; i++) {
    if (!has_passed(core->cpus[i], request)) return true;
  }
  for (uint32_t i = 0; i < core->used_contexts; i++) {
    if (context_keeps(&core->contexts[i], request)) return true;
  }
  return false;
}
