// SPDX-License-Identifier: MIT
#include "nano_core/gate/resolve.h"

#include "nano_core/core/lock.h"
#include "nano_core/core/trace.h"
#include "nano_core/fault/inject.h"
#include "nano_core/instance/instance.h"
#include "nano_core/instance/publish.h"

// Work for the loader's stack.
typedef struct load_call {
  interface_record_t *interface;
  status_t status;
} load_call_t;

static status_t load_provider(interface_record_t *interface) {
  const archived_object_t *object = object_find_implementing(name_text(&interface->name));
  if (object == nullptr) return ERR(UNAVAILABLE);
  instance_t *instance;
  message_t message = {};
  status_t status = instance_create(object->name, &instance, &message);
  if (status_is_ok(status)) {
    status = instance_check_imports(instance, nullptr, 0, &message);
    if (!status_is_ok(status)) instance_destroy(instance);
  }
  if (!status_is_ok(status)) {
    core_log(TEXT("cannot load "), object->name, message_view(&message));
    return status;
  }
  instance_publish(instance);
  return OK;
}

static void load_on_stack(void *argument) {
  load_call_t *call = argument;
  const uint64_t start = cycle_counter();
  call->status = load_provider(call->interface);
  trace_record(kTraceLoad, call->interface, 0, start, call->status, call->interface->generation);
}

status_t resolver_load(interface_record_t *interface) {
  core_t *core = core_current();
  if (interface->serving != nullptr) return OK;
  if (interface->withdrawn || core->loading) return ERR(UNAVAILABLE);
  load_call_t call = {.interface = interface};
  core->loading = true;
  stack_call(cpu_current()->loader_stack, load_on_stack, &call);
  core->loading = false;
  return call.status;
}

static status_t initialise(interface_record_t *interface) {
  instance_t *instance = interface->serving;
  message_t name = {};
  message_text(&name, name_text(&interface->name));
  message_text(&name, TEXT("_initialize"));
  const instance_export_entry_t *export = instance_find_export(instance, message_view(&name));
  if (export == nullptr) return OK;
  reference_record_t call = {.slot = {inject_redirect(interface, export->entry), instance}};
  TRY(name_set(&call.function, export->function));
  const uint64_t arguments[kGateArguments] = {};
  gate_result_t result;
  const uint64_t start = cycle_counter();
  interface->status = kInterfaceInitialising;
  gate_invoke(&call.slot, arguments, &result);
  interface->status = kInterfaceFresh;
  trace_record(kTraceInitialise, interface, 0, start, (status_t){(uint32_t)result.rax}, 0);
  if ((uint32_t)result.rax == STATUS_OK) return OK;
  if (!instance->init_failed) {
    core_log(name_text(&interface->name), TEXT(" failed to initialise"),
             status_name((status_t){(uint32_t)result.rax}));
  }
  instance->init_failed = true;  // said once; it is tried again at the next call
  return ERR(UNAVAILABLE);
}

// The lock is held throughout, so that nobody sees an interface half-way and no commit comes
// between; a cycle meets kInterfaceInitialising and is answered.
status_t resolver_make_ready(interface_record_t *interface) {
  if (interface->serving != nullptr && interface->status == kInterfaceReady) return OK;
  if (!core_may_lock()) return ERR(UNAVAILABLE);
  core_lock();
  status_t status = resolver_load(interface);
  if (status_is_ok(status) && interface->status == kInterfaceInitialising) {
    status = ERR(UNAVAILABLE);
  }
  if (status_is_ok(status) && interface->status == kInterfaceFresh) {
    status = initialise(interface);
    if (status_is_ok(status)) interface->status = kInterfaceReady;
  }
  core_unlock();
  return status;
}

status_t resolver_entry_of(const interface_record_t *interface, text_t function,
                           uint64_t fingerprint, uint64_t *entry) {
  const instance_t *instance = interface->serving;
  if (instance == nullptr) return ERR(UNAVAILABLE);
  const instance_export_entry_t *export = instance_find_export(instance, function);
  if (export == nullptr) return ERR(INCOMPATIBLE);
  if (fingerprint != 0 && export->fingerprint != fingerprint) return ERR(INCOMPATIBLE);
  *entry = inject_redirect(interface, export->entry);
  return OK;
}

// Both bind with interrupts off: no commit parks this processor between the look at who serves and
// the store. Where nobody serves any more, the caller tries again.
static status_t bind_reference(reference_record_t *record) {
  uint64_t entry;
  if (record->provider->status != kInterfaceReady) return ERR(UNAVAILABLE);
  TRY(resolver_entry_of(record->provider, name_text(&record->function), 0, &entry));
  gate_slot_bind(&record->slot, entry, record->provider->serving);
  return OK;
}

static status_t bind_import(instance_t *client, uint64_t index, message_t *message) {
  const instance_import_entry_t *import = &client->imports[index];
  instance_t *serving = import->provider->serving;
  if (serving == nullptr || import->provider->status != kInterfaceReady) return ERR(UNAVAILABLE);
  TRY(import_check(client, import, serving, message));
  uint64_t entry;
  TRY(resolver_entry_of(import->provider, import->function, import->fingerprint, &entry));
  gate_slot_bind(instance_slot(client, index), entry, serving);
  return OK;
}

static status_t resolve_reference(reference_record_t *record) {
  TRY(resolver_make_ready(record->provider));
  const uint64_t flags = cpu_flags_save();
  const status_t status = bind_reference(record);
  cpu_flags_restore(flags);
  return status;
}

static status_t resolve_import(instance_t *client, uint64_t index) {
  message_t message = {};
  TRY(resolver_make_ready(client->imports[index].provider));
  const uint64_t flags = cpu_flags_save();
  const status_t status = bind_import(client, index, &message);
  cpu_flags_restore(flags);
  const text_t said = message_view(&message);
  if (said.length > 0) core_log(TEXT("cannot bind: "), said, TEXT(""));
  return status;
}

resolution_t resolver_resolve(uint64_t return_address, const gate_frame_t *frame) {
  core_hold();
  resolution_t resolution = {};
  status_t status;
  const interface_record_t *provider;
  const bool passes = return_address == (uint64_t)(uintptr_t)gate_pass_return;
  if (passes || return_address == (uint64_t)(uintptr_t)gate_invoke_return) {
    gate_slot_t *slot = (gate_slot_t *)frame->rbx;
    reference_record_t *record =
        (reference_record_t *)((uint8_t *)slot - offsetof(reference_record_t, slot));
    status = resolve_reference(record);
    provider = record->provider;
    resolution.restart = (uint64_t)(uintptr_t)(passes ? gate_pass_start : gate_invoke_start);
  } else {
    instance_t *client = instance_at(return_address);
    const uint64_t index = (return_address - client->stubs.bytes) / STUB_BYTES;
    status = resolve_import(client, index);
    provider = client->imports[index].provider;
    resolution.restart = client->stubs.bytes + index * STUB_BYTES;
  }
  resolution.status = status.code;
  if (!status_is_ok(status)) trace_record(kTraceBind, provider, 0, 0, status, 1);
  core_release();
  return resolution;
}
