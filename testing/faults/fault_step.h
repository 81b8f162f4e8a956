// SPDX-License-Identifier: MIT
/// @file
/// A fault at each instruction of a published function. Each instruction gets a call of its own:
/// the call is first made twice undisturbed, which shows what it does, and put back each time; then
/// it is made with the fault. From there the machine goes on, to the next call of the function.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nano_core/api/status.h"
#include "testing/faults/call.h"
#include "testing/specimens/repeater/repeater.h"

namespace step {

/// A word of a blob.
struct Word {
  std::string blob;
  uint64_t offset;
};

/// A call in which faults are made, always the same way.
struct Probe {
  std::string cell;
  std::string function;
  std::string way;  // that it goes in the function, for the list

  /// Runs the machine to the function's first instruction; false: that is another call.
  std::function<bool(uint64_t first)> arrive;

  /// What devices must be given once more for the call to be made again.
  std::function<void()> again = {};

  Lent lent = {};

  /// What it answers.
  status_code answer = STATUS_OK;

  /// Words that it changes whether or not it fails: readings of a clock, and what is published by
  /// state_publish, which is not undone. Not compared.
  std::vector<Word> published = {};
};

/// How often what became of it.
struct Tally {
  size_t instructions = 0;
  size_t before = 0;   // the state is what it was before the call
  size_t after = 0;    // it is what it is after a call that succeeded
  size_t callee = 0;   // it was a call that the function makes that failed
  size_t entries = 0;  // instructions among them that count an entry of the undo log
  size_t core = 0;     // instructions of nano_core on the way, which are none of them
};

/// A fixture; the machine is booted once for all tests of a program.
class FaultStep : public testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  Stepper &stepper() { return *stepper_; }
  Harness &harness() { return *harness_; }

  /// Has the repeater make this call from now on.
  void Choose(repeater_call call);

  /// The call that the repeater makes.
  Probe ByRepeater(repeater_call call, const std::string &cell, const std::string &function,
                   const std::string &way);

  /// Makes each instruction of the function fail that an undisturbed call comes by: the first time
  /// that it does, and the last time. Prints a list of them. What must hold each time:
  /// - the caller gets FAULT, with its own registers;
  /// - all blobs of the cell are as before, or all as after the call; each of another cell's, too;
  /// - monitors, gates, interrupts and nano_core's frames are as they were;
  /// - the next call answers as always.
  Tally FaultAtEach(const Probe &probe);

  /// Frames that nobody holds, while the repeater makes no call.
  uint64_t FreeFrames();

 private:
  struct Target {
    uint64_t address;
    size_t occurrence;
    std::string outcome;
  };

  bool Arrive();
  Call Capture();
  Effect Undisturbed(Call *call);
  bool ReadsClock();
  bool RecordOnce(std::vector<uint64_t> *path);
  std::vector<Target> Record();
  bool Try(Target *target);
  std::string Hit(Call *call, const Effect &effect, const Target &target);
  std::string HitCallee(Call *call, const Effect &effect, const Target &target,
                        const GateFrame &ended);
  void ExpectLeft(const Call &call, const Registers &now);
  Changes Seen();
  std::string OwnState(const Effect &effect, const Changes &seen);
  void ExpectOthersWhole(const Effect &effect, const Changes &seen);
  std::string Show(const Effect &effect, const Changes &seen);
  std::string Describe(uint64_t address);
  bool CountsEntry(uint64_t address);
  Tally Print(const std::vector<Target> &targets);
  repeater_counts_t ReadCounts();

  static std::unique_ptr<Harness> harness_;
  static std::unique_ptr<Stepper> stepper_;
  const Probe *probe_ = nullptr;
  Cell cell_;
  uint64_t first_ = 0;  // instruction of the function
  bool reads_clock_ = false;
  std::unique_ptr<State> state_;
  std::unique_ptr<Symbols> symbols_;  // of the cell
  std::set<uint64_t> monitors_;       // that the call enters
  std::set<uint64_t> published_;      // words
  uint64_t site_ = 0;                 // where the repeater makes the call
  size_t core_ = 0;                   // instructions of nano_core that the call comes by
  size_t faults_ = 0;                 // that the caller was told of
};

}  // namespace step
