// SPDX-License-Identifier: MIT
#include "nano_core/arch/cpu.h"
#include "nano_core/core/trace.h"
#include "nano_core/fault/record.h"
#include "nano_core/instance/instance.h"
#include "nano_core/task/task.h"

uint64_t gates_base(const cpu_t *cpu) {
  if (cpu->interrupt_depth > 0) return cpu->interrupt_gates;
  return cpu->task != nullptr ? cpu->spare->gates.start.bytes : cpu->root_gates;
}

gate_frame_t *call_running(const cpu_t *cpu) {
  if (cpu->gate_top <= gates_base(cpu)) return nullptr;
  gate_frame_t *call = (gate_frame_t *)(cpu->gate_top - FRAME_BYTES);
  return call->instance == nullptr || call->instance->is_core ? nullptr : call;
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
  frame->rsp = call->stack_pointer & ~(uint64_t)kFrameSeen;
  frame->rax = status.code;
  frame->rdx = 0;
}

// What the caller is told.
static status_t verdict(const cpu_t *cpu, const interrupt_frame_t *frame) {
  const bool full = frame->vector == kVectorPageFault && undo_log_is_full(cpu, cpu_fault_address());
  return full ? ERR(NO_MEMORY) : ERR(FAULT);
}

// Ends the call on top.
// @param failed  the instance that is to blame
static void end(cpu_t *cpu, interrupt_frame_t *frame, const instance_t *failed, status_t status) {
  fault_record(frame, (const gate_frame_t *)(cpu->gate_top - FRAME_BYTES), failed, status);
  trace_record(kTraceFault, failed->interface, frame->vector, 0, status, frame->rip);
  const uint64_t gates_end = gates_base(cpu) + kGatePages * kFrameBytes;
  const uint64_t released = monitors_release(cpu->gate_top, gates_end);
  if (released > 0) trace_record(kTraceMonitor, failed->interface, released, 0, status, 0);
  // Cells hold interrupts off by monitors only; the root calls with interrupts off.
  const bool off = cpu->interrupt_depth > 0 || cpu->task == nullptr || monitors_hold_interrupts();
  frame->rflags = off ? frame->rflags & ~kFlagInterrupts : frame->rflags | kFlagInterrupts;
  cpu->gate_top -= FRAME_BYTES;
  return_to_caller(frame, (const gate_frame_t *)cpu->gate_top, status);
}

// The instance that failed. A trap in a direct function of nano_core is its caller's fault; one in
// a gated function, or in the resolver, is nano_core's own, since the frame on top then names no
// cell. The gate to either is its caller's, though.
// @returns  null: it is nano_core
static const instance_t *failed_instance(const cpu_t *cpu, const interrupt_frame_t *frame) {
  const gate_frame_t *call = call_running(cpu);
  if (call != nullptr) return call->instance;
  return cpu->gate_top > gates_base(cpu) ? instance_at(frame->rip) : nullptr;
}

bool fault_end_call(interrupt_frame_t *frame) {
  cpu_t *cpu = cpu_current();
  if (frame->vector == kVectorDoubleFault || frame->vector == kVectorMachineCheck) return false;
  const instance_t *failed = failed_instance(cpu, frame);
  if (failed == nullptr) return false;
  log_fault(frame, failed);
  end(cpu, frame, failed, verdict(cpu, frame));
  return true;
}

void call_end(interrupt_frame_t *frame, status_t status) {
  cpu_t *cpu = cpu_current();
  const gate_frame_t *call = call_running(cpu);
  message_t message = {};
  message_text(&message, status_name(status));
  message_text(&message, TEXT(" at "));
  message_hexadecimal(&message, frame->rip);
  core_log(TEXT("call ended in "), name_text(&call->instance->interface->name),
           message_view(&message));
  end(cpu, frame, call->instance, status);
}
