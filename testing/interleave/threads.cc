// SPDX-License-Identifier: MIT
// What suites and cells call, where processors are threads; and the program of such a suite. Built
// with ThreadSanitizer, which sees every access of the cells and understands the monitors, since
// they are made of atomic operations.
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "nano_core/arch/ticket_lock.h"
#include "testing/interleave/blobs.h"
#include "testing/interleave/suite.h"

#define NO_ANALYSIS __attribute__((no_thread_safety_analysis))

namespace {

constexpr size_t kDepth = 8;
constexpr std::chrono::seconds kPatience(60);

thread_local int self = 0;
thread_local const monitor_t *held[kDepth];
thread_local size_t depth = 0;
int processors = 0;

monitor_t *Writable(const monitor_t *monitor) { return const_cast<monitor_t *>(monitor); }

}  // namespace

namespace interleave {

void Fail(const char *format, ...) {
  std::printf("%s: processor %d: ", SuiteName(), self);
  va_list arguments;
  va_start(arguments, format);
  std::vprintf(format, arguments);
  va_end(arguments);
  std::printf("\n");
  std::fflush(stdout);
  _exit(1);
}

void Note(const char *, ...) {}

void Call(const char *function) { INTERLEAVE_CHECK(depth == 0, "calls %s in a monitor", function); }

void CallAnywhere(const char *) {}
void Pause() {}
void Kick() {}
void Yield() { sched_yield(); }
int Self() { return self; }
int Processors() { return processors; }
bool IsParked(int) { return false; }

void WaitUntil(bool (*ready)(void *), void *argument, const char *what) {
  INTERLEAVE_CHECK(depth == 0, "waits for %s in a monitor", what);
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!ready(argument)) {
    sched_yield();
    INTERLEAVE_CHECK(std::chrono::steady_clock::now() < end, "waits for %s in vain", what);
  }
}

}  // namespace interleave

// Of the same parts as nano_core's.
NO_ANALYSIS void monitor_enter(const monitor_t *monitor) {
  for (size_t i = 0; i < depth; i++) {
    INTERLEAVE_CHECK(held[i] != monitor, "enters a monitor that it is in");
  }
  INTERLEAVE_CHECK(depth < kDepth, "is in too many monitors");
  const uint32_t ticket = ticket_draw(&Writable(monitor)->next);
  while (!ticket_is_served(&monitor->serving, ticket)) sched_yield();
  held[depth++] = monitor;
}

NO_ANALYSIS void monitor_exit(const monitor_t *monitor) {
  INTERLEAVE_CHECK(depth != 0 && held[depth - 1] == monitor, "leaves a monitor that it is not in");
  depth--;
  ticket_leave(&Writable(monitor)->serving);
}

namespace {

using interleave::Random;
using interleave::SuiteName;
using interleave::TheSuite;

struct Options {
  uint64_t rounds = 20;
  uint64_t processors = 4;
  uint64_t operations = 1000;
  uint64_t seed = 1;
};

int Usage() {
  std::fprintf(stderr, "usage: %s [--rounds N] [--processors N] [--operations N] [--seed S]\n",
               SuiteName());
  return 2;
}

bool Parse(int count, char **words, Options *options) {
  for (int i = 1; i < count; i += 2) {
    const std::string word = words[i];
    uint64_t *number = word == "--rounds"       ? &options->rounds
                       : word == "--processors" ? &options->processors
                       : word == "--operations" ? &options->operations
                       : word == "--seed"       ? &options->seed
                                                : nullptr;
    if (number == nullptr || i + 1 == count) return false;
    char *end = nullptr;
    *number = std::strtoull(words[i + 1], &end, 10);
    if (*end != 0 || *words[i + 1] == 0) return false;
  }
  return options->processors >= 1 && options->processors <= interleave::kMostProcessors;
}

// The threads begin together, but know nothing of one another by that.
void RunProcessor(int number, int operations, Random random, std::atomic<int> *missing) {
  self = number;
  missing->fetch_sub(1, std::memory_order_relaxed);
  while (missing->load(std::memory_order_relaxed) > 0) sched_yield();
  TheSuite().Run(number, operations, random);
  INTERLEAVE_CHECK(depth == 0, "ends in a monitor");
}

void Round(const Options &options, uint64_t round) {
  interleave::BlobsRestore();
  Random random(options.seed + round);
  processors = static_cast<int>(options.processors);
  TheSuite().Begin(random, processors);
  std::atomic<int> missing{processors};
  std::vector<std::thread> threads;
  for (int i = 0; i < processors; i++) {
    threads.emplace_back(RunProcessor, i, static_cast<int>(options.operations),
                         Random(random.Next()), &missing);
  }
  for (std::thread &thread : threads) thread.join();
  TheSuite().End();
}

}  // namespace

int main(int count, char **words) {
  Options options;
  if (!Parse(count, words, &options)) return Usage();
  TheSuite().Prepare();
  interleave::BlobsRemember();
  for (uint64_t i = 0; i < options.rounds; i++) Round(options, i);
  std::printf("%s: %llu rounds of %llu threads, %llu operations each, 0 failures\n", SuiteName(),
              static_cast<unsigned long long>(options.rounds),
              static_cast<unsigned long long>(options.processors),
              static_cast<unsigned long long>(options.operations));
  return 0;
}
