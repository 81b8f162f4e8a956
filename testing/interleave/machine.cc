// SPDX-License-Identifier: MIT
#include "testing/interleave/machine.h"

#include <cstdarg>
#include <cstdio>

#include "testing/interleave/blobs.h"

namespace interleave {
namespace {

// Schedules with more points than this go round in circles.
constexpr uint64_t kMostPoints = 200000;

// Of those that do, the beginning tells enough.
constexpr uint64_t kMostTraced = 3000;

constexpr int kFewestProcessors = 2;
constexpr int kUsualProcessors = 4;
constexpr uint64_t kFewestOperations = 5;
constexpr uint64_t kMostOperations = 10;

// How many schedules are made to learn how long they are.
constexpr uint64_t kMeasured = 16;

monitor_t *Writable(const monitor_t *monitor) { return const_cast<monitor_t *>(monitor); }

}  // namespace

Machine &TheMachine() {
  static Machine machine;
  return machine;
}

void Machine::Trace(const char *format, ...) {
  if (!tracing_ || (point_ > kMostTraced && !failed_)) return;
  std::printf("%6llu  ", static_cast<unsigned long long>(point_));
  if (self_ >= 0) std::printf("processor %d: ", self_);
  va_list arguments;
  va_start(arguments, format);
  std::vprintf(format, arguments);
  va_end(arguments);
  std::printf("\n");
}

// Leaves a stack for good; what stands on it is lost.
void Machine::Fail(const std::string &message) {
  failed_ = true;
  failure_ = message;
  if (self_ >= 0) failure_ = "processor " + std::to_string(self_) + ": " + message;
  Trace("FAILS: %s", message.c_str());
  Leave();
}

void Machine::Leave() {
  void *left = nullptr;
  interleave_switch(&left, main_);
  __builtin_unreachable();
}

void Machine::ControlEntry() {
  Machine &machine = TheMachine();
  if (machine.phase_ == kPrepare) TheSuite().Prepare();
  if (machine.phase_ == kBegin) TheSuite().Begin(machine.suite_random_, machine.count_);
  if (machine.phase_ == kEnd) TheSuite().End();
  machine.Leave();
}

// Runs a part of the suite that belongs to no processor. Returns whether it did not fail.
bool Machine::RunControl(Phase phase) {
  self_ = -1;
  phase_ = phase;
  control_.Begin(ControlEntry);
  control_.Enter(&main_);
  self_ = -1;
  return !failed_;
}

void Machine::ProcessorEntry() { TheMachine().RunProcessor(); }

void Machine::RunProcessor() {
  Processor &processor = current();
  TheSuite().Run(self_, processor.operations, processor.random);
  if (processor.depth != 0) {
    Fail("ends in the monitor of " + BlobsPlace(processor.held[processor.depth - 1]));
  }
  Trace("is done");
  processor.done = true;
  Reschedule();
  Leave();
}

bool Machine::IsRunnable(const Processor &processor) const {
  if (processor.done) return false;
  if (processor.wanted != nullptr) return processor.wanted->serving == processor.ticket;
  return processor.ready == nullptr || processor.ready(processor.ready_argument);
}

unsigned Machine::Runnable() const {
  unsigned runnable = 0;
  for (int i = 0; i < count_; i++) {
    if (IsRunnable(processors_[static_cast<size_t>(i)])) runnable |= 1u << i;
  }
  return runnable;
}

std::string Machine::Deadlock() const {
  std::string text = "nobody can go on:";
  for (int i = 0; i < count_; i++) {
    const Processor &processor = processors_[static_cast<size_t>(i)];
    text += " processor " + std::to_string(i);
    if (processor.done) {
      text += " is done;";
    } else if (processor.wanted != nullptr) {
      text += " waits for the monitor of " + BlobsPlace(processor.wanted) + ";";
    } else {
      text += std::string(" waits for ") + processor.ready_what + ";";
    }
  }
  text.pop_back();
  return text;
}

void Machine::SwitchTo(int processor) {
  if (processor == self_) return;
  void **left = self_ < 0 ? &main_ : current().fiber.place();
  if (self_ >= 0 && !current().done && current().wanted == nullptr && current().ready == nullptr) {
    Trace("is preempted");
  }
  self_ = processor;
  current().fiber.Enter(left);
}

// Has whoever is to run now do so. Returns when that is the processor it was called on, or, where
// that is done, when all are.
void Machine::Reschedule() {
  if (self_ < 0) return;
  const unsigned runnable = Runnable();
  if (runnable != 0) {
    SwitchTo(plan_.Choose(runnable));
    return;
  }
  for (int i = 0; i < count_; i++) {
    if (processors_[static_cast<size_t>(i)].done) continue;
    self_ = -1;  // it is nobody's failure alone
    Fail(Deadlock());
  }
}

bool Machine::IsInterruptible() const {
  const Processor &processor = processors_[static_cast<size_t>(self_)];
  if (self_ != 0 || processor.in_handler || processor.wanted != nullptr) return false;
  for (size_t i = 0; i < processor.depth; i++) {
    if (processor.held[i]->interrupts != 0) return false;
  }
  return true;
}

void Machine::Interrupt() {
  const size_t depth = current().depth;
  Trace("is interrupted");
  current().in_handler = true;
  TheSuite().Interrupt();
  current().in_handler = false;
  if (current().depth != depth) Fail("the handler ends in a monitor");
  Trace("goes on after the interrupt");
}

void Machine::Decide() {
  if (point_ > kMostPoints) Fail("the schedule does not end");
  const bool interrupted = plan_.AtPoint(point_, self_, IsInterruptible());
  next_ = plan_.next();
  if (next_ > kMostPoints) next_ = kMostPoints;
  if (interrupted) Interrupt();
  Reschedule();
}

void Machine::RecordMonitor(const monitor_t *monitor) {
  if (started_) log_.Record(monitor, sizeof(monitor->next) + sizeof(monitor->serving));
}

void Machine::Enter(const monitor_t *monitor) {
  Point();
  const auto index = static_cast<size_t>(self_ < 0 ? 0 : self_);
  Processor &processor = processors_[index];
  for (size_t i = 0; i < processor.depth; i++) {
    if (processor.held[i] == monitor) {
      Fail(std::string(processor.in_handler ? "an interrupt handler enters" : "enters") +
           " the monitor of " + BlobsPlace(monitor) + ", in which its own processor is already");
    }
  }
  if (processor.depth == kDepth) Fail("is in too many monitors");
  RecordMonitor(monitor);
  processor.ticket = Writable(monitor)->next++;
  if (monitor->serving != processor.ticket) {
    if (self_ < 0) Fail("the monitor of " + BlobsPlace(monitor) + " was not left");
    if (tracing_) Trace("waits for the monitor of %s", BlobsPlace(monitor).c_str());
    processor.wanted = monitor;
    Reschedule();
    processor.wanted = nullptr;
  }
  if (tracing_) Trace("enters the monitor of %s", BlobsPlace(monitor).c_str());
  processor.held[processor.depth++] = monitor;
}

void Machine::Exit(const monitor_t *monitor) {
  Processor &processor = processors_[static_cast<size_t>(self_ < 0 ? 0 : self_)];
  if (processor.depth == 0 || processor.held[processor.depth - 1] != monitor) {
    Fail("leaves the monitor of " + BlobsPlace(monitor) + ", which it is not in, or not last");
  }
  Point();
  if (tracing_) Trace("leaves the monitor of %s", BlobsPlace(monitor).c_str());
  processor.depth--;
  RecordMonitor(monitor);
  Writable(monitor)->serving++;
  if (monitor->serving != monitor->next) Reschedule();
  Point();
}

void Machine::Store(const void *place, size_t bytes) {
  if (self_ >= 0 && current().depth == 0 && TheSuite().StoresNeedMonitor()) {
    Fail("stores to " + BlobsPlace(place) + " outside of every monitor");
  }
  Point();
  if (tracing_) Trace("stores %zu bytes to %s", bytes, BlobsPlace(place).c_str());
  if (started_) log_.Record(place, bytes);
}

void Machine::Call(const char *function, bool anywhere) {
  Point();
  Trace("calls %s", function);
  if (!anywhere && processors_[static_cast<size_t>(self_ < 0 ? 0 : self_)].depth != 0) {
    Fail(std::string("calls ") + function + " in a monitor");
  }
}

void Machine::Yield() {
  if (self_ < 0) return;
  if (++point_ > kMostPoints) Fail("the schedule does not end");
  plan_.Demote(self_);
  Reschedule();
}

void Machine::WaitUntil(bool (*ready)(void *), void *argument, const char *what) {
  if (self_ < 0) return;
  Processor &processor = current();
  if (processor.depth != 0) Fail(std::string("waits for ") + what + " in a monitor");
  Trace("waits for %s", what);
  processor.ready = ready;
  processor.ready_argument = argument;
  processor.ready_what = what;
  Reschedule();
  processor.ready = nullptr;
  Trace("goes on");
}

bool Machine::IsParked(int processor) const {
  const Processor &other = processors_[static_cast<size_t>(processor)];
  return !other.done && other.ready != nullptr && !other.ready(other.ready_argument);
}

// Gives each processor its operations and its random numbers.
void Machine::Deal(uint64_t seed) {
  Random random(seed ^ UINT64_C(0xdea1));
  const auto operations =
      static_cast<int>(kFewestOperations + random.Below(kMostOperations - kFewestOperations + 1));
  suite_random_ = Random(random.Next());
  for (Processor &processor : processors_) {
    processor.fiber.Begin(ProcessorEntry);
    processor.depth = 0;
    processor.wanted = nullptr;
    processor.ready = nullptr;
    processor.in_handler = false;
    processor.done = false;
    processor.operations = operations;
    processor.random = Random(random.Next());
  }
}

bool Machine::RunSchedule(uint64_t seed, uint64_t points) {
  failed_ = false;
  failure_.clear();
  seed_ = seed;
  point_ = 0;
  Deal(seed);
  plan_.Begin(seed, count_, points, TheSuite().HasInterrupt());
  next_ = plan_.next() < kMostPoints ? plan_.next() : kMostPoints;
  if (RunControl(kBegin)) {
    SwitchTo(plan_.Choose((1u << count_) - 1));
    if (!failed_) RunControl(kEnd);
  }
  self_ = -1;
  log_.Undo();
  return !failed_;
}

bool Machine::Run(uint64_t seed) {
  Random random(seed);
  count_ =
      kFewestProcessors + static_cast<int>(random.Below(kUsualProcessors - kFewestProcessors + 1));
  return RunSchedule(seed, points_of_[static_cast<size_t>(count_)]);
}

// How many points schedules have in which nobody is preempted.
uint64_t Machine::LongestUndisturbed(int processors) {
  uint64_t longest = 1;
  count_ = processors;
  for (uint64_t seed = 0; seed < kMeasured; seed++) {
    if (!RunSchedule(seed, 0)) return 0;
    if (point_ > longest) longest = point_;
  }
  return longest;
}

bool Machine::Start() {
  failed_ = false;
  if (!RunControl(kPrepare)) return false;
  BlobsRemember();
  started_ = true;
  for (int count = kFewestProcessors; count <= kUsualProcessors; count++) {
    const uint64_t points = LongestUndisturbed(count);
    if (points == 0) return false;
    points_of_[static_cast<size_t>(count)] = points;
  }
  return true;
}

void Machine::Repeat() {
  if (!started_) return;
  tracing_ = true;
  RunSchedule(seed_, 0);
  tracing_ = false;
}

const char *Machine::FindStrayStore() {
  const char *name = BlobsChanged();
  if (name != nullptr) BlobsRestore();
  return name;
}

}  // namespace interleave
