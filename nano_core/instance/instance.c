// SPDX-License-Identifier: MIT
#include "nano_core/instance/instance.h"

#include "nano_core/arch/paging.h"
#include "nano_core/fault/inject.h"
#include "nano_core/gate/reference.h"
#include "nano_core/gate/resolve.h"
#include "nano_core/instance/blob.h"
#include "nano_core/instance/debugger.h"
#include "nano_core/instance/interface.h"
#include "nano_core/loader/object.h"
#include "nano_core/memory/frames.h"
#include "nano_core/memory/mapping.h"
#include "nano_core/task/task.h"

// What creating an instance needs beside the instance itself, all of it on the loader's stack.
typedef struct loading {
  object_t object;
  object_placement_t placement;
  instance_t *instance;
  message_t *message;
} loading_t;

static status_t no_memory(const loading_t *loading) {
  message_clear(loading->message);
  message_text(loading->message, TEXT("no memory to load "));
  message_text(loading->message, loading->instance->object_name);
  return ERR(NO_MEMORY);
}

static instance_t *take_instance(core_t *core) {
  for (uint32_t i = 0; i < kInstances; i++) {
    instance_t *instance = &core->instances[i];
    if (instance->used) continue;
    *instance = (instance_t){.used = true, .number = i};
    return instance;
  }
  return nullptr;
}

static uint64_t slot_bytes(const instance_t *instance) {
  return instance->import_count * sizeof(gate_slot_t) + instance->state_count * sizeof(uint64_t);
}

static uint64_t record_bytes(const instance_t *instance) {
  return instance->export_count * sizeof(instance_export_entry_t) +
         instance->import_count * sizeof(instance_import_entry_t) +
         instance->state_count * sizeof(uint32_t);
}

static status_t map_pages(loading_t *loading) {
  instance_t *instance = loading->instance;
  const object_layout_t *layout = &loading->object.layout;
  const uint64_t code = pages_for(layout->text_bytes);
  const uint64_t stubs = pages_for(layout->import_count * STUB_BYTES);
  const uint64_t constants = pages_for(layout->rodata_bytes);
  const uint64_t slots = pages_for(slot_bytes(instance));
  const uint64_t records = pages_for(record_bytes(instance));
  // Writable until everything is in place; then W^X.
  TRY(mapping_create(kAreaInstances, code + stubs + 1, kPageWritable, &instance->text));
  TRY(mapping_create(kAreaInstances, constants + slots + 1, kPageWritable, &instance->rodata));
  TRY(mapping_create(kAreaRecords, records + 1, kPageWritable, &instance->records));
  instance->stubs = (vaddr_t){instance->text.start.bytes + (code + 1) * kFrameBytes};
  instance->slots = (vaddr_t){instance->rodata.start.bytes + constants * kFrameBytes};
  const uint64_t table = instance->records.start.bytes;
  const uint64_t exports_bytes = instance->export_count * sizeof(instance_export_entry_t);
  const uint64_t imports_bytes = instance->import_count * sizeof(instance_import_entry_t);
  instance->exports = (instance_export_entry_t *)table;
  instance->imports = (instance_import_entry_t *)(table + exports_bytes);
  instance->blobs = (uint32_t *)(table + exports_bytes + imports_bytes);
  return OK;
}

static status_t place(loading_t *loading) {
  const instance_t *instance = loading->instance;
  const vaddr_t text = instance->text.start;
  const vaddr_t rodata = instance->rodata.start;
  loading->placement = (object_placement_t){
      .text = {(uint8_t *)text.bytes, instance->stubs.bytes - text.bytes},
      .rodata = {(uint8_t *)rodata.bytes, instance->slots.bytes - rodata.bytes},
      .text_address = text.bytes,
      .rodata_address = rodata.bytes,
      .stubs_address = instance->stubs.bytes,
      .stub_bytes = STUB_BYTES,
      .state_slots_address = instance->slots.bytes + instance->import_count * sizeof(gate_slot_t)};
  return object_place(&loading->object, &loading->placement, loading->message);
}

