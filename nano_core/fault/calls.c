// SPDX-License-Identifier: MIT
#include "nano_core/fault/calls.h"

#include "nano_core/instance/instance.h"

// A call with a displacement of 32 bits, which is how cells call imports.
enum { kCallOpcode = 0xe8, kCallBytes = 5 };

// Where the call before `return_address` goes; 0: it is of another form.
static uint64_t target_before(const instance_t *caller, uint64_t return_address) {
  if (return_address - caller->text.start.bytes < kCallBytes) return 0;
  const uint8_t *call = (const uint8_t *)(return_address - kCallBytes);
  if (*call != kCallOpcode) return 0;
  int32_t displacement;
  __builtin_memcpy(&displacement, call + 1, sizeof(displacement));
  return return_address + (uint64_t)(int64_t)displacement;
}

// nano_core's own gates keep the slot in rbx; it is the first member of a reference.
static call_site_t site_of_reference(const gate_frame_t *frame) {
  static_assert(offsetof(reference_record_t, slot) == 0);
  reference_record_t *record = (reference_record_t *)frame->rbx;
  return (call_site_t){&record->slot, name_text(&record->function)};
}

call_site_t call_site_of(const gate_frame_t *frame, uint64_t stub) {
  const instance_t *caller = instance_at(frame->return_address);
  if (caller == nullptr) return site_of_reference(frame);
  if (stub == 0) stub = target_before(caller, frame->return_address);
  const uint64_t index = (stub - caller->stubs.bytes) / STUB_BYTES;
  if (index >= caller->import_count) return (call_site_t){};
  return (call_site_t){instance_slot(caller, index), caller->imports[index].function};
}
