// SPDX-License-Identifier: MIT
#include "nano_core/gate/reference.h"
#include "nano_core/instance/instance.h"
#include "nano_core/loader/manifest.h"

const instance_export_entry_t *instance_find_export(const instance_t *instance, text_t name) {
  for (uint64_t i = 0; i < instance->export_count; i++) {
    if (text_equal(instance->exports[i].function, name)) return &instance->exports[i];
  }
  return nullptr;
}

bool instance_admits(const instance_t *instance, text_t client) {
  if (instance->is_core) return true;
  manifest_lines_t clients = instance->manifest.clients;
  text_t listed;
  while (status_is_ok(manifest_next_client(&instance->manifest, &clients, &listed))) {
    if (text_equal(listed, client) || text_equal(listed, TEXT("out_of_tree"))) return true;
  }
  return false;
}

uint64_t instance_count_callers(const interface_record_t *provider) {
  core_t *core = core_current();
  uint64_t callers = 0;
  for (size_t i = 0; i < kInstances; i++) {
    const instance_t *instance = &core->instances[i];
    for (uint64_t j = 0; instance->used && j < instance->import_count; j++) {
      if (instance->imports[j].provider != provider) continue;
      callers++;
      break;
    }
  }
  return callers;
}

void instance_unbind_importers(const interface_record_t *provider) {
  core_t *core = core_current();
  for (size_t i = 0; i < kInstances; i++) {
    const instance_t *instance = &core->instances[i];
    for (uint64_t j = 0; instance->used && j < instance->import_count; j++) {
      if (instance->imports[j].provider != provider) continue;
      *instance_slot(instance, j) = (gate_slot_t){(uint64_t)(uintptr_t)resolver_entry, nullptr};
    }
  }
  references_unbind(provider);
}

// Who will serve `interface` once the request is committed.
static const instance_t *provider_after(const interface_record_t *interface,
                                        const request_item_t *items, uint64_t count) {
  for (uint64_t i = 0; i < count; i++) {
    if (items[i].interface == interface && items[i].new_instance != nullptr) {
      return items[i].new_instance;
    }
  }
  return interface->serving;
}

static void name_both(message_t *message, const instance_t *client, const instance_t *provider) {
  message_clear(message);
  message_text(message, client->manifest.name);
  message_text(message, TEXT(" version "));
  message_decimal(message, client->manifest.version);
  message_text(message, TEXT(" and "));
  message_text(message, provider->manifest.name);
  message_text(message, TEXT(" version "));
  message_decimal(message, provider->manifest.version);
  message_text(message, TEXT(": "));
}

status_t import_check(const instance_t *client, const instance_import_entry_t *import,
                      const instance_t *provider, message_t *message) {
  const instance_export_entry_t *export = instance_find_export(provider, import->function);
  if (export == nullptr) {
    name_both(message, client, provider);
    message_text(message, import->function);
    message_text(message, TEXT(" is not published"));
    return ERR(INCOMPATIBLE);
  }
  if (export->fingerprint != import->fingerprint) {
    name_both(message, client, provider);
    message_text(message, import->function);
    message_text(message, TEXT(" is "));
    message_hexadecimal(message, import->fingerprint);
    message_text(message, TEXT(" there, "));
    message_hexadecimal(message, export->fingerprint);
    message_text(message, TEXT(" here"));
    return ERR(INCOMPATIBLE);
  }
  if (!instance_admits(provider, client->manifest.implements) &&
      !instance_admits(provider, client->manifest.name)) {
    name_both(message, client, provider);
    message_text(message, TEXT("not on its client list"));
    return ERR(DENIED);
  }
  return OK;
}

status_t instance_check_imports(const instance_t *instance, const request_item_t *items,
                                uint64_t count, message_t *message) {
  for (uint64_t i = 0; i < instance->import_count; i++) {
    const instance_t *provider = provider_after(instance->imports[i].provider, items, count);
    if (provider == nullptr) continue;
    TRY(import_check(instance, &instance->imports[i], provider, message));
  }
  return OK;
}
