// SPDX-License-Identifier: MIT
/// @file
/// What nano_core knows about itself, read from the memory of a stopped machine.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "testing/step/harness.h"
#include "testing/step/layout.h"

namespace step {

/// The number of eight bytes that begins at an offset.
uint64_t NumberIn(const std::string &bytes, size_t offset);

/// The words of a processor's block that matter to a step.
struct Processor {
  uint64_t gate_top;
  uint64_t hold_count;
  uint64_t monitors;  // that it is inside of
  uint64_t interrupt_depth;
  uint64_t undo_top;
  uint64_t task;  // address of the record of the task whose step is being made; 0: none

  /// How many frames the gate stack has, if it is a step's: it begins with a page.
  uint64_t gates() const { return gate_top % kPageBytes / step_layout.gate_frame_bytes; }

  static constexpr uint64_t kPageBytes = 4096;
};

/// A blob of the state database.
struct Blob {
  std::string name;
  uint64_t start;
  uint64_t bytes;
};

/// A loaded cell.
struct Cell {
  Range code;
  Range stubs;
  std::vector<std::string> imports;           // what the stubs lead to, in their order
  std::vector<Blob> blobs;                    // that it works on
  std::map<std::string, uint64_t> functions;  // that it publishes, with their first instructions
};

/// @throws std::runtime_error  (every function) there is no such thing
class Guest {
 public:
  explicit Guest(Harness *harness) : harness_(harness) {}

  /// The address of the processor's block. It never changes.
  uint64_t Block();

  Processor ReadProcessor();

  /// Has the running task preempted at the next interrupt that finds it outside of all monitors, or
  /// takes such a wish back.
  void WantPreemption(bool want);

  /// Has the root look at the running task when its step ends, though it has nothing to do there.
  void WantRoot();

  /// Where the cell's code goes to call a function that it imports: 18 instructions for a gated
  /// function, 1 for a direct one of nano_core.
  Range Stub(const std::string &cell, const std::string &function);

  /// Where the blob's bytes lie.
  uint64_t BlobStart(const std::string &name);

  /// All blobs.
  std::vector<Blob> Blobs();

  /// The instance that serves an interface.
  Cell FindCell(const std::string &interface);

  /// How many frames nano_core holds, and how many of them lie in its reserve.
  std::pair<uint64_t, uint64_t> CoreFrames();

 private:
  uint64_t Core();
  std::optional<Blob> BlobAt(uint64_t place);
  uint64_t Instance(const std::string &interface);
  std::string Name(uint64_t address);
  std::string Text(uint64_t address);
  uint64_t Number(uint64_t address, size_t bytes = 8);

  Harness *harness_;
  uint64_t block_ = 0;
};

}  // namespace step
