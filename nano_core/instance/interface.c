// SPDX-License-Identifier: MIT
#include "nano_core/instance/interface.h"

#include "nano_core/instance/instance.h"

interface_record_t *interface_find(text_t name) {
  core_t *core = core_current();
  for (size_t i = 0; i < kInterfaces; i++) {
    interface_record_t *record = &core->interfaces[i];
    if (record->used && text_equal(name_text(&record->name), name)) return record;
  }
  return nullptr;
}

status_t interface_obtain(text_t name, interface_record_t **interface) {
  core_t *core = core_current();
  *interface = interface_find(name);
  if (*interface != nullptr) return OK;
  for (size_t i = 0; i < kInterfaces; i++) {
    interface_record_t *record = &core->interfaces[i];
    if (record->used) continue;
    TRY(name_set(&record->name, name));
    record->used = true;
    *interface = record;
    return OK;
  }
  return ERR(NO_MEMORY);
}

// Whether anybody serves, or could serve, `name`.
static bool is_known(text_t name) {
  const interface_record_t *record = interface_find(name);
  if (record != nullptr && (record->serving != nullptr || record->withdrawn)) return true;
  return object_find_implementing(name) != nullptr;
}

status_t interface_of_function(text_t function, interface_record_t **interface) {
  for (size_t length = function.length; length > 1; length--) {
    if (function.data[length - 1] != '_') continue;
    const text_t prefix = text_slice(function, 0, length - 1);
    if (prefix.length < kNameBytes && is_known(prefix)) return interface_obtain(prefix, interface);
  }
  return ERR(NOT_FOUND);
}
