// SPDX-License-Identifier: MIT
#include "nano_core/fault/record.h"

#include "nano_core/api/cycle_counter.h"
#include "nano_core/arch/boot_info.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/core/lock.h"
#include "nano_core/fault/calls.h"
#include "nano_core/fault/cause.h"
#include "nano_core/fault/inject.h"
#include "nano_core/instance/instance.h"
#include "nano_core/task/task.h"
#include "nano_core/task/undo.h"

static bool is_below(const mapping_t *stack, uint64_t address) {
  return stack->start.bytes - address - 1 < kFrameBytes;
}

static bool is_behind(const mapping_t *stack, uint64_t address) {
  return address - (stack->start.bytes + stack->pages * kFrameBytes) < kFrameBytes;
}

// The stacks of whatever runs: a handler, a step, the root.
static enum fault_place place_of(const cpu_t *cpu, uint64_t address) {
  const mapping_t *stack = &cpu->stacks[kCpuStackRoot];
  const mapping_t *gates = &cpu->stacks[kCpuStackRootGates];
  if (cpu->interrupt_depth > 0) {
    stack = &cpu->stacks[kStackDevice - 1];
    gates = &cpu->stacks[kCpuStackInterruptGates];
  } else if (cpu->task != nullptr) {
    stack = &cpu->spare->stack;
    gates = &cpu->spare->gates;
  }
  if (is_below(stack, address) || is_below(&cpu->stacks[kCpuStackLoader], address)) {
    return kPlaceBelowStack;
  }
  if (is_behind(gates, address)) return kPlaceBehindGates;
  return undo_log_is_full(cpu, address) ? kPlaceBehindUndoLog : kPlaceElsewhere;
}

// The code at `address`, which is a cell's, or a direct function's of nano_core.
static void read_code(uint64_t address, const instance_t *instance, uint8_t code[kTrapBytes]) {
  uint64_t end = (uint64_t)(uintptr_t)image_text_end;
  if (instance != nullptr) {
    end = instance->text.start.bytes + instance->text.pages * kFrameBytes;
  } else if (address < (uint64_t)(uintptr_t)image_text_start) {
    return;
  }
  if (address > end - kTrapBytes) return;
  __builtin_memcpy(code, (const void *)address, kTrapBytes);
}

static enum fault_cause cause_of(const interrupt_frame_t *frame, uint64_t accessed) {
  fault_signs_t signs = {.vector = frame->vector, .error = frame->error, .accessed = accessed};
  if (frame->vector == kVectorPageFault) signs.place = place_of(cpu_current(), accessed);
  read_code(frame->rip, instance_at(frame->rip), signs.code);
  return fault_cause_of(&signs);
}

// What is published under this name, as the archive has it: it outlives instance and reference.
static text_t lasting(const instance_t *instance, text_t function) {
  const instance_export_entry_t *export =
      instance == nullptr ? nullptr : instance_find_export(instance, function);
  return export == nullptr ? (text_t){} : export->function;
}

static call_record_t call_of(const gate_frame_t *frame) {
  const instance_t *instance = frame->instance;
  const interface_record_t *cell = instance == nullptr ? nullptr : instance->interface;
  return (call_record_t){cell, lasting(instance, call_site_of(frame, 0).function)};
}

static void add(const fault_record_t *record) {
  faults_t *faults = &core_current()->faults;
  const uint64_t flags = leaf_lock(&faults->lock);
  faults->records[faults->count++ % kFaultRecords] = *record;
  leaf_unlock(&faults->lock, flags);
}

// Records the call with those that led to it.
static void add_call(fault_record_t *record, const gate_frame_t *call) {
  const uint64_t base = gates_base(cpu_current());
  for (const gate_frame_t *at = call; (uint64_t)(uintptr_t)at >= base; at--) {
    if (record->depth < kFaultCalls) record->calls[record->depth] = call_of(at);
    record->depth++;
  }
  add(record);
}

void fault_record(const interrupt_frame_t *frame, const gate_frame_t *call,
                  const instance_t *instance, status_t status) {
  if (call->instance != instance) call--;
  const uint64_t accessed = frame->vector == kVectorPageFault ? cpu_fault_address() : 0;
  const uint64_t offset = frame->rip - instance->text.start.bytes;
  fault_record_t record = {.time = cycle_counter(),
                           .address = frame->rip,
                           .offset = offset < instance->text_bytes ? offset : kFaultNoOffset,
                           .accessed = accessed,
                           .object = instance->object_name,
                           .vector = (uint32_t)frame->vector,
                           .cause = cause_of(frame, accessed),
                           .injected = inject_settle(call),
                           .status = status};
  add_call(&record, call);
}

void fault_record_answer(const gate_frame_t *call, uint32_t kind, status_t status) {
  fault_record_t record = {.time = cycle_counter(),
                           .offset = kFaultNoOffset,
                           .object = call->instance->object_name,
                           .cause = kFaultCauseAnswer,
                           .injected = kind,
                           .status = status};
  add_call(&record, call);
}

// A cell that owns the blob of a monitor; null: nobody does.
static const instance_t *owner_of(const monitor_t *monitor) {
  const core_t *core = core_current();
  for (size_t i = 0; i < kInstances; i++) {
    const instance_t *instance = &core->instances[i];
    if (instance->used && monitor_is_of(instance, monitor)) return instance;
  }
  return nullptr;
}

bool fault_leave_held(void) {
  const cpu_t *cpu = cpu_current();
  if (cpu->held_top == cpu->level.held) return false;
  const instance_t *owner = owner_of(cpu->level.held->monitor);
  monitors_release(0, UINT64_MAX);
  fault_record_t record = {.time = cycle_counter(),
                           .offset = kFaultNoOffset,
                           .cause = kFaultCauseMonitorHeld,
                           .depth = 1,
                           .status = ERR(FAULT)};
  if (owner != nullptr) {
    record.object = owner->object_name;
    record.calls[0].cell = owner->interface;
  }
  add(&record);
  return true;
}

static name_t name_of(text_t text) {
  name_t name = {};
  status_ignore(name_set(&name, text), "an empty text stays an empty name");
  return name;
}

static void describe(const fault_record_t *record, uint64_t index, fault_info_t *info) {
  *info = (fault_info_t){.index = index,
                         .time = record->time,
                         .address = record->address,
                         .offset = record->offset,
                         .accessed = record->accessed,
                         .vector = record->vector,
                         .cause = record->cause,
                         .step = kFaultStepError,
                         .injected = record->injected,
                         .status = record->status,
                         .depth = record->depth,
                         .object = name_of(record->object)};
  for (size_t i = 0; i < kFaultCalls && i < record->depth; i++) {
    const call_record_t *call = &record->calls[i];
    if (call->cell != nullptr) info->calls[i].cell = call->cell->name;
    info->calls[i].function = name_of(call->function);
  }
}

status_t fault_describe(uint64_t index, fault_info_t *info) {
  faults_t *faults = &core_current()->faults;
  fault_record_t record = {};
  const uint64_t flags = leaf_lock(&faults->lock);
  const uint64_t oldest = faults->count > kFaultRecords ? faults->count - kFaultRecords : 0;
  if (index < oldest) index = oldest;
  const bool there = index < faults->count;
  if (there) record = faults->records[index % kFaultRecords];
  leaf_unlock(&faults->lock, flags);
  if (!there) return ERR(END);
  describe(&record, index, info);
  return OK;
}
