// SPDX-License-Identifier: MIT
/// @file
/// Walks through a chosen piece of code in a machine, one instruction at a time, and lets a test do
/// something at each of them.
///
/// The machine repeats the same operation again and again. First the stepper records one pass of
/// it, instruction by instruction and undisturbed: the path. Then it waits for a pass for each
/// instruction of the path, stops there, and hands over to the test.
#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "testing/step/guest.h"

namespace step {

/// One instruction of a path.
struct Point {
  uint64_t address;
  bool admits;  // a pending interrupt is taken before this instruction

  bool operator==(const Point &) const = default;
};

/// A piece of what the machine does over and over.
struct Path {
  /// Runs the machine to the first point; false: it came out elsewhere, try once more. From there
  /// on nothing but an interrupt may lead it off the path.
  std::function<bool()> arrive;
  std::vector<Point> points;
  uint64_t turn;  // where every pass comes by after its last point, or with it

  /// The addresses of the path that lie in any of the ranges.
  std::set<uint64_t> Within(const std::vector<Range> &ranges) const;

  /// The place of an address' first occurrence.
  size_t Find(uint64_t address) const;
};

/// An interrupt or exception that nano_core is about to handle.
struct Taken {
  uint64_t address;  // of the instruction that was interrupted
  uint64_t vector;
  uint64_t frame;  // where its registers were saved
};

/// What became of it.
struct Outcome {
  uint64_t address;  // where the interrupted code goes on
  bool preempted;    // not at once: its task was preempted
};

class Stepper {
 public:
  /// @param harness  must live longer
  explicit Stepper(Harness *harness) : harness_(harness), guest_(harness) {}

  Harness &harness() { return *harness_; }
  Guest &guest() { return guest_; }

  /// nano_core's symbol of that name.
  uint64_t At(const std::string &symbol) const { return harness_->symbols().Find(symbol).first; }
  Range Function(const std::string &symbol) const { return harness_->symbols().Find(symbol); }

  /// Runs until an instruction of `targets` is the next one; at least one instruction is executed.
  /// @returns  which
  uint64_t RunToAny(const std::set<uint64_t> &targets) { return Run(targets, false); }
  void RunTo(uint64_t address) { RunToAny({address}); }

  /// The same without an interrupt on the way. The processor must not run out of work.
  uint64_t RunUndisturbedToAny(const std::set<uint64_t> &targets) { return Run(targets, true); }

  /// Executes one instruction, undisturbed.
  /// @returns  the registers afterwards
  Registers Step();

  /// Records a path, beginning where `arrive` leads, with its last point where `ends` says so; that
  /// is its turn, too. What only one of two passes goes through is no part of it.
  /// @throws std::runtime_error  it does not end, or is never the same
  Path Record(const std::function<bool()> &arrive,
              const std::function<bool(const Registers &)> &ends);

  /// For each instruction of `path` that is in a range: has the machine run to it, by way of the
  /// path's beginning and without an interrupt on the way, and calls `act` there. A pass that goes
  /// another way is followed by the next.
  /// @param act  false: this pass has gone another way after all, so once more
  /// @returns  the addresses at which `act` returned true
  std::set<uint64_t> AtEach(const Path &path, const std::vector<Range> &ranges,
                            const std::function<bool(size_t point)> &act);

  /// Has the keyboard's controller pass on the release of a key that nobody holds.
  void SendKey();

  /// Raises the keyboard's interrupt at this instruction and runs until nano_core has taken it, or
  /// another one that is pending.
  Taken Interrupt();

  /// Where an interrupt that is raised at a point of the path must be taken: at this instruction,
  /// or at the next one that admits it.
  static uint64_t MustBeTakenAt(const Path &path, size_t point);

  /// Runs on until nano_core has handled it.
  Outcome Finish(const Taken &taken);

  /// Makes this very instruction fail with "invalid opcode", once.
  /// @returns  the exception
  Taken Fault();

 private:
  uint64_t Run(const std::set<uint64_t> &targets, bool hold);
  Taken ReadTaken();
  void Arrive(const std::function<bool()> &arrive);
  bool ComeBy(const Path &path, uint64_t address);
  Path RecordOnce(const std::function<bool()> &arrive,
                  const std::function<bool(const Registers &)> &ends);

  Harness *harness_;
  Guest guest_;
};

}  // namespace step
