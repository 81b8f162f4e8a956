// SPDX-License-Identifier: MIT
#include "nano_core/api/cycle_counter.h"
#include "nano_core/core/lock.h"
#include "nano_core/fault/record.h"
#include "nano_core/gate/reference.h"
#include "nano_core/memory/frames.h"
#include "nano_core/processor/processor.h"
#include "nano_core/swap/pins.h"
#include "nano_core/swap/request.h"
#include "nano_core/task/step.h"
#include "nano_core/task/task.h"

// How a turn of a task ended. Over: it is not this processor's any more.
enum turn { kTurnOver, kTurnGivesWay, kTurnPreempted };

static void end_task(task_record_t *task, status_t status) {
  size_t length = 0;
  while (length < kTaskNameBytes && task->name[length] != 0) length++;
  const text_t name = {task->name, length};
  if (!status_is(status, STATUS_END) && !status_is(status, STATUS_CANCELLED)) {
    core_log(TEXT("task ended: "), name, status_name(status));
  }
  task_end(task, status);
}

// A provider that is away, busy or failing is given another chance: the step is made again.
static bool may_retry(task_record_t *task, status_t status) {
  switch (status.code) {
    case STATUS_UNAVAILABLE:
    case STATUS_BUSY:
    case STATUS_FAULT:
    case STATUS_NO_MEMORY:
      break;
    case STATUS_TIMEOUT:
      if (task->is_protected) break;
      return false;
    default:
      return false;
  }
  task_trace(task, kTraceStep, status, 1);
  task->steps--;  // it was not made
  return ++task->failures < kFailuresAllowed;
}

// Makes steps, or goes on with one, on the processor's context, beginning with `*task`, which is
// set to the one that it ended with. Interrupts are off on entry and on return.
static enum root_reason run(cpu_t *cpu, task_record_t **task) {
  context_t *context = cpu->spare;
  const uint64_t root_gates = cpu->gate_top;
  const bool goes_on = context->preempted != 0;
  __atomic_store_n(&context->preempted, 0, __ATOMIC_RELEASE);
  cpu->gate_top = context->gate_top;
  cpu->task = *task;
  const uint64_t reason =
      goes_on ? context_resume(&context->frame)
              : context_start(context->stack.start.bytes + context->stack.pages * kFrameBytes);
  *task = cpu->task;
  cpu->task = nullptr;
  context->gate_top = cpu->gate_top;
  cpu->gate_top = root_gates;
  return (enum root_reason)reason;
}

// Puts what a request waits for on record: no context goes on, unseen, inside an old instance.
static void note_epoch(const core_t *core, context_t *context) {
  if (context->epoch == core->epoch) return;
  if (context->preempted == 0 || core->in_grace == 0 || !requests_pinned_by(context)) {
    context->epoch = core->epoch;
  }
}

// The context that the task goes on in becomes the processor's.
static bool take_context(cpu_t *cpu, task_record_t *task) {
  if (task->context != nullptr) {
    if (cpu->spare != nullptr) context_give(cpu->spare);
    cpu->spare = task->context;
    task->context = nullptr;
  } else if (cpu->spare == nullptr && !status_is_ok(context_take(&cpu->spare))) {
    return false;
  }
  cpu->spare->task = task;
  note_epoch(cpu->core, cpu->spare);
  return true;
}

// Without a context the task waits until one is given back.
static void starve(core_t *core, task_record_t *task) {
  const uint64_t flags = leaf_lock(&core->task_lock);
  task->status = kTaskReady;
  task->next = core->starved;
  core->starved = task;
  leaf_unlock(&core->task_lock, flags);
}

static void keep_preempted(cpu_t *cpu, task_record_t *task) {
  __atomic_store_n(&cpu->spare->preempted, 1, __ATOMIC_RELEASE);
  cpu->spare->place = task->self.index;
  task->context = cpu->spare;
  cpu->spare = nullptr;
  task->preemptions++;
}

// A step that has not left a monitor has failed, whatever it answered; one whose callee has not,
// and which was answered so, has not.
static void leave_held(const cpu_t *cpu) {
  interrupt_frame_t *frame = &cpu->spare->frame;
  const bool own = cpu->level.held->gate_top == cpu->spare->gates.start.bytes + FRAME_BYTES;
  if (fault_leave_held() && own && (uint32_t)frame->rax == STATUS_OK) frame->rax = STATUS_FAULT;
}

