// SPDX-License-Identifier: MIT
// The way from one step to the next, as long as there is nothing else to do.
#include "nano_core/task/step.h"

#include "nano_core/arch/cpu.h"
#include "nano_core/task/ticket.h"

// Whether there is nothing to do but make steps. What other processors ask is answered when
// interrupts are let in, what was logged is printed at the next tick.
static bool is_plain(const core_t *core, const task_record_t *task) {
  return core->inbox == nullptr && (core->chores | task->troubles) == 0;
}

// From a step that ended well to the next one, on the same context, which is empty in between.
// @returns  whose it is; null: there is none
static task_record_t *go_on(cpu_t *cpu, task_record_t *task) {
  core_t *core = cpu->core;
  count_step(cpu, task);
  const uint32_t yields = task->yields;
  if ((cpu->preempt_wanted | yields) != 0) {
    // What is no step must not be preempted, if a fault of the scheduler lets interrupts in.
    core_hold();
    const u64_result_t answer = scheduler_ask_with(core, task, way_given(yields));
    task_record_t *next = nullptr;
    if (status_is_ok(answer.status)) {
      next = ticket_redeem(core, answer.value);
    } else {
      cpu_interrupts_disable();
    }
    core_release();
    cpu->spare->task = next;
    if (next == nullptr) scheduler_judge(core, answer.status);
    if (next == nullptr || next->context != nullptr || next->cancelled != 0) {
      cpu->next = next;
      return nullptr;
    }
    cpu->switches++;
    task = next;
    cpu->task = task;
    begin_turn(cpu, task);
  }
  cpu->spare->epoch = core->epoch;
  begin_step(cpu, task);
  return task;
}

void step_body(void) {
  task_record_t *task = cpu_current()->task;
  for (;;) {
    const gate_slot_t *step = &task->entry->slot;
    cpu_interrupts_enable();
    const gate_result_t result = gate_pass((uint64_t)(uintptr_t)task_progress(task), 0, 0, step);
    cpu_interrupts_disable();
    cpu_t *cpu = cpu_current();  // it may be another one by now
    // Held off: the step has ended inside of a monitor, which the root leaves.
    if ((uint32_t)result.rax != STATUS_OK || cpu->hold_count != 0 || !is_plain(cpu->core, task)) {
      cpu->spare->frame.rax = result.rax;  // the step's answer, for the root
      root_leave(kStepEnded);
    }
    task = go_on(cpu, task);
    if (task == nullptr) root_leave(kStepExchanged);
  }
}
