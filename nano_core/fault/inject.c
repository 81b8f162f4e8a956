// SPDX-License-Identifier: MIT
#include "nano_core/fault/inject.h"

#include "nano_core/arch/cpu.h"
#include "nano_core/core/lock.h"
#include "nano_core/fault/calls.h"
#include "nano_core/fault/record.h"
#include "nano_core/gate/resolve.h"
#include "nano_core/instance/instance.h"
#include "nano_core/instance/interface.h"
#include "nano_core/memory/mapping.h"
#include "nano_core/processor/processor.h"

// Labels of inject.S.
extern const uint8_t inject_codes[], inject_codes_end[], inject_read[], inject_write[];
extern const uint8_t inject_jump[], inject_misaligned[], inject_execute_stack[];
extern const uint8_t inject_division[], inject_undefined[], inject_floating_point[];
extern const uint8_t inject_bounds[], inject_overflow[], inject_exhaust[], inject_smash_return[];
extern const uint8_t inject_smash_canary[], inject_loop[], inject_loop_interrupts_off[];
extern const uint8_t inject_answer[], inject_monitor_held[], inject_in_monitor[];

static const uint64_t kUserAddress = UINT64_C(0x400000);
static const uint64_t kWildAddress = UINT64_C(0xffffdeadbeef0000);
static const uint64_t kNotCanonicalAddress = UINT64_C(0x00deadbeef000000);
static const uint64_t kBadResult = UINT64_C(0xdeadbeef5ca1ab1e);

static uint64_t room_of(const instance_t *instance) { return instance->stubs.bytes - kFrameBytes; }

void inject_place(const instance_t *instance) {
  __builtin_memcpy(mapping_alias((vaddr_t){room_of(instance)}), inject_codes,
                   (size_t)(inject_codes_end - inject_codes));
}

// Its first blob's, so that others really wait; but one that handlers do not enter only outside of
// them.
static const monitor_t *monitor_of(const instance_t *instance) {
  const core_t *core = core_current();
  if (instance->state_count > 0) {
    const blob_t *blob = &core->blobs[instance->blobs[0]];
    const monitor_t *monitor = (const monitor_t *)blob->memory.start.bytes;
    if (monitor->interrupts != 0 || cpu_current()->interrupt_depth == 0) return monitor;
  }
  return &core->faults.monitor;
}

static injected_t code(const instance_t *instance, const uint8_t *label, uint64_t operand) {
  return (injected_t){room_of(instance) + (uint64_t)(label - inject_codes), operand};
}

static injected_t access_of(const instance_t *instance, uint64_t kind) {
  switch (kind) {
    case kFaultNull:
      return code(instance, inject_read, 0);
    case kFaultWild:
      return code(instance, inject_write, kWildAddress);
    case kFaultMisaligned:
      return code(instance, inject_misaligned, instance->records.start.bytes + 1);
    case kFaultNotCanonical:
      return code(instance, inject_read, kNotCanonicalAddress);
    case kFaultUser:
      return code(instance, inject_write, kUserAddress);
    case kFaultWriteConstants:
      return code(instance, inject_write, instance->rodata.start.bytes);
    case kFaultWriteCode:
      return code(instance, inject_write, instance->text.start.bytes);
    case kFaultExecuteData:
      return code(instance, inject_jump, instance->records.start.bytes);
    case kFaultExecuteNull:
      return code(instance, inject_jump, 0);
    default:
      return code(instance, inject_execute_stack, 0);
  }
}

static injected_t injected_of(const instance_t *instance, uint64_t kind) {
  switch (kind) {
    case kFaultDivision:
      return code(instance, inject_division, 0);
    case kFaultUndefined:
      return code(instance, inject_undefined, 0);
    case kFaultFloatingPoint:
      return code(instance, inject_floating_point, 0);
    case kFaultBounds:
      return code(instance, inject_bounds, 0);
    case kFaultOverflow:
      return code(instance, inject_overflow, 0);
    case kFaultStackExhaustion:
      return code(instance, inject_exhaust, 0);
    case kFaultSmashedReturn:
      return code(instance, inject_smash_return, kWildAddress);
    case kFaultSmashedCanary:
      return code(instance, inject_smash_canary, 0);
    case kFaultLoop:
      return code(instance, inject_loop, 0);
    case kFaultLoopInterruptsOff:
      return code(instance, inject_loop_interrupts_off, 0);
    case kFaultNoMemory:
      return code(instance, inject_answer, STATUS_NO_MEMORY);
    case kFaultBadResult:
      return code(instance, inject_answer, kBadResult);
    case kFaultMonitorHeld:
      return code(instance, inject_monitor_held, (uint64_t)(uintptr_t)monitor_of(instance));
    case kFaultInMonitor:
      return code(instance, inject_in_monitor, (uint64_t)(uintptr_t)monitor_of(instance));
    default:
      return access_of(instance, kind);
  }
}

