// SPDX-License-Identifier: MIT
/// @file
/// A machine whose processors are fibers of one thread.
#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "testing/interleave/fiber.h"
#include "testing/interleave/plan.h"
#include "testing/interleave/suite.h"
#include "testing/interleave/undo_log.h"

namespace interleave {

class Machine {
 public:
  /// Prepares the suite, and measures how long its schedules are.
  bool Start();

  /// Makes the schedule once more in which Start failed, and traces it.
  void Repeat();

  /// Makes the schedule of that seed. Returns whether everything held; failure() says what did not.
  bool Run(uint64_t seed);

  const std::string &failure() const { return failure_; }
  void set_tracing(bool tracing) { tracing_ = tracing; }
  uint64_t points() const { return point_; }

  /// Puts the blobs back, and compares them with what they were. Returns the name of a blob that
  /// was stored to without state_set and its like, or a null pointer.
  const char *FindStrayStore();

  // What the suite and the cells call, on the stack of a processor or of the control fiber.
  void Enter(const monitor_t *monitor);
  void Exit(const monitor_t *monitor);
  void Store(const void *place, size_t bytes);
  void Call(const char *function, bool anywhere);
  void Point() {
    if (self_ >= 0 && ++point_ >= next_) Decide();
  }
  void Reschedule();
  void Yield();
  void WaitUntil(bool (*ready)(void *), void *argument, const char *what);
  bool IsParked(int processor) const;
  [[noreturn]] void Fail(const std::string &message);
  void Trace(const char *format, ...) __attribute__((format(printf, 2, 3)));

  bool is_tracing() const { return tracing_; }
  int self() const { return self_; }
  int count() const { return count_; }

 private:
  // As deep as on the machine (nano_core/api/monitor.h).
  static constexpr size_t kDepth = 8;

  struct Processor {
    Fiber fiber;
    std::array<const monitor_t *, kDepth> held = {};
    size_t depth = 0;
    const monitor_t *wanted = nullptr;  // waits until this serves `ticket`
    uint32_t ticket = 0;
    bool (*ready)(void *) = nullptr;  // waits until this holds
    void *ready_argument = nullptr;
    const char *ready_what = nullptr;
    int operations = 0;
    Random random{0};
    bool in_handler = false;
    bool done = false;
  };

  enum Phase { kPrepare, kBegin, kEnd };

  static void ControlEntry();
  static void ProcessorEntry();
  bool RunControl(Phase phase);
  bool RunSchedule(uint64_t seed, uint64_t points);
  uint64_t LongestUndisturbed(int processors);
  void Deal(uint64_t seed);
  void RunProcessor();
  [[noreturn]] void Leave();
  void SwitchTo(int processor);
  void Decide();
  void Interrupt();
  bool IsInterruptible() const;
  bool IsRunnable(const Processor &processor) const;
  unsigned Runnable() const;
  std::string Deadlock() const;
  Processor &current() { return processors_[static_cast<size_t>(self_)]; }
  void RecordMonitor(const monitor_t *monitor);

  Plan plan_;
  std::array<Processor, kMostProcessors> processors_;
  Fiber control_;
  void *main_ = nullptr;  // the stack of whoever called Run
  Phase phase_ = kPrepare;
  Random suite_random_{0};
  std::array<uint64_t, kMostProcessors + 1> points_of_ = {};  // by number of processors
  UndoLog log_;
  uint64_t seed_ = 0;
  int count_ = 0;
  int self_ = -1;  // -1: no processor
  uint64_t point_ = 0;
  uint64_t next_ = 0;
  bool started_ = false;
  bool failed_ = false;
  bool tracing_ = false;
  std::string failure_;
};

/// The one that monitor_enter and the suite's functions reach.
Machine &TheMachine();

}  // namespace interleave
