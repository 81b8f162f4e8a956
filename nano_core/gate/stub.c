// SPDX-License-Identifier: MIT
#include "nano_core/gate/gate.h"

// Labels of gate.S.
extern const uint8_t gate_template[], gate_template_instance[], gate_template_entry[];
extern const uint8_t gate_template_popped[], gate_template_published[], gate_template_end[];
extern const uint8_t gate_direct_template[], gate_direct_template_entry[];
extern const uint8_t gate_direct_template_end[];
extern const uint8_t gate_invoke_published[], gate_pass_published[];

enum { kTrapByte = 0xcc, kDisplacementBytes = 4 };

// Stores the displacement that ends right before offset `end` of the instruction stream.
static void patch(uint8_t *code, uint64_t end, uint64_t address, uint64_t target) {
  const int32_t displacement = (int32_t)(int64_t)(target - (address + end));
  __builtin_memcpy(code + end - kDisplacementBytes, &displacement, kDisplacementBytes);
}

void gate_emit(uint8_t *code, uint64_t address, uint64_t slot_address) {
  const size_t bytes = (size_t)(gate_template_end - gate_template);
  __builtin_memset(code, kTrapByte, STUB_BYTES);
  __builtin_memcpy(code, gate_template, bytes);
  patch(code, (uint64_t)(gate_template_instance - gate_template), address,
        slot_address + SLOT_INSTANCE);
  patch(code, (uint64_t)(gate_template_entry - gate_template), address, slot_address + SLOT_ENTRY);
}

void gate_emit_direct(uint8_t *code, uint64_t address, uint64_t slot_address) {
  const size_t bytes = (size_t)(gate_direct_template_end - gate_direct_template);
  __builtin_memset(code, kTrapByte, STUB_BYTES);
  __builtin_memcpy(code, gate_direct_template, bytes);
  patch(code, (uint64_t)(gate_direct_template_entry - gate_direct_template), address,
        slot_address + SLOT_ENTRY);
}

gate_position_t gate_rewind(uint64_t offset, uint64_t start, gate_frame_t *top,
                            uint64_t stack_pointer) {
  const uint64_t popped = (uint64_t)(gate_template_popped - gate_template);
  const uint64_t published = (uint64_t)(gate_template_published - gate_template);
  if (offset < popped) return (gate_position_t){.instruction = start, .publish = false};
  if (offset >= published) {
    return (gate_position_t){.instruction = start + offset, .publish = false};
  }
  // The return address is in the frame already, so the gate cannot start anew; instance and entry
  // were read before this interrupt, hence before any commit, and fit each other.
  top->stack_pointer = stack_pointer;
  return (gate_position_t){.instruction = start + published, .publish = true};
}

static bool rewind_within(uint64_t *instruction, const void *first, const void *end) {
  const uint64_t start = (uint64_t)(uintptr_t)first;
  if (*instruction < start || *instruction >= (uint64_t)(uintptr_t)end) return false;
  *instruction = start;
  return true;
}

bool gate_invoke_rewind(uint64_t *instruction) {
  return rewind_within(instruction, gate_invoke_start, gate_invoke_published) ||
         rewind_within(instruction, gate_pass_start, gate_pass_published);
}
