// SPDX-License-Identifier: MIT
#include "testing/faults/call.h"

namespace step {
namespace {

// What of the caller's stack is put back: the return address, and then some.
constexpr size_t kStackBytes = 256;

}  // namespace

Call::Call(Stepper *stepper, State *state, const Lent &lent, const std::function<void()> &again)
    : stepper_(stepper),
      state_(state),
      again_(again),
      registers_(stepper->harness().remote().ReadRegisters()),
      processor_(stepper->guest().ReadProcessor()),
      core_frames_(stepper->guest().CoreFrames()) {
  const Memory &memory = stepper->harness().memory();
  frame_ = ReadFrame(processor_.gate_top - step_layout.gate_frame_bytes);
  const uint64_t page_rest = Memory::kPageBytes - registers_.rsp % Memory::kPageBytes;
  stack_ = memory.Read(registers_.rsp, std::min<uint64_t>(kStackBytes, page_rest));
  if (lent.where != nullptr) lent_at_ = registers_.*lent.where;
  if (lent.where != nullptr) lent_ = memory.Read(lent_at_, lent.bytes);
  state_->Keep();
}

GateFrame Call::ReadFrame(uint64_t place) {
  const Memory &memory = stepper_->harness().memory();
  return {place, memory.ReadNumber(place + step_layout.gate_frame_return),
          memory.ReadNumber(place + step_layout.gate_frame_stack)};
}

bool Call::HasReturned(const Registers &now) const {
  return now.rip == frame_.return_address && now.rsp == frame_.stack_pointer;
}

Registers Call::Finish(const GateFrame &frame) {
  for (;;) {
    stepper_->RunUndisturbedToAny({frame.return_address});
    const Registers now = stepper_->harness().remote().ReadRegisters();
    if (now.rsp == frame.stack_pointer) return now;
  }
}

bool Call::RunTo(uint64_t address, size_t occurrence) {
  Remote &remote = stepper_->harness().remote();
  size_t seen = remote.ReadInstructionPointer() == address ? 1 : 0;
  while (seen < occurrence) {
    const uint64_t at = stepper_->RunUndisturbedToAny({address, frame_.return_address});
    if (at == address) seen++;
    if (at != address && HasReturned(remote.ReadRegisters())) return false;
  }
  return true;
}

// The frame of its gate is still there: it lies above the top of the gate stack, but nobody has
// made another call since.
void Call::Rewind() {
  Memory &memory = stepper_->harness().memory();
  state_->PutBack(state_->Compare());
  memory.Write(registers_.rsp, stack_);
  if (!lent_.empty()) memory.Write(lent_at_, lent_);
  const uint64_t block = stepper_->guest().Block();
  memory.WriteNumber(block + step_layout.cpu_gate_top, processor_.gate_top);
  memory.WriteNumber(block + step_layout.cpu_undo_top, processor_.undo_top);
  stepper_->harness().remote().WriteRegisters(registers_);
  if (again_) again_();
}

// As nano_core decides it: before the return address has left the stack the gate is moved back to
// its start; from there on its frame counts as published.
GateFrame Call::Endangered(const Range &stubs) {
  const Registers now = stepper_->harness().remote().ReadRegisters();
  const uint64_t top = stepper_->guest().ReadProcessor().gate_top;
  const uint64_t start = stepper_->At("gate_template");
  const Range filling = {stepper_->At("gate_template_popped") - start,
                         stepper_->At("gate_template_published") - start};
  const uint64_t offset = (now.rip - stubs.first) % step_layout.stub_bytes;
  if (!stubs.Contains(now.rip) || !filling.Contains(offset)) {
    return ReadFrame(top - step_layout.gate_frame_bytes);
  }
  GateFrame frame = ReadFrame(top);
  frame.stack_pointer = now.rsp;
  return frame;
}

}  // namespace step
