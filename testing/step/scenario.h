// SPDX-License-Identifier: MIT
/// @file
/// What the stepping tests have in common: a machine in which one task makes one step after the
/// other, each a call through a gate, and what must hold whenever the task asks its next question.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "testing/step/stepper.h"

namespace step {

/// The counts of the cell `stepped`.
struct Counts {
  uint64_t asked;
  uint64_t right;
  uint64_t wrong;
  uint64_t failed;
};

/// A fixture; the machine is booted once for all tests of a program.
class Scenario : public testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  /// Makes sure that the task runs, and stops the machine where it asks a question.
  void SetUp() override;

  Stepper &stepper() { return *stepper_; }
  Remote &remote() { return harness_->remote(); }

  /// Makes the task, which must not be there.
  void StartTask();

  /// Whether the shell lists the task.
  bool HasTask();

  /// The stub through which the task asks.
  Range Stub() const { return stub_; }

  /// From a question to the next one, the whole of a step and of the way between two steps.
  Path Round();

  /// Runs to where the task asks its next question, in the first instruction of the stub. There it
  /// must be in one call (its step) and in no monitor, and nothing may hold off preemption.
  /// @returns  what was counted since the last time
  Counts NextQuestion();

  /// What was counted since the last time, up to this instruction.
  Counts Change();

  /// The same; each question since the last time must have been answered, and rightly.
  void ExpectRightAnswers();

  /// Where an interrupted gate goes on (docs/book/gates.md); other code goes on where it was.
  uint64_t Settled(uint64_t address) const;

  /// Interrupts the machine at each instruction in `ranges`.
  void InterruptAtEach(const Path &path, const std::vector<Range> &ranges);

  /// The same, and the interrupt preempts the task.
  void PreemptAtEach(const Path &path, const std::vector<Range> &ranges);

  static std::string Hex(uint64_t address);

 private:
  Counts ReadCounts();
  uint64_t Preemptions();  // of the task
  void Preempt(uint64_t expected);

  static std::unique_ptr<Harness> harness_;
  static std::unique_ptr<Stepper> stepper_;
  static Range stub_;
  static uint64_t blob_;
  static uint64_t task_;
  Counts last_ = {};
};

}  // namespace step
