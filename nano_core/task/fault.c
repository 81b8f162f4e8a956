// SPDX-License-Identifier: MIT
#include "nano_core/arch/cpu.h"
#include "nano_core/core/trace.h"
#include "nano_core/instance/instance.h"
#include "nano_core/task/task.h"

static uint64_t gates_base(const cpu_t *cpu) {
  if (cpu->interrupt_depth > 0) return cpu->interrupt_gates;
  return cpu->task != nullptr ? cpu->spare->gates.start.bytes : cpu->root_gates;
}

static void log_fault(const interrupt_frame_t *frame, const instance_t *instance) {
  message_t message = {};
  message_text(&message, TEXT("exception "));
  message_decimal(&message, frame->vector);
  message_text(&message, TEXT(" at "));
  message_hexadecimal(&message, frame->rip);
  if (frame->vector == kVectorPageFault) {
    message_text(&message, TEXT(", address "));
    message_hexadecimal(&message, cpu_fault_address());
  }
  core_log(TEXT("fault in "), name_text(&instance->interface->name), message_view(&message));
}

static void return_to_caller(interrupt_frame_t *frame, const gate_frame_t *call, status_t status) {
  frame->rbx = call->rbx;
  frame->rbp = call->rbp;
  frame->r12 = call->r12;
  frame->r13 = call->r13;
  frame->r14 = call->r14;
  frame->r15 = call->r15;
  frame->rip = call->return_address;
  frame->rsp = call->stack_pointer;
  frame->rax = status.code;
  frame->rdx = 0;
}

// What the caller is told.
static status_t verdict(const cpu_t *cpu, const interrupt_frame_t *frame) {
  const bool full = frame->vector == kVectorPageFault && undo_log_is_full(cpu, cpu_fault_address());
  return full ? ERR(NO_MEMORY) : ERR(FAULT);
}

// The instance that failed in a call. A trap in a direct function of nano_core is its caller's
// fault; one in a gated function, or in the resolver, is nano_core's own, since the frame on top
// then names no cell. The gate to either is its caller's, though.
// @returns  null: it is nano_core
static const instance_t *failed_instance(const interrupt_frame_t *frame, const gate_frame_t *call) {
  if (call->instance != nullptr && !call->instance->is_core) return call->instance;
  return instance_at(frame->rip);
}

bool fault_end_call(interrupt_frame_t *frame) {
  cpu_t *cpu = cpu_current();
  const uint64_t base = gates_base(cpu);
  if (cpu->gate_top <= base || frame->vector == kVectorDoubleFault || frame->vector == kVectorNmi ||
      frame->vector == kVectorMachineCheck) {
    return false;
  }
  const uint64_t top = cpu->gate_top - FRAME_BYTES;
  const gate_frame_t *call = (const gate_frame_t *)top;
  const instance_t *failed = failed_instance(frame, call);
  if (failed == nullptr) return false;
  const status_t status = verdict(cpu, frame);
  log_fault(frame, failed);
  trace_record(kTraceFault, failed->interface, frame->vector, 0, ERR(FAULT), frame->rip);
  const uint64_t released = monitors_release(cpu->gate_top, base + kGatePages * kFrameBytes);
  if (released > 0) {
    trace_record(kTraceMonitor, failed->interface, released, 0, ERR(FAULT), 0);
  }
  // Cells hold interrupts off by monitors only; the root calls with interrupts off.
  const bool off = cpu->interrupt_depth > 0 || cpu->task == nullptr || monitors_hold_interrupts();
  frame->rflags = off ? frame->rflags & ~kFlagInterrupts : frame->rflags | kFlagInterrupts;
  return_to_caller(frame, call, status);
  cpu->gate_top = top;
  return true;
}
