// SPDX-License-Identifier: MIT
#include "nano_core/arch/paging.h"
#include "nano_core/instance/instance.h"
#include "nano_core/loader/archive.h"
#include "nano_core/loader/object.h"
#include "nano_core/memory/frames.h"
#include "nano_core/memory/mapping.h"

static const text_t kSuffix = {".o", 2};

static bool is_object(text_t file) {
  return file.length > kSuffix.length &&
         text_equal(text_slice(file, file.length - kSuffix.length, kSuffix.length), kSuffix);
}

static text_t without_suffix(text_t file) {
  return is_object(file) ? text_slice(file, 0, file.length - kSuffix.length) : file;
}

static status_t count_objects(bytes_t archive, uint64_t *count) {
  uint64_t cursor = 0;
  archive_entry_t entry;
  for (;;) {
    const status_t status = archive_next(archive, &cursor, &entry);
    if (status_is(status, STATUS_END)) return OK;
    TRY(status);
    if (is_object(entry.name)) *count += 1;
  }
}

static void describe(const archive_entry_t *entry, archived_object_t *listed) {
  object_t object;
  message_t message;
  *listed = (archived_object_t){.name = without_suffix(entry->name), .file = entry->content};
  if (!status_is_ok(object_parse(entry->content, &object, &message))) return;
  listed->implements = object.manifest.implements;
  listed->summary = object.manifest.summary;
  listed->version = object.manifest.version;
}

status_t object_index_build(void) {
  core_t *core = core_current();
  uint64_t count = 0;
  TRY(count_objects(core->archive, &count));
  if (count == 0) return OK;
  const uint64_t pages = pages_for(count * sizeof(archived_object_t));
  TRY(frames_ensure(pages));
  TRY(mapping_create(kAreaRecords, pages, kPageWritable, &core->object_table));
  core->objects = (archived_object_t *)core->object_table.start.bytes;
  uint64_t cursor = 0;
  archive_entry_t entry;
  while (status_is_ok(archive_next(core->archive, &cursor, &entry))) {
    if (is_object(entry.name)) describe(&entry, &core->objects[core->object_count++]);
  }
  return OK;
}

const archived_object_t *object_find(text_t name) {
  const core_t *core = core_current();
  const text_t wanted = without_suffix(name);
  for (uint64_t i = 0; i < core->object_count; i++) {
    if (text_equal(core->objects[i].name, wanted)) return &core->objects[i];
  }
  return nullptr;
}

const archived_object_t *object_find_implementing(text_t interface) {
  const core_t *core = core_current();
  if (interface.length == 0) return nullptr;
  for (uint64_t i = 0; i < core->object_count; i++) {
    if (text_equal(core->objects[i].implements, interface)) return &core->objects[i];
  }
  return nullptr;
}
