// SPDX-License-Identifier: MIT
#include "nano_core/arch/interrupts.h"

#include "nano_core/arch/apic.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/core/stacks.h"
#include "nano_core/core/trace.h"
#include "nano_core/fault/record.h"
#include "nano_core/gate/reference.h"
#include "nano_core/instance/instance.h"
#include "nano_core/processor/processor.h"
#include "nano_core/task/task.h"

void gate_settle(cpu_t *cpu, interrupt_frame_t *frame) {
  const instance_t *instance = instance_at(frame->rip);
  if (instance == nullptr) {
    gate_invoke_rewind(&frame->rip);
    return;
  }
  if (frame->rip < instance->stubs.bytes) return;
  const uint64_t offset = (frame->rip - instance->stubs.bytes) % STUB_BYTES;
  const gate_position_t position =
      gate_rewind(offset, frame->rip - offset, (gate_frame_t *)cpu->gate_top, frame->rsp);
  frame->rip = position.instruction;
  if (position.publish) cpu->gate_top += FRAME_BYTES;
}

static void handle_device(cpu_t *cpu, uint64_t vector) {
  const core_t *core = cpu->core;
  cpu->interrupted_top = cpu->gate_top;
  cpu->interrupt_depth++;
  cpu->interrupts++;
  cpu->gate_top = cpu->interrupt_gates;
  const undo_level_t level = cpu->level;
  const uint64_t undo_top = cpu->undo_top;
  cpu->level = undo_level(cpu, kCpuStackInterruptUndo);
  cpu->undo_top = cpu->level.outside;
  const reference_record_t *upcall = core->upcalls.interrupt_handle;
  const gate_result_t result = upcall_pass(upcall, vector, 0, 0);
  if (cpu->held_top != cpu->level.held) fault_leave_held();
  cpu->level = level;
  cpu->undo_top = undo_top;
  cpu->gate_top = cpu->interrupted_top;
  cpu->interrupt_depth--;
  apic_end_of_interrupt(core->apic);
  if ((uint32_t)result.rax == STATUS_OK) return;
  trace_record(kTraceInterrupt, upcall == nullptr ? nullptr : upcall->provider, vector, 0,
               (status_t){(uint32_t)result.rax}, 1);
  // Nobody could serve the device, so whoever waits for anything looks for himself.
  tasks_wake_all();
}

static void handle_call(cpu_t *cpu) {
  cpu->calls++;
  apic_end_of_interrupt(cpu->core->apic);
  processor_answer(cpu);
}

// Leaves the step for the root; it goes on later, maybe on another processor, from the copy of its
// frame.
static void preempt(const cpu_t *cpu, const interrupt_frame_t *frame) {
  cpu->spare->frame = *frame;
  root_leave(kStepPreempted);
}

static bool may_preempt(const cpu_t *cpu) {
  return cpu->preempt_wanted != 0 && cpu->task != nullptr && cpu->hold_count == 0 &&
         cpu->interrupt_depth == 0;
}

void preempt_point(void) {
  if (may_preempt(cpu_current()) && (cpu_flags() & kFlagInterrupts) != 0) cpu_preempt_now();
}

void interrupt_handle(interrupt_frame_t *frame) {
  cpu_t *cpu = cpu_current();
  if (frame->vector == kVectorNmi) return watchdog_tick(cpu, frame);
  processor_awake(cpu);
  gate_settle(cpu, frame);
  if (frame->vector < kVectorDeviceFirst) {
    if (!fault_end_call(frame)) core_panic(TEXT("fault in nano_core"), frame);
  } else if (frame->vector < kVectorCall) {
    handle_device(cpu, frame->vector);
  } else if (frame->vector == kVectorCall) {
    handle_call(cpu);
  }
  if (may_preempt(cpu) && (frame->rflags & kFlagInterrupts) != 0) preempt(cpu, frame);
}
