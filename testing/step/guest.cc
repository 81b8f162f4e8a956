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
  return {
      NumberIn(block, step_layout.cpu_gate_top), NumberIn(block, step_layout.cpu_hold_count),
      held / step_layout.held_bytes - 1,         NumberIn(block, step_layout.cpu_interrupt_depth),
      NumberIn(block, step_layout.cpu_undo_top), NumberIn(block, step_layout.cpu_task)};
}

void Guest::WantPreemption(bool want) {
  harness_->remote().WriteNumber(Block() + step_layout.cpu_preempt_wanted, want ? 1 : 0, 4);
}

// A task that has failed is not just given its next step.
void Guest::WantRoot() {
  const uint64_t task = ReadProcessor().task;
  harness_->remote().WriteNumber(task + step_layout.task_failures, 1, 4);
}

uint64_t Guest::Instance(const std::string &interface) {
  for (uint64_t i = 0; i < step_layout.instance_count; i++) {
    const uint64_t instance = Core() + step_layout.core_instances + i * step_layout.instance_bytes;
    if (Number(instance + step_layout.instance_used, 1) == 0) continue;
    const uint64_t record = Number(instance + step_layout.instance_interface);
    if (record != 0 && Name(record + step_layout.interface_name) == interface) return instance;
  }
  throw std::runtime_error("no instance of " + interface + " is loaded");
}

Range Guest::Stub(const std::string &cell, const std::string &function) {
  const uint64_t instance = Instance(cell);
  const uint64_t imports = Number(instance + step_layout.instance_imports);
  const uint64_t count = Number(instance + step_layout.instance_import_count);
  for (uint64_t n = 0; n < count; n++) {
    const uint64_t import = imports + n * step_layout.import_bytes;
    if (Text(import + step_layout.import_function) != function) continue;
    const uint64_t first =
        Number(instance + step_layout.instance_stubs) + n * step_layout.stub_bytes;
    return {first, first + step_layout.stub_bytes};
  }
  throw std::runtime_error(cell + " does not import " + function);
}

std::optional<Blob> Guest::BlobAt(uint64_t place) {
  const uint64_t blob = Core() + step_layout.core_blobs + place * step_layout.blob_bytes;
  if (Number(blob + step_layout.blob_used, 1) == 0) return {};
  return Blob{Name(blob + step_layout.blob_name), Number(blob + step_layout.blob_start),
              Number(blob + step_layout.blob_length)};
}

std::vector<Blob> Guest::Blobs() {
  std::vector<Blob> blobs;
  for (uint64_t i = 0; i < step_layout.blob_count; i++) {
    if (const std::optional<Blob> blob = BlobAt(i)) blobs.push_back(*blob);
  }
  return blobs;
}

uint64_t Guest::BlobStart(const std::string &name) {
  for (const Blob &blob : Blobs()) {
    if (blob.name == name) return blob.start;
  }
  throw std::runtime_error("the state database has no blob " + name);
}

Cell Guest::FindCell(const std::string &interface) {
  const uint64_t instance = Instance(interface);
  const uint64_t code = Number(instance + step_layout.instance_text);
  const uint64_t stubs = Number(instance + step_layout.instance_stubs);
  const uint64_t imports = Number(instance + step_layout.instance_import_count);
  Cell cell = {{code, code + Number(instance + step_layout.instance_text_bytes)},
               {stubs, stubs + imports * step_layout.stub_bytes},
               {},
               {},
               {}};
  const uint64_t import = Number(instance + step_layout.instance_imports);
  for (uint64_t i = 0; i < imports; i++) {
    cell.imports.push_back(
        Text(import + i * step_layout.import_bytes + step_layout.import_function));
  }
  const uint64_t blobs = Number(instance + step_layout.instance_blobs);
  const uint64_t count = Number(instance + step_layout.instance_state_count);
  for (uint64_t i = 0; i < count; i++) {
    const std::optional<Blob> blob = BlobAt(Number(blobs + i * sizeof(uint32_t), sizeof(uint32_t)));
    if (blob) cell.blobs.push_back(*blob);
  }
  const uint64_t exports = Number(instance + step_layout.instance_exports);
  const uint64_t published = Number(instance + step_layout.instance_export_count);
  for (uint64_t i = 0; i < published; i++) {
    const uint64_t entry = exports + i * step_layout.export_bytes;
    cell.functions[Text(entry + step_layout.export_function)] =
        Number(entry + step_layout.export_entry);
  }
  return cell;
}

std::pair<uint64_t, uint64_t> Guest::CoreFrames() {
  return {Number(Core() + step_layout.core_frames_taken),
          Number(Core() + step_layout.core_reserve_count)};
}

}  // namespace step
