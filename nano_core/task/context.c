// SPDX-License-Identifier: MIT
#include "nano_core/arch/paging.h"
#include "nano_core/memory/frames.h"
#include "nano_core/memory/mapping.h"
#include "nano_core/task/task.h"

enum { kContextsKept = 8 };

static status_t make(context_t *context) {
  TRY(frames_ensure(kStackPages + kGatePages));
  *context = (context_t){};
  TRY(mapping_create(kAreaRecords, kStackPages, kPageWritable, &context->stack));
  const status_t status = mapping_create(kAreaRecords, kGatePages, kPageWritable, &context->gates);
  if (!status_is_ok(status)) {
    mapping_destroy(&context->stack);
    return status;
  }
  context->made = true;
  return OK;
}

status_t contexts_prepare(void) {
  for (size_t i = 0; i < kContextsKept; i++) TRY(make(&core_current()->contexts[i]));
  return OK;
}

status_t context_take(context_t **context) {
  core_t *core = core_current();
  for (size_t i = 0; i < kContexts; i++) {
    context_t *candidate = &core->contexts[i];
    if (candidate->taken) continue;
    if (!candidate->made) TRY(make(candidate));
    candidate->taken = true;
    candidate->preempted = false;
    candidate->gate_top = candidate->gates.start.bytes;
    *context = candidate;
    return OK;
  }
  return ERR(NO_MEMORY);
}

void context_give(context_t *context) {
  context->taken = false;
  context->preempted = false;
  if (context - core_current()->contexts < kContextsKept) return;
  mapping_destroy(&context->stack);
  mapping_destroy(&context->gates);
  context->made = false;
}
