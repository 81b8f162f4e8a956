// SPDX-License-Identifier: MIT
#include "nano_core/swap/transaction.h"

#include "nano_core/api/cycle_counter.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/fault/inject.h"
#include "nano_core/instance/instance.h"
#include "nano_core/instance/interface.h"
#include "nano_core/instance/publish.h"
#include "nano_core/memory/frames.h"
#include "nano_core/processor/processor.h"
#include "nano_core/swap/pins.h"
#include "nano_core/swap/request.h"

static status_t refuse(request_record_t *request, status_t status, text_t before, text_t name,
                       text_t after) {
  message_clear(&request->message);
  message_text(&request->message, before);
  message_text(&request->message, name);
  message_text(&request->message, after);
  return status;
}

static status_t find_served(request_record_t *request, request_item_t *item) {
  const text_t name = name_text(&item->name);
  item->interface = interface_find(name);
  if (item->interface == nullptr || item->interface->serving == nullptr) {
    return refuse(request, ERR(NOT_FOUND), TEXT("nobody serves "), name, TEXT("; use load"));
  }
  item->old_instance = item->interface->serving;
  if (!item->old_instance->is_core) return OK;
  return refuse(request, ERR(UNSUPPORTED), TEXT(""), name, TEXT(" cannot be changed this way yet"));
}

static status_t check_load(request_record_t *request, const request_item_t *item) {
  const archived_object_t *object = object_find(name_text(&item->object));
  if (object == nullptr || object->implements.length == 0)
    return OK;  // creating says what is wrong
  const interface_record_t *interface = interface_find(object->implements);
  if (interface == nullptr || interface->serving == nullptr) return OK;
  return refuse(request, ERR(BUSY), object->implements, TEXT(" is served already"),
                TEXT("; use swap"));
}

static status_t create(request_record_t *request, request_item_t *item) {
  const text_t object =
      item->object.characters[0] == 0 ? item->old_instance->object_name : name_text(&item->object);
  TRY(instance_create(object, &item->new_instance, &request->message));
  if (item->interface == nullptr) item->interface = item->new_instance->interface;
  if (item->interface == item->new_instance->interface) return OK;
  return refuse(request, ERR(INCOMPATIBLE), object, TEXT(" does not implement "),
                name_text(&item->interface->name));
}

static bool is_replaced(const request_record_t *request, const instance_t *instance) {
  for (uint64_t i = 0; i < request->count; i++) {
    if (request->items[i].old_instance == instance) return true;
  }
  return false;
}

static status_t add_patch(request_record_t *request, gate_slot_t *slot,
                          const instance_export_entry_t *export, instance_t *target) {
  core_t *core = core_current();
  if (core->patch_count == kPatches) {
    return refuse(request, ERR(NO_MEMORY), TEXT("more slots to redirect than "), TEXT("2048"),
                  TEXT(""));
  }
  const uint64_t entry = inject_redirect(target->interface, export->entry);
  core->patches[core->patch_count++] = (slot_patch_t){slot, {entry, target}};
  return OK;
}

// Slots that lead to the resolver now are redirected too, once the interface has been initialised:
// an interrupt handler may bind one between here and the commit.
static bool is_redirected(const request_item_t *item) {
  return item->interface->status == kInterfaceReady;
}

// What `client` imports from the interface of `item` must fit the new instance; its slots are put
// down for the commit.
static status_t redirect_client(request_record_t *request, const request_item_t *item,
                                const instance_t *client) {
  instance_t *target = item->new_instance;
  for (uint64_t i = 0; i < client->import_count; i++) {
    const instance_import_entry_t *import = &client->imports[i];
    if (import->provider != item->interface) continue;
    TRY(import_check(client, import, target, &request->message));
    if (!is_redirected(item)) continue;
    TRY(add_patch(request, instance_slot(client, i), instance_find_export(target, import->function),
                  target));
  }
  return OK;
}

// Whoever holds a reference expects the type that the function has now.
static status_t check_reference(request_record_t *request, const request_item_t *item,
                                text_t function) {
  const instance_export_entry_t *before = instance_find_export(item->old_instance, function);
  const instance_export_entry_t *after = instance_find_export(item->new_instance, function);
  if (after == nullptr) {
    return refuse(request, ERR(INCOMPATIBLE), item->new_instance->object_name,
                  TEXT(" does not publish "), function);
  }
  if (before == nullptr || before->fingerprint == after->fingerprint) return OK;
  status_ignore(refuse(request, ERR(INCOMPATIBLE), function, TEXT(" is "), TEXT("")),
                "the numbers follow");
  message_hexadecimal(&request->message, before->fingerprint);
  message_text(&request->message, TEXT(" in "));
  message_text(&request->message, item->old_instance->object_name);
  message_text(&request->message, TEXT(" and "));
  message_hexadecimal(&request->message, after->fingerprint);
  message_text(&request->message, TEXT(" in "));
  message_text(&request->message, item->new_instance->object_name);
  return ERR(INCOMPATIBLE);
}

