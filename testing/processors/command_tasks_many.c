// SPDX-License-Identifier: MIT
// A command that makes very many tasks: `tasks_many [N]` makes N children that all wait for one
// event, counts them in the table of tasks, wakes them at once, and joins each.
#include "nano_core/api/cell.h"
#include "patterns/command.h"
#include "testing/commands/children.h"

CELL_EXPORT status_t command_tasks_many_step(LENT command_t *command);
CELL_EXPORT status_t command_tasks_many_child_step(LENT task_progress_t *progress);

enum {
  kUsual = 10000,
  kPlacesPerStep = 512,
  kPasses = 10000,  // over the table, until all are seen waiting
  kChildSteps = 2,  // one that waits, one that ends
};

enum { kStageBegin, kStageSpawn, kStageCount, kStageJoin };

typedef struct tasks_many_gate {
  monitor_t monitor;
  event_t event;
  uint64_t open;  // 1: the children may go
} tasks_many_gate_t;

STATE(children_table_t, tasks_many_children);
STATE(tasks_many_gate_t, tasks_many_gate);

typedef struct many_progress {
  children_t children;
  event_t gate;
  uint64_t wanted;
  uint64_t waiting;  // seen in this pass
  uint64_t passes;
  status_t refusal;
} many_progress_t;

static const text_t kName = TEXT("many");
static const task_progress_t kFresh = {};

status_t command_tasks_many_child_step(task_progress_t *progress) {
  (void)progress;
  monitor_enter(&state_tasks_many_gate->monitor);
  const event_t gate = state_tasks_many_gate->event;
  monitor_exit(&state_tasks_many_gate->monitor);
  TRY(event_watch(gate));
  monitor_enter(&state_tasks_many_gate->monitor);
  const bool open = state_tasks_many_gate->open != 0;
  monitor_exit(&state_tasks_many_gate->monitor);
  return open ? ERR(END) : ERR(WOULD_BLOCK);
}

static status_t begin(command_t *command, many_progress_t *progress) {
  progress->wanted = kUsual;
  if (command_words(command) > 1) {
    const u64_result_t wanted = command_number(command, 1);
    TRY(wanted.status);
    progress->wanted = wanted.value;
  }
  if (progress->wanted > kChildrenMost) return ERR(OUT_OF_RANGE);
  TRY(children_begin(&progress->children, TEXT("command_tasks_many_child_step")));
  const event_result_t gate = event_create();
  TRY(gate.status);
  progress->gate = gate.value;
  monitor_enter(&state_tasks_many_gate->monitor);
  state_set(&state_tasks_many_gate->event, gate.value);
  state_set(&state_tasks_many_gate->open, UINT64_C(0));
  monitor_exit(&state_tasks_many_gate->monitor);
  command->stage = kStageSpawn;
  return OK;
}

// Where no more can be made, those that are there are joined all the same.
static status_t spawn(command_t *command, many_progress_t *progress) {
  children_t *children = &progress->children;
  for (size_t i = 0; i < kChildrenPerStep && children->made < progress->wanted; i++) {
    progress->refusal = children_spawn(children, state_tasks_many_children, kName, &kFresh);
    if (!status_is_ok(progress->refusal)) break;
  }
  if (children->made == progress->wanted || !status_is_ok(progress->refusal)) {
    command->stage = kStageCount;
    command->cursor = 0;
  }
  return OK;
}

static void open_gate(command_t *command, many_progress_t *progress) {
  command_put(command, TEXT("alive "));
  command_put_decimal(command, progress->children.made);
  command_put(command, TEXT(" waiting "));
  command_put_decimal(command, progress->waiting);
  command_put(command, TEXT("\n"));
  monitor_enter(&state_tasks_many_gate->monitor);
  state_set(&state_tasks_many_gate->open, UINT64_C(1));
  monitor_exit(&state_tasks_many_gate->monitor);
  status_ignore(event_signal(progress->gate), "it is there: this command has made it");
  command->stage = kStageJoin;
}

// Looks at a part of the table; at its end, whether all were seen waiting.
static status_t count(command_t *command, many_progress_t *progress) {
  for (size_t i = 0; i < kPlacesPerStep; i++) {
    task_info_t info;
    const status_t status = task_describe(command->cursor++, &info);
    if (status_is(status, STATUS_OUT_OF_RANGE)) {
      const bool all = progress->waiting == progress->children.made;
      if (all || ++progress->passes == kPasses) {
        open_gate(command, progress);
      }
      command->cursor = 0;
      if (command->stage == kStageCount) progress->waiting = 0;
      return task_yield();
    }
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    TRY(status);
    const bool ours = text_equal(COMMAND_FIELD(info.name), kName);
    if (ours && info.status == kTaskWaiting) progress->waiting++;
  }
  return OK;
}

static status_t report(command_t *command, const many_progress_t *progress) {
  const children_t *children = &progress->children;
  TRY(event_destroy(progress->gate));
  command_put(command, TEXT("joined "));
  command_put_decimal(command, children->joined);
  command_put(command, TEXT(" wrong "));
  command_put_decimal(command, children->wrong);
  command_put(command, TEXT("\n"));
  const bool all = progress->waiting == children->made;
  if (!status_is_ok(progress->refusal)) return progress->refusal;
  return children->wrong == 0 && all ? ERR(END) : ERR(INTERNAL);
}

static status_t join(command_t *command, many_progress_t *progress) {
  const status_t status =
      children_join(&progress->children, state_tasks_many_children, kChildSteps);
  return status_is(status, STATUS_END) ? report(command, progress) : status;
}

static status_t step(command_t *command, many_progress_t *progress) {
  switch (command->stage) {
    case kStageBegin:
      return begin(command, progress);
    case kStageSpawn:
      return spawn(command, progress);
    case kStageCount:
      return count(command, progress);
    default:
      return join(command, progress);
  }
}

status_t command_tasks_many_step(command_t *command) {
  many_progress_t progress;
  COMMAND_OPEN(command, &progress);
  const status_t status = step(command, &progress);
  COMMAND_COMMIT(command, &progress);
  return status;
}
