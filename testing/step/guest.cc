// SPDX-License-Identifier: MIT
#include "testing/step/guest.h"

#include <cstring>
#include <stdexcept>

namespace step {
namespace {

constexpr size_t kLongestName = 256;

}  // namespace

uint64_t NumberIn(const std::string &bytes, size_t offset) {
  uint64_t number;
  std::memcpy(&number, bytes.substr(offset, sizeof number).data(), sizeof number);
  return number;
}

uint64_t Guest::Number(uint64_t address, size_t bytes) {
  return harness_->remote().ReadNumber(address, bytes);
}

std::string Guest::Name(uint64_t address) {
  return harness_->remote().Read(address, step_layout.name_bytes).c_str();
}

std::string Guest::Text(uint64_t address) {
  const uint64_t length = Number(address + step_layout.text_length);
  return harness_->remote().Read(Number(address), std::min<uint64_t>(length, kLongestName));
}

uint64_t Guest::Block() {
  if (block_ != 0) return block_;
  const uint64_t block = harness_->remote().ReadRegisters().gs_base;
  if (block == 0 || Number(block + step_layout.cpu_self) != block) {
    throw std::runtime_error("gs: is not nano_core's block of the processor");
  }
  return block_ = block;
}

uint64_t Guest::Core() { return Number(Block() + step_layout.cpu_core); }

// The list of monitors begins with one that stands for none.
Processor Guest::ReadProcessor() {
  const std::string block = harness_->remote().Read(Block(), step_layout.cpu_held);
  const uint64_t held = NumberIn(block, step_layout.cpu_held_top) - Block() - step_layout.cpu_held;
  return {NumberIn(block, step_layout.cpu_gate_top), NumberIn(block, step_layout.cpu_hold_count),
          held / step_layout.held_bytes - 1, NumberIn(block, step_layout.cpu_interrupt_depth),
          NumberIn(block, step_layout.cpu_task)};
}

void Guest::WantPreemption(bool want) {
  harness_->remote().WriteNumber(Block() + step_layout.cpu_preempt_wanted, want ? 1 : 0, 4);
}

// A task that has failed is not just given its next step.
void Guest::WantRoot() {
  const uint64_t task = ReadProcessor().task;
  harness_->remote().WriteNumber(task + step_layout.task_failures, 1, 4);
}

Range Guest::Stub(const std::string &cell, const std::string &function) {
  for (uint64_t i = 0; i < step_layout.instance_count; i++) {
    const uint64_t instance = Core() + step_layout.core_instances + i * step_layout.instance_bytes;
    if (Number(instance + step_layout.instance_used, 1) == 0) continue;
    const uint64_t interface = Number(instance + step_layout.instance_interface);
    if (interface == 0 || Name(interface + step_layout.interface_name) != cell) continue;
    const uint64_t imports = Number(instance + step_layout.instance_imports);
    const uint64_t count = Number(instance + step_layout.instance_import_count);
    for (uint64_t n = 0; n < count; n++) {
      const uint64_t import = imports + n * step_layout.import_bytes;
      if (Text(import + step_layout.import_function) != function) continue;
      const uint64_t first =
          Number(instance + step_layout.instance_stubs) + n * step_layout.stub_bytes;
      return {first, first + step_layout.stub_bytes};
    }
  }
  throw std::runtime_error("no loaded instance of " + cell + " imports " + function);
}

uint64_t Guest::Blob(const std::string &name) {
  for (uint64_t i = 0; i < step_layout.blob_count; i++) {
    const uint64_t blob = Core() + step_layout.core_blobs + i * step_layout.blob_bytes;
    if (Number(blob + step_layout.blob_used, 1) == 0) continue;
    if (Name(blob + step_layout.blob_name) == name) return Number(blob + step_layout.blob_start);
  }
  throw std::runtime_error("the state database has no blob " + name);
}

}  // namespace step