static status_t redirect_references(request_record_t *request, const request_item_t *item) {
  core_t *core = core_current();
  for (size_t i = 0; i < kReferences; i++) {
    reference_record_t *record = &core->references[i];
    if (record->holders == 0 || record->provider != item->interface) continue;
    const text_t function = name_text(&record->function);
    TRY(check_reference(request, item, function));
    if (!is_redirected(item)) continue;
    TRY(add_patch(request, &record->slot, instance_find_export(item->new_instance, function),
                  item->new_instance));
  }
  return OK;
}

static status_t redirect(request_record_t *request, const request_item_t *item) {
  core_t *core = core_current();
  for (size_t i = 0; i < kInstances; i++) {
    const instance_t *client = &core->instances[i];
    if (!client->used || is_replaced(request, client)) continue;
    TRY(redirect_client(request, item, client));
  }
  return redirect_references(request, item);
}

static status_t prepare_item(request_record_t *request, request_item_t *item) {
  if (request->kind == kRequestLoad) {
    TRY(check_load(request, item));
  } else {
    TRY(find_served(request, item));
  }
  // What a load will serve is known once its object was read.
  if (request->kind != kRequestUnload) TRY(create(request, item));
  for (const request_item_t *other = request->items; other < item; other++) {
    if (other->interface == item->interface) {
      return refuse(request, ERR(INVALID_ARGUMENT), name_text(&item->interface->name),
                    TEXT(" is named twice"), TEXT(""));
    }
  }
  return OK;
}

static status_t prepare(request_record_t *request) {
  for (uint64_t i = 0; i < request->count; i++) TRY(prepare_item(request, &request->items[i]));
  for (uint64_t i = 0; i < request->count; i++) {
    const request_item_t *item = &request->items[i];
    if (item->new_instance == nullptr) continue;
    TRY(instance_check_imports(item->new_instance, request->items, request->count,
                               &request->message));
    if (item->old_instance != nullptr) TRY(redirect(request, item));
  }
  return OK;
}

status_t transaction_prepare(request_record_t *request) {
  core_current()->patch_count = 0;
  const status_t status = prepare(request);
  if (status_is_ok(status)) return OK;
  for (uint64_t i = 0; i < request->count; i++) {
    request_item_t *item = &request->items[i];
    if (item->new_instance != nullptr) instance_destroy(item->new_instance);
    item->new_instance = nullptr;
  }
  frames_flush();
  return status;
}

static void commit_item(request_item_t *item) {
  interface_record_t *interface = item->interface;
  if (item->new_instance == nullptr) {
    instance_withdraw(interface);
  } else if (item->old_instance == nullptr) {
    instance_publish(item->new_instance);
  } else {
    interface->serving = item->new_instance;
    item->new_instance->generation = ++interface->generation;
  }
}

static void describe(request_item_t *item) {
  request_outcome_t *outcome = &item->outcome;
  outcome->name = item->interface->name;
  outcome->generation = item->interface->generation;
  if (item->old_instance != nullptr) outcome->old_version = item->old_instance->manifest.version;
  if (item->new_instance != nullptr) outcome->new_version = item->new_instance->manifest.version;
}

// From here on nobody enters an old instance; who is inside is found by swap/pins.h.
static void begin_grace(request_record_t *request) {
  core_t *core = core_current();
  request->epoch = ++core->epoch;
  request->status = kRequestGrace;
  core->in_grace++;
  for (uint32_t i = 0; i < kProcessors; i++) {
    if (core->cpus[i] != nullptr) request->passes[i] = processor_passes(core->cpus[i]);
  }
}

// The stores that change who serves; all processors are parked.
static void commit(request_record_t *request) {
  const core_t *core = core_current();
  for (uint64_t i = 0; i < core->patch_count; i++) {
    const slot_patch_t *patch = &core->patches[i];
    gate_slot_bind(patch->slot, patch->value.entry, patch->value.instance);
  }
  for (uint64_t i = 0; i < request->count; i++) commit_item(&request->items[i]);
  begin_grace(request);
}

void transaction_commit(request_record_t *request) {
  const core_t *core = core_current();
  const uint64_t start = cycle_counter();
  processors_park();
  for (uint64_t i = 0; i < request->count; i++) {
    request_item_t *item = &request->items[i];
    if (item->old_instance != nullptr) item->outcome.pinned = pins_count(item->old_instance);
  }
  commit(request);
  processors_release();
  const uint64_t pause = cycle_counter() - start;
  request_trace(request, kTraceCommit, start, OK, core->patch_count);
  for (uint64_t i = 0; i < request->count; i++) {
    describe(&request->items[i]);
    request->items[i].outcome.pause_cycles = pause;
  }
}

void transaction_revoke(request_record_t *request) {
  core_t *core = core_current();
  processors_park();
  for (uint64_t i = 0; i < request->count; i++) {
    request_item_t *item = &request->items[i];
    item->old_instance = instance_withdraw(item->interface);
    item->new_instance = nullptr;
  }
  core->in_grace--;
  begin_grace(request);
  processors_release();
}

void transaction_finish(request_record_t *request) {
  for (uint64_t i = 0; i < request->count; i++) {
    request_item_t *item = &request->items[i];
    if (item->old_instance != nullptr) instance_destroy(item->old_instance);
    item->old_instance = nullptr;
    item->outcome.total_cycles = cycle_counter() - request->started;
  }
  frames_flush();
}
