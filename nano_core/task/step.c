// SPDX-License-Identifier: MIT
// The way from one step to the next, as long as there is nothing else to do.
#include "nano_core/task/step.h"

#include "nano_core/arch/cpu.h"
#include "nano_core/task/ticket.h"

// Whether there is nothing to do but make steps. What other processors ask is answered when
// interrupts are let in, what was logged is printed at the next tick.
static bool is_plain(const core_t *core, const task_record_t *task) {
  return core->inbox == nullptr &&
         (core->submitted | core->in_grace | task->cancelled | task->failures) == 0;
}

// From a step that ended well to the next one, on the same context, which is empty in between.
// Returns whether there is one.
static bool go_on(cpu_t *cpu, task_record_t *task) {
  core_t *core = cpu->core;
  count_step(cpu, task);
  cpu->passes++;
  const uint32_t yields = task->yields;
  if ((cpu->preempt_wanted | yields) != 0) {
    // A fault of the scheduler lets interrupts in, but must not preempt what is no step.
    core_hold();
    const u64_result_t answer = scheduler_ask_with(core, task, way_given(yields));
    task_record_t *next = status_is_ok(answer.status) ? ticket_redeem(core, answer.value) : nullptr;
    cpu_interrupts_disable();
    core_release();
    cpu->spare->task = next;
    if (next == nullptr || next->context != nullptr || next->cancelled != 0) {
      cpu->next = next;
      return false;
    }
    cpu->switches++;
    task = next;
    cpu->task = task;
    begin_turn(cpu, task);
  }
  cpu->spare->epoch = core->epoch;
  begin_step(cpu, task);
  return true;
}

void step_body(void) {
  for (;;) {
    task_record_t *task = cpu_current()->task;
    const gate_slot_t *step = &task->entry->slot;
    cpu_interrupts_enable();
    const gate_result_t result = gate_pass((uint64_t)(uintptr_t)task_progress(task), 0, 0, step);
    cpu_interrupts_disable();
    cpu_t *cpu = cpu_current();  // it may be another one by now
    if ((uint32_t)result.rax != STATUS_OK || !is_plain(cpu->core, task)) {
      cpu->spare->frame.rax = result.rax;  // the step's answer, for the root
      root_leave(kStepEnded);
    }
    if (!go_on(cpu, task)) root_leave(kStepExchanged);
  }
}
