// SPDX-License-Identifier: MIT
/// @file
/// nano_core's side of tasks: step contexts, the root loop, and what interrupts do to both.
///
/// The root runs on a stack of its own, in no cell. It makes a step by switching to a context's
/// stack (context_start) or by going on where one was preempted (context_resume); both come back,
/// as if they had returned, when the step ends or is preempted (root_leave).
#pragma once
#include "nano_core/core/core.h"

enum root_reason { kStepEnded = 1, kStepPreempted };

/// Runs the root loop for ever. Called once, on the root's stack.
[[noreturn]] void root_run(void);

/// Makes a step of cpu->task on a fresh stack. @returns enum root_reason
uint64_t context_start(uint64_t stack_top);

/// Goes on at `frame`. @returns enum root_reason
uint64_t context_resume(const interrupt_frame_t *frame);

/// Leaves whatever stack this is for the root's.
[[noreturn]] void root_leave(uint64_t reason);

/// What a fresh context runs (from context_start): makes the step, then leaves for the root.
[[noreturn]] void step_body(void);

/// A free context; made where none is at hand.
/// @errors   NO_MEMORY
status_t context_take(context_t **context);

/// Gives a context back; those beyond kContextsKept are unmade.
void context_give(context_t *context);

/// Makes the contexts that are always there.
status_t contexts_prepare(void);

/// Makes whoever waits for `event` ready. Interrupts are off.
void tasks_wake(event_t event);

/// Makes every waiting task ready; those whose condition does not hold wait again.
void tasks_wake_all(void);

/// Ends the events that a cell made and kept in blobs that are gone with it.
void events_forget(const interface_record_t *maker);

bool watch_has_moved(const watch_t *watch);

/// Records an event of a task.
void task_trace(const task_record_t *task, enum trace_kind kind, status_t status, uint64_t value);

/// Frees an ended task.
void task_free(task_record_t *task);

/// Leaves the monitors that were entered while the top of the gate stack was in
/// [gate_first, gate_end], newest first. Interrupts are off.
/// @returns  how many
uint64_t monitors_release(uint64_t gate_first, uint64_t gate_end);

/// Lets the running task be preempted if that was asked for while it was held off.
void preempt_point(void);

/// Whether this processor is inside a monitor that holds interrupts off.
bool monitors_hold_interrupts(void);

/// Ends the call that faulted: restores its caller from the gate frame, with the answer FAULT.
/// @returns  false: no cell was running, so this is nano_core's own fault
bool fault_end_call(interrupt_frame_t *frame);
