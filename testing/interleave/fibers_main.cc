// SPDX-License-Identifier: MIT
// The program of a suite: makes schedules, and replays the one that fails.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "testing/interleave/machine.h"
#include "testing/interleave/suite.h"

namespace {

using interleave::Machine;
using interleave::SuiteName;
using interleave::TheMachine;

constexpr uint64_t kUsualSchedules = 50000;

// How many schedules pass between two comparisons of the blobs with what they were at first.
constexpr uint64_t kComparedEach = 4096;

struct Options {
  uint64_t seed = 1;
  uint64_t schedules = 0;  // 0: `--seed` alone names the one to replay
};

int Usage() {
  std::fprintf(
      stderr,
      "usage: %s [--schedules N] [--seed S]\n"
      "  --schedules N           makes the schedules S, S + 1, ... (%llu of them, S is 1)\n"
      "  --seed S                alone: makes that schedule, and prints who did what\n",
      SuiteName(), static_cast<unsigned long long>(kUsualSchedules));
  return 2;
}

bool ParseNumber(const char *text, uint64_t *number) {
  if (text == nullptr || *text < '0' || *text > '9') return false;
  char *end = nullptr;
  *number = std::strtoull(text, &end, 10);
  return *end == 0;
}

bool Parse(int count, char **words, Options *options) {
  bool seed = false;
  for (int i = 1; i < count; i += 2) {
    const std::string word = words[i];
    uint64_t *number = word == "--seed"        ? &options->seed
                       : word == "--schedules" ? &options->schedules
                                               : nullptr;
    if (number == nullptr || i + 1 == count || !ParseNumber(words[i + 1], number)) return false;
    seed = seed || word == "--seed";
    if (word == "--schedules" && *number == 0) return false;
  }
  if (options->schedules == 0 && !seed) options->schedules = kUsualSchedules;
  return true;
}

// A trap in a cell ends the schedule as a failed check does. The signal's own stack is left for
// good, which the kernel does not mind.
void OnSignal(int number) {
  TheMachine().Fail(number == SIGILL || number == SIGTRAP ? "a cell traps"
                                                          : "a cell follows a bad pointer");
}

void CatchTraps() {
  static std::vector<char> stack(64 * 1024);
  stack_t alternative = {};
  alternative.ss_sp = stack.data();
  alternative.ss_size = stack.size();
  sigaltstack(&alternative, nullptr);
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  for (const int number : {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE}) {
    sigaction(number, &action, nullptr);
  }
}

// Makes the schedule again and prints it. Returns whether it held.
bool Replay(uint64_t seed) {
  std::printf("%s: schedule %llu, point by point:\n", SuiteName(),
              static_cast<unsigned long long>(seed));
  TheMachine().set_tracing(true);
  const bool held = TheMachine().Run(seed);
  TheMachine().set_tracing(false);
  std::printf("%s: schedule %llu %s%s\n", SuiteName(), static_cast<unsigned long long>(seed),
              held ? "holds" : "fails: ", TheMachine().failure().c_str());
  return held;
}

int Report(uint64_t seed) {
  const std::string failure = TheMachine().failure();
  std::printf("%s: schedule %llu fails: %s\n", SuiteName(), static_cast<unsigned long long>(seed),
              failure.c_str());
  Replay(seed);
  const bool same = TheMachine().failure() == failure;
  std::printf("%s: %s; to see it once more: --seed %llu\n", SuiteName(),
              same ? "replayed" : "NOT replayed: the suite depends on more than its seed",
              static_cast<unsigned long long>(seed));
  return 1;
}

bool BlobsAreAsAtFirst(uint64_t seed) {
  const char *stray = TheMachine().FindStrayStore();
  if (stray == nullptr) return true;
  std::printf(
      "%s: one of the last %llu schedules before %llu stored to %s, but not by state_set, "
      "state_copy or state_clear\n",
      SuiteName(), static_cast<unsigned long long>(kComparedEach),
      static_cast<unsigned long long>(seed), stray);
  return false;
}

int Campaign(const Options &options) {
  const std::clock_t start = std::clock();
  uint64_t points = 0;
  for (uint64_t i = 0; i < options.schedules; i++) {
    const uint64_t seed = options.seed + i;
    if (!TheMachine().Run(seed)) return Report(seed);
    points += TheMachine().points();
    const bool last = i + 1 == options.schedules;
    if ((last || i % kComparedEach == 0) && !BlobsAreAsAtFirst(seed)) return 1;
  }
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const auto count = static_cast<double>(options.schedules);
  std::printf(
      "%s: %llu schedules of %.0f points in %.1f s of the processor, %.0f schedules per "
      "second, 0 failures\n",
      SuiteName(), static_cast<unsigned long long>(options.schedules),
      static_cast<double>(points) / count, seconds, count / seconds);
  return 0;
}

}  // namespace

int main(int count, char **words) {
  Options options;
  if (!Parse(count, words, &options)) return Usage();
  CatchTraps();
  if (!TheMachine().Start()) {
    std::printf("%s: fails where nobody is preempted: %s\n", SuiteName(),
                TheMachine().failure().c_str());
    TheMachine().Repeat();
    return 1;
  }
  if (options.schedules == 0) return Replay(options.seed) ? 0 : 1;
  return Campaign(options);
}
