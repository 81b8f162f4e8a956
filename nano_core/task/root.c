// SPDX-License-Identifier: MIT
#include "nano_core/arch/cpu.h"
#include "nano_core/gate/reference.h"
#include "nano_core/swap/request.h"
#include "nano_core/task/task.h"

void step_body(void) {
  cpu_t *cpu = cpu_current();
  const task_record_t *task = cpu->task;
  cpu_interrupts_enable();
  const uint64_t arguments[kGateArguments] = {(uint64_t)(uintptr_t)task->progress};
  gate_result_t result;
  reference_invoke(task->step, arguments, &result);
  cpu_interrupts_disable();
  cpu->task->context->frame.rax = result.rax;  // the step's answer, for the root
  root_leave(kStepEnded);
}

static bool any_watch_moved(const task_record_t *task) {
  const uint32_t count = task->watch_count < kWatches ? task->watch_count : kWatches;
  for (uint32_t i = 0; i < count; i++) {
    if (watch_has_moved(&task->watches[i])) return true;
  }
  return count == 0;
}

static void end_task(task_record_t *task, status_t status) {
  size_t length = 0;
  while (length < kTaskNameBytes && task->name[length] != 0) length++;
  const text_t name = {task->name, length};
  if (!status_is(status, STATUS_END)) {
    core_log(TEXT("task ended: "), name, status_name(status));
  }
  task_trace(task, kTraceTaskEnd, status, task->steps);
  task_free(task);
}

// A provider that is away, busy or failing is given another chance: the step is made again.
static bool may_retry(task_record_t *task, status_t status) {
  if (!status_is(status, STATUS_UNAVAILABLE) && !status_is(status, STATUS_BUSY) &&
      !status_is(status, STATUS_FAULT)) {
    return false;
  }
  task_trace(task, kTraceStep, status, 1);
  return ++task->failures < kFailuresAllowed;
}

static void finish_step(task_record_t *task, status_t status) {
  context_give(task->context);
  task->context = nullptr;
  task->steps++;
  if (status_is(status, STATUS_WOULD_BLOCK)) {
    task->status = any_watch_moved(task) ? kTaskReady : kTaskWaiting;
  } else if (status_is_ok(status) || may_retry(task, status)) {
    task->status = kTaskReady;
  } else {
    end_task(task, status);
    return;
  }
  if (status_is_ok(status)) task->failures = 0;
}

// Makes, or goes on with, a step. Interrupts are off on entry and on return.
static void run(task_record_t *task) {
  cpu_t *cpu = cpu_current();
  if (task->context == nullptr) {
    if (!status_is_ok(context_take(&task->context))) return;
    task->watch_count = 0;
  }
  context_t *context = task->context;
  task->status = kTaskRunning;
  cpu->task = task;
  cpu->preempt_wanted = false;
  const uint64_t root_gates = cpu->gate_top;
  cpu->gate_top = context->gate_top;
  const uint64_t reason =
      context->preempted
          ? context_resume(&context->frame)
          : context_start(context->stack.start.bytes + context->stack.pages * kFrameBytes);
  context->gate_top = cpu->gate_top;
  cpu->gate_top = root_gates;
  cpu->task = nullptr;
  if (reason == kStepPreempted) {
    context->preempted = true;
    task->preemptions++;
    task->status = kTaskReady;
    return;
  }
  finish_step(task, (status_t){(uint32_t)context->frame.rax});
}

static bool is_ready(const task_record_t *task) { return task->status == kTaskReady; }

// While a request waits for calls to leave an old instance, those go first, whatever the policy.
static task_record_t *pick_pinning(core_t *core) {
  if (!requests_in_grace()) return nullptr;
  for (size_t i = 0; i < kTasks; i++) {
    task_record_t *task = &core->tasks[i];
    if (is_ready(task) && task->context != nullptr && requests_pinned_by(task->context)) {
      return task;
    }
  }
  return nullptr;
}

// The task after `last` that is ready; `last` itself comes at the end.
static task_record_t *pick_next(core_t *core, size_t last) {
  for (size_t i = 1; i <= kTasks; i++) {
    task_record_t *task = &core->tasks[(last + i) % kTasks];
    if (is_ready(task)) return task;
  }
  return nullptr;
}

// Runs a task for the rest of its time slice, unless a request waits.
static void run_slice(task_record_t *task) {
  cpu_t *cpu = cpu_current();
  do {
    if (task->cancelled) return end_task(task, ERR(END));
    const uint64_t steps = task->steps;
    run(task);
    if (task->steps == steps) return;  // preempted, or no context
  } while (is_ready(task) && !cpu->preempt_wanted && task->failures == 0 && !requests_waiting());
}

void root_run(void) {
  core_t *core = core_current();
  size_t last = 0;
  core->running = true;
  for (;;) {
    cpu_interrupts_enable();
    requests_run();
    core_log_flush();
    cpu_interrupts_disable();
    task_record_t *task = pick_pinning(core);
    if (task == nullptr) task = pick_next(core, last);
    if (task == nullptr) {
      cpu_interrupts_await();
      continue;
    }
    last = (size_t)(task - core->tasks);
    run_slice(task);
  }
}