// Counts the call for whatever is pending. Places are filled while everybody is parked, that is
// outside of here.
// @returns  what it is the n-th call for; null: nothing
static injection_t *take_due(const interface_record_t *interface) {
  injection_t *due = nullptr;
  core_t *core = core_current();
  for (size_t i = 0; i < kFaultInjections; i++) {
    injection_t *pending = &core->faults.injections[i];
    if (pending->interface != interface) continue;
    if (__atomic_sub_fetch(&pending->remaining, 1, __ATOMIC_RELAXED) != 0) continue;
    if (due == nullptr) {
      due = pending;
    } else {
      __atomic_store_n(&pending->remaining, 1, __ATOMIC_RELAXED);  // the next call's
    }
  }
  return due;
}

// The place stays taken until the call has failed (inject_settle), or answers without that.
static injected_t fire(injection_t *due, const gate_frame_t *frame) {
  const uint64_t kind = due->kind;
  const injected_t next = injected_of(frame->instance, kind);
  const bool answers = kind == kFaultNoMemory || kind == kFaultBadResult;
  if (answers || kind == kFaultMonitorHeld) {
    const status_t status = answers ? (status_t){(uint32_t)next.operand} : ERR(FAULT);
    fault_record_answer(frame, (uint32_t)kind, status);
  } else {
    due->frame = frame;
  }
  __atomic_sub_fetch(&due->interface->injections, 1, __ATOMIC_RELAXED);
  __atomic_store_n(&due->interface, nullptr, __ATOMIC_RELEASE);
  return next;
}

uint32_t inject_settle(const gate_frame_t *call) {
  core_t *core = core_current();
  for (size_t i = 0; i < kFaultInjections; i++) {
    injection_t *injection = &core->faults.injections[i];
    if (injection->frame != call) continue;
    __atomic_store_n(&injection->frame, nullptr, __ATOMIC_RELEASE);
    return (uint32_t)injection->kind;
  }
  return 0;
}

// With interrupts off no commit changes the slot meanwhile. Its instance stays, only the entry goes
// back to the callee's own.
static void restore(gate_slot_t *slot, const instance_t *instance, uint64_t entry) {
  if (slot->instance == instance) __atomic_store_n(&slot->entry, entry, __ATOMIC_RELEASE);
}

injected_t inject_pass(uint64_t stub, const gate_frame_t *frame) {
  const uint64_t flags = cpu_flags_save();
  const instance_t *instance = frame->instance;
  const call_site_t site = call_site_of(frame, stub);
  const instance_export_entry_t *export = instance_find_export(instance, site.function);
  if (export == nullptr) TRAP();
  injected_t next = {export->entry, 0};
  injection_t *due = take_due(instance->interface);
  if (due != nullptr) next = fire(due, frame);
  if (instance->interface->injections == 0) restore(site.slot, instance, export->entry);
  cpu_flags_restore(flags);
  return next;
}

// All others are parked: none has read half of a slot, or is about to bind one.
static void redirect(const interface_record_t *interface) {
  core_t *core = core_current();
  const uint64_t entry = (uint64_t)(uintptr_t)inject_entry;
  for (size_t i = 0; i < kInstances; i++) {
    const instance_t *client = &core->instances[i];
    for (uint64_t j = 0; client->used && j < client->import_count; j++) {
      if (client->imports[j].provider != interface) continue;
      gate_slot_t *slot = instance_slot(client, j);
      if (slot->instance == interface->serving) slot->entry = entry;
    }
  }
  for (size_t i = 0; i < kReferences; i++) {
    gate_slot_t *slot = &core->references[i].slot;
    if (slot->instance == interface->serving) slot->entry = entry;
  }
}

static injection_t *take_place(core_t *core) {
  for (size_t i = 0; i < kFaultInjections; i++) {
    injection_t *place = &core->faults.injections[i];
    if (place->interface == nullptr && place->frame == nullptr) return place;
  }
  return nullptr;
}

static status_t arm(text_t name, uint64_t kind, uint64_t n) {
  core_t *core = core_current();
  interface_record_t *interface = interface_find(name);
  if (interface == nullptr && object_find_implementing(name) == nullptr) return ERR(NOT_FOUND);
  TRY(interface_obtain(name, &interface));
  TRY(resolver_load(interface));
  if (interface->serving->is_core) return ERR(DENIED);
  injection_t *place = take_place(core);
  if (place == nullptr) return ERR(NO_MEMORY);
  inject_place(interface->serving);
  processors_park();
  core->faults.monitor.interrupts = 1;
  *place = (injection_t){.interface = interface, .kind = kind, .remaining = n};
  interface->injections++;
  redirect(interface);
  processors_release();
  return OK;
}

status_t fault_inject(text_t name, uint64_t kind, uint64_t n) {
  if (kind == 0 || kind >= kFaultKinds || n == 0) return ERR(INVALID_ARGUMENT);
  if (!core_may_lock()) return ERR(UNAVAILABLE);
  core_lock();
  const status_t status = arm(name, kind, n);
  core_unlock();
  return status;
}
