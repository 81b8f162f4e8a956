// SPDX-License-Identifier: MIT
// Looks, every few ticks, at the call that each processor is in, and ends it where it was met too
// often. A tick may interrupt nano_core anywhere, so a look that finds the processor there touches
// nothing: it is put on the bill of the call that was met before, if that is met again.
#include "nano_core/api/watchdog.h"

#include "nano_core/arch/apic.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/instance/instance.h"
#include "nano_core/processor/processor.h"
#include "nano_core/task/task.h"

// With a tick each millisecond: 2 s for a call itself, half a second for that of a handler; 16 s
// for a step with all that it calls, and then 1 s for each call that is ended; 0.1 s for a step to
// end by itself when it is cancelled.
enum {
  kTicksPerLook = 10,
  kLooksPerCall = 200,
  kLooksPerHandler = 50,
  kLooksPerStep = 1600,
  kLooksOfReprieve = 100,
  kLooksOfGrace = 10,
  kFirstVector = 32,
  kLastVector = 239,
};

status_t watchdog_start(uint64_t vector) {
  if (vector < kFirstVector || vector > kLastVector) return ERR(OUT_OF_RANGE);
  __atomic_store_n(&core_current()->tick_vector, (uint32_t)vector, __ATOMIC_RELEASE);
  return OK;
}

// A gate that reuses the place has written the frame anew. Returns whether the call was met before.
static bool meet(gate_frame_t *call) {
  if ((call->stack_pointer & kFrameSeen) != 0) return true;
  call->stack_pointer |= kFrameSeen;
  call->own_looks = 0;
  call->all_looks = 0;
  return false;
}

// Puts this look, and those that found the processor in nano_core before, on the bill of the call
// on top, as far as it was there all the time, and of the outermost one.
static void count(cpu_t *cpu, gate_frame_t *call, gate_frame_t *outermost) {
  const bool same_step = meet(outermost) && cpu->met_task == cpu->task;
  const bool same_call = meet(call) && cpu->met_call == call && same_step;
  const uint32_t owed = cpu->owed_looks;
  call->own_looks = (uint16_t)(call->own_looks + 1 + (same_call ? owed : 0));
  outermost->all_looks = (uint16_t)(outermost->all_looks + 1 + (same_step ? owed : 0));
  cpu->met_call = call;
  cpu->met_task = cpu->task;
  cpu->owed_looks = 0;
}

// What is to become of the call on top; OK: it goes on.
static status_t judge(cpu_t *cpu, gate_frame_t *call, gate_frame_t *outermost) {
  const bool handles = cpu->interrupt_depth > 0;
  task_record_t *task = cpu->task;
  if (!handles && task != nullptr && task->cancelled != 0 && ++task->cancelled > kLooksOfGrace) {
    return ERR(CANCELLED);
  }
  if (call->own_looks >= (handles ? kLooksPerHandler : kLooksPerCall)) return ERR(TIMEOUT);
  if (outermost->all_looks < kLooksPerStep) return OK;
  // Those further out are given time to end.
  outermost->all_looks = kLooksPerStep - kLooksOfReprieve;
  return ERR(TIMEOUT);
}

static void look(cpu_t *cpu, interrupt_frame_t *frame) {
  if (instance_at(frame->rip) == nullptr) {
    cpu->owed_looks += cpu->owed_looks < kLooksPerCall;
    if (cpu->task != cpu->met_task) cpu->owed_looks = 0;
    return;
  }
  gate_settle(cpu, frame);
  gate_frame_t *call = call_running(cpu);
  if (call == nullptr) return;  // on the way into nano_core, or back
  gate_frame_t *outermost = (gate_frame_t *)gates_base(cpu);
  count(cpu, call, outermost);
  const status_t status = judge(cpu, call, outermost);
  if (!status_is_ok(status)) call_end(frame, status);
}

// Processors that sleep are in no call.
static void ask_others(const cpu_t *self) {
  const core_t *core = self->core;
  const uint32_t target = apic_target(core->apic);
  const uint32_t online = __atomic_load_n(&core->online, __ATOMIC_ACQUIRE);
  for (uint32_t i = 0; i < kProcessors; i++) {
    cpu_t *cpu = core->cpus[i];
    if ((online >> i & 1) == 0 || cpu == self || cpu->asleep != 0) continue;
    __atomic_store_n(&cpu->look_wanted, 1, __ATOMIC_RELEASE);
    apic_send_nmi(core->apic, cpu->apic);
  }
  apic_target_restore(core->apic, target);
}

void watchdog_tick(cpu_t *cpu, interrupt_frame_t *frame) {
  core_t *core = cpu->core;
  const uint32_t panicked = __atomic_load_n(&core->panicked, __ATOMIC_ACQUIRE);
  if (panicked == cpu->number + 1) return;
  if (panicked != 0 || core->tick_vector == 0) core_panic(TEXT("NMI"), frame);
  if (frame->rip == (uint64_t)(uintptr_t)interrupts_await_halt) frame->rip++;
  if (__atomic_exchange_n(&cpu->look_wanted, 0, __ATOMIC_ACQ_REL) != 0) return look(cpu, frame);
  apic_send_self(core->apic, (uint8_t)core->tick_vector);
  if (++core->ticks % kTicksPerLook != 0) return;
  ask_others(cpu);
  look(cpu, frame);
}
