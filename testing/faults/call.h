// SPDX-License-Identifier: MIT
/// @file
/// One call of a published function, stopped at the function's first instruction. From there it can
/// be made several times: what it has done is put back in between.
#pragma once
#include <functional>
#include <string>

#include "testing/faults/state.h"
#include "testing/step/stepper.h"

namespace step {

/// A frame of the gate stack.
struct GateFrame {
  uint64_t place;
  uint64_t return_address;
  uint64_t stack_pointer;  // of the caller, after the return

  bool operator==(const GateFrame &) const = default;
};

/// Memory that a caller lends.
struct Lent {
  uint64_t Registers::*where = nullptr;  // the argument that points there; null: nothing is lent
  size_t bytes = 0;
};

class Call {
 public:
  /// Copies what the call may change.
  /// @param again  what devices are to be given once more when the call is made again; empty: none
  Call(Stepper *stepper, State *state, const Lent &lent, const std::function<void()> &again);

  const GateFrame &frame() const { return frame_; }
  const Registers &registers() const { return registers_; }
  const Processor &processor() const { return processor_; }
  std::pair<uint64_t, uint64_t> core_frames() const { return core_frames_; }

  /// Whether it has just returned to its caller.
  bool HasReturned(const Registers &now) const;

  /// Runs until a call has returned to its caller, without an interrupt on the way.
  /// @returns  the registers then
  Registers Finish() { return Finish(frame_); }
  Registers Finish(const GateFrame &frame);

  /// Runs to the nth time that `address` comes next; false: the call has ended before.
  bool RunTo(uint64_t address, size_t occurrence);

  /// Once it has returned, or wherever it is: goes back to its first instruction.
  void Rewind();

  /// The frame of the call that ends if this instruction fails.
  /// @param stubs  of the cell
  GateFrame Endangered(const Range &stubs);

 private:
  GateFrame ReadFrame(uint64_t place);

  Stepper *stepper_;
  State *state_;
  std::function<void()> again_;
  Registers registers_;
  Processor processor_;
  GateFrame frame_;
  std::string stack_;  // from the stack pointer on
  uint64_t lent_at_ = 0;
  std::string lent_;
  std::pair<uint64_t, uint64_t> core_frames_;
};

}  // namespace step
