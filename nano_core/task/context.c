// SPDX-License-Identifier: MIT
#include "nano_core/arch/paging.h"
#include "nano_core/core/lock.h"
#include "nano_core/memory/frames.h"
#include "nano_core/memory/mapping.h"
#include "nano_core/task/task.h"

enum { kContextsKept = 8, kContextsPerProcessor = 2 };

static status_t make(context_t *context) {
  TRY(frames_ensure(kStackPages + kGatePages));
  TRY(mapping_create(kAreaRecords, kStackPages, kPageWritable, &context->stack));
  const status_t status = mapping_create(kAreaRecords, kGatePages, kPageWritable, &context->gates);
  if (!status_is_ok(status)) {
    mapping_destroy(&context->stack);
    return status;
  }
  context->made = true;
  return OK;
}

static status_t make_locked(context_t *context) {
  if (context->made) return OK;
  core_lock();
  const status_t status = make(context);
  core_unlock();
  return status;
}

status_t contexts_prepare(void) {
  core_t *core = core_current();
  for (size_t i = 0; i < kContextsKept; i++) TRY(make_locked(&core->contexts[i]));
  return OK;
}

// A place that nobody has; one that is made, where there is one.
static context_t *take_place(core_t *core) {
  context_t *unmade = nullptr;
  for (uint32_t i = 0; i < kContexts; i++) {
    context_t *candidate = &core->contexts[i];
    if (!candidate->taken && (candidate->made || unmade == nullptr)) unmade = candidate;
    if (unmade != nullptr && (unmade->made || i >= core->used_contexts)) break;
  }
  if (unmade == nullptr) return nullptr;
  unmade->taken = true;
  const uint32_t place = (uint32_t)(unmade - core->contexts);
  if (place >= core->used_contexts) core->used_contexts = place + 1;
  return unmade;
}

status_t context_take(context_t **context) {
  core_t *core = core_current();
  const uint64_t flags = leaf_lock(&core->task_lock);
  context_t *taken = take_place(core);
  leaf_unlock(&core->task_lock, flags);
  if (taken == nullptr) return ERR(NO_MEMORY);
  const status_t status = make_locked(taken);
  if (!status_is_ok(status)) {
    taken->taken = false;
    return status;
  }
  taken->preempted = 0;
  taken->gate_top = taken->gates.start.bytes;
  *context = taken;
  return OK;
}

// A task that found none asks again.
static void wake_starved(core_t *core) {
  task_record_t *task = core->starved;
  if (task == nullptr) return;
  core->starved = task->next;
  inbox_add(task, kScheduleReady);
}

void context_give(context_t *context) {
  core_t *core = core_current();
  const uint64_t flags = leaf_lock(&core->task_lock);
  context->preempted = 0;
  context->task = nullptr;
  context->taken = false;
  wake_starved(core);
  leaf_unlock(&core->task_lock, flags);
}

void contexts_wake(core_t *core) {
  if (core->starved == nullptr) return;
  const uint64_t flags = leaf_lock(&core->task_lock);
  wake_starved(core);
  leaf_unlock(&core->task_lock, flags);
}

static bool is_surplus(core_t *core, uint32_t place) {
  context_t *context = &core->contexts[place];
  const uint64_t flags = leaf_lock(&core->task_lock);
  const bool surplus = context->made && !context->taken;
  if (surplus) context->taken = true;
  leaf_unlock(&core->task_lock, flags);
  return surplus;
}

void contexts_trim(void) {
  core_t *core = core_current();
  const uint32_t kept = kContextsKept + kContextsPerProcessor * core->cpu_count;
  for (uint32_t i = core->used_contexts; i > kept; i--) {
    context_t *context = &core->contexts[i - 1];
    if (!is_surplus(core, i - 1)) continue;
    mapping_destroy(&context->stack);
    mapping_destroy(&context->gates);
    context->made = false;
    __atomic_store_n(&context->taken, false, __ATOMIC_RELEASE);
  }
  frames_flush();
}
