// SPDX-License-Identifier: MIT
/// @file
/// What a gate finds around it, in a process of the host: a per-processor block at gs:, a gate
/// stack, and pages for stubs with their slots within reach. One at a time per thread.
#pragma once
#include <cstddef>
#include <cstdint>

#include "nano_core/gate/gate.h"

class HostGate {
 public:
  enum { kStubs = 4, kFrames = 16 };

  HostGate();
  ~HostGate();
  HostGate(const HostGate &) = delete;
  HostGate &operator=(const HostGate &) = delete;

  /// Emits the stub number `index`; its slot is slot(index).
  void Emit(size_t index);
  void EmitDirect(size_t index);

  uint64_t StubAddress(size_t index) const { return pages_ + index * STUB_BYTES; }
  gate_slot_t *slot(size_t index) const;

  /// The stub as a function that takes and returns integers.
  template <typename Function>
  Function As(size_t index) const {
    return reinterpret_cast<Function>(StubAddress(index));
  }

  /// The frame that the next gate will fill.
  gate_frame_t *top() const { return reinterpret_cast<gate_frame_t *>(block_[CPU_GATE_TOP / 8]); }
  void set_top(gate_frame_t *top) { block_[CPU_GATE_TOP / 8] = reinterpret_cast<uint64_t>(top); }
  gate_frame_t *base() { return frames_; }

 private:
  alignas(64) uint64_t block_[16] = {};
  gate_frame_t frames_[kFrames] = {};
  uint64_t pages_;
};

/// Instances are compared only, never followed.
inline struct instance *FakeInstance(uint64_t number) {
  return reinterpret_cast<struct instance *>(number << 12);
}
