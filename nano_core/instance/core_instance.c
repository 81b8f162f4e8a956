// SPDX-License-Identifier: MIT
// nano_core as an instance: it publishes its api like any cell, by slots.
#include "nano_core/api/cell.h"
#include "nano_core/api/faults.h"
#include "nano_core/api/instances.h"
#include "nano_core/api/machine.h"
#include "nano_core/api/memory.h"
#include "nano_core/api/schedule.h"
#include "nano_core/api/watchdog.h"
#include "nano_core/arch/boot_info.h"
#include "nano_core/arch/paging.h"
#include "nano_core/instance/instance.h"
#include "nano_core/instance/interface.h"
#include "nano_core/instance/publish.h"
#include "nano_core/memory/frames.h"
#include "nano_core/memory/mapping.h"

// CORE_EXPORT(function, fingerprint, shape), made from the api's headers by the build.
#define CORE_EXPORT(function_name, type_fingerprint, type_shape) \
  {.function = {#function_name, sizeof(#function_name) - 1},     \
   .shape = {type_shape, sizeof(type_shape) - 1},                \
   .fingerprint = type_fingerprint,                              \
   .entry = (uint64_t)(uintptr_t)function_name},

static const instance_export_entry_t kExports[] = {
#include "nano_core/instance/core_exports.inc"
};

status_t instance_create_core(void) {
  core_t *core = core_current();
  instance_t *instance = &core->instances[0];
  *instance = (instance_t){.used = true, .is_core = true, .object_name = TEXT("nano_core")};
  instance->manifest = (manifest_t){
      .name = TEXT("nano_core"), .implements = TEXT("nano_core"), .version = kCoreVersion};
  TRY(interface_obtain(TEXT("nano_core"), &instance->interface));
  const uint64_t pages = pages_for(sizeof(kExports));
  TRY(frames_ensure(pages));
  TRY(mapping_create(kAreaRecords, pages, kPageWritable, &instance->records));
  instance->exports = (instance_export_entry_t *)instance->records.start.bytes;
  instance->export_count = COUNT_OF(kExports);
  __builtin_memcpy(instance->exports, kExports, sizeof(kExports));
  instance->text.start = (vaddr_t){(uint64_t)(uintptr_t)image_text_start};
  instance->rodata.start = (vaddr_t){(uint64_t)(uintptr_t)image_rodata_start};
  instance->text_bytes = (uint64_t)(image_text_end - image_text_start);
  instance->rodata_bytes = (uint64_t)(image_rodata_end - image_rodata_start);
  instance->state_bytes = sizeof(core_t);
  core->core_instance = instance;
  instance_publish(instance);
  instance->interface->status = kInterfaceReady;
  return OK;
}
