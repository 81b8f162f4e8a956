// SPDX-License-Identifier: MIT
#include "nano_core/gate/host_gate.h"

#include <asm/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

namespace {

constexpr size_t kPageBytes = 4096;

void SetProcessorBlock(const void *block) { syscall(SYS_arch_prctl, ARCH_SET_GS, block); }

}  // namespace

HostGate::HostGate() {
  void *pages = mmap(nullptr, 2 * kPageBytes, PROT_READ | PROT_WRITE | PROT_EXEC,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) abort();
  pages_ = reinterpret_cast<uint64_t>(pages);
  block_[CPU_SELF / 8] = reinterpret_cast<uint64_t>(block_);
  set_top(frames_);
  SetProcessorBlock(block_);
}

HostGate::~HostGate() {
  SetProcessorBlock(nullptr);
  munmap(reinterpret_cast<void *>(pages_), 2 * kPageBytes);
}

gate_slot_t *HostGate::slot(size_t index) const {
  return reinterpret_cast<gate_slot_t *>(pages_ + kPageBytes) + index;
}

void HostGate::Emit(size_t index) {
  const uint64_t address = StubAddress(index);
  gate_emit(reinterpret_cast<uint8_t *>(address), address, reinterpret_cast<uint64_t>(slot(index)));
}

void HostGate::EmitDirect(size_t index) {
  const uint64_t address = StubAddress(index);
  gate_emit_direct(reinterpret_cast<uint8_t *>(address), address,
                   reinterpret_cast<uint64_t>(slot(index)));
}