static status_t list_exports(loading_t *loading) {
  const instance_t *instance = loading->instance;
  manifest_lines_t lines = instance->manifest.exports;
  for (uint64_t i = 0; i < instance->export_count; i++) {
    manifest_export_t line;
    TRY(manifest_next_export(&instance->manifest, &lines, &line));
    instance_export_entry_t *listed = &instance->exports[i];
    *listed = (instance_export_entry_t){
        .function = line.function, .shape = line.shape, .fingerprint = line.fingerprint};
    TRY(object_export_entry(&loading->object, &loading->placement, i, &listed->entry));
  }
  return OK;
}

static status_t list_imports(loading_t *loading) {
  const instance_t *instance = loading->instance;
  manifest_lines_t lines = instance->manifest.imports;
  for (uint64_t i = 0; i < instance->import_count; i++) {
    manifest_import_t line;
    TRY(manifest_next_import(&instance->manifest, &lines, &line));
    instance_import_entry_t *listed = &instance->imports[i];
    *listed = (instance_import_entry_t){.function = line.function, .fingerprint = line.fingerprint};
    TRY(interface_obtain(line.provider, &listed->provider));
    if (listed->provider->serving == nullptr) continue;
    const instance_export_entry_t *export =
        instance_find_export(listed->provider->serving, line.function);
    listed->direct = export != nullptr && export->fingerprint == line.fingerprint &&
                     text_equal(export->shape, TEXT("direct"));
  }
  return OK;
}

static void emit_stubs(const instance_t *instance) {
  for (uint64_t i = 0; i < instance->import_count; i++) {
    const uint64_t address = instance->stubs.bytes + i * STUB_BYTES;
    const uint64_t slot = instance->slots.bytes + i * sizeof(gate_slot_t);
    if (instance->imports[i].direct) {
      gate_emit_direct((uint8_t *)address, address, slot);
    } else {
      gate_emit((uint8_t *)address, address, slot);
    }
  }
}

static status_t bind_blobs(loading_t *loading) {
  instance_t *instance = loading->instance;
  uint64_t *slots = (uint64_t *)loading->placement.state_slots_address;
  const uint64_t count = loading->object.layout.state_count;
  for (uint64_t i = 0; i < count; i++) {
    manifest_state_t state;
    TRY(manifest_state(&instance->manifest, i, &state));
    TRY(blob_bind(&state, &instance->blobs[i], loading->message));
    instance->state_count = i + 1;  // instance_destroy gives up what was bound
    instance->state_bytes += state.bytes;
    slots[i] = core_current()->blobs[instance->blobs[i]].memory.start.bytes;
  }
  return OK;
}

// Binds what can be bound now, so that interrupt handlers need no resolver; the rest leads there.
static void bind_slots(const instance_t *instance) {
  for (uint64_t i = 0; i < instance->import_count; i++) {
    const instance_import_entry_t *import = &instance->imports[i];
    gate_slot_t *slot = instance_slot(instance, i);
    *slot = (gate_slot_t){(uint64_t)(uintptr_t)resolver_entry, nullptr};
    if (import->provider->status != kInterfaceReady || import->provider->serving == nullptr) {
      continue;
    }
    uint64_t entry;
    if (!status_is_ok(
            resolver_entry_of(import->provider, import->function, import->fingerprint, &entry))) {
      continue;
    }
    *slot = (gate_slot_t){entry, import->provider->serving};
  }
}

static status_t seal_pages(const instance_t *instance) {
  TRY(mapping_protect(&instance->text, kPageExecutable));
  return mapping_protect(&instance->rodata, 0);
}

static void index_pages(const instance_t *instance, uint16_t value) {
  core_t *core = core_current();
  const uint64_t first = (instance->text.start.bytes - kInstanceBase) / kFrameBytes;
  for (uint64_t i = 0; i < instance->text.pages; i++) core->instance_by_page[first + i] = value;
}

