// SPDX-License-Identifier: MIT
#include "nano_core/api/instances.h"
#include "nano_core/core/lock.h"
#include "nano_core/gate/resolve.h"
#include "nano_core/instance/instance.h"
#include "nano_core/instance/interface.h"

// Names come from checked manifests, so they fit.
static name_t name_of(text_t text) {
  name_t name = {};
  status_ignore(name_set(&name, text), "an empty text stays an empty name");
  return name;
}

// The `index`-th interface that is served; nano_core is the first.
static const instance_t *serving_at(uint64_t index) {
  const core_t *core = core_current();
  for (size_t i = 0; i < kInterfaces; i++) {
    const interface_record_t *record = &core->interfaces[i];
    if (record->serving == nullptr) continue;
    if (index-- == 0) return record->serving;
  }
  return nullptr;
}

static const instance_t *serving(text_t name) {
  const interface_record_t *record = interface_find(name);
  return record == nullptr ? nullptr : record->serving;
}

static status_t describe_instance(uint64_t index, instance_info_t *info) {
  const instance_t *instance = serving_at(index);
  if (instance == nullptr) return ERR(END);
  *info = (instance_info_t){
      .name = instance->interface->name,
      .object = name_of(instance->object_name),
      .version = instance->manifest.version,
      .status = instance->interface->status == kInterfaceReady ? kInstanceServing : kInstanceLoaded,
      .generation = instance->generation,
      .text = instance->text.start,
      .rodata = instance->rodata.start,
      .text_bytes = instance->text_bytes,
      .rodata_bytes = instance->rodata_bytes,
      .state_bytes = instance->state_bytes,
      .imports = instance->import_count,
      .callers = instance_count_callers(instance->interface),
      .exports = instance->export_count,
      .read_window =
          instance->manifest.has_read_window ? instance->manifest.read_window : kNoReadWindow};
  return OK;
}

static status_t describe_export(text_t name, uint64_t index, export_info_t *info) {
  const instance_t *instance = serving(name);
  if (instance == nullptr) return ERR(NOT_FOUND);
  if (index >= instance->export_count) return ERR(END);
  const instance_export_entry_t *export = &instance->exports[index];
  *info = (export_info_t){.function = name_of(export->function),
                          .shape = name_of(export->shape),
                          .fingerprint = export->fingerprint};
  return OK;
}

static status_t describe_import(text_t name, uint64_t index, import_info_t *info) {
  const instance_t *instance = serving(name);
  if (instance == nullptr) return ERR(NOT_FOUND);
  if (index >= instance->import_count) return ERR(END);
  const instance_import_entry_t *import = &instance->imports[index];
  *info = (import_info_t){.provider = import->provider->name,
                          .function = name_of(import->function),
                          .fingerprint = import->fingerprint,
                          .bound = instance_slot(instance, index)->instance != nullptr};
  return OK;
}

static status_t describe_client(text_t name, uint64_t index, name_t *client) {
  const instance_t *instance = serving(name);
  if (instance == nullptr) return ERR(NOT_FOUND);
  text_t listed;
  if (!status_is_ok(manifest_client(&instance->manifest, index, &listed))) return ERR(END);
  *client = name_of(listed);
  return OK;
}

static status_t describe_object(uint64_t index, object_info_t *info) {
  const core_t *core = core_current();
  if (index >= core->object_count) return ERR(END);
  const archived_object_t *object = &core->objects[index];
  *info = (object_info_t){.object = name_of(object->name),
                          .implements = name_of(object->implements),
                          .version = object->version,
                          .bytes = (uint32_t)object->file.length};
  text_copy((text_buffer_t){info->summary, kMessageBytes - 1}, object->summary);
  return object->implements.length > 0 ? OK : ERR(BAD_OBJECT);
}

static status_t describe_blob(uint64_t index, blob_info_t *info) {
  const core_t *core = core_current();
  for (size_t i = 0; i < kBlobs; i++) {
    const blob_t *blob = &core->blobs[i];
    if (!blob->used || index-- > 0) continue;
    *info = (blob_info_t){.name = blob->name,
                          .version = blob->version,
                          .owners = blob->owners,
                          .bytes = blob->bytes,
                          .fingerprint = blob->fingerprint};
    return OK;
  }
  return ERR(END);
}

// The lock is held meanwhile, so that no commit takes away what is being described.
status_t instance_describe(uint64_t index, instance_info_t *info) {
  core_lock();
  const status_t status = describe_instance(index, info);
  core_unlock();
  return status;
}

status_t instance_export(text_t name, uint64_t index, export_info_t *info) {
  core_lock();
  const status_t status = describe_export(name, index, info);
  core_unlock();
  return status;
}

status_t instance_import(text_t name, uint64_t index, import_info_t *info) {
  core_lock();
  const status_t status = describe_import(name, index, info);
  core_unlock();
  return status;
}

status_t instance_client(text_t name, uint64_t index, name_t *client) {
  core_lock();
  const status_t status = describe_client(name, index, client);
  core_unlock();
  return status;
}

status_t object_describe(uint64_t index, object_info_t *info) {
  core_lock();
  const status_t status = describe_object(index, info);
  core_unlock();
  return status;
}

status_t blob_describe(uint64_t index, blob_info_t *info) {
  core_lock();
  const status_t status = describe_blob(index, info);
  core_unlock();
  return status;
}
