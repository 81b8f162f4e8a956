// SPDX-License-Identifier: MIT
#include "nano_core/gate/reference.h"

#include "nano_core/core/lock.h"
#include "nano_core/gate/caller.h"
#include "nano_core/gate/resolve.h"
#include "nano_core/instance/instance.h"
#include "nano_core/instance/interface.h"

static gate_slot_t unbound_slot(void) {
  return (gate_slot_t){(uint64_t)(uintptr_t)resolver_entry, nullptr};
}

static reference_t reference_of(const core_t *core, const reference_record_t *record) {
  return (reference_t){(uint32_t)(record - core->references), record->generation};
}

status_t reference_find(reference_t reference, reference_record_t **record) {
  core_t *core = core_current();
  if (reference.index >= kReferences || reference.generation == 0) return ERR(STALE);
  reference_record_t *found = &core->references[reference.index];
  if (__atomic_load_n(&found->generation, __ATOMIC_SEQ_CST) != reference.generation ||
      __atomic_load_n(&found->holders, __ATOMIC_SEQ_CST) == 0) {
    return ERR(STALE);
  }
  *record = found;
  return OK;
}

static reference_record_t *find_function(core_t *core, text_t function) {
  for (size_t i = 0; i < kReferences; i++) {
    reference_record_t *record = &core->references[i];
    if (record->holders > 0 && text_equal(name_text(&record->function), function)) return record;
  }
  return nullptr;
}

static reference_record_t *take_record(core_t *core) {
  for (size_t i = 0; i < kReferences; i++) {
    reference_record_t *record = &core->references[i];
    if (__atomic_load_n(&record->holders, __ATOMIC_SEQ_CST) != 0) continue;
    // Who begins a call from here on finds it stale; who began one before is counted.
    __atomic_fetch_add(&record->generation, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&record->calls, __ATOMIC_SEQ_CST) == 0) return record;
  }
  return nullptr;
}

reference_result_t reference_make_for(interface_record_t *provider, text_t function) {
  core_t *core = core_current();
  reference_record_t *record = find_function(core, function);
  if (record == nullptr) {
    record = take_record(core);
    if (record == nullptr) return (reference_result_t){.status = ERR(NO_MEMORY)};
    TRY_RESULT(reference_result_t, name_set(&record->function, function));
    record->provider = provider;
    record->slot = unbound_slot();
  }
  __atomic_fetch_add(&record->holders, 1, __ATOMIC_ACQ_REL);
  return (reference_result_t){.value = reference_of(core, record)};
}

reference_result_t reference_make(text_t function) {
  interface_record_t *provider;
  TRY_RESULT(reference_result_t, interface_of_function(function, &provider));
  return reference_make_for(provider, function);
}

// Makes a reference strong: what it names stays so until end_call.
static status_t begin_call(reference_t reference, reference_record_t **record) {
  TRY(reference_find(reference, record));
  __atomic_fetch_add(&(*record)->calls, 1, __ATOMIC_SEQ_CST);
  const status_t status = reference_find(reference, record);
  if (!status_is_ok(status)) __atomic_fetch_sub(&(*record)->calls, 1, __ATOMIC_SEQ_CST);
  return status;
}

static void end_call(reference_record_t *record) {
  __atomic_fetch_sub(&record->calls, 1, __ATOMIC_SEQ_CST);
}

void reference_invoke(reference_t reference, const uint64_t arguments[kGateArguments],
                      gate_result_t *result) {
  reference_record_t *record;
  const status_t status = begin_call(reference, &record);
  if (!status_is_ok(status)) {
    *result = (gate_result_t){.rax = status.code};
    return;
  }
  // A fault of the callee comes back here, too.
  gate_invoke(&record->slot, arguments, result);
  end_call(record);
}

void references_unbind(const interface_record_t *provider) {
  core_t *core = core_current();
  for (size_t i = 0; i < kReferences; i++) {
    reference_record_t *record = &core->references[i];
    if (record->provider == provider) record->slot = unbound_slot();
  }
}

bool references_name(const interface_record_t *provider) {
  const core_t *core = core_current();
  for (size_t i = 0; i < kReferences; i++) {
    if (core->references[i].holders > 0 && core->references[i].provider == provider) return true;
  }
  return false;
}

// A cell may always refer to its own functions; others must be on the client list.
static bool caller_is_admitted(const instance_t *provider) {
  const instance_t *caller = gate_caller();
  return caller == nullptr || caller->interface == provider->interface ||
         instance_admits(provider, caller->manifest.implements) ||
         instance_admits(provider, caller->manifest.name);
}

// A driver obtains the reference to its own handler while it initialises. Who is denied does not
// even have the provider initialised.
static status_t check_obtained(interface_record_t *provider, text_t function) {
  TRY(resolver_load(provider));
  if (!caller_is_admitted(provider->serving)) return ERR(DENIED);
  if (provider->status != kInterfaceInitialising) TRY(resolver_make_ready(provider));
  uint64_t entry;
  return status_is_ok(resolver_entry_of(provider, function, 0, &entry)) ? OK : ERR(NOT_FOUND);
}

reference_result_t reference_obtain(text_t function) {
  if (!core_may_lock()) return (reference_result_t){.status = ERR(UNAVAILABLE)};
  core_lock();
  interface_record_t *provider;
  reference_result_t result = {.status = interface_of_function(function, &provider)};
  if (status_is_ok(result.status)) result.status = check_obtained(provider, function);
  if (status_is_ok(result.status)) result = reference_make_for(provider, function);
  core_unlock();
  return result;
}

status_t reference_retain(reference_t target) {
  reference_record_t *record;
  TRY(reference_find(target, &record));
  __atomic_fetch_add(&record->holders, 1, __ATOMIC_ACQ_REL);
  return OK;
}

status_t reference_release(reference_t target) {
  reference_record_t *record;
  TRY(reference_find(target, &record));
  __atomic_fetch_sub(&record->holders, 1, __ATOMIC_ACQ_REL);
  return OK;
}

u64_result_t reference_call(reference_t target, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                            uint64_t e) {
  const uint64_t arguments[kGateArguments] = {a, b, c, d, e};
  gate_result_t result;
  reference_invoke(target, arguments, &result);
  return (u64_result_t){.status = {(uint32_t)result.rax}, .value = result.rdx};
}