static uint64_t frames_wanted(const object_t *object) {
  uint64_t blobs = 0;
  for (uint64_t i = 0; i < object->layout.state_count; i++) {
    manifest_state_t state;
    if (!status_is_ok(manifest_state(&object->manifest, i, &state))) continue;
    if (!blob_exists(state.name)) blobs += pages_for(state.bytes);
  }
  const uint64_t bindings = object->layout.import_count + object->layout.export_count;
  return blobs + pages_for(object->layout.text_bytes) + pages_for(object->layout.rodata_bytes) +
         pages_for(bindings *
                   (STUB_BYTES + sizeof(gate_slot_t) + sizeof(instance_import_entry_t))) +
         16;
}

static status_t build(loading_t *loading) {
  instance_t *instance = loading->instance;
  const object_t *object = &loading->object;
  instance->manifest = object->manifest;
  instance->export_count = object->layout.export_count;
  instance->import_count = object->layout.import_count;
  instance->text_bytes = object->layout.text_bytes;
  instance->rodata_bytes = object->layout.rodata_bytes;
  TRY(interface_obtain(instance->manifest.implements, &instance->interface));
  if (!status_is_ok(frames_ensure(frames_wanted(object)))) return no_memory(loading);
  instance->state_count = object->layout.state_count;
  const status_t mapped = map_pages(loading);
  instance->state_count = 0;
  if (!status_is_ok(mapped)) return no_memory(loading);
  TRY(place(loading));
  TRY(list_exports(loading));
  TRY(list_imports(loading));
  emit_stubs(instance);
  TRY(bind_blobs(loading));
  bind_slots(instance);
  if (instance->interface->injections != 0) inject_place(instance);
  TRY(seal_pages(instance));
  index_pages(instance, (uint16_t)(instance->number + 1));
  debugger_add(instance, object, &loading->placement);
  return OK;
}

// A name that was made for an object which was then refused would fill the table for good.
static void forget_names(core_t *core) {
  for (size_t i = 0; i < kInterfaces; i++) {
    interface_record_t *record = &core->interfaces[i];
    if (record->used && record->generation == 0 && instance_count_callers(record) == 0 &&
        !references_name(record)) {
      *record = (interface_record_t){};
    }
  }
}

status_t instance_create(text_t name, instance_t **created, message_t *message) {
  const archived_object_t *archived = object_find(name);
  if (archived == nullptr) {
    message_clear(message);
    message_text(message, TEXT("no object "));
    message_text(message, name);
    message_text(message, TEXT(" in the archive; objects lists them"));
    return ERR(NOT_FOUND);
  }
  loading_t loading = {.message = message};
  TRY(object_parse(archived->file, &loading.object, message));
  TRY(object_verify_hash(archived->file, &loading.object, message));
  loading.instance = take_instance(core_current());
  if (loading.instance == nullptr) {
    message_clear(message);
    message_text(message, TEXT("the table of instances is full; unload something"));
    return ERR(NO_MEMORY);
  }
  loading.instance->object_name = archived->name;
  const status_t status = build(&loading);
  if (!status_is_ok(status)) {
    instance_destroy(loading.instance);
    forget_names(core_current());
    return status;
  }
  *created = loading.instance;
  return OK;
}

static void release_blobs(const instance_t *instance) {
  uint64_t freed = 0;
  for (uint64_t i = 0; i < instance->state_count; i++) freed += blob_release(instance->blobs[i]);
  if (freed > 0 && freed == instance->state_count) events_forget(instance->interface);
}

void instance_destroy(instance_t *instance) {
  debugger_remove(instance);
  release_blobs(instance);
  if (instance->text.pages > 0) index_pages(instance, 0);
  mapping_destroy(&instance->text);
  mapping_destroy(&instance->rodata);
  mapping_destroy(&instance->records);
  *instance = (instance_t){};
}

instance_t *instance_at(uint64_t address) {
  core_t *core = core_current();
  const uint64_t page = (address - kInstanceBase) / kFrameBytes;
  if (address < kInstanceBase || page >= kInstancePages) return nullptr;
  const uint16_t number = core->instance_by_page[page];
  return number == 0 ? nullptr : &core->instances[number - 1];
}

gate_slot_t *instance_slot(const instance_t *instance, uint64_t index) {
  const vaddr_t address = {instance->slots.bytes + index * sizeof(gate_slot_t)};
  return mapping_alias(address);
}
