// SPDX-License-Identifier: MIT
/// @file
/// nano_core's side of tasks: the table, step contexts, the root loop, and what interrupts do to
/// all of them.
///
/// Each processor's root runs on a stack of its own, in no cell. It makes a step by switching to a
/// context's stack (context_start) or by going on where one was preempted (context_resume); both
/// come back, as if they had returned, when the step ends or is preempted (root_leave).
///
/// A task that is ready has a ticket, which the scheduler orders; whoever exchanges the ticket for
/// 0 runs the task. So a scheduler that repeats itself runs no task twice, and a ticket that it
/// loses is found in the table.
#pragma once
#include "nano_core/core/core.h"

/// Exchanged: the step ended, its task was handed back, and cpu->next was taken for it.
enum root_reason { kStepEnded = 1, kStepPreempted, kStepExchanged };

/// Runs the root loop for ever. Called once for each processor, on the root's stack.
[[noreturn]] void root_run(void);

/// Makes a step of cpu->task on a fresh stack. @returns enum root_reason
uint64_t context_start(uint64_t stack_top);

/// Goes on at `frame`. @returns enum root_reason
uint64_t context_resume(const interrupt_frame_t *frame);

/// Leaves whatever stack this is for the root's.
[[noreturn]] void root_leave(uint64_t reason);

/// What a fresh context runs (from context_start): makes steps, of one task after the other as long
/// as there is nothing to do but that, then leaves for the root.
[[noreturn]] void step_body(void);

/// A free context; made where none is at hand.
/// @errors   NO_MEMORY
status_t context_take(context_t **context);

/// Gives a context back, and wakes whoever found none.
void context_give(context_t *context);

/// Has a task that found no context look for one again.
void contexts_wake(core_t *core);

/// Unmakes the contexts beyond those that are always there.
/// @context  root, core_lock
void contexts_trim(void);

/// Makes the contexts that are always there.
status_t contexts_prepare(void);

/// The record behind a watch.
static inline task_record_t *watch_task(const watch_t *watch) {
  return (task_record_t *)((uint64_t)(uintptr_t)watch & ~(uint64_t)(kFrameBytes - 1));
}

static inline task_progress_t *task_progress(task_record_t *task) {
  return &((task_frame_t *)task)->progress;
}

/// Takes the task out of the lists that it waits in. task_lock is held.
void watches_unlink(task_record_t *task);

/// Parks the task, unless what it watches has moved on. @returns whether it waits now
bool task_park(task_record_t *task);

/// Makes whoever watches the event ready. task_lock is held.
void event_wake(event_record_t *event);

/// Makes every waiting task ready; those whose condition does not hold wait again.
void tasks_wake_all(void);

/// Ends the events that a cell made and kept in blobs that are gone with it.
void events_forget(const interface_record_t *maker);

/// Appends a task to the inbox, from which the next root hands it to the scheduler. task_lock is
/// held.
void inbox_add(task_record_t *task, enum schedule_reason reason);

/// Looks for a processor for what was added.
/// @context  any; task_lock is not held
void inbox_announce(void);

/// The task that this processor shall run, which is its own from now on; null: none is ready.
/// @param previous  the task that ran and could go on; null: none
/// @context  root
task_record_t *ready_take(task_record_t *previous, enum schedule_reason reason);

/// Whether anything waits for a processor.
bool ready_any(const core_t *core);

/// Records an event of a task.
void task_trace(const task_record_t *task, enum trace_kind kind, status_t status, uint64_t value);

/// Ends a task that this processor owns: who joins it is woken, its frame is freed.
void task_end(task_record_t *task, status_t status);

/// Leaves the monitors that were entered while the top of the gate stack was in
/// [gate_first, gate_end], newest first. Interrupts are off.
/// @returns  how many
uint64_t monitors_release(uint64_t gate_first, uint64_t gate_end);

/// Whether an address that was written to lies right behind an undo log of this processor.
bool undo_log_is_full(const cpu_t *cpu, uint64_t address);

/// Whether a monitor stands in one of the blobs that an instance is bound to.
bool monitor_is_of(const instance_t *instance, const monitor_t *monitor);

/// Lets the running task be preempted if that was asked for while it was held off.
void preempt_point(void);

/// Whether this processor is inside a monitor that holds interrupts off.
bool monitors_hold_interrupts(void);

/// Where the gate frames begin of what runs: a handler, a step, the root.
uint64_t gates_base(const cpu_t *cpu);

/// Ends the call that faulted: restores its caller from the gate frame, with the answer FAULT.
/// @returns  false: no cell was running, so this is nano_core's own fault
bool fault_end_call(interrupt_frame_t *frame);

/// Ends the call that a cell is running (call_running), with the answer `status`. The instruction
/// pointer is in a cell.
void call_end(interrupt_frame_t *frame, status_t status);

/// Where the gate stack in use begins.
uint64_t gates_base(const cpu_t *cpu);

/// The frame of the call that a cell is running; null: nano_core itself, or the resolver, is.
gate_frame_t *call_running(const cpu_t *cpu);

/// An interrupted gate goes back to before it read its slot, or on to where its frame is published.
void gate_settle(cpu_t *cpu, interrupt_frame_t *frame);

/// An NMI: a tick of the watchdog, or another processor's. It may come between any two
/// instructions.
void watchdog_tick(cpu_t *cpu, interrupt_frame_t *frame);
