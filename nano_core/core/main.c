// SPDX-License-Identifier: MIT
// From boot/ to the root loop: the one struct, the stacks, the cells of the image, the first task.
#include "nano_core/api/cycle_counter.h"
#include "nano_core/arch/apic.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/paging.h"
#include "nano_core/core/core.h"
#include "nano_core/core/stacks.h"
#include "nano_core/core/trace.h"
#include "nano_core/gate/reference.h"
#include "nano_core/gate/resolve.h"
#include "nano_core/instance/instance.h"
#include "nano_core/instance/interface.h"
#include "nano_core/instance/publish.h"
#include "nano_core/loader/archive.h"
#include "nano_core/memory/frames.h"
#include "nano_core/memory/mapping.h"
#include "nano_core/task/task.h"

static const text_t kTooLittleMemory =
    TEXT("too little memory to start; the machine needs 8 MiB or more");

static void require(status_t status, text_t what) {
  if (!status_is_ok(status)) core_panic(what, nullptr);
}

// Takes consecutive boot memory for the structs themselves.
static void *take_boot_memory(frame_range_t *regions, uint64_t count, uint64_t bytes) {
  const uint64_t frames = pages_for(bytes);
  for (uint64_t i = 0; i < count; i++) {
    if (regions[i].count < frames) continue;
    void *memory = physical_pointer(regions[i].start);
    regions[i].start.bytes += frames * kFrameBytes;
    regions[i].count -= frames;
    __builtin_memset(memory, 0, frames * kFrameBytes);
    return memory;
  }
  return nullptr;
}

static cpu_t *make_core(const boot_info_t *info) {
  frame_range_t regions[kBootRegions];
  for (uint64_t i = 0; i < info->region_count; i++) {
    regions[i] = (frame_range_t){info->regions[i].start, info->regions[i].bytes / kFrameBytes};
  }
  core_t *core = take_boot_memory(regions, info->region_count, sizeof(core_t));
  cpu_t *cpu = take_boot_memory(regions, info->region_count, sizeof(cpu_t));
  if (core == nullptr || cpu == nullptr) core_panic(kTooLittleMemory, nullptr);
  core->version = kCoreVersion;
  core->archive = info->archive;
  core->command_line = info->command_line;
  core->acpi_root = info->acpi_root;
  core->framebuffer = info->framebuffer;
  core->region_count = info->region_count;
  __builtin_memcpy(core->regions, regions, sizeof(regions));
  core->frames_taken = pages_for(sizeof(core_t)) + pages_for(sizeof(cpu_t));
  core->apic = physical_pointer(kApicRegisters);
  core->startup_area = info->startup_area;
  core->cpus[0] = cpu;
  core->cpu_count = 1;
  core->online = 1;
  cpu->self = cpu;
  cpu->held_top = &cpu->held[1];
  cpu->core = core;
  cpu->canary = cycle_counter() * UINT64_C(0x9e3779b97f4a7c15) | 1;
  cpu->apic = apic_number(core->apic);
  cpu->online = 1;
  cpu->came = cycle_counter();
  return cpu;
}

static text_t next_line(text_t text, size_t *at) {
  const size_t first = *at;
  while (*at < text.length && text.data[*at] != '\n') ++*at;
  const text_t line = text_slice(text, first, *at - first);
  if (*at < text.length) ++*at;
  return line;
}

static text_t first_word(text_t line) {
  size_t length = 0;
  while (length < line.length && line.data[length] != ' ') length++;
  return text_slice(line, 0, length);
}

static void load_cell(text_t name) {
  const archived_object_t *object = object_find(name);
  if (object != nullptr && object->implements.length > 0) {
    const interface_record_t *interface = interface_find(object->implements);
    if (interface != nullptr && interface->serving != nullptr) return;  // lies ready for a swap
  }
  message_t message = {};
  instance_t *instance;
  const uint64_t start = cycle_counter();
  const status_t status = instance_create(name, &instance, &message);
  if (status_is_ok(status)) {
    instance_publish(instance);
    trace_record(kTraceLoad, instance->interface, 0, start, OK, instance->generation);
  } else {
    core_log(TEXT("cannot load "), name, message_view(&message));
  }
}