// What becomes of the task after a step.
static enum turn finish_step(cpu_t *cpu, task_record_t *task) {
  if (cpu->hold_count != 0) leave_held(cpu);
  status_t status = {(uint32_t)cpu->spare->frame.rax};
  if (status.code > STATUS_INTERNAL) status = ERR(FAULT);  // no status at all
  count_step(cpu, task);
  cpu->spare->task = nullptr;
  if (status_is_ok(status)) {
    task->failures = 0;
    return kTurnGivesWay;
  }
  if (status_is(status, STATUS_WOULD_BLOCK)) {
    return task_park(task) ? kTurnOver : kTurnGivesWay;
  }
  if (may_retry(task, status)) return kTurnGivesWay;
  end_task(task, status);
  return kTurnOver;
}

// Whether a task that could make another step gives way first.
static bool should_give_way(const cpu_t *cpu, const task_record_t *task) {
  const core_t *core = cpu->core;
  return cpu->preempt_wanted != 0 || task->yields != 0 || core->inbox != nullptr ||
         core->submitted > 0 || core->in_grace > 0 || task->failures > 0;
}

// Ends a task that was asked to, before its next step.
static bool end_cancelled(cpu_t *cpu, task_record_t *task) {
  if (task->cancelled == 0) return false;
  cpu->spare->task = nullptr;
  end_task(task, ERR(CANCELLED));
  return true;
}

// Makes steps until the task, or the one that it came to by and by, ends, waits, or gives way.
static enum turn make_steps(cpu_t *cpu, task_record_t **task) {
  for (;;) {
    if (cpu->spare->preempted == 0) {
      if (end_cancelled(cpu, *task)) return kTurnOver;
      begin_step(cpu, *task);
      cpu->spare->gate_top = cpu->spare->gates.start.bytes;
    }
    const enum root_reason reason = run(cpu, task);
    if (reason == kStepExchanged) return kTurnOver;
    if (reason == kStepPreempted) {
      account(cpu, *task);
      keep_preempted(cpu, *task);
      return kTurnPreempted;
    }
    const enum turn turn = finish_step(cpu, *task);
    if (turn == kTurnOver || should_give_way(cpu, *task)) return turn;
    cpu->spare->task = *task;
  }
}

// Everything but making steps. Handlers may come in between: no task is running.
static void keep_house(cpu_t *cpu) {
  core_t *core = cpu->core;
  cpu->keeps_house = 1;
  cpu_interrupts_enable();
  if (core->submitted > 0) requests_run();
  if (core->in_grace > 0 && core_try_lock()) {
    requests_finish();
    core_unlock();
  }
  if (core->logged != core->log_flushed) core_log_flush();
  cpu_interrupts_disable();
  cpu->keeps_house = 0;
  cpu->accounted = cycle_counter();
}

static bool has_chores(const core_t *core) {
  return core->submitted > 0 || core->in_grace > 0 || core->logged != core->log_flushed;
}

static bool has_work(const core_t *core) {
  return ready_any(core) || __atomic_load_n(&core->submitted, __ATOMIC_RELAXED) > 0 ||
         core->logged != core->log_flushed;
}

static void rest(cpu_t *cpu) {
  core_t *core = cpu->core;
  if (core->starved != nullptr && cpu->spare != nullptr) {
    context_give(cpu->spare);
    cpu->spare = nullptr;
  }
  contexts_wake(core);
  cpu_interrupts_enable();
  if (core->in_grace > 0) {
    core_lock();
    requests_finish();
    core_unlock();
  }
  if (core_try_lock()) {
    contexts_trim();
    frames_trim();
    core_unlock();
  }
  cpu_interrupts_disable();
  if (cpu->hold_count != 0) fault_leave_held();
  processor_sleep(cpu, has_work);
}

void root_run(void) {
  cpu_t *cpu = cpu_current();
  core_t *core = cpu->core;
  task_record_t *previous = nullptr;
  enum schedule_reason reason = kScheduleReady;
  cpu->accounted = cycle_counter();
  core->running = true;
  cpu_interrupts_disable();
  for (;;) {
    __atomic_store_n(&cpu->passes, cpu->passes + 1, __ATOMIC_RELEASE);
    if (processor_is_asked(cpu)) processor_answer(cpu);
    if (has_chores(core)) keep_house(cpu);
    task_record_t *task = cpu->next;
    cpu->next = nullptr;
    if (task == nullptr) task = ready_take(previous, reason);
    if (cpu->hold_count != 0) fault_leave_held();
    cpu->switches += task != previous;
    previous = nullptr;
    if (task == nullptr) {
      rest(cpu);
      cpu->accounted = cycle_counter();
      continue;
    }
    if (!take_context(cpu, task)) {
      starve(core, task);
      continue;
    }
    task->processor = cpu->number;
    begin_turn(cpu, task);
    const enum turn turn = make_steps(cpu, &task);
    if (turn == kTurnOver) continue;
    previous = task;
    reason = turn == kTurnPreempted ? kScheduleTick : way_given(task->yields);
  }
}
