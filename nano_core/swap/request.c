// SPDX-License-Identifier: MIT
#include "nano_core/swap/request.h"

#include "nano_core/api/cycle_counter.h"
#include "nano_core/core/lock.h"
#include "nano_core/core/trace.h"
#include "nano_core/gate/resolve.h"
#include "nano_core/instance/instance.h"
#include "nano_core/instance/publish.h"
#include "nano_core/memory/frames.h"
#include "nano_core/swap/pins.h"
#include "nano_core/swap/transaction.h"

static status_t find(request_t request, request_record_t **record) {
  if (request.index >= kRequests || request.generation == 0) return ERR(STALE);
  request_record_t *found = &core_current()->requests[request.index];
  if (found->status == kRequestFree || found->generation != request.generation) return ERR(STALE);
  *record = found;
  return OK;
}

static uint64_t number_of(const request_record_t *request) {
  return (uint64_t)(request - core_current()->requests) + 1;
}

void request_trace(const request_record_t *request, enum trace_kind kind, uint64_t start,
                   status_t status, uint64_t value) {
  trace_record(kind, request->items[0].interface, number_of(request), start, status, value);
}

static void answer(request_record_t *request, status_t result) {
  for (uint64_t i = 0; i < request->count; i++) {
    const request_item_t *item = &request->items[i];
    trace_record((enum trace_kind)request->kind, item->interface, number_of(request),
                 request->started, result, item->outcome.generation);
  }
  request->result = result;
  __atomic_store_n(&request->status, (uint32_t)kRequestDone, __ATOMIC_RELEASE);
  status_ignore(event_signal(request->done), "whoever asked may have ended the request's event");
}

// Initialises what a load brought and wants to be initialised at once; what cannot goes again.
static status_t make_eager_ready(request_record_t *request) {
  for (uint64_t i = 0; i < request->count; i++) {
    request_item_t *item = &request->items[i];
    if (request->kind != kRequestLoad || !item->new_instance->manifest.eager) continue;
    const status_t status = resolver_make_ready(item->interface);
    if (status_is_ok(status)) continue;
    message_clear(&request->message);
    message_text(&request->message, item->new_instance->object_name);
    message_text(&request->message, TEXT(" failed to initialise"));
    return status;
  }
  return OK;
}

// What the loader's stack is called with.
typedef struct prepare_call {
  request_record_t *request;
  status_t status;
} prepare_call_t;

static void prepare_on_stack(void *argument) {
  prepare_call_t *call = argument;
  call->status = transaction_prepare(call->request);
}

static void carry_out(request_record_t *request) {
  core_t *core = core_current();
  request->started = cycle_counter();
  prepare_call_t call = {.request = request};
  core->loading = true;
  stack_call(cpu_current()->loader_stack, prepare_on_stack, &call);
  core->loading = false;
  request_trace(request, kTracePrepare, request->started, call.status, request->count);
  if (!status_is_ok(call.status)) return answer(request, call.status);
  transaction_commit(request);
  request->committed = cycle_counter();
  request->result = make_eager_ready(request);
  if (!status_is_ok(request->result)) transaction_revoke(request);
}

void requests_run(void) {
  core_t *core = core_current();
  if (!core_try_lock()) return;  // somebody is at it, or will have been soon
  for (size_t i = 0; i < kRequests; i++) {
    request_record_t *request = &core->requests[i];
    if (__atomic_load_n(&request->status, __ATOMIC_ACQUIRE) != kRequestSubmitted) continue;
    __atomic_sub_fetch(&core->submitted, 1, __ATOMIC_RELAXED);
    carry_out(request);
  }
  requests_finish();
  core_unlock();
}

void requests_finish(void) {
  core_t *core = core_current();
  for (size_t i = 0; i < kRequests; i++) {
    request_record_t *request = &core->requests[i];
    if (request->status != kRequestGrace || pins_keep(request)) continue;
    request_trace(request, kTraceGrace, request->committed, OK, 0);
    transaction_finish(request);
    core->in_grace--;
    answer(request, request->result);
  }
  frames_trim();
}

static request_result_t open(uint64_t kind) {
  core_t *core = core_current();
  for (uint32_t i = 0; i < kRequests; i++) {
    request_record_t *request = &core->requests[i];
    if (request->status != kRequestFree) continue;
    const event_result_t event = event_create();
    TRY_RESULT(request_result_t, event.status);
    *request = (request_record_t){.generation = request->generation + 1,
                                  .status = kRequestOpen,
                                  .kind = kind,
                                  .done = event.value};
    return (request_result_t){.value = {i, request->generation}};
  }
  return (request_result_t){.status = ERR(BUSY)};
}

request_result_t request_open(uint64_t kind) {
  if (kind < kRequestLoad || kind > kRequestSwap) {
    return (request_result_t){.status = ERR(INVALID_ARGUMENT)};
  }
  if (!core_may_lock()) return (request_result_t){.status = ERR(UNAVAILABLE)};
  core_lock();
  const request_result_t result = open(kind);
  core_unlock();
  return result;
}

status_t request_add(request_t request, text_t name, text_t object) {
  request_record_t *record;
  TRY(find(request, &record));
  if (record->status != kRequestOpen) return ERR(INVALID_ARGUMENT);
  if (record->count == kRequestCells) return ERR(NO_SPACE);
  request_item_t item = {};
  if (record->kind == kRequestLoad) {
    TRY(name_set(&item.object, name.length > 0 ? name : object));
    item.name = item.object;
  } else {
    TRY(name_set(&item.name, name));
    if (object.length > 0) TRY(name_set(&item.object, object));
  }
  record->items[record->count++] = item;
  return OK;
}

status_t request_submit(request_t request) {
  request_record_t *record;
  TRY(find(request, &record));
  if (record->status != kRequestOpen || record->count == 0) return ERR(INVALID_ARGUMENT);
  __atomic_store_n(&record->status, (uint32_t)kRequestSubmitted, __ATOMIC_RELEASE);
  __atomic_add_fetch(&core_current()->submitted, 1, __ATOMIC_SEQ_CST);
  return OK;
}

status_t request_poll(request_t request) {
  request_record_t *record;
  TRY(find(request, &record));
  TRY(event_watch(record->done));
  return __atomic_load_n(&record->status, __ATOMIC_ACQUIRE) == kRequestDone ? record->result
                                                                            : ERR(WOULD_BLOCK);
}

status_t request_outcome(request_t request, uint64_t index, request_outcome_t *outcome) {
  request_record_t *record;
  TRY(find(request, &record));
  if (record->status != kRequestDone || index >= record->count) return ERR(END);
  *outcome = record->items[index].outcome;
  return OK;
}

status_t request_message(request_t request, text_buffer_t message) {
  request_record_t *record;
  TRY(find(request, &record));
  if (message.length == 0) return ERR(NO_SPACE);
  const size_t length =
      text_copy(text_buffer_slice(message, 0, message.length - 1), message_view(&record->message));
  *text_buffer_at(message, length) = 0;
  return OK;
}

status_t request_close(request_t request) {
  request_record_t *record;
  TRY(find(request, &record));
  if (record->status == kRequestSubmitted || record->status == kRequestGrace) return ERR(BUSY);
  status_ignore(event_destroy(record->done), "it was made with the request");
  record->status = kRequestFree;
  return OK;
}