// On the loader's stack: lists the archive and loads what image.manifest names, in its order.
static void load_image(void *unused) {
  (void)unused;
  require(object_index_build(), TEXT("the archive of cells is malformed"));
  archive_entry_t manifest;
  require(archive_find(core_current()->archive, TEXT("image.manifest"), &manifest),
          TEXT("the archive of cells has no image.manifest"));
  const text_t text = {(const char *)manifest.content.data, manifest.content.length};
  for (size_t at = 0; at < text.length;) {
    const text_t name = first_word(next_line(text, &at));
    if (name.length > 0 && name.data[0] != '#') load_cell(name);
  }
}

// Checks what was loaded against each other, which loading in any order could not.
static void check_image(void) {
  const core_t *core = core_current();
  for (size_t i = 0; i < kInstances; i++) {
    const instance_t *instance = &core->instances[i];
    message_t message = {};
    if (!instance->used || instance->is_core) continue;
    if (status_is_ok(instance_check_imports(instance, nullptr, 0, &message))) continue;
    core_log(TEXT("some calls will fail: "), message_view(&message), TEXT(""));
  }
}

static reference_t obtain(text_t function) {
  const reference_result_t reference = reference_make(function);
  if (status_is_ok(reference.status)) return reference.value;
  core_log(TEXT("nobody publishes "), function, TEXT(""));
  return (reference_t){};
}

static const reference_record_t *upcall(text_t function) {
  const reference_t reference = obtain(function);
  return reference_is_none(reference) ? nullptr : &core_current()->references[reference.index];
}

static void make_upcalls(core_t *core) {
  core->upcalls = (upcalls_t){.frame_allocate = upcall(TEXT("frame_allocator_allocate")),
                              .frame_free = upcall(TEXT("frame_allocator_free")),
                              .interrupt_handle = upcall(TEXT("interrupt_dispatch_handle"))};
  core->upcalls.log_write = upcall(TEXT("log_write"));
  core->upcalls.scheduler_enqueue = upcall(TEXT("scheduler_enqueue"));
  core->upcalls.scheduler_switch = upcall(TEXT("scheduler_switch"));
}

static void make_ready(text_t name) {
  interface_record_t *interface = interface_find(name);
  if (interface == nullptr || interface->serving == nullptr) return;
  const status_t status = resolver_make_ready(interface);
  if (!status_is_ok(status)) core_log(TEXT("not initialised yet: "), name, status_name(status));
}

static void start_eager_cells(void) {
  const core_t *core = core_current();
  for (size_t i = 0; i < kInterfaces; i++) {
    const interface_record_t *interface = &core->interfaces[i];
    if (interface->serving != nullptr && interface->serving->manifest.eager) {
      make_ready(name_text(&interface->name));
    }
  }
}

static void start_shell(void) {
  static const task_progress_t kFresh = {};
  const reference_t step = obtain(TEXT("shell_step"));
  const task_result_t task = task_spawn(TEXT("shell"), step, &kFresh);
  require(task.status, TEXT("the shell cannot be started: is there a cell that serves it?"));
  core_current()->tasks[task.value.index].record->is_protected = true;
}

[[noreturn]] static void start(void) {
  cpu_t *cpu = cpu_current();
  stack_call(cpu->loader_stack, load_image, nullptr);
  check_image();
  make_upcalls(cpu->core);
  require(contexts_prepare(), kTooLittleMemory);
  require(frames_ensure(kReserveLevel), kTooLittleMemory);
  make_ready(TEXT("frame_allocator"));
  start_eager_cells();
  start_shell();
  root_run();
}

void nano_core_main(const boot_info_t *info) {
  cpu_t *cpu = make_core(info);
  gs_set(cpu);
  require(mapping_prepare_areas(), kTooLittleMemory);
  require(stacks_create(cpu), kTooLittleMemory);
  stacks_load(cpu);
  apic_enable(cpu->core->apic);
  require(instance_create_core(), kTooLittleMemory);
  stack_switch(cpu->root_stack, start);
}
